package decode

import (
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// redacted is the text that `pulumi policy analyze --file` writes instead of a
// secret that it cannot decrypt, whatever the secret's type.
const redacted = "[secret]"

// Unreadable returns a value that is set but cannot be read.
func Unreadable() resource.PropertyValue { return resource.NewProperty(redacted) }

// value is a property value. Its methods never panic: they unwrap secrets and
// outputs, and read a value of an unexpected type as unknown.
type value struct {
	raw    resource.PropertyValue
	path   string
	absent bool
	hidden bool // The value is set but not known.
}

// newValue reads an empty text as absent, because the provider's state has an
// empty text for a property that nobody set.
func newValue(raw resource.PropertyValue, path string) value {
	raw, hidden := unwrap(raw)
	empty := raw.IsNull() || raw.IsString() && raw.StringValue() == ""
	return value{raw: raw, path: path, absent: !hidden && empty, hidden: hidden}
}

// unwrap removes the layers that engines put around values. It also returns
// whether the value is not known.
func unwrap(v resource.PropertyValue) (inner resource.PropertyValue, hidden bool) {
	for {
		switch {
		case v.IsSecret():
			v = v.SecretValue().Element
		case v.IsOutput():
			if !v.OutputValue().Known {
				return v, true
			}
			v = v.OutputValue().Element
		case v.IsResourceReference():
			v = v.ResourceReferenceValue().ID
		case v.IsComputed(), v.IsString() && v.StringValue() == redacted:
			return v, true
		default:
			return v, false
		}
	}
}

// computed reports whether the engine does not know the value yet. It is false
// for a redacted secret.
func (v value) computed() bool { return v.hidden && (v.raw.IsComputed() || v.raw.IsOutput()) }

// str reads a text.
func (v value) str() model.Known[string] { return text[string](v) }

// text reads a text of a type that the model has for it.
func text[T ~string](v value) model.Known[T] {
	switch {
	case v.absent:
		return model.Known[T]{}
	case v.hidden || !v.raw.IsString():
		return model.Unknown[T]()
	}
	return model.Of(T(v.raw.StringValue()))
}

// isSet asks whether a part of a document is there. Its members may be unknown.
func isSet(v value) model.Truth {
	if v.hidden {
		return model.Maybe
	}
	return model.TruthOf(!v.absent)
}

// texts reads the elements of a list of texts.
func texts[T ~string](l list) model.List[T] {
	all := model.List[T]{Complete: !l.open}
	for _, item := range l.items {
		all.Items = append(all.Items, text[T](item))
	}
	return all
}

// soleText reads a list of at most one text.
func soleText[T ~string](v value) model.Known[T] {
	l := v.list()
	switch {
	case l.open || len(l.items) > 1:
		return model.Unknown[T]()
	case len(l.items) == 0:
		return model.Known[T]{}
	}
	return text[T](l.items[0])
}

// host reads a DNS name. Route 53 ignores its case and a final dot, and writes
// the asterisk of a wildcard as an escape.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
func (v value) host() model.Known[string] {
	return mapped(v.str(), func(name string) string {
		return strings.ReplaceAll(strings.ToLower(strings.TrimSuffix(name, ".")), `\052`, "*")
	})
}

// mapped rewrites a text if it is known.
func mapped[T ~string](k model.Known[T], rewrite func(string) string) model.Known[T] {
	if s, known := k.Get(); known {
		return model.Of(T(rewrite(string(s))))
	}
	return k
}

// boolean reads a flag. Several flags of the provider are the texts "true" and
// "false".
func (v value) boolean() model.Known[bool] {
	switch {
	case v.absent:
		return model.Known[bool]{}
	case !v.hidden && v.raw.IsBool():
		return model.Of(v.raw.BoolValue())
	}
	if s, known := v.str().Get(); known {
		if b, err := strconv.ParseBool(s); err == nil {
			return model.Of(b)
		}
	}
	return model.Unknown[bool]()
}

// number reads a number, or a text with one. It also returns whether it is known.
func (v value) number() (n float64, known bool) {
	if !v.absent && !v.hidden && v.raw.IsNumber() {
		return v.raw.NumberValue(), true
	}
	if s, isText := v.str().Get(); isText {
		n, err := strconv.ParseFloat(s, 64)
		return n, err == nil
	}
	return 0, false
}

// integer reads a whole number, or a text with one.
func (v value) integer() model.Known[int] {
	switch {
	case v.absent:
		return model.Known[int]{}
	case !v.hidden && v.raw.IsNumber() && v.raw.NumberValue() == math.Trunc(v.raw.NumberValue()):
		return model.Of(int(v.raw.NumberValue()))
	}
	if s, known := v.str().Get(); known {
		if n, err := strconv.Atoi(s); err == nil {
			return model.Of(n)
		}
	}
	return model.Unknown[int]()
}

// prefix reads a range in CIDR notation and clears its host bits.
func (v value) prefix() model.Known[netip.Prefix] {
	if v.absent {
		return model.Known[netip.Prefix]{}
	}
	if s, known := v.str().Get(); known {
		if p, err := netip.ParsePrefix(s); err == nil {
			return model.Of(p.Masked())
		}
	}
	return model.Unknown[netip.Prefix]()
}

// list is a list of values. If it is open, more may follow.
type list struct {
	items []value
	open  bool
}

// list reads a list. A bare value is a list of one, because the provider
// flattens lists of at most one item.
func (v value) list() list {
	switch {
	case v.absent:
		return list{}
	case v.hidden:
		return list{open: true}
	case !v.raw.IsArray():
		return list{items: []value{v}}
	}
	var l list
	for i, element := range v.raw.ArrayValue() {
		if e := newValue(element, fmt.Sprintf("%s[%d]", v.path, i)); !e.absent {
			l.items = append(l.items, e)
		}
	}
	return l
}

// sole returns a list with the value as its only item. It is empty if the value
// is absent.
func (v value) sole() list {
	if v.absent {
		return list{}
	}
	return list{items: []value{v}}
}

// only returns the object in a list of at most one, or the object itself.
func (v value) only() value {
	if l := v.list(); len(l.items) == 1 && !l.open {
		return l.items[0]
	}
	return v
}

// words returns the keys and the values of a map of texts.
func (v value) words() model.List[string] {
	words := model.List[string]{Complete: true}
	switch {
	case v.absent:
		return words
	case v.hidden || !v.raw.IsObject():
		return model.List[string]{}
	}
	for _, key := range slices.Sorted(maps.Keys(v.raw.ObjectValue())) {
		words.Items = append(words.Items, model.Of(string(key)), v.field(string(key)).str())
	}
	return words
}

// keys returns the keys of a map.
func (v value) keys() model.List[string] {
	switch {
	case v.absent:
		return model.List[string]{Complete: true}
	case v.hidden || !v.raw.IsObject():
		return model.List[string]{}
	}
	keys := model.List[string]{Complete: true}
	for _, key := range slices.Sorted(maps.Keys(v.raw.ObjectValue())) {
		keys.Items = append(keys.Items, model.Of(string(key)))
	}
	return keys
}

// mappings returns the members of a map of parameters to expressions.
func (v value) mappings() model.List[model.ParameterMapping] {
	all := model.List[model.ParameterMapping]{Complete: v.absent || !v.hidden && v.raw.IsObject()}
	for _, key := range v.keys().Items {
		to, _ := key.Get()
		mapping := model.ParameterMapping{To: to, From: v.field(to).str()}
		all.Items = append(all.Items, model.Of(mapping))
	}
	return all
}

// upper reads a text in upper case. OpenAPI documents have such names in any case.
func upper[T ~string](v value) model.Known[T] { return mapped(text[T](v), strings.ToUpper) }

// field returns a member of an object. Every member of an unknown is unknown.
func (v value) field(key string) value {
	path := v.path + "." + key
	switch {
	case v.absent:
		return value{path: path, absent: true}
	case v.hidden || !v.raw.IsObject():
		return value{path: path, hidden: true}
	}
	return newValue(v.raw.ObjectValue()[resource.PropertyKey(key)], path)
}
