package provider

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"

	"private-api-blueprints/sandbox/redact"
)

// secretValues holds secret values by text: texts in lower case, numbers, and lists and objects with their members.
type secretValues map[string]resource.PropertyValue

// collector collects secret values.
type collector struct {
	found     secretValues
	documents bool                   // Whether the texts in a secret JSON document, and single lines, are secret, too.
	skip      func(text string) bool // Reports whether a text or number in lower case is left out. Nil keeps all.
}

// secretsIn returns the secret values in a value.
func secretsIn(v resource.PropertyValue) secretValues {
	c := collector{found: secretValues{}}
	c.add(v)
	return c.found
}

// quotable returns the secret values in a value that a text may quote, with the parts of documents.
func quotable(v resource.PropertyValue) secretValues {
	c := collector{found: secretValues{}, documents: true, skip: isPublic}
	c.add(v)
	return c.found
}

// distinct returns the secret values in a value that are hidden in every resource. A short or shared text can appear in
// another resource by chance.
func distinct(v resource.PropertyValue) secretValues {
	c := collector{found: secretValues{}, skip: isIndistinct}
	c.add(v)
	return c.found
}

// isIndistinct reports whether another resource can have a text, in lower case, without repeating a secret.
func isIndistinct(text string) bool { return len(text) < redact.Distinct || isShared(text) }

// add adds the secret values in a value.
func (c collector) add(v resource.PropertyValue) {
	switch {
	case v.IsSecret():
		c.addSecret(v.SecretValue().Element)
	case v.IsArray():
		for _, item := range v.ArrayValue() {
			c.add(item)
		}
	case v.IsObject():
		for _, member := range v.ObjectValue() {
			c.add(member)
		}
	}
}

// addSecret adds a secret value and what is in it.
func (c collector) addSecret(v resource.PropertyValue) {
	switch {
	case v.IsSecret():
		c.addSecret(v.SecretValue().Element)
	case v.IsString():
		c.addText(v.StringValue())
	case v.IsNumber():
		if text := numberText(v); c.skip == nil || !c.skip(text) {
			c.found[text] = v
		}
	case v.IsAsset():
		c.addText(v.AssetValue().Text)
	case v.IsArchive():
		c.addAssets(v.ArchiveValue())
	case v.IsArray():
		if plain := withoutMark(v); len(plain.ArrayValue()) > 0 {
			c.found[plain.String()] = plain
		}
		for _, item := range v.ArrayValue() {
			c.addSecret(item)
		}
	case v.IsObject():
		if plain := withoutMark(v); len(plain.ObjectValue()) > 0 {
			c.found[plain.String()] = plain
		}
		for _, member := range v.ObjectValue() {
			c.addSecret(member)
		}
	}
}

// addAssets adds the texts of the assets in a secret archive.
func (c collector) addAssets(code *archive.Archive) {
	for _, part := range code.Assets {
		switch part := part.(type) {
		case *asset.Asset:
			c.addText(part.Text)
		case *archive.Archive:
			c.addAssets(part)
		}
	}
}

// addText adds a secret text in each form that another text may have it in, the texts in a document, and the lines of a
// text of several: logs have one line each.
func (c collector) addText(text string) {
	if text == "" {
		return
	}
	if c.skip == nil || !c.skip(redact.Lower(text)) {
		for _, form := range formsOf(text) {
			c.found[redact.Lower(form)] = resource.NewProperty(form)
		}
	}
	if !c.documents {
		return
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != text && len(line) >= redact.Distinct && !strings.HasPrefix(line, "-----") { // All keys have those.
			c.addText(line)
		}
	}
	var document any
	if strings.ContainsAny(text, "{[") && json.Unmarshal([]byte(text), &document) == nil {
		c.addSecret(resource.NewPropertyValue(document))
	}
}

// formsOf returns a text, and its forms in JSON, in Go's quotes, in URLs and in base64.
func formsOf(text string) []string {
	inJSON, err := json.Marshal(text)
	if err != nil {
		return []string{text}
	}
	forms := []string{
		text, unquoted(string(inJSON)), unquoted(strconv.Quote(text)), unquoted(strconv.QuoteToASCII(text)),
		url.PathEscape(text), url.QueryEscape(text),
	}
	if len(text) < redact.Telling {
		return forms
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		short := encoding.WithPadding(base64.NoPadding)
		forms = append(forms, encoding.EncodeToString([]byte(text)), short.EncodeToString([]byte(text)))
		for before := range 3 {
			forms = append(forms, insideBase64(short, text, before))
		}
	}
	return forms
}

// insideBase64 returns the characters that stand for nothing but a text in the base64 form of a longer one, in which a
// number of bytes precede it. The first and the last character may depend on its neighbors: each stands for six bits.
func insideBase64(encoding *base64.Encoding, text string, before int) string {
	encoded := encoding.EncodeToString(append(make([]byte, before), text...))
	return encoded[(before*8+5)/6 : (before+len(text))*8/6]
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

// addTo adds the texts and numbers to a set.
func (s secretValues) addTo(set *redact.Set) {
	for key := range s {
		if !s.isComposite(key) {
			set.Add(key)
		}
	}
}

// isComposite reports whether a secret is a list or an object.
func (s secretValues) isComposite(key string) bool { return s[key].IsArray() || s[key].IsObject() }

// hasOwn reports whether a value of the same resource is a secret value, or contains its text. A list or an object may
// have more members than the secret one. A short number can appear by chance.
func (s secretValues) hasOwn(v resource.PropertyValue, plain []string) bool {
	switch {
	case v.IsString():
		return s.inText(redact.Lower(v.StringValue()), plain)
	case v.IsNumber():
		_, found := s[numberText(v)]
		return found && len(numberText(v)) >= redact.Telling
	case v.IsArray() || v.IsObject():
		for _, secret := range s {
			if includes(v, secret) {
				return true
			}
		}
	}
	return false
}

// inText reports whether a text of the same resource is or contains a secret. A secret inside a text that the program
// gave in plain text does not count: the ARN of a function api-prod does not tell of a secret "prod". A very short
// text, or one that AWS defines, must be the whole value.
func (s secretValues) inText(text string, plain []string) bool {
	for secret := range s {
		switch {
		case s.isComposite(secret):
		case text == secret:
			return true
		case len(secret) >= redact.Telling && !isPublic(secret) && strings.Contains(text, secret):
			if strings.Contains(without(text, secret, plain), secret) {
				return true
			}
		}
	}
	return false
}

// without returns a text without the plain texts that contain a secret.
func without(text, secret string, plain []string) string {
	for _, given := range plain {
		if strings.Contains(given, secret) {
			text = strings.ReplaceAll(text, given, "\n")
		}
	}
	return text
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

// inEach returns a copy of a list or an object in which each item or member is changed, and other values as they are.
func inEach(
	v resource.PropertyValue, change func(resource.PropertyValue) resource.PropertyValue,
) resource.PropertyValue {
	switch {
	case v.IsArray():
		items := slices.Clone(v.ArrayValue())
		for i, item := range items {
			items[i] = change(item)
		}
		return resource.NewProperty(items)
	case v.IsObject():
		members := maps.Clone(v.ObjectValue())
		for key, member := range members {
			members[key] = change(member)
		}
		return resource.NewProperty(members)
	}
	return v
}
