package provider

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// secretValues holds secret values by text: texts in lower case, numbers, and lists and objects with their members.
type secretValues map[string]resource.PropertyValue

// Lengths in bytes, of texts that are searched for within others. A word or a number of a resource can appear by chance
// in the values of another one.
const (
	telling  = 4 // Shorter ones are no secret in other resources, and within the same one only if they stand alone.
	distinct = 8 // Shorter ones must stand alone in other resources.
)

// masked is what stands for a secret in an error. Pulumi writes the same.
const masked = "[secret]"

// depth says how far a secret text is taken apart.
type depth int

const (
	wholeTexts    depth = iota // Not at all.
	withDocuments              // The texts in a JSON document are secret, too.
)

// add adds the secret values in a value.
func (s secretValues) add(v resource.PropertyValue, to depth) {
	switch {
	case v.IsSecret():
		s.addSecret(v.SecretValue().Element, to)
	case v.IsArray():
		for _, item := range v.ArrayValue() {
			s.add(item, to)
		}
	case v.IsObject():
		for _, member := range v.ObjectValue() {
			s.add(member, to)
		}
	}
}

// addSecret adds a secret value and what is in it.
func (s secretValues) addSecret(v resource.PropertyValue, to depth) {
	switch {
	case v.IsSecret():
		s.addSecret(v.SecretValue().Element, to)
	case v.IsString():
		s.addText(v.StringValue(), to)
	case v.IsNumber():
		s[strconv.FormatFloat(v.NumberValue(), 'f', -1, 64)] = v
	case v.IsAsset():
		s.addText(v.AssetValue().Text, to)
	case v.IsArray():
		if plain := withoutMark(v); len(plain.ArrayValue()) > 0 {
			s[plain.String()] = plain
		}
		for _, item := range v.ArrayValue() {
			s.addSecret(item, to)
		}
	case v.IsObject():
		if plain := withoutMark(v); len(plain.ObjectValue()) > 0 {
			s[plain.String()] = plain
		}
		for _, member := range v.ObjectValue() {
			s.addSecret(member, to)
		}
	}
}

// addText adds a secret text, and its forms in JSON, in Go's quotes and in URLs.
func (s secretValues) addText(text string, to depth) {
	inJSON, err := json.Marshal(text)
	if text == "" || err != nil {
		return
	}
	for _, form := range []string{
		text, unquoted(string(inJSON)), unquoted(strconv.Quote(text)), url.PathEscape(text), url.QueryEscape(text),
	} {
		s[strings.ToLower(form)] = resource.NewProperty(form)
	}
	var document any
	if to == withDocuments && strings.ContainsAny(text, "{[") && json.Unmarshal([]byte(text), &document) == nil {
		s.addSecret(resource.NewPropertyValue(document), to)
	}
}

// unquoted returns a quoted text without its quotes.
func unquoted(text string) string { return strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`) }

// texts returns the texts and numbers, in order.
func (s secretValues) texts() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s)), func(key string) bool { return s.isComposite(key) })
}

// isComposite reports whether a secret is a list or an object.
func (s secretValues) isComposite(key string) bool { return s[key].IsArray() || s[key].IsObject() }

// hasOwn reports whether a value of the same resource is a secret value, or contains its text.
func (s secretValues) hasOwn(v resource.PropertyValue) bool {
	return s.matches(v, func(text, secret string) bool {
		return text == secret || len(secret) >= telling && strings.Contains(text, secret) || standsAlone(text, secret)
	})
}

// has reports whether a value of any resource is a secret value, or contains its text.
func (s secretValues) has(v resource.PropertyValue) bool {
	return s.matches(v, func(text, secret string) bool {
		return len(secret) >= distinct && strings.Contains(text, secret) ||
			len(secret) >= telling && standsAlone(text, secret)
	})
}

// matches reports whether a value is a secret list or object, perhaps with more members, or a text or number in which
// finds finds a secret.
func (s secretValues) matches(v resource.PropertyValue, finds func(text, secret string) bool) bool {
	switch {
	case v.IsString():
		text := strings.ToLower(v.StringValue())
		for key := range s {
			if !s.isComposite(key) && finds(text, key) {
				return true
			}
		}
	case v.IsNumber():
		text := strconv.FormatFloat(v.NumberValue(), 'f', -1, 64)
		_, found := s[text]
		return found && finds(text, text)
	case v.IsArray() || v.IsObject():
		for _, secret := range s {
			if includes(v, secret) {
				return true
			}
		}
	}
	return false
}

// includes reports whether a list is a secret one, or an object has all members of a secret one.
func includes(v, secret resource.PropertyValue) bool {
	if !v.IsObject() || !secret.IsObject() {
		return v.IsArray() && secret.IsArray() && v.DeepEquals(secret)
	}
	for key, member := range secret.ObjectValue() {
		if found, has := v.ObjectValue()[key]; !has || !withoutMark(found).DeepEquals(member) {
			return false
		}
	}
	return true
}

// redact returns a text with [secret] instead of each secret text and number in it.
func (s secretValues) redact(text string) string {
	texts := slices.DeleteFunc(s.texts(), func(key string) bool { return len(key) < telling })
	slices.SortFunc(texts, func(a, b string) int { return len(b) - len(a) })
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // A letter changed its length.
		text = lower
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		found := slices.IndexFunc(texts, func(secret string) bool {
			return strings.HasPrefix(lower[at:], secret) && (len(secret) >= distinct || alone(lower, at, len(secret)))
		})
		if found < 0 {
			b.WriteByte(text[at])
			at++
			continue
		}
		b.WriteString(masked)
		at += len(texts[found])
	}
	return b.String()
}

// standsAlone reports whether a text contains a secret that is not a part of a longer word.
func standsAlone(text, secret string) bool {
	for at := 0; secret != ""; at++ {
		next := strings.Index(text[at:], secret)
		if next < 0 {
			return false
		}
		if at += next; alone(text, at, len(secret)) {
			return true
		}
	}
	return false
}

// alone reports whether the part of a text at a place is not a part of a longer word.
func alone(text string, at, length int) bool {
	end := at + length
	return (at == 0 || !isWord(text[at-1])) && (end == len(text) || !isWord(text[end]))
}

// isWord reports whether a byte is a part of a word.
func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c >= 0x80
}
