package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/config"
)

// project is a project that `pulumi new` made from this repository.
type project struct {
	t      *testing.T
	folder string
	env    []string
}

// TestANewProjectPreviewsAsItsPageSays runs `pulumi new` for each blueprint and for the names that people give stacks.
// A preview names what is missing. After `sandbox init` has added it, a preview has nothing to object.
func TestANewProjectPreviewsAsItsPageSays(t *testing.T) {
	t.Parallel()
	template, host := templateOf(t), languageHost(t)
	for _, blueprint := range config.Blueprints() {
		for _, stack := range []string{"dev", "prod"} {
			p := newProject(t, host)
			printed := p.new(template, stack, blueprint.Name)
			if isTemplate(t) {
				assert.Contains(t, printed, "make init STACK=<stack>", "the closing text says what comes next")
				assert.Contains(t, printed, "make preview STACK=<stack>")
			}
			name, keys := p.read("Pulumi.yaml")["name"], p.config(stack)
			assert.Equal(t, "shop", name)
			delete(keys, "encryptionsalt")
			assert.Equal(t, map[string]any{"aws:region": "us-east-1", "blueprint:name": blueprint.Name}, keys)

			refused, err := p.sandbox("preview", "--stack", stack, "--no-policy")
			assert.Error(t, err)
			assert.Contains(t, refused, "nothing was created or changed on AWS", "%s in %s", blueprint.Name, stack)
			require.NotEmpty(t, topLevel(refused), refused)

			p.init(blueprint.Name, stack)
			for _, key := range topLevel(refused) {
				assert.Contains(t, p.config(stack), key, "the key that a preview asks for")
			}
			printed, err = p.sandbox("preview", "--stack", stack, "--no-policy")
			require.NoError(t, err, printed)
		}
	}
}

// TestANewProjectDeploysUnderItsOwnName deploys a new project into the sandbox, with its policies.
func TestANewProjectDeploysUnderItsOwnName(t *testing.T) {
	t.Parallel()
	p := newProject(t, languageHost(t))
	p.new(templateOf(t), "dev", "shared-vpc-apis")
	p.init("shared-vpc-apis", "dev")
	printed, err := p.sandbox("up")
	require.NoError(t, err, printed)
	assert.Contains(t, printed, "Stack dev is deployed in the sandbox.", "dev is the stack by default")
	printed, err = p.sandbox("export")
	require.NoError(t, err, printed)
	assert.Contains(t, printed, "urn:pulumi:dev::shop::private-api-blueprints:blueprints:SharedVpcApis::shared-vpc")
}

// isTemplate reports whether the repository has the prompts and the closing text of `pulumi new`, which leaves them out
// of what it makes.
func isTemplate(t *testing.T) bool {
	t.Helper()
	text, err := os.ReadFile("Pulumi.yaml")
	require.NoError(t, err)
	return strings.Contains(string(text), "\ntemplate:\n")
}

// TestTheTestsPassInANewProject runs tests in a new project that know the name of the project, or what it offers.
func TestTheTestsPassInANewProject(t *testing.T) {
	t.Parallel()
	p := newProject(t, languageHost(t))
	p.new(templateOf(t), "dev", "static-ip-apigw")
	printed, err := p.sandbox("list") // Copies the functions.
	require.NoError(t, err, printed)
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
		printed, err = p.run("git", args...)
		require.NoError(t, err, printed)
	}
	printed, err = p.run("go", "test", "-vet=off", "./docs", "./tests", "-run",
		"TestEveryBlueprintHasAPage|TestSharedVpcApisIsDeployedAndDestroyed/pinned")
	require.NoError(t, err, printed)
}

// templateOf returns a folder with the files that a clone of the repository has, which is what `pulumi new` copies.
func templateOf(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	files, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.TrimRight(string(files), "\x00"), "\x00") {
		info, err := os.Stat(name)
		if os.IsNotExist(err) {
			continue // Deleted, and not yet committed.
		}
		require.NoError(t, err)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, info.Mode()))
	}
	return folder
}

// newProject returns an empty folder in which a plain pulumi has its own state and finds a language host.
func newProject(t *testing.T, host string) *project {
	t.Helper()
	cli, err := foundCLI()
	require.NoError(t, err)
	return &project{t, t.TempDir(), append(os.Environ(), pathWith(host, filepath.Dir(absolute(t, cli))),
		"PULUMI_HOME="+t.TempDir(), "PULUMI_BACKEND_URL=file://"+t.TempDir(), "PULUMI_CONFIG_PASSPHRASE=none",
		"PULUMI_SKIP_UPDATE_CHECK=true")}
}

// new runs `pulumi new`, and returns what it printed.
func (p *project) new(template, stack, blueprint string) string {
	p.t.Helper()
	args := []string{
		"new", template, "--yes", "--name", "shop", "--stack", stack, "--config", "blueprint:name=" + blueprint,
	}
	if !isTemplate(p.t) {
		args = append(args, "--config", "aws:region=us-east-1") // Otherwise the default of the prompt.
	}
	printed, err := p.run("pulumi", args...)
	require.NoError(p.t, err, printed)
	for _, folder := range []string{".git", ".sandbox", "bin", "reports", "dist"} {
		assert.NoDirExists(p.t, filepath.Join(p.folder, folder), "nobody wants a copy of it")
	}
	return printed
}

// sandbox runs the sandbox in the project.
func (p *project) sandbox(args ...string) (string, error) {
	p.t.Helper()
	require.NoError(p.t, os.MkdirAll(filepath.Join(p.folder, "bin/local"), 0o750))
	// As `make lambda` builds them.
	for _, file := range []string{"bin/hello.zip", "bin/client.zip", "bin/local/hello", "bin/local/client"} {
		content, err := os.ReadFile(file)
		require.NoError(p.t, err)
		require.NoError(p.t, os.WriteFile(filepath.Join(p.folder, file), content, 0o700))
	}
	return p.run(absolute(p.t, "bin/sandbox"), args...)
}

// run runs a command in the project, and returns what it printed.
func (p *project) run(name string, args ...string) (string, error) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), name, args...)
	if name == "pulumi" {
		cli, err := foundCLI()
		require.NoError(p.t, err)
		cmd = exec.CommandContext(p.t.Context(), absolute(p.t, cli), args...)
	}
	cmd.Dir, cmd.Env = p.folder, p.env
	printed, err := cmd.CombinedOutput()
	return string(printed), err
}

// read reads a YAML file of the project.
func (p *project) read(file string) (content map[string]any) {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.folder, file))
	require.NoError(p.t, err)
	require.NoError(p.t, yaml.Unmarshal(text, &content))
	return content
}

// config returns the configuration of a stack of the project.
func (p *project) config(stack string) map[string]any {
	return p.read("Pulumi." + stack + ".yaml")["config"].(map[string]any)
}

// init completes the file of a stack. What `pulumi new` wrote must stay: without the salt, no secret can be read.
func (p *project) init(blueprint, stack string) {
	p.t.Helper()
	file := "Pulumi." + stack + ".yaml"
	salt := p.read(file)["encryptionsalt"]
	printed, err := p.sandbox(append([]string{"init", "--yes", "--stack", stack}, ownSettings[blueprint]...)...)
	require.NoError(p.t, err, printed)
	assert.Equal(p.t, salt, p.read(file)["encryptionsalt"])
}

// topLevel returns the keys that a list of problems asks for, without their paths.
func topLevel(problems string) (keys []string) {
	for line := range strings.Lines(problems) {
		if rest, found := strings.CutPrefix(strings.TrimSpace(line), "- "); found {
			key, _, _ := strings.Cut(rest, " ")
			key = strings.TrimSuffix(key, ":")
			key, _, _ = strings.Cut(key, ".")
			keys = append(keys, key)
		}
	}
	return keys
}
