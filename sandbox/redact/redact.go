// Package redact replaces secret texts in what the sandbox prints and writes. The texts are in lower case; whether they
// are found does not depend on case.
package redact

import (
	"cmp"
	"io"
	"slices"
	"strings"
)

// Lengths in bytes. A short word or number can appear by chance.
const (
	Telling  = 4 // Shorter texts stay.
	Distinct = 8 // Shorter texts are replaced only if they stand alone, and not as a part of a longer word.
)

// mark is what stands for a secret. Pulumi writes the same.
const mark = "[secret]"

// Text returns a text with [secret] instead of each secret in it, the longest first.
func Text(text string, secrets []string) string {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(secret string) bool { return len(secret) < Telling })
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	lower := Lower(text)
	if !slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(lower, secret) }) {
		return text
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		found := slices.IndexFunc(secrets, func(secret string) bool {
			return strings.HasPrefix(lower[at:], secret) && (len(secret) >= Distinct || isAlone(lower, at, len(secret)))
		})
		if found < 0 {
			b.WriteByte(text[at])
			at++
			continue
		}
		b.WriteString(mark)
		at += len(secrets[found])
	}
	return b.String()
}

// StandsAlone reports whether a text contains a secret that is not a part of a longer word.
func StandsAlone(text, secret string) bool {
	for at := 0; secret != ""; at++ {
		next := strings.Index(text[at:], secret)
		if next < 0 {
			return false
		}
		if at += next; isAlone(text, at, len(secret)) {
			return true
		}
	}
	return false
}

// isAlone reports whether the part of a text at a place is not a part of a longer word.
func isAlone(text string, at, length int) bool {
	end := at + length
	return (at == 0 || !isWord(text[at-1])) && (end == len(text) || !isWord(text[end]))
}

// isWord reports whether a byte is a part of a word.
func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c >= 0x80
}

// Lower returns a text with its ASCII letters in lower case. Unlike strings.ToLower, it keeps the length.
func Lower(text string) string {
	bytes := []byte(text)
	for i, c := range bytes {
		if 'A' <= c && c <= 'Z' {
			bytes[i] += 'a' - 'A'
		}
	}
	return string(bytes)
}

// Writer returns a writer that replaces secrets in what it passes on to another one. A secret must be in one call of
// Write as a whole.
func Writer(to io.Writer, secrets []string) io.Writer { return writer{to, secrets} }

type writer struct {
	to      io.Writer
	secrets []string
}

// Write implements io.Writer.
func (w writer) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.to, Text(string(text), w.secrets)); err != nil {
		return 0, err
	}
	return len(text), nil
}
