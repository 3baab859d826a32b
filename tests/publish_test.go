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

// TestThePackIsPublished runs `pulumi policy publish` against a substitute for Pulumi Cloud. The service gets a full
// description of the pack, and an archive that runs without the repository.
func TestThePackIsPublished(t *testing.T) {
	withEachCLI(t, func(t *testing.T, cli string) {
		s, service := newStack(t), newService(t)
		s.options.CLI = cli
		printed, err := service.publish(s)
		require.NoError(t, err, printed)
		assert.Equal(t, []string{
			"POST /api/orgs/acme/policypacks",
			"PUT /upload",
			"POST " + service.versionPath() + "/complete",
		}, service.changes)
		assertPackIsDescribed(t, service.pack)

		var published, started []description
		for _, p := range service.pack.Policies {
			published = append(published, description{
				p.Name, p.DisplayName, p.Description, p.Message, p.EnforcementLevel, p.Severity,
				p.RemediationSteps, p.URL, p.Tags, p.Framework.Name,
			})
		}
		for _, p := range startPublished(t, service.archive).Policies {
			started = append(started, description{
				p.Name, p.DisplayName, p.Description, p.Message, p.EnforcementLevel, p.Severity,
				p.RemediationSteps, p.URL, p.Tags, p.Framework.Name,
			})
		}
		assert.Equal(t, published, started, "the unpacked pack describes itself in the same way")
	})
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

// service is a substitute for Pulumi Cloud, on loopback.
type service struct {
	*httptest.Server
	changes  []string // The requests other than GET.
	pack     apitype.CreatePolicyPackRequest
	archive  []byte
	complete bool   // Whether the upload was reported as complete.
	older    string // The tag of a version that was published before; empty for none.
	groups   []apitype.UpdatePolicyGroupRequest
}

// newService starts the service.
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

// answer answers one call. A version that was published before differs in its tag only.
func (s *service) answer(w http.ResponseWriter, call string, body []byte) error {
	if s.older != "" {
		call = strings.Replace(call, "/versions/"+s.older+"/", "/versions/"+s.pack.VersionTag+"/", 1)
	}
	return s.answerLatest(w, call, body)
}

// answerLatest implements the part of the service's interface that the CLI needs. CLIs from some version on, the pinned
// one among them, read the pack back after the upload and print it.
// https://www.pulumi.com/docs/reference/cloud-rest-api/policy-packs/
// https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/backend/httpstate/client/client.go
func (s *service) answerLatest(w http.ResponseWriter, call string, body []byte) error {
	switch {
	case call == "GET /api/user":
		return json.NewEncoder(w).Encode(map[string]any{
			"githubLogin": "someone", "organizations": []map[string]any{{"githubLogin": "acme"}},
		})
	case call == "POST /api/orgs/acme/policypacks":
		if err := json.Unmarshal(body, &s.pack); err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(apitype.CreatePolicyPackResponse{Version: 1, UploadURI: s.URL + "/upload"})
	case call == "PUT /upload":
		s.archive = body
	case call == "POST "+s.versionPath()+"/complete":
		s.complete = true
		w.WriteHeader(http.StatusNoContent)
	case call == "GET "+s.versionPath()+"/schema" && s.complete:
		schemas := map[string]apitype.PolicyConfigSchema{}
		for _, policy := range s.pack.Policies {
			schemas[policy.Name] = *policy.ConfigSchema
		}
		return json.NewEncoder(w).Encode(apitype.GetPolicyPackConfigSchemaResponse{ConfigSchema: schemas})
	case strings.HasPrefix(call, "PATCH /api/orgs/acme/policygroups/"):
		var change apitype.UpdatePolicyGroupRequest
		if err := json.Unmarshal(body, &change); err != nil {
			return err
		}
		s.groups = append(s.groups, change)
		w.WriteHeader(http.StatusNoContent)
	case call == "GET /api/orgs/acme/policygroups/prod" && len(s.groups) > 0:
		var group apitype.GetPolicyGroupResponse
		group.Name = "prod"
		if added := s.groups[len(s.groups)-1].AddPolicyPack; added != nil {
			group.AppliedPolicyPacks = append(group.AppliedPolicyPacks, *added)
		}
		return json.NewEncoder(w).Encode(group)
	case call == "GET "+s.versionPath() && s.complete:
		return json.NewEncoder(w).Encode(apitype.GetPolicyPackResponse{
			Name: s.pack.Name, DisplayName: s.pack.DisplayName, Version: 1, VersionTag: s.pack.VersionTag,
			Policies: s.pack.Policies,
		})
	default:
		w.WriteHeader(http.StatusNotFound)
	}
	return nil
}

// versionPath returns the path of the published version.
func (s *service) versionPath() string {
	return "/api/orgs/acme/policypacks/" + packName + "/versions/" + s.pack.VersionTag
}

// publish publishes the pack.
func (s *service) publish(stack *stack) (string, error) { return s.make(stack, "pack-publish") }

// make runs a target of the Makefile for the organization acme.
func (s *service) make(stack *stack, args ...string) (string, error) {
	path := languageHost(stack.t) // Before the command, whose PATH is that of the sandbox.
	return stack.run(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append([]string{
			"env", pathWith(path, filepath.Dir(box.CLI())), "PULUMI_BACKEND_URL=" + s.URL, "PULUMI_ACCESS_TOKEN=none",
			"PULUMI_HOME=" + stack.t.TempDir(), "make", "ORG=acme",
		}, args...)...)
	})
}

// TestAnOrganizationEnablesThePackAndGoesBack runs the targets for an organization against the substitute.
func TestAnOrganizationEnablesThePackAndGoesBack(t *testing.T) {
	s, service := newStack(t), newService(t)
	printed, err := service.publish(s)
	require.NoError(t, err, printed)
	assert.Empty(t, service.groups, "publishing enforces nothing")

	printed, err = service.make(s, "pack-enable", "GROUP=prod")
	require.NoError(t, err, printed)
	assert.Equal(t, "PATCH /api/orgs/acme/policygroups/prod", service.changes[len(service.changes)-1])
	enabled := service.groups[len(service.groups)-1].AddPolicyPack
	assert.Equal(t, service.pack.VersionTag, enabled.VersionTag)
	assert.JSONEq(t, `{"enforcementLevel":"mandatory"}`, string(*enabled.Config["resource-policy-source-vpc"]))

	bad := filepath.Join(t.TempDir(), "config.json")
	require.NoError(t, os.WriteFile(bad, []byte(`{"resource-policy-source-vpc": "severe"}`), 0o600))
	before := len(service.groups)
	printed, err = service.make(s, "pack-enable", "CONFIG="+bad)
	assert.Error(t, err)
	assert.Contains(t, printed, "resource-policy-source-vpc")
	assert.Len(t, service.groups, before, "a configuration that the pack refuses is not enabled")

	printed, err = service.make(s, "pack-enable", "GROUP=prod", "VERSION=0.2.0")
	assert.Error(t, err, "this version was never published")
	assert.Contains(t, printed, "Retrieving policy pack config schema failed: [404]")

	service.older = "0.2.0"
	printed, err = service.make(s, "pack-enable", "GROUP=prod", "VERSION=0.2.0")
	require.NoError(t, err, printed)
	enabled = service.groups[len(service.groups)-1].AddPolicyPack
	assert.Equal(t, "0.2.0", enabled.VersionTag, "an older version comes back")

	printed, err = service.make(s, "pack-disable", "GROUP=prod")
	require.NoError(t, err, printed)
	assert.Equal(t, packName, service.groups[len(service.groups)-1].RemovePolicyPack.Name)
}

// assertPackIsDescribed asserts that the pack has everything that the service shows of a policy.
func assertPackIsDescribed(t *testing.T, pack apitype.CreatePolicyPackRequest) {
	t.Helper()
	assert.Equal(t, packName, pack.Name)
	assert.Equal(t, "go", pack.Runtime)
	for name, text := range map[string]string{
		"display name": pack.DisplayName, "description": pack.Description,
		"readme": pack.Readme, "provider": pack.Provider,
	} {
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

// startPublished does what the CLI does with an archive that a stack's organization requires: it unpacks the archive,
// resolves its modules, compiles it, and starts it. It returns the pack's description.
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
		assert.Error(t, process.Wait(), "the pack serves until it is stopped")
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	connection, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(line),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, connection.Close()) })
	analyzer := plugin.NewAnalyzerWithClient(packName, pulumirpc.NewAnalyzerClient(connection))
	info, err := analyzer.GetAnalyzerInfo(t.Context())
	require.NoError(t, err)
	return info
}

// unpack writes the files of a compressed archive into a folder.
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
