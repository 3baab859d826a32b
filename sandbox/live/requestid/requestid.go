// Package requestid makes the IDs that AWS's services give to requests.
package requestid

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// New returns a new ID: a random UUID, version 4.
func New() string {
	b := make([]byte, 16)
	rand.Read(b) // Never fails.
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b)
	return strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-")
}
