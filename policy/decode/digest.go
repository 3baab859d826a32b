package decode

import (
	"crypto/md5" // Programs hash their triggers with it.
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// idsOf returns the IDs of resources, in their order and each once. It also
// returns whether the ID of each resource is known.
func (in *input) idsOf(urns []resource.URN) (ids []string, complete bool) {
	complete = true
	for _, urn := range urns {
		var id string
		known := false
		if r, inStack := in.resources[urn]; inStack {
			id, known = newValue(r.Properties["id"], "id").str().Get()
		}
		switch {
		case !known:
			complete = false
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids, complete
}

// madeOfIDs reports whether each text is certainly made from IDs and from nothing
// else: it lists them, or it is the hash of such a list. The documentation of the
// provider hashes the IDs of a resource, a method and an integration.
// https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/
func madeOfIDs(texts, ids []string) bool {
	if len(texts) == 0 || len(ids) == 0 {
		return false
	}
	var lists []string
	for _, text := range texts {
		if listsIDs(text, ids) {
			continue
		}
		digest := digestOf(text)
		if digest == nil {
			return false
		}
		if lists == nil {
			lists = listings(ids)
		}
		if !slices.ContainsFunc(lists, func(list string) bool { return digest(list) == text }) {
			return false
		}
	}
	return true
}

// listsIDs reports whether a text consists of at least one of the IDs and of
// punctuation.
func listsIDs(text string, ids []string) bool {
	longest := slices.SortedFunc(slices.Values(ids), func(a, b string) int { return len(b) - len(a) })
	rest := text
	for _, id := range longest {
		rest = strings.ReplaceAll(rest, id, " ")
	}
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return rest != text && !strings.ContainsFunc(rest, isWord)
}

// digestOf returns the function that a hash was made with, by its length, or nil
// if the text is no hash.
func digestOf(text string) func(string) string {
	sums := map[int]func(string) []byte{
		md5.Size:    func(s string) []byte { sum := md5.Sum([]byte(s)); return sum[:] },
		sha1.Size:   func(s string) []byte { sum := sha1.Sum([]byte(s)); return sum[:] },
		sha256.Size: func(s string) []byte { sum := sha256.Sum256([]byte(s)); return sum[:] },
		sha512.Size: func(s string) []byte { sum := sha512.Sum512([]byte(s)); return sum[:] },
	}
	if raw, err := hex.DecodeString(text); err == nil && sums[len(raw)] != nil {
		return func(s string) string { return hex.EncodeToString(sums[len(raw)](s)) }
	}
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil && sums[len(raw)] != nil {
		return func(s string) string { return base64.StdEncoding.EncodeToString(sums[len(raw)](s)) }
	}
	return nil
}

// mostPermuted is how many IDs are tried in every order.
const mostPermuted = 4

// listings returns the texts that programs make from lists of IDs before they
// hash them. It tries every order of a few IDs, and otherwise the given one.
func listings(ids []string) []string {
	orders := [][]string{ids, slices.Sorted(slices.Values(ids))}
	if len(ids) <= mostPermuted {
		orders = arrangements(ids)
	}
	var texts []string
	for _, order := range orders {
		quoted := `"` + strings.Join(order, `","`) + `"`
		texts = append(texts, "["+quoted+"]", "["+strings.ReplaceAll(quoted, `","`, `", "`)+"]")
		for _, separator := range []string{"", ",", "-", ":", "|", " ", "\n", ", "} {
			texts = append(texts, strings.Join(order, separator))
		}
	}
	return texts
}

// arrangements returns every order of every selection of items.
func arrangements(items []string) [][]string {
	var all [][]string
	for i, first := range items {
		all = append(all, []string{first})
		rest := slices.Concat(items[:i], items[i+1:])
		for _, tail := range arrangements(rest) {
			all = append(all, append([]string{first}, tail...))
		}
	}
	return all
}
