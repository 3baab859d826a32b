package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sdkModule is the import path of the SDK for Go that Pulumi generates from a folder on this machine.
const sdkModule = "example.com/pulumi-private-api-blueprints/sdk/go/private-api-blueprints"

// goExample matches the program in Go on the page about the package.
var goExample = regexp.MustCompile("(?s)\n```go\n(.*?)```\n")

// TestAProgramInGoUsesTheGeneratedSDK generates the SDK for Go as Pulumi does, from the package's folder. With the SDK,
// it deploys the program on the page about the package.
func TestAProgramInGoUsesTheGeneratedSDK(t *testing.T) {
	t.Parallel()
	require.NoError(t, packagePlugin())
	host := languageHost(t)
	p := newProject(t, host)
	printed, err := p.run("pulumi", "package", "gen-sdk", absolute(t, "provider"), "--language", "go", "--local",
		"--out", filepath.Join(p.folder, "sdk"))
	require.NoError(t, err, printed)
	p.writeProgram()
	box := p.inSandbox(host)
	printed = box("up", "--yes", "--skip-preview", "--non-interactive")
	assert.Regexp(t, `curl *: "curl https://\S+/hello"`, printed)
	assert.Contains(t, box("preview", "--non-interactive", "--expect-no-changes"), "unchanged")
}

// writeProgram writes the program of the page. Its module has the versions of this one, which are on this machine.
func (p *project) writeProgram() {
	t := p.t
	t.Helper()
	write := func(name, content string) {
		path := filepath.Join(p.folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	_, requirements, _ := strings.Cut(read(t, "go.mod"), "\n")
	write("go.mod", "module shop\n"+requirements+"\nrequire "+sdkModule+" v0.0.0\n\nreplace "+sdkModule+
		" => ./sdk/go/privateapiblueprints\n")
	write("go.sum", read(t, "go.sum"))
	write("sdk/go/privateapiblueprints/go.mod", "module "+sdkModule+"\n"+requirements)
	program := goExample.FindStringSubmatch(read(t, "docs/package.md"))
	require.NotNil(t, program)
	write("main.go", program[1])
	write("function/app.py", read(t, "templates/static-ip-apigw-yaml/function/app.py"))
	write("Pulumi.yaml", "name: shop\nruntime: go\n")
	write("Pulumi.dev.yaml", "config: {aws:region: us-east-1}\n")
}
