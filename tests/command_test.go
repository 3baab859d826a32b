package tests

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// command builds the sandbox's command, once.
var command = sync.OnceValues(func() (string, error) {
	text, err := exec.Command("go", "build", "-o", "bin/sandbox", "./cmd/sandbox").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, text)
	}
	return filepath.Abs("bin/sandbox")
})

// start prepares the sandbox's command, with the stack's folder for its state.
func (s *stack) start(args ...string) *exec.Cmd {
	s.t.Helper()
	s.close()
	path, err := command()
	require.NoError(s.t, err)
	cmd := exec.Command(path, append([]string{args[0], "--state", s.options.StateDir}, args[1:]...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = slices.DeleteFunc(os.Environ(), func(setting string) bool { return slices.Contains(fastEnv, setting) })
	return cmd
}

func TestAnInterruptedUpCanBeContinued(t *testing.T) {
	for _, row := range []struct {
		why    string
		signal syscall.Signal
		when   string // The line of output after which the signal comes.
	}{
		{
			"asked to stop while the load balancer is created",
			syscall.SIGINT, "aws:lb:LoadBalancer static-ip-nlb creating",
		},
		{
			"killed while the endpoint is created",
			syscall.SIGKILL, "aws:ec2:VpcEndpoint static-ip-endpoint-vpce creating",
		},
		{
			"killed while the private zone is created",
			syscall.SIGKILL, "aws:route53:Zone static-ip-dns-inside-zone creating",
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			s := newStack(t)
			interrupt(t, s.start("up"), row.signal, row.when)
			assert.NotEmpty(t, s.up().Outputs["url"].Value)
			s.assertUpChangesNothing()
			s.assertNothingLeft()
		})
	}
}

// interrupt runs the command and sends the signal after the line of output. The command must fail.
func interrupt(t *testing.T, cmd *exec.Cmd, signal syscall.Signal, when string) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var printed strings.Builder
	sent := false
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		printed.WriteString(lines.Text() + "\n")
		if !sent && strings.Contains(lines.Text(), when) {
			sent = true
			require.NoError(t, cmd.Process.Signal(signal))
		}
	}
	require.Error(t, cmd.Wait(), "the command ended before the signal:\n%s", printed.String())
	require.True(t, sent, "the command never printed %q:\n%s", when, printed.String())
}

func TestExportPrintsTheDeploymentAndNothingElse(t *testing.T) {
	s := newStack(t)
	s.up()
	exported := s.pulumi("stack", "export")
	var stdout bytes.Buffer
	cmd := s.start("export")
	cmd.Stdout = &stdout
	require.NoError(t, cmd.Run())
	assert.JSONEq(t, exported, stdout.String())
	assert.True(t, json.Valid(stdout.Bytes()))
}

func TestListCountsTheResourcesThatPulumiDeployed(t *testing.T) {
	s := newStack(t)
	list := func() string {
		text, err := s.start("list").Output()
		require.NoError(t, err)
		return string(text)
	}
	assert.Regexp(t, `(?m)^static-ip-apigw +static-ip-apigw +no$`, list())
	created := (*s.up().Summary.ResourceChanges)["create"]
	assert.Regexp(t, fmt.Sprintf(`(?m)^static-ip-apigw +static-ip-apigw +%d resources$`, created), list())
	s.destroy()
	assert.Regexp(t, `(?m)^static-ip-apigw +static-ip-apigw +no$`, list())
}

// Usage errors are tested next to the command; they need no CLI.
func TestTheExitStatusIsThatOfTheCommandThatRan(t *testing.T) {
	s := newStack(t)
	for _, row := range []struct {
		why  string
		args []string
		want int
	}{
		{"the status of the command that exec runs", []string{"exec", "--", "sh", "-c", "exit 7"}, 7},
		{"flags after the command belong to it", []string{"exec", "sh", "-c", "exit 7"}, 7},
		{"Pulumi's for a refused configuration", []string{"preview", "--config", "blueprint:name=nothing"}, 1},
		{"Pulumi's for a missing stack", []string{"exec", "--", "pulumi", "stack", "select", "nowhere"}, 6},
		{"a stack without a configuration file", []string{"preview", "--stack", "nowhere"}, 1},
		{"a usage error", []string{"preview", "--stak", "dev"}, 2},
	} {
		var exit *exec.ExitError
		require.ErrorAs(t, s.start(row.args...).Run(), &exit, row.why)
		assert.Equal(t, row.want, exit.ExitCode(), row.why)
	}
}

// A plain pulumi writes into the sandbox's copy, too.
func TestTheUsersConfigurationFileIsNeverWritten(t *testing.T) {
	before := read(t, "Pulumi.static-ip-apigw.yaml")
	s := newStack(t, "blueprint:front.crossZone=true")
	assert.Contains(t, s.pulumi("config", "get", "--path", "blueprint:front.crossZone"), "true")
	s.pulumi("config", "set", "--secret", "blueprint:name", "changed")
	assert.Contains(t, read(t, filepath.Join(s.options.StateDir, "project", "Pulumi.static-ip-apigw.yaml")), "secure:")
	assert.Equal(t, before, read(t, "Pulumi.static-ip-apigw.yaml"))
}

func TestASecondCommandIsRefusedWhileOneRuns(t *testing.T) {
	s := newStack(t)
	first := s.start("exec", "--", "cat")
	stdin, err := first.StdinPipe()
	require.NoError(t, err)
	stdout, err := first.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, first.Start())
	_, err = stdin.Write([]byte("running\n"))
	require.NoError(t, err)
	_, err = bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)

	text, err := s.start("export").CombinedOutput()
	assert.Error(t, err)
	assert.Contains(t, string(text), "another sandbox command is using "+s.options.StateDir)

	require.NoError(t, stdin.Close())
	require.NoError(t, first.Wait())
	assert.NoError(t, s.start("export").Run())
}
