package provider

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/sandbox/redact"
)

// secretValues holds secret values by text: texts in lower case, numbers, and lists and objects with their members.
type secretValues map[string]resource.PropertyValue

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
		s[numberText(v)] = v
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

// numberText returns a number as texts have it.
func numberText(v resource.PropertyValue) string {
	return strconv.FormatFloat(v.NumberValue(), 'f', -1, 64)
}

// unquoted returns a quoted text without its quotes.
func unquoted(text string) string { return strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`) }

// texts returns the texts and numbers, in order.
func (s secretValues) texts() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s)), func(key string) bool { return s.isComposite(key) })
}

// isComposite reports whether a secret is a list or an object.
func (s secretValues) isComposite(key string) bool { return s[key].IsArray() || s[key].IsObject() }

// hasOwn reports whether a value of the same resource is a secret value, or contains its text. It does not count a
// secret inside a text that the program gave in plain text: the ARN of a function api-prod does not tell of a secret
// "prod". A very short text, or one that AWS defines, must be the whole value.
func (s secretValues) hasOwn(v resource.PropertyValue, plain []string) bool {
	return s.matches(v, func(text, secret string) bool {
		if text == secret {
			return true
		}
		if len(secret) < redact.Telling || isPublic(secret) || !strings.Contains(text, secret) {
			return false
		}
		for _, given := range plain {
			if strings.Contains(given, secret) {
				text = strings.ReplaceAll(text, given, "")
			}
		}
		return strings.Contains(text, secret)
	})
}

// has reports whether a value of any resource contains the text of a secret. A short text can appear there by chance.
func (s secretValues) has(v resource.PropertyValue) bool {
	return s.matches(v, func(text, secret string) bool {
		return len(secret) >= redact.Distinct && !isShared(secret) && strings.Contains(text, secret)
	})
}

// matches reports whether a value is a secret list or object, perhaps with more members, or a text or number in which
// finds finds a secret. A short number can appear by chance.
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
		text := numberText(v)
		_, found := s[text]
		return found && len(text) >= redact.Telling && finds(text, text)
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
