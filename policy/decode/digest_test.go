package decode

import (
	"crypto/md5"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestHashesOfIDsAreRecognized hashes IDs as programs in several languages do.
func TestHashesOfIDsAreRecognized(t *testing.T) {
	ids := []string{"r1s2t3", "agm-a1b2c3-r1s2t3-GET", "agi-a1b2c3-r1s2t3-GET"}
	sum := md5.Sum([]byte(`["agi-a1b2c3-r1s2t3-GET", "r1s2t3"]`))
	long := sha512.Sum512([]byte("agm-a1b2c3-r1s2t3-GET-r1s2t3"))
	ofText := md5.Sum([]byte(`["r1s2t3","uri"]`))
	for _, c := range []struct {
		why  string
		text string
		want bool
	}{
		{"the IDs are in the text", "r1s2t3,agi-a1b2c3-r1s2t3-GET", true},
		{"it is the MD5 of a list as Python writes it", hex.EncodeToString(sum[:]), true},
		{"it is the SHA-512 of joined IDs in Base64", base64.StdEncoding.EncodeToString(long[:]), true},
		{"the text also has a word", "r1s2t3 v2", false},
		{"the text has no ID", "--", false},
		{"the hash is also of another text", hex.EncodeToString(ofText[:]), false},
		{"no hash has this length", strings.Repeat("ab", 7), false},
	} {
		assert.Equal(t, c.want, madeOfIDs([]string{c.text}, ids), c.why)
	}
	assert.False(t, madeOfIDs(nil, ids), "without triggers nothing is made of IDs")
	assert.False(t, madeOfIDs([]string{"r1s2t3"}, nil), "without IDs nothing is made of them")
	assert.False(t, madeOfIDs([]string{"r1s2t3", "v2"}, ids), "each trigger counts")
}

// TestManyIDsAreTriedInTheGivenOrderOnly bounds what one deployment costs.
func TestManyIDsAreTriedInTheGivenOrderOnly(t *testing.T) {
	assert.Len(t, arrangements([]string{"a", "b", "c", "d"}), 64, "all orders of all selections")
	assert.Less(t, len(listings([]string{"a", "b", "c", "d", "e"})), 64)
	assert.Contains(t, listings([]string{"b", "a", "c", "d", "e"}), `["b","a","c","d","e"]`)
}

func TestTimesAreRecognized(t *testing.T) {
	for _, text := range []string{
		"1764288000", "1764288000000", "1764288000.25", "2026-11-28T00:00:00.000Z", "2026-11-28 00:00:00 +0000 UTC",
		"0d2f6f0e-6f1c-4b52-9a3c-0d2f6f0e6f1c",
	} {
		assert.True(t, isTime(text), text)
	}
	for _, text := range []string{
		"2", "v2", "2c26b46b68ffc68ff99b453c1d304134", "2026-11-28", "1234567890", "17642880001",
	} {
		assert.False(t, isTime(text), text)
	}
}
