package tests

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
)

// TestPlainPulumiRunsTheProgramAndThePack runs the commands for AWS word for word, with the simulated providers instead
// of AWS: a plain pulumi compiles and runs main.go, and the folder of the policy pack.
func TestPlainPulumiRunsTheProgramAndThePack(t *testing.T) {
	s := newStack(t)
	path := languageHost(t)
	plain := func(args ...string) string {
		printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error {
			return box.Exec(ctx, append([]string{"env", path, box.CLI()}, args...)...)
		})
		require.NoError(t, err, printed)
		return printed
	}
	printed := plain("preview", "--policy-pack", "policy", "--policy-pack-config", "policy-config.json",
		"--non-interactive")
	assertNoViolation(t, printed)
	assert.Contains(t, printed, "https://api.example.com/hello")

	plain("up", "--yes", "--skip-preview", "--non-interactive")
	inline := s.up()
	assert.Empty(t, changes(inline.Summary.ResourceChanges), "main.go and the sandbox deploy the same")
}

// languageHost builds the substitute for pulumi-language-go. It returns the setting of PATH with which a plain pulumi
// finds it.
func languageHost(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	host := filepath.Join(bin, "pulumi-language-go")
	text, err := exec.Command("go", "build", "-o", host, "./tests/internal/languagehost").CombinedOutput()
	require.NoError(t, err, string(text))
	return "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")
}
