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

// command is the sandbox's command, built once.
var command = sync.OnceValues(func() (string, error) {
	text, err := exec.Command("go", "build", "-o", "bin/sandbox", "./cmd/sandbox").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, text)
	}
	return filepath.Abs("bin/sandbox")
})

// start prepares the command with its state where the stack has its own.
func (s *stack) start(args ...string) *exec.Cmd {
	s.t.Helper()
	s.close()
	path, err := command()
	require.NoError(s.t, err)
	cmd := exec.Command(path, append([]string{args[0], "--state", s.options.StateDir}, args[1:]...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = slices.DeleteFunc(os.Environ(), func(setting string) bool { return slices.Contains(hurry, setting) })
	return cmd
}

// An interrupted command leaves a stack that the next can continue, however
// hard and whenever it was interrupted.
func TestInterruptedUpIsContinued(t *testing.T) {
	for _, row := range []struct {
		why    string
		signal syscall.Signal
		when   string // The line of output after which the signal comes.
	}{
		{"asked to stop while the load balancer is made", syscall.SIGINT, "aws:lb:LoadBalancer static-ip-nlb creating"},
		{"killed while the endpoint is made", syscall.SIGKILL, "aws:ec2:VpcEndpoint static-ip-endpoint-vpce creating"},
		{"killed while the private zone is made", syscall.SIGKILL, "aws:route53:Zone static-ip-dns-inside-zone creating"},
	} {
		t.Run(row.why, func(t *testing.T) {
			s := newStack(t)
			interrupt(t, s.start("up"), row.signal, row.when)
			assert.NotEmpty(t, s.up().Outputs["url"].Value)
			assert.Empty(t, changes(s.up().Summary.ResourceChanges), "all of it is there")
			assert.Empty(t, s.leftovers(), "and nothing is there twice")
		})
	}
}

// interrupt sends the signal once the command has printed the line, and
// requires that it did not end well.
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
	require.Error(t, cmd.Wait(), "it ended before it was interrupted:\n%s", printed.String())
	require.True(t, sent, "never printed %q:\n%s", when, printed.String())
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

func TestExitStatusIsThatOfWhatRan(t *testing.T) {
	s := newStack(t)
	for _, row := range []struct {
		why  string
		args []string
		want int
	}{
		{"of the command that exec runs", []string{"exec", "--", "sh", "-c", "exit 7"}, 7},
		{"Pulumi's for a refused configuration", []string{"preview", "--config", "blueprint:name=nothing"}, 1},
		{"Pulumi's for a stack that there is not", []string{"exec", "--", "pulumi", "stack", "select", "nowhere"}, 6},
		{"an option that there is not", []string{"preview", "--stak", "dev"}, 2},
		{"a stack without a configuration file", []string{"preview", "--stack", "nowhere"}, 1},
	} {
		var exit *exec.ExitError
		require.ErrorAs(t, s.start(row.args...).Run(), &exit, row.why)
		assert.Equal(t, row.want, exit.ExitCode(), row.why)
	}
	assert.NoError(t, s.start("help").Run())
}

// A person's own files are read, never written: a plain pulumi too writes into
// the copy.
func TestThePersonsConfigurationIsLeftAsItWas(t *testing.T) {
	before := read(t, "Pulumi.dev.yaml")
	s := newStack(t, "blueprint:front.crossZone=true")
	assert.Contains(t, s.pulumi("config", "get", "--path", "blueprint:front.crossZone"), "true")
	s.pulumi("config", "set", "--secret", "blueprint:name", "changed")
	assert.Contains(t, read(t, filepath.Join(s.options.StateDir, "project", "Pulumi.dev.yaml")), "secure:")
	assert.Equal(t, before, read(t, "Pulumi.dev.yaml"))
}

func TestTwoCommandsDoNotUseOneSandboxAtATime(t *testing.T) {
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
