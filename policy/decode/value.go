package decode

import (
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// redacted is what `pulumi policy analyze --file` puts in the place of a secret
// that it cannot decrypt, whatever its type.
const redacted = "[secret]"

// Unreadable stands for a value that is set and cannot be read.
func Unreadable() resource.PropertyValue { return resource.NewProperty(redacted) }

// value is a property value that no shape can make panic: secrets and outputs
// are unwrapped, and a value of an unexpected type reads as unknown.
type value struct {
	raw    resource.PropertyValue
	path   string
	absent bool
	hidden bool // Set, but not known.
}

// newValue reads an empty text as absent: that is how the provider's state has
// what nobody set.
func newValue(raw resource.PropertyValue, path string) value {
	raw, hidden := unwrap(raw)
	empty := raw.IsNull() || raw.IsString() && raw.StringValue() == ""
	return value{raw: raw, path: path, absent: !hidden && empty, hidden: hidden}
}

// unwrap takes off the layers that engines put around values.
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

// computed reports that the engine does not know the value yet, as against one
// that was redacted.
func (v value) computed() bool { return v.hidden && (v.raw.IsComputed() || v.raw.IsOutput()) }

func (v value) str() model.Known[string] {
	switch {
	case v.absent:
		return model.Known[string]{}
	case v.hidden || !v.raw.IsString():
		return model.Unknown[string]()
	}
	return model.Of(v.raw.StringValue())
}

// as returns a text as a value of the model's type for it.
func as[T ~string](text model.Known[string]) model.Known[T] {
	switch s, known := text.Get(); {
	case known:
		return model.Of(T(s))
	case text.IsUnknown():
		return model.Unknown[T]()
	}
	return model.Known[T]{}
}

// boolean reads a flag; several providers' flags are the strings "true" and "false".
func (v value) boolean() model.Known[bool] {
	switch {
	case v.absent:
		return model.Known[bool]{}
	case !v.hidden && v.raw.IsBool():
		return model.Of(v.raw.BoolValue())
	}
	if text, known := v.str().Get(); known {
		if b, err := strconv.ParseBool(text); err == nil {
			return model.Of(b)
		}
	}
	return model.Unknown[bool]()
}

func (v value) integer() model.Known[int] {
	switch {
	case v.absent:
		return model.Known[int]{}
	case !v.hidden && v.raw.IsNumber() && v.raw.NumberValue() == math.Trunc(v.raw.NumberValue()):
		return model.Of(int(v.raw.NumberValue()))
	}
	if text, known := v.str().Get(); known {
		if n, err := strconv.Atoi(text); err == nil {
			return model.Of(n)
		}
	}
	return model.Unknown[int]()
}

// prefix reads a range in CIDR notation; host bits are cleared.
func (v value) prefix() model.Known[netip.Prefix] {
	if v.absent {
		return model.Known[netip.Prefix]{}
	}
	if text, known := v.str().Get(); known {
		if p, err := netip.ParsePrefix(text); err == nil {
			return model.Of(p.Masked())
		}
	}
	return model.Unknown[netip.Prefix]()
}

// list is elements of which more may follow if it is open.
type list struct {
	items []value
	open  bool
}

// list reads a value that holds many. One that is no list is a list of one:
// providers flatten lists that never have more.
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

// only is the object in a list that never has more than one, or that object.
func (v value) only() value {
	if l := v.list(); len(l.items) == 1 && !l.open {
		return l.items[0]
	}
	return v
}

// texts are the elements of a list of texts.
func texts[T ~string](l list) []model.Known[T] {
	var all []model.Known[T]
	for _, item := range l.items {
		all = append(all, as[T](item.str()))
	}
	return all
}

// words are the keys and the values of a map of texts, and whether that is all.
func (v value) words() (words []model.Known[string], complete bool) {
	if v.absent {
		return nil, true
	}
	if v.hidden || !v.raw.IsObject() {
		return nil, false
	}
	for _, key := range slices.Sorted(maps.Keys(v.raw.ObjectValue())) {
		words = append(words, model.Of(string(key)), v.field(string(key)).str())
	}
	return words, true
}

// sole reads a value that holds one, as a list of it.
func (v value) sole() list {
	if v.absent {
		return list{}
	}
	return list{items: []value{v}}
}

// field is a member of an object; every member of an unknown is unknown.
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
