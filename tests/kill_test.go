package tests

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
)

// TestAKillLosesNothing kills commands at random moments: the sandbox, the Pulumi CLI, or both. The next command must
// succeed, and then the state and the account must agree about every object. KILLS is the number of kills, and SEED the
// first seed.
func TestAKillLosesNothing(t *testing.T) {
	kills, first := number(t, "KILLS", 4), number(t, "SEED", 1)
	var killed atomic.Int32
	t.Cleanup(func() { assert.Positive(t, killed.Load(), "every command had ended before its kill") })
	for seed := first; seed < first+kills; seed++ {
		t.Run(fmt.Sprintf("SEED=%d", seed), func(t *testing.T) {
			k := randomKill(uint64(seed))
			t.Log(k)
			killed.Add(k.try(t))
		})
	}
}

// number returns an environment variable, or a default.
func number(t *testing.T, name string, byDefault int) int {
	t.Helper()
	text, ok := os.LookupEnv(name)
	if !ok {
		return byDefault
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}

// kill describes one kill.
type kill struct {
	blueprint string
	deployed  bool     // Whether the stack is deployed before the command.
	change    bool     // Whether the command has another configuration than the deployed stack.
	command   []string // The command to kill.
	victim    string   // Who is killed: "sandbox", "cli" or "both". "terminal" is one that hangs up.
	repair    bool     // Whether the command that repairs is killed too.
	lines     int      // The number of lines that the command prints before.
	pause     time.Duration
	next      string // The next command: "again", "revert" or "destroy".
}

func (k kill) String() string {
	return fmt.Sprintf("%s %q (deployed=%t, change=%t), %s killed %s after line %d, repair=%t, then %s",
		k.blueprint, k.command, k.deployed, k.change, k.victim, k.pause, k.lines, k.repair, k.next)
}

// randomKill returns the kill of a seed.
func randomKill(seed uint64) kill {
	random := rand.New(rand.NewPCG(seed, 1))
	oneOf := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	k := kill{
		blueprint: oneOf("static-ip-apigw", "h2-endpoint-service"),
		victim:    oneOf("sandbox", "cli", "both", "terminal"),
		repair:    random.IntN(4) == 0,
		next:      oneOf("again", "revert", "destroy"),
		pause:     time.Duration(random.IntN(60)) * time.Millisecond,
	}
	switch oneOf("create", "create", "change", "change", "destroy", "destroy", "refresh", "preview", "plain") {
	case "create":
		k.command, k.lines = []string{"up", "--no-policy"}, random.IntN(220)
	case "change":
		k.deployed, k.change = true, true
		k.command, k.lines = []string{"up", "--no-policy"}, random.IntN(60)
	case "destroy":
		k.deployed = true
		k.command, k.lines = []string{"destroy"}, random.IntN(180)
	case "refresh":
		k.deployed = true
		k.command, k.lines = []string{"refresh"}, random.IntN(10)
	case "preview":
		k.command, k.lines = []string{"preview", "--no-policy"}, random.IntN(40)
	case "plain":
		k.deployed = true
		k.command, k.lines = []string{"exec", "--", "pulumi", "destroy", "--yes", "--skip-preview"}, random.IntN(180)
	}
	return k
}

// changed has a configuration of each blueprint that replaces some resources and updates others.
var changed = map[string][]string{
	"static-ip-apigw": {
		"blueprint:endpoint.ipv4Addresses[0]=10.0.10.77", "blueprint:api.loggingLevel=INFO",
		"blueprint:front.allowedCidrs[0]=198.51.100.0/24",
	},
	"h2-endpoint-service": {"aws:defaultTags.tags.team=edge"},
}

// try kills the command, runs the next one, and compares the state with the account. It returns how many commands it
// killed.
func (k kill) try(t *testing.T) (killed int32) {
	s := newExample(t, k.blueprint)
	s.options.NoPolicy = true
	s.set()
	if k.deployed {
		s.mustRun(up)
		s.pulumi("state", "unprotect", "--all", "--yes")
	}
	if k.change {
		s.set(changed[k.blueprint]...)
	}
	killed = k.interrupt(t, s)
	if k.repair {
		repair := k
		repair.command, repair.lines, repair.pause = []string{"refresh"}, 0, 10*k.pause
		killed += repair.interrupt(t, s)
	}
	switch k.next {
	case "destroy":
		s.unprotect()
		s.mustRun(destroy)
	case "revert":
		s.set()
		s.mustRun(up)
	case "again":
		s.mustRun(up)
	}
	s.assertRefreshChangesNothing()
	s.assertNothingLeft()
	if k.next == "destroy" {
		assert.Empty(t, s.state())
		return killed
	}
	printed := s.mustRun(preview)
	assert.Regexp(t, `\d+ unchanged\n*$`, printed)
	assert.NotRegexp(t, `\d+ to (create|update|replace|delete)`, printed)
	return killed
}

// unprotect unprotects the stack's resources, if it has any.
func (s *stack) unprotect() {
	if len(s.state()) > 0 {
		s.pulumi("state", "unprotect", "--all", "--yes")
	}
}

// mustRun runs a command that must succeed, and returns what it printed.
func (s *stack) mustRun(command func(context.Context, *sandbox.Sandbox) error) string {
	s.t.Helper()
	printed, err := s.run(command)
	require.NoError(s.t, err, printed)
	return printed
}

// interrupt starts the command and kills it. It returns 0 if the command had ended before, otherwise 1.
func (k kill) interrupt(t *testing.T, s *stack) int32 {
	t.Helper()
	args := []string{k.command[0], "--stack", s.options.Stack}
	for _, setting := range s.options.Config {
		args = append(args, "--config", setting)
	}
	cmd := s.start(append(args, k.command[1:]...)...)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	printed := bufio.NewReader(stdout)
	for range k.lines {
		if _, err := printed.ReadString('\n'); err != nil {
			break // The command printed less.
		}
	}
	time.Sleep(k.pause)
	cli := runningCLI(s.options.StateDir)
	switch k.victim {
	case "terminal":
		assert.NoError(t, cmd.Process.Signal(syscall.SIGHUP))
	case "sandbox", "both":
		assert.NoError(t, cmd.Process.Kill())
	}
	if (k.victim == "cli" || k.victim == "both") && cli > 0 {
		_ = syscall.Kill(cli, syscall.SIGKILL) // It may have ended by now.
	}
	_, _ = io.Copy(io.Discard, printed)
	if err := cmd.Wait(); err != nil {
		require.IsType(t, (*exec.ExitError)(nil), err)
		return 1
	}
	return 0
}

// runningCLI returns the process that the sandbox's lock names, or 0.
func runningCLI(stateDir string) (pid int) {
	text, err := os.ReadFile(filepath.Join(stateDir, "lock"))
	if err != nil {
		return 0
	}
	_, _ = fmt.Sscan(string(text), &pid)
	return pid
}

// TestACommandOnAnotherStackRepairsTheInterruptedOne kills an up of one stack, and runs another stack next.
func TestACommandOnAnotherStackRepairsTheInterruptedOne(t *testing.T) {
	s := newStack(t)
	s.options.NoPolicy = true
	s.set()
	k := kill{command: []string{"up", "--no-policy"}, victim: "both", lines: 60}
	require.Equal(t, int32(1), k.interrupt(t, s))
	interrupted := s.options
	s.options.Stack, s.options.ConfigFile = "shared-vpc-apis", absolute(t, "Pulumi.shared-vpc-apis.yaml")
	s.mustRun(preview)
	s.close()
	s.options = interrupted
	s.assertNothingLeft()
	s.assertRefreshChangesNothing()
	s.mustRun(up)
}
