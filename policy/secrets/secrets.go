// Package secrets removes the values that Pulumi marks as secret from texts.
//
// Rules and traces compare secret values like others, so that a verdict does not depend on a mark. Their texts quote
// what they compare: whole values, members of a policy document, the host of an address. [Of] therefore collects what a
// text may quote of the secret values of a stack, and [Redactor.Text] replaces it, whoever wrote the text.
//
// Some values stay, because a text without them says nothing and they give nothing away:
//
//   - flags, texts of less than four characters, and numbers of less than four digits;
//   - words that AWS, HTTP and policy documents define, such as HTTPS, Allow, execute-api:Invoke or us-east-1;
//   - 0.0.0.0/0 and ::/0.
//
// A value of less than eight characters is replaced only if it stands alone, and not as a part of a longer word.
package secrets

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Mark is what texts have instead of a secret value. Pulumi writes the same.
const Mark = "[secret]"

// Lengths in bytes.
const (
	shortest = 4 // Shorter values stay.
	distinct = 8 // Values of this length are replaced inside words, too.
)

// Redactor replaces the secret values of a stack in texts. The zero value replaces nothing.
type Redactor struct {
	values  map[string]bool // What texts may quote, in lower case.
	lengths []int           // The lengths of the values, the longest first.
}

// Of returns the redactor for the secret values of resources and of their providers, and of more properties.
func Of(resources []plugin.AnalyzerStackResource, more ...resource.PropertyMap) *Redactor {
	c := collector{values: map[string]bool{}}
	for _, r := range resources {
		c.addMarked(resource.NewProperty(r.Properties))
		if r.Provider != nil {
			c.addMarked(resource.NewProperty(r.Provider.Properties))
		}
	}
	for _, properties := range more {
		c.addMarked(resource.NewProperty(properties))
	}
	lengths := map[int]bool{}
	for value := range c.values {
		lengths[len(value)] = true
	}
	sorted := slices.Sorted(maps.Keys(lengths))
	slices.Reverse(sorted)
	return &Redactor{c.values, sorted}
}

// Text returns a text with [Mark] instead of each secret value, whether in upper or lower case.
func (r *Redactor) Text(text string) string {
	if len(r.values) == 0 {
		return text
	}
	lower := lowered(text)
	var b strings.Builder
	for at := 0; at < len(text); {
		n := r.secretAt(lower, at)
		if strings.HasPrefix(text[at:], Mark) {
			n = len(Mark)
		}
		if n == 0 {
			b.WriteByte(text[at])
			at++
			continue
		}
		b.WriteString(Mark)
		at += n
	}
	return b.String()
}

// secretAt returns the length of the longest secret value at a place of a text, or 0.
func (r *Redactor) secretAt(text string, at int) int {
	starts := at == 0 || !isWord(text[at-1]) || !isWord(text[at])
	for _, n := range r.lengths {
		end := at + n
		if end > len(text) || n < distinct && !starts || !r.values[text[at:end]] {
			continue
		}
		if n >= distinct || end == len(text) || !isWord(text[end]) || !isWord(text[end-1]) {
			return n
		}
	}
	return 0
}

// lowered returns a text with its ASCII letters in lower case. Unlike strings.ToLower, it keeps the length.
func lowered(text string) string {
	bytes := []byte(text)
	for i, c := range bytes {
		if 'A' <= c && c <= 'Z' {
			bytes[i] += 'a' - 'A'
		}
	}
	return string(bytes)
}

// isWord reports whether a byte is part of a word.
func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c >= 0x80
}
