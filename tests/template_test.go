package tests

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
)

// yamlHost builds Pulumi's language host for YAML where the plugins are, once.
var yamlHost = sync.OnceValue(func() error {
	host := filepath.Join("..", "..", pluginFolder, "pulumi-language-yaml")
	text, err := exec.Command("go", "build", "-C", "tools/yaml", "-o", host, ".").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, text)
	}
	return nil
})

// templateAddress is the address of the package in templates until their owner puts in another one.
const templateAddress = "github.com/OWNER/private-api-blueprints/provider@0.3.0"

// TestTheSmallTemplatePreviewsClean runs `pulumi new` with a template, and previews the project with the policy pack.
// Pulumi compiles the package from its folder, as it does with a repository.
func TestTheSmallTemplatePreviewsClean(t *testing.T) {
	t.Parallel()
	require.NoError(t, yamlHost())
	template, host := t.TempDir(), languageHost(t)
	require.NoError(t, os.CopyFS(template, os.DirFS("templates/static-ip-apigw-yaml")))
	project := read(t, filepath.Join(template, "Pulumi.yaml"))
	require.Contains(t, project, templateAddress)
	project = strings.ReplaceAll(project, templateAddress, absolute(t, "provider"))
	require.NoError(t, os.WriteFile(filepath.Join(template, "Pulumi.yaml"), []byte(project), 0o600))

	p := newProject(t, host)
	printed, err := p.run("pulumi", "new", template, "--yes", "--name", "shop", "--stack", "dev",
		"--config", "domainName=api.example.com", "--config", "publicZoneId=Z0123456789EXAMPLE01",
		"--config", "clientCidr=192.0.2.0/24")
	require.NoError(t, err, printed)
	assert.Contains(t, printed, "pulumi preview        names what AWS would refuse", "the closing text")

	box := p.inSandbox(host)
	printed = box("preview", "--non-interactive", "--policy-pack", absolute(t, "bin/policy"),
		"--policy-pack-config", absolute(t, "policy-config.json"))
	assertNoViolation(t, printed)
	assert.Contains(t, printed, `"https://api.example.com/hello"`)
	box("up", "--yes", "--skip-preview", "--non-interactive")
	assert.Contains(t, box("preview", "--non-interactive", "--expect-no-changes"), "unchanged")
}

// inSandbox returns a function that runs a plain pulumi in the project with the simulated providers instead of AWS.
func (p *project) inSandbox(path string) func(args ...string) string {
	p.t.Helper()
	cli, err := foundCLI()
	require.NoError(p.t, err)
	s := &stack{t: p.t}
	s.options = sandbox.Options{
		Root: p.folder, StateDir: p.t.TempDir(), CLI: absolute(p.t, cli), Stack: "dev",
		ConfigFile: filepath.Join(p.folder, "Pulumi.dev.yaml"), Stdout: &s.printed, Stderr: &s.printed,
	}
	p.t.Cleanup(s.close)
	return func(args ...string) string {
		p.t.Helper()
		printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error {
			return box.Exec(ctx, append([]string{"env", path, box.CLI()}, args...)...)
		})
		require.NoError(p.t, err, printed)
		return printed
	}
}
