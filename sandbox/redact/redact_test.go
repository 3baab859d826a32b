package redact_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/redact"
)

func TestSecretsAreReplaced(t *testing.T) {
	for _, row := range []struct {
		why, text, want string
		secrets         []string
	}{
		{"a text in a longer word", "an-canary-7f3a9", "an-[secret]9", []string{"canary-7f3a"}},
		{"in upper case, next to a letter that changes its length", "İ CANARY-7f3a", "İ [secret]",
			[]string{"canary-7f3a"}},
		{"with letters outside ASCII", "an Äpfel-Öl-GEHEIM.", "an [secret].", []string{"Äpfel-Öl-Geheim"}},
		{"a shorter one that begins alike", "canary-7f3b", "[secret]b", []string{"canary-7f3a-long", "canary-7f3"}},
		{"at the end", "can cana", "can [secret]", []string{"cana", "cana-canary"}},
		{"a word alone", "the boat.", "the [secret].", []string{"boat"}},
		{"a word in a word", "boats", "boats", []string{"boat"}},
		{"a short word", "ab", "ab", []string{"ab"}},
		{"the longest first", "canary-7f3a.example.com", "[secret]",
			[]string{"canary-7f3a", "canary-7f3a.example.com"}},
		{"nothing", "text", "text", nil},
	} {
		t.Run(row.why, func(t *testing.T) {
			assert.Equal(t, row.want, redact.Text(row.text, row.secrets))
			var out bytes.Buffer
			n, err := fmt.Fprint(redact.Writer(&out, row.secrets), row.text)
			require.NoError(t, err)
			assert.Equal(t, len(row.text), n)
			assert.Equal(t, row.want, out.String())
		})
	}
}

func TestAWordStandsAlone(t *testing.T) {
	assert.True(t, redact.StandsAlone("cab ab", "ab"), "after another one in a word")
	assert.False(t, redact.StandsAlone("cab abc", "ab"))
	assert.False(t, redact.StandsAlone("a", ""))
}
