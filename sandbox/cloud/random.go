package cloud

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
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
