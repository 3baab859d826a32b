package tests

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"private-api-blueprints/sandbox"
)

// What README says for Pulumi Cloud, up to the upload: what the service gets is
// complete, and a pack that runs without the repository.
func TestPublish(t *testing.T) {
	s, service := newStack(t), newService(t)
	printed, err := service.publish(s)
	require.NoError(t, err, printed)
	assert.Equal(t, []string{
		"POST /api/orgs/acme/policypacks",
		"PUT /upload",
		"POST /api/orgs/acme/policypacks/" + packName + "/versions/" + service.pack.VersionTag + "/complete",
	}, service.changes)
	assertPackIsDescribed(t, service.pack)

	var published, started []description
	for _, p := range service.pack.Policies {
		published = append(published, description{p.Name, p.DisplayName, p.Description, p.Message, p.EnforcementLevel, p.Severity, p.RemediationSteps, p.URL, p.Tags, p.Framework.Name})
	}
	for _, p := range startPublished(t, service.archive).Policies {
		started = append(started, description{p.Name, p.DisplayName, p.Description, p.Message, p.EnforcementLevel, p.Severity, p.RemediationSteps, p.URL, p.Tags, p.Framework.Name})
	}
	assert.Equal(t, published, started, "the pack says the same of itself where it runs")
}

// description is what a person reads of a policy in Pulumi Cloud.
type description struct {
	name, displayName, description, message string
	level                                   apitype.EnforcementLevel
	severity                                apitype.PolicySeverity
	fix, url                                string
	tags                                    []string
	framework                               string
}

// service stands in for Pulumi Cloud, on loopback.
type service struct {
	*httptest.Server
	changes []string // The requests that change something.
	pack    apitype.CreatePolicyPackRequest
	archive []byte
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := r.Method + " " + r.URL.Path
		if r.Method != http.MethodGet {
			s.changes = append(s.changes, call)
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = s.answer(w, call, body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// answer speaks as much of the service's interface as the CLI needs.
// https://www.pulumi.com/docs/reference/cloud-rest-api/policy-packs/
func (s *service) answer(w http.ResponseWriter, call string, body []byte) error {
	switch {
	case call == "GET /api/user":
		return json.NewEncoder(w).Encode(map[string]any{"githubLogin": "someone", "organizations": []map[string]any{{"githubLogin": "acme"}}})
	case call == "POST /api/orgs/acme/policypacks":
		if err := json.Unmarshal(body, &s.pack); err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(apitype.CreatePolicyPackResponse{Version: 1, UploadURI: s.URL + "/upload"})
	case call == "PUT /upload":
		s.archive = body
	case strings.HasSuffix(call, "/complete"):
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
	return nil
}

// publish runs the CLI in the pack's folder.
func (s *service) publish(stack *stack) (string, error) {
	path := languageHost(stack.t) // Before the command, which has the sandbox's own.
	return stack.run(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, "env", path, "PULUMI_BACKEND_URL="+s.URL, "PULUMI_ACCESS_TOKEN=none", "PULUMI_HOME="+stack.t.TempDir(),
			box.CLI(), "--cwd", "policy", "policy", "publish", "acme", "--non-interactive")
	})
}

// assertPackIsDescribed wants everything that the service shows of a policy.
func assertPackIsDescribed(t *testing.T, pack apitype.CreatePolicyPackRequest) {
	t.Helper()
	assert.Equal(t, packName, pack.Name)
	assert.Equal(t, "go", pack.Runtime)
	for name, text := range map[string]string{"display name": pack.DisplayName, "description": pack.Description, "readme": pack.Readme, "provider": pack.Provider} {
		assert.NotEmpty(t, text, name)
	}
	assert.NotEmpty(t, pack.Tags)
	assert.Len(t, pack.Policies, len(documentedLevels(t)))
	for _, policy := range pack.Policies {
		for name, text := range map[string]string{
			"display name": policy.DisplayName, "description": policy.Description, "message": policy.Message,
			"fix": policy.RemediationSteps, "URL": policy.URL,
		} {
			assert.NotEmpty(t, text, "%s of %s", name, policy.Name)
		}
		assert.Equal(t, documentedLevels(t)[policy.Name], string(policy.EnforcementLevel), policy.Name)
		assert.NotEmpty(t, policy.Severity, policy.Name)
		assert.NotEmpty(t, policy.Tags, policy.Name)
		assert.NotNil(t, policy.Framework, policy.Name)
		assert.Contains(t, policy.ConfigSchema.Properties, "enforcementLevel", policy.Name)
	}
}

// startPublished does what the CLI does with an archive that a stack's
// organization requires: unpack, resolve, compile and start it.
func startPublished(t *testing.T, tarball []byte) plugin.AnalyzerInfo {
	t.Helper()
	elsewhere := t.TempDir()
	unpack(t, tarball, elsewhere)
	folder, executable := filepath.Join(elsewhere, "package"), filepath.Join(elsewhere, "pack")
	for _, command := range []string{"go mod tidy -compat=1.18", "go build -o " + executable} {
		words := strings.Fields(command)
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", command, out)
	}
	process := exec.Command(executable)
	process.Dir = folder
	stdout, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		assert.NoError(t, process.Process.Kill())
		assert.Error(t, process.Wait(), "it serves until it is stopped")
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	connection, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(line), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, connection.Close()) })
	info, err := plugin.NewAnalyzerWithClient(packName, pulumirpc.NewAnalyzerClient(connection)).GetAnalyzerInfo(t.Context())
	require.NoError(t, err)
	return info
}

func unpack(t *testing.T, tarball []byte, folder string) {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(tarball))
	require.NoError(t, err)
	for reader := tar.NewReader(unzipped); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return
		}
		require.NoError(t, err)
		require.True(t, filepath.IsLocal(header.Name), header.Name)
		path := filepath.Join(folder, header.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		text, err := io.ReadAll(reader)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, text, 0o644))
	}
}
