package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// TestShippedAlone treats the folder like a published pack: without the rest of
// the repository it is unpacked elsewhere, compiled and started. It catches a
// replace directive that leaves the folder, and an executable without its version,
// its README or the address of the rules' pages.
func TestShippedAlone(t *testing.T) {
	elsewhere := t.TempDir()
	require.NoError(t, os.CopyFS(elsewhere, os.DirFS(".")))
	executable := filepath.Join(t.TempDir(), "policy")
	build := exec.Command("go", "build", "-o", executable, ".")
	build.Dir = elsewhere
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	analyzer := plugin.NewAnalyzerWithClient("policies", pulumirpc.NewAnalyzerClient(start(t, executable)))
	info, err := analyzer.GetAnalyzerInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, projectVersion(t), info.Version)
	assert.NotEmpty(t, info.Description)
	assert.Contains(t, info.Readme, "--policy-pack")
	require.NotEmpty(t, info.Policies)
	for _, policy := range info.Policies {
		assert.Regexp(t, `^https://.+/docs/rules/`+policy.Name+`\.md$`, policy.URL)
	}

	response, err := analyzer.AnalyzeStack(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, response.Diagnostics)
}

// start runs the pack and connects to the port on the first line of its output.
func start(t *testing.T, executable string) *grpc.ClientConn {
	t.Helper()
	process := exec.Command(executable)
	stdout, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		assert.NoError(t, process.Process.Kill())
		assert.Error(t, process.Wait(), "it runs until it is stopped")
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	connection, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(line),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, connection.Close()) })
	return connection
}

func projectVersion(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("PulumiPolicy.yaml")
	require.NoError(t, err)
	var file struct{ Runtime, Version string }
	require.NoError(t, yaml.Unmarshal(text, &file))
	assert.Equal(t, "go", file.Runtime, "the CLI compiles the folder")
	require.NotEmpty(t, file.Version, "`pulumi policy publish` requires a version")
	return file.Version
}
