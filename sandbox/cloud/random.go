package cloud

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
)

// Random returns n bytes for IDs and addresses.
type Random func(n int) []byte

// Hex returns n hexadecimal digits.
func (random Random) Hex(n int) string {
	return hex.EncodeToString(random((n + 1) / 2))[:n]
}

// Letters returns n characters of an alphabet.
func (random Random) Letters(n int, alphabet string) string {
	b := random(n)
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

// Code returns n lower-case letters and digits.
func (random Random) Code(n int) string {
	return random.Letters(n, "abcdefghijklmnopqrstuvwxyz0123456789")
}

// randomBytes returns n bytes that nobody can guess.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // Never fails.
	return b
}

// Repeatable returns a source of bytes that depend on nothing but a seed.
func Repeatable(seed string) Random {
	sum := sha256.Sum256([]byte(seed))
	return func(n int) []byte {
		var out []byte
		for len(out) < n {
			sum = sha256.Sum256(sum[:])
			out = append(out, sum[:]...)
		}
		return out[:n]
	}
}

// ChooseRepeatably makes the account choose the IDs, addresses and names of a
// resource by its URN alone, so that each deployment of a stack into an empty
// account has the same ones.
func (a *Account) ChooseRepeatably() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.repeatable = true
}

// NameSeed returns the seed of the random characters in a resource's name. It is
// nil if the engine chooses them.
func (a *Account) NameSeed(urn string) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.repeatable {
		return nil
	}
	return a.seedOf(urn)
}

// project matches the stack and the project in a URN.
var project = regexp.MustCompile(`^(urn:pulumi:[^:]+)::[^:]+::`)

// seedOf returns 32 bytes that depend on a URN. They also depend on the resource
// that a new one with the same URN replaces, because the two differ. The project's
// name does not count, because a copy of the repository has another one.
func (a *Account) seedOf(urn string) []byte {
	seed := project.ReplaceAllString(urn, "$1::private-api-blueprints::")
	for _, obj := range a.objects {
		if obj.URN == urn {
			seed += " " + obj.ID
		}
	}
	sum := sha256.Sum256([]byte(seed))
	return sum[:]
}
