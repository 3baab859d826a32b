package tests

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// served is a running `sandbox serve`.
type served struct {
	t     *testing.T
	lines map[string][]string // The printed command lines, by the place of the client.
}

// serve starts `sandbox serve` for the stack, which ends with the test.
func (s *stack) serve(args ...string) *served {
	s.t.Helper()
	for _, tool := range []string{"dig", "curl"} {
		_, err := exec.LookPath(tool)
		require.NoError(s.t, err, "the tests of `sandbox serve` need curl and dig (Debian: curl, bind9-dnsutils)")
	}
	cmd := s.start(append([]string{"serve"}, args...)...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, cmd.Start())
	s.t.Cleanup(func() {
		require.NoError(s.t, cmd.Process.Signal(syscall.SIGINT))
		kill := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		defer kill.Stop()
		assert.NoError(s.t, cmd.Wait(), "serve ends by itself after an interrupt")
	})
	from := regexp.MustCompile(`^From (.*), through DNS`)
	running, place := &served{t: s.t, lines: map[string][]string{}}, ""
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		line := scanner.Text()
		if match := from.FindStringSubmatch(line); match != nil {
			place = match[1]
		}
		if tool := strings.TrimSpace(line); strings.HasPrefix(tool, "dig ") || strings.HasPrefix(tool, "curl ") {
			running.lines[place] = append(running.lines[place], tool)
		}
		if strings.HasPrefix(line, "Serving until") {
			return running
		}
	}
	require.Fail(s.t, "serve does not say that it serves")
	return nil
}

// run runs the line of a tool that was printed for a place, with more arguments. It returns the output, and whether the
// tool succeeded.
func (s *served) run(place, tool, arguments string) (string, bool) {
	s.t.Helper()
	for _, line := range s.lines[place] {
		if strings.HasPrefix(line, tool+" ") {
			out, err := exec.Command("sh", "-c", line+" "+arguments).CombinedOutput()
			return string(out), err == nil
		}
	}
	require.Fail(s.t, "no line for the tool", "%s at %s: %v", tool, place, s.lines)
	return "", false
}

func TestCurlAndDigReachWhatIsDeployedThroughServe(t *testing.T) {
	const partner, stranger = "internet 192.0.2.128", "internet 198.18.0.1"
	s := newStack(t)
	outputs := s.up().Outputs
	running := s.serve("--from", partner, "--from", stranger)

	out, ok := running.run(partner, "dig", "+short")
	require.True(t, ok, out)
	var addresses []string
	for _, address := range outputs["staticAddresses"].Value.([]any) {
		addresses = append(addresses, address.(string))
	}
	assert.ElementsMatch(t, addresses, strings.Fields(out))
	answer, err := s.start("dig", "--failed-zone", "us-east-1a", "api.example.com").Output()
	require.NoError(t, err, "%s", answer)
	left := slices.DeleteFunc(addresses, func(a string) bool { return !strings.Contains(string(answer), " IN A "+a) })
	assert.Len(t, left, len(strings.Fields(out))-1, "the name loses the node of a failed zone:\n%s", answer)
	out, ok = running.run(partner, "dig", "+noall +comments nowhere.example.com")
	require.True(t, ok, out)
	assert.Contains(t, out, "status: NXDOMAIN")

	out, ok = running.run(partner, "curl", "--silent --show-error --include --http1.1")
	require.True(t, ok, out)
	assert.Contains(t, out, `{"message": "hello world"}`)
	assert.Contains(t, out, "x-amzn-RequestId")

	out, ok = running.run(stranger, "curl", "--silent --write-out '%{http_connect}' --max-time 5")
	assert.False(t, ok)
	assert.Equal(t, "504", out, "the front admits the partner only, and a drop is not waited for")

	s.set("blueprint:front.allowedCidrs[0]=203.0.113.0/24")
	s.up()
	s.close()
	assert.Eventually(t, func() bool {
		out, ok := running.run(partner, "curl", "--silent --write-out '%{http_connect}' --max-time 5")
		return !ok && out == "504"
	}, 20*time.Second, 100*time.Millisecond, "serve notices an up")
}

// The access logs of requests are objects in a bucket without forceDestroy.
func TestABucketWithAccessLogsSurvivesDestroyAsOnAWS(t *testing.T) {
	s := newStack(t, "blueprint:front.accessLogs.forceDestroy=false")
	s.up()
	out, err := s.start("call").CombinedOutput()
	require.NoError(t, err, "%s", out)
	s.pulumi("state", "unprotect", "--all", "--yes")
	assert.Contains(t, s.fails(destroy), "BucketNotEmpty")
}
