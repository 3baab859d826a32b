// Package redact finds secret texts in what the sandbox prints and writes, and replaces them. The case of ASCII letters
// does not count, because AWS writes some names in lower case.
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

// Set holds secret texts in a form in which it is quick to find them. The zero value is an empty set. Its methods must
// not be called while Add runs.
type Set struct {
	known   map[string]bool
	lengths map[string][]int // The lengths of the secrets by their beginning, the longest first.
}

// NewSet returns a set of secrets.
func NewSet(secrets []string) *Set {
	s := &Set{}
	for _, secret := range secrets {
		s.Add(secret)
	}
	return s
}

// Add adds a secret. It leaves out a text shorter than Telling.
func (s *Set) Add(secret string) {
	secret = Lower(secret)
	if len(secret) < Telling || s.known[secret] {
		return
	}
	if s.known == nil {
		s.known, s.lengths = map[string]bool{}, map[string][]int{}
	}
	s.known[secret] = true
	lengths := s.lengths[secret[:Telling]]
	at, has := slices.BinarySearchFunc(lengths, len(secret), func(a, b int) int { return cmp.Compare(b, a) })
	if !has {
		s.lengths[secret[:Telling]] = slices.Insert(lengths, at, len(secret))
	}
}

// In reports whether a text contains a secret. A secret shorter than Distinct must stand alone.
func (s *Set) In(text string) bool {
	lower := Lower(text)
	for at := range len(lower) {
		if s.at(lower, at) > 0 {
			return true
		}
	}
	return false
}

// at returns the length of the longest secret at a place of a text in lower case, or 0.
func (s *Set) at(lower string, at int) int {
	if at+Telling > len(lower) {
		return 0
	}
	for _, n := range s.lengths[lower[at:at+Telling]] {
		if at+n <= len(lower) && s.known[lower[at:at+n]] && (n >= Distinct || isAlone(lower, at, n)) {
			return n
		}
	}
	return 0
}

// Text returns a text with [secret] instead of each secret in it, the longest first.
func (s *Set) Text(text string) string {
	if !s.In(text) {
		return text
	}
	lower := Lower(text)
	var b strings.Builder
	for at := 0; at < len(text); {
		n := s.at(lower, at)
		if n == 0 {
			b.WriteByte(text[at])
			at++
			continue
		}
		b.WriteString(mark)
		at += n
	}
	return b.String()
}

// Text returns a text with [secret] instead of each of some secrets in it, the longest first.
func Text(text string, secrets []string) string { return NewSet(secrets).Text(text) }

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
func Writer(to io.Writer, secrets []string) io.Writer { return writer{to, NewSet(secrets)} }

type writer struct {
	to      io.Writer
	secrets *Set
}

// Write implements io.Writer.
func (w writer) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.secrets.Text(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}
