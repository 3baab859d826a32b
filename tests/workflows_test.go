package tests

import (
	"bytes"
	"context"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/sandbox"
)

// tested holds the targets that the workflows run, each with the test that runs it.
var tested = map[string]string{
	"examples":        "TestExamplesAreReportedAndCompared",
	"graph-diff":      "TestExamplesAreReportedAndCompared",
	"summary":         "TestExamplesAreReportedAndCompared",
	"review":          "TestAReviewDeploymentAndDrift",
	"deploy":          "TestAReviewDeploymentAndDrift",
	"drift":           "TestAReviewDeploymentAndDrift",
	"licenses":        "TestWhatIsLinkedIsChecked",
	"vulnerabilities": "TestWhatIsLinkedIsChecked",
	"release":         "TestARelease",
	"publish-release": "TestARelease",
}

// workflow is what the tests read of a workflow.
type workflow struct {
	On          yaml.Node
	Permissions map[string]string
	Jobs        map[string]struct {
		If          string
		Permissions map[string]string
		Steps       []struct{ Uses, Run string }
	}
}

// workflows reads .github/workflows, by file name. The texts are the files as they are.
func workflows(t *testing.T) (parsed map[string]workflow, texts map[string]string) {
	t.Helper()
	parsed, texts = map[string]workflow{}, map[string]string{}
	files, err := filepath.Glob(".github/workflows/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var w workflow
		require.NoError(t, yaml.Unmarshal(text, &w), file)
		parsed[filepath.Base(file)], texts[filepath.Base(file)] = w, string(text)
	}
	return parsed, texts
}

// TestEveryStepOfAWorkflowIsATargetThatATestRuns keeps other CIs able to do the same. `.ci/run` is what runs the tests.
func TestEveryStepOfAWorkflowIsATargetThatATestRuns(t *testing.T) {
	t.Parallel()
	run := map[string]bool{}
	parsed, _ := workflows(t)
	for file, w := range parsed {
		for _, job := range w.Jobs {
			for _, step := range job.Steps {
				words := strings.Fields(step.Run)
				switch {
				case len(words) == 0 || step.Run == ".ci/run":
				case words[0] == "make" && len(words) == 2:
					assert.Contains(t, tested, words[1], "%s runs make %s", file, words[1])
					run[words[1]] = true
				default:
					t.Errorf("%s: run: %s: want a target of the Makefile", file, step.Run)
				}
			}
		}
	}
	tests := readFile(t, "tests/workflows_test.go")
	for target, test := range tested {
		assert.True(t, run[target], "no workflow runs make %s", target)
		assert.Contains(t, tests, "\nfunc "+test+"(")
		assert.Contains(t, tests, `"`+target+`"`)
	}
}

// TestWorkflowsAreSafeInACopy checks what GitHub does not: actions are pinned by digest, nothing has a permission that
// it did not ask for, and what has credentials acts neither for a fork nor in a copy that has not asked for it.
func TestWorkflowsAreSafeInACopy(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^\s*- uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	parsed, texts := workflows(t)
	for file, w := range parsed {
		for line := range strings.Lines(texts[file]) {
			if strings.Contains(line, "uses:") {
				assert.Regexp(t, pinned, strings.TrimRight(line, "\n"), file)
			}
		}
		assert.NotNil(t, w.Permissions, "%s: want permissions, since the default may be to write", file)
		for permission, access := range w.Permissions {
			assert.Equal(t, "contents: read", permission+": "+access, file)
		}
		secret := strings.Contains(texts[file], "secrets.") || strings.Contains(texts[file], "id-token: write") ||
			strings.Contains(texts[file], "contents: write")
		for name, job := range w.Jobs {
			if secret {
				assert.Contains(t, job.If, "vars.", "%s: %s acts only if a variable asks for it", file, name)
			}
			if secret && strings.Contains(texts[file], "\n  pull_request:") {
				assert.Contains(t, job.If, "github.event.pull_request.head.repo.full_name == github.repository",
					"%s: %s must not act for a fork", file, name)
			}
		}
		assert.NotContains(t, texts[file], "pull_request_target", file)
	}
}

// TestAReviewDeploymentAndDrift runs the targets for a stack on AWS with a plain pulumi and the simulated providers.
func TestAReviewDeploymentAndDrift(t *testing.T) {
	s := newStack(t, "blueprint:endpoint.clientCidrs[0]=0.0.0.0/0") // Has an advisory finding.
	path, reports := languageHost(t), t.TempDir()
	runs := func(target string, env ...string) (string, error) {
		command := append([]string{"env", pathWith(path, filepath.Dir(s.options.CLI)), "REPORTS=" + reports}, env...)
		return s.run(func(ctx context.Context, box *sandbox.Sandbox) error {
			return box.Exec(ctx, append(command, "make", target, "STACK=static-ip-apigw")...)
		})
	}
	printed, err := runs("review")
	require.NoError(t, err, printed)
	comment := readFile(t, filepath.Join(reports, "static-ip-apigw.md"))
	assert.Contains(t, comment, "### Preview of `static-ip-apigw`\n\nResources to create: ")
	assert.Contains(t, comment, "Findings: 0 mandatory, 1 advisory. Policies without a finding: ")
	assert.Contains(t, comment, "- **[`endpoint-security-group`](https://example.com/private-api-blueprints/")
	assert.Contains(t, comment, "| create | `static-ip-nlb` | `aws:lb/loadBalancer:LoadBalancer` |  |")
	sarif := readFile(t, filepath.Join(reports, "static-ip-apigw.sarif"))
	assert.Contains(t, sarif, `"uri": "Pulumi.static-ip-apigw.yaml"`)
	assert.Equal(t, "testsuites", rootOf(t, filepath.Join(reports, "static-ip-apigw.xml")))

	_, err = runs("review", "FAIL_ON=advisory")
	assert.Error(t, err, "a team may let advisory findings fail")

	s.set("blueprint:front.allowedCidrs[0]=0.0.0.0/0")
	printed, err = runs("deploy")
	assert.Error(t, err, printed)
	assert.Contains(t, printed, "public-load-balancer-authorization")
	assert.Empty(t, s.state(), "a mandatory finding stops a deployment before it makes anything")

	s.set()
	printed, err = runs("deploy")
	require.NoError(t, err, printed)
	printed, err = runs("drift")
	require.NoError(t, err, printed)

	listener := s.find("aws:lb/listener:Listener", "static-ip-listener")
	_, err = s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		return box.Account().Delete("us-east-1", string(listener.Type), string(listener.ID))
	})
	require.NoError(t, err)
	printed, err = runs("drift")
	assert.Error(t, err, "someone deleted the listener")
	assert.Contains(t, printed, "static-ip-listener")

	s.set("blueprint:nope=1")
	_, err = runs("review")
	assert.Error(t, err)
	assert.Contains(t, readFile(t, filepath.Join(reports, "static-ip-apigw.md")), "blueprint:nope: unknown key")
}

// TestExamplesAreReportedAndCompared runs the targets that need no credentials, for one example.
func TestExamplesAreReportedAndCompared(t *testing.T) {
	t.Parallel()
	reports := t.TempDir()
	env := []string{"REPORTS=" + reports, "EXAMPLES=shared-vpc-apis", "GITHUB_STEP_SUMMARY=" + reports + "/summary"}
	printed, err := runMake(t, append(env, "BASE=HEAD"), "graph-diff")
	require.NoError(t, err, printed)
	if changed, err := exec.Command("git", "status", "--porcelain").Output(); err == nil && len(changed) == 0 {
		assert.Empty(t, readFile(t, filepath.Join(reports, "graph.diff")), "the commit is what is checked out")
	}

	printed, err = runMake(t, env, "examples")
	require.NoError(t, err, printed)
	graph := readFile(t, filepath.Join(reports, "shared-vpc-apis.graph"))
	assert.Contains(t, graph, "\naws:apigateway/restApi:RestApi shared-vpc-private-api\n"+
		"  parent: private-api-blueprints:components:PrivateRestApi shared-vpc-private\n")

	require.NoError(t, os.WriteFile(filepath.Join(reports, "graph.diff"), []byte("+aws:ec2/vpc:Vpc new\n"), 0o600))
	printed, err = runMake(t, env, "summary")
	require.NoError(t, err, printed)
	summary := readFile(t, filepath.Join(reports, "summary"))
	assert.Contains(t, summary, "### Preview of `shared-vpc-apis`")
	assert.Contains(t, summary, "````diff\n+aws:ec2/vpc:Vpc new\n")
}

// TestARelease builds and publishes a release with substitutes for go and gh, because compiling for six platforms takes
// an hour.
func TestARelease(t *testing.T) {
	t.Parallel()
	clone := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(clone, ".ci"), os.DirFS(".ci")))
	require.NoError(t, os.MkdirAll(filepath.Join(clone, "policy"), 0o750))
	require.NoError(t, os.MkdirAll(filepath.Join(clone, "bin"), 0o750))
	write(t, clone, "bin/hello.zip", "an archive")
	write(t, clone, "Makefile", strings.Replace(readFile(t, "Makefile"), "release: lambda supply", "release:", 1))
	writeSubstitutes(t, clone)
	tools := t.TempDir()
	write(t, tools, "go", "#!/bin/sh\n[ $1 = build ] || exit 1\n"+
		`while [ "$1" != -o ]; do shift; done; echo "$GOOS/$GOARCH $CGO_ENABLED $3" > "$2"`+"\n")
	write(t, tools, "gh", "#!/bin/sh\necho gh \"$@\"\n")
	env := []string{"PATH=" + tools + string(os.PathListSeparator) + os.Getenv("PATH")}

	printed, err := runMake(t, env, "release", "-C", clone)
	require.NoError(t, err, printed)
	sums := readFile(t, filepath.Join(clone, "dist/SHA256SUMS"))
	for _, platform := range []string{"linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"} {
		assert.Contains(t, sums, "  private-api-blueprints-sandbox-"+platform+".tar.gz\n")
		assertCompiledFor(t, clone, sums, platform, "")
	}
	assertCompiledFor(t, clone, sums, "windows-amd64", ".exe")
	assertCompiledFor(t, clone, sums, "windows-arm64", ".exe")
	for _, program := range []string{"pulumi-analyzer-", "pulumi-resource-"} {
		assert.Contains(t, sums, "  "+program+"private-api-blueprints-windows-arm64.cdx.json\n")
	}
	for _, program := range []string{"sandbox", "trace", "report"} {
		assert.Contains(t, sums, "  private-api-blueprints-"+program+"-linux-arm64.cdx.json\n")
	}
	assert.Contains(t, sums, "  LICENSES.txt\n")
	assert.Equal(t, "example.com/a v1.0.0: MIT\n", readFile(t, filepath.Join(clone, "dist/LICENSES.txt")))

	bundle := filepath.Join(clone, "dist/private-api-blueprints-sandbox-linux-arm64.tar.gz")
	list, err := exec.Command("tar", "-tzf", bundle).Output()
	require.NoError(t, err)
	assert.Equal(t, "bin/\nbin/hello.zip\nbin/policy\nbin/report\nbin/sandbox\nbin/trace\n", string(list))
	printed, err = runMake(t, env, "release", "-C", clone)
	require.NoError(t, err, printed)
	assert.Equal(t, sums, readFile(t, filepath.Join(clone, "dist/SHA256SUMS")), "a second build has the same bytes")

	printed, err = runMake(t, append(env, "TAG=v1.2.3;echo $(echo hostile)"), "publish-release", "-C", clone)
	require.NoError(t, err, printed)
	published := "gh release create v1.2.3;echo $(echo hostile) --verify-tag --generate-notes dist/LICENSES.txt dist/SHA256SUMS dist/"
	assert.Contains(t, printed, published,
		"a tag is no command")
}

// writeSubstitutes writes a writer of bills of materials that finds one module, and a scanner that does what its
// database says. The command licenses is the real one.
func writeSubstitutes(t *testing.T, folder string) {
	t.Helper()
	const bill = `{"components": [{"name": "example.com/a", "version": "v1.0.0",
		"licenses": [{"license": {"id": "'"${LICENSE-MIT}"'"}}]}]}`
	write(t, folder, "bin/cyclonedx-gomod", "#!/bin/sh\n"+
		`while [ "$1" != -output ]; do shift; done; [ -s "$3" ] && echo '`+bill+"' > \"$2\"\n")
	write(t, folder, "bin/govulncheck", "#!/bin/sh\necho \"govulncheck: $SCAN\"\nexit ${STATUS:-0}\n")
	text, err := exec.Command("go", "build", "-C", "tools/supply", "-o", filepath.Join(folder, "bin/licenses"),
		"./licenses").CombinedOutput()
	require.NoError(t, err, string(text))
}

// TestWhatIsLinkedIsChecked runs the targets with substitutes for what they build and for the scanner.
func TestWhatIsLinkedIsChecked(t *testing.T) {
	t.Parallel()
	clone := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(clone, ".ci"), os.DirFS(".ci")))
	require.NoError(t, os.MkdirAll(filepath.Join(clone, "policy"), 0o750))
	require.NoError(t, os.MkdirAll(filepath.Join(clone, "bin"), 0o750))
	write(t, clone, ".ci/linked", "#!/bin/sh\necho program > $1/sandbox\necho program > $1/policy\n")
	write(t, clone, "Makefile", regexp.MustCompile(`(?m)^(licenses|vulnerabilities): supply`).
		ReplaceAllString(readFile(t, "Makefile"), "$1:"))
	writeSubstitutes(t, clone)
	const noDatabase = "SCAN=fetching vulnerabilities: no such host"
	for _, row := range []struct {
		why, target string
		env         []string
		fails       bool
		want        string
	}{
		{"an accepted license", "licenses", nil, false, "example.com/a v1.0.0: MIT\n"},
		{"another license", "licenses", []string{"LICENSE=AGPL-3.0"}, true, `has the licenses ["AGPL-3.0"]: want one of`},
		{"no license", "licenses", []string{"LICENSE="}, true, `has the licenses [""]: want one of`},
		{"no vulnerability", "vulnerabilities", nil, false, "no known vulnerabilities"},
		{"a vulnerability", "vulnerabilities", []string{"STATUS=3", "SCAN=GO-2026-1"}, true, "GO-2026-1"},
		{"no database", "vulnerabilities", []string{"STATUS=1", noDatabase}, false,
			"NOT CHECKED: the database https://vuln.go.dev cannot be read"},
		{"a database is required", "vulnerabilities", []string{"STATUS=1", noDatabase, "REQUIRE_DATABASE=true"}, true,
			"NOT CHECKED"},
		{"another failure", "vulnerabilities", []string{"STATUS=1", "SCAN=no program"}, true, "no program"},
	} {
		printed, err := runMake(t, row.env, row.target, "-C", clone)
		assert.Equal(t, row.fails, err != nil, "%s: %s", row.why, printed)
		assert.Contains(t, printed, row.want, row.why)
	}
}

// assertCompiledFor asserts that a release has the pack and the package's plugin for a platform, with checksums. The
// substitute for go wrote what it was asked to compile.
func assertCompiledFor(t *testing.T, clone, sums, platform, extension string) {
	t.Helper()
	name := "pulumi-analyzer-private-api-blueprints-" + platform + extension
	assert.Contains(t, sums, "  "+name+"\n")
	assert.Equal(t, strings.Replace(platform, "-", "/", 1)+" 0 .\n", readFile(t, filepath.Join(clone, "dist", name)),
		"it is compiled for the platform, without C")
	plugin := "pulumi-resource-private-api-blueprints-" + platform + ".tar.gz"
	assert.Contains(t, sums, "  "+plugin+"\n")
	packed, err := exec.Command("tar", "-xzOf", filepath.Join(clone, "dist", plugin),
		"pulumi-resource-private-api-blueprints"+extension).Output()
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(platform, "-", "/", 1)+" 0 ./provider\n", string(packed))
}

// runMake runs make in the repository, and returns what it printed.
func runMake(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "make", args...)
	cmd.Env = append(os.Environ(), env...)
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	err := cmd.Run()
	return printed.String(), err
}

// pathWith returns a setting of PATH with another folder in front.
func pathWith(setting, folder string) string {
	return "PATH=" + folder + string(os.PathListSeparator) + strings.TrimPrefix(setting, "PATH=")
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// write writes a file that can be executed.
func write(t *testing.T, folder, name, text string) {
	t.Helper()
	file := filepath.Join(folder, name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o700)) //nolint:gosec // It is a program.
}

// rootOf returns the name of the root of an XML file.
func rootOf(t *testing.T, name string) string {
	t.Helper()
	var root struct{ XMLName xml.Name }
	require.NoError(t, xml.Unmarshal([]byte(readFile(t, name)), &root))
	return root.XMLName.Local
}

// TestToolsHaveOneVersion compares what workflows, pages and the development container install with the modules that
// pin it.
func TestToolsHaveOneVersion(t *testing.T) {
	t.Parallel()
	pulumi := version(t, "tools/go.mod", `pulumi/pkg/v3 v(\S+)`)
	goVersion := version(t, "go.mod", `(?m)^go (\S+)`)
	for file, pattern := range map[string]string{
		".github/workflows/preview.yml": `pulumi-version: (\S+)`,
		".github/workflows/deploy.yml":  `pulumi-version: (\S+)`,
		".github/workflows/drift.yml":   `pulumi-version: (\S+)`,
		".devcontainer/Dockerfile":      `PULUMI=(\S+)`,
		"docs/pull-requests.md":         `--version (\S+)`,
	} {
		assert.Equal(t, pulumi, version(t, file, pattern), file)
	}
	assert.Equal(t, goVersion, version(t, ".devcontainer/Dockerfile", `golang:([\d.]+)`))
}

// version returns what a pattern finds in a file.
func version(t *testing.T, file, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(readFile(t, file))
	require.NotNil(t, found, "%s: want %s", file, pattern)
	return found[1]
}

// TestTheSandboxNeedsNoCompiler runs the executable of a release where PATH has no Go.
func TestTheSandboxNeedsNoCompiler(t *testing.T) {
	t.Parallel()
	cli, err := foundCLI()
	require.NoError(t, err)
	tools := t.TempDir()
	require.NoError(t, os.Symlink(absolute(t, cli), filepath.Join(tools, "pulumi")))
	cmd := exec.CommandContext(t.Context(), "bin/sandbox", "up", "--stack", "shared-vpc-apis", "--state", t.TempDir())
	cmd.Env = []string{"PATH=" + tools, "HOME=" + t.TempDir()}
	printed, err := cmd.CombinedOutput()
	require.NoError(t, err, string(printed))
	assert.Contains(t, string(printed), "Stack shared-vpc-apis is deployed in the sandbox.")
}
