package provider

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"private-api-blueprints/sandbox/redact"
)

// secretInID returns the input with a secret that becomes a part of the resource's ID. It reports false if there is
// none. An ID may contain the text of a secret by chance, or because another resource has the secret: that says nothing
// about the input. So it makes the ID again with stand-ins for the secrets of each input.
func (p *secretive) secretInID(
	ctx context.Context, urn resource.URN, token tokens.Type, given, inputs resource.PropertyMap,
) (resource.PropertyKey, bool) {
	if !given.ContainsSecrets() {
		return "", false
	}
	expect := func(inputs resource.PropertyMap) string {
		return redact.Lower(p.account.ExpectedID(p.caller(ctx), string(urn), string(token), inputs))
	}
	p.mu.Lock()
	repeats := p.repeats[urn]
	p.mu.Unlock()
	id := expect(inputs)
	for _, key := range slices.Sorted(maps.Keys(given)) {
		value := given[key]
		if id == "" || !value.ContainsSecrets() || slices.Contains(repeats, key) {
			continue
		}
		s, other := standIns{}, inputs.Copy()
		other[key] = s.replace(value, false)
		if s.show(id, expect(other)) {
			return key, true
		}
	}
	return "", false
}

// standIns has a text of the same form for each secret text and number, all in lower case.
type standIns map[string]string

// replace returns a value with stand-ins for its secrets, or for everything in it if it is secret.
func (s standIns) replace(v resource.PropertyValue, secret bool) resource.PropertyValue {
	switch {
	case v.IsSecret():
		return s.replace(v.SecretValue().Element, true)
	case v.IsArray() || v.IsObject():
		return inEach(v, func(part resource.PropertyValue) resource.PropertyValue { return s.replace(part, secret) })
	case secret && v.IsString():
		return resource.NewProperty(s.of(v.StringValue()))
	case secret && v.IsNumber():
		if n, err := strconv.ParseFloat(s.of(numberText(v)), 64); err == nil {
			return resource.NewProperty(n)
		}
	}
	return v
}

// of returns the stand-in for a text.
func (s standIns) of(text string) string {
	other := strings.Map(func(r rune) rune {
		switch {
		case r == '9':
			return '8'
		case '0' <= r && r <= '9':
			return '9'
		case r == 'q' || r == 'Q':
			return 'z'
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= 0x80:
			return 'q'
		}
		return r
	}, text)
	if other != text {
		s[redact.Lower(text)] = other
	}
	return other
}

// show reports whether an ID contains a secret, and the ID with stand-ins a stand-in. The second ID is empty if a
// secret names an object that must exist. Then a short secret must stand alone in the first one.
func (s standIns) show(id, other string) bool {
	for secret, standIn := range s {
		switch {
		case id == other || !strings.Contains(id, secret):
		case other != "" && strings.Contains(other, standIn),
			other == "" && (len(secret) >= redact.Telling || redact.StandsAlone(id, secret)):
			return true
		}
	}
	return false
}
