package config

import (
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"private-api-blueprints/internal/settings"
)

// checker is a group that checks what tags cannot say.
type checker interface{ check(settings.Section) }

// earlyChecker is a group with something to do before its fields are checked.
type earlyChecker interface{ checkEarly(settings.Section) }

// checkGroup checks a group that a pointer points to: first every field and
// group inside, then the group as a whole.
func checkGroup(c settings.Section, group any, required ...string) {
	if early, ok := group.(earlyChecker); ok {
		early.checkEarly(c)
	}
	f := fieldChecks{c, required}
	f.checkFields(reflect.ValueOf(group).Elem())
	if whole, ok := group.(checker); ok {
		whole.check(c)
	}
}

// fieldChecks checks the fields of one group against their tags.
type fieldChecks struct {
	settings.Section
	required []string // Keys that this blueprint requires in addition to the tags.
}

// checkFields checks the fields of a struct, including those of embedded
// structs.
func (c fieldChecks) checkFields(group reflect.Value) {
	c.checkOneOf(group)
	for i := range group.NumField() {
		value, field := group.Field(i), group.Type().Field(i)
		key := field.Tag.Get("config")
		switch {
		case field.Anonymous:
			c.checkFields(value)
		case key != "":
			c.checkField(key, value, field.Tag)
		}
	}
}

// checkOneOf requires that exactly one of the fields with the tag is set. If the
// group holds nothing else, a key that is wrong was meant to be one of them.
func (c fieldChecks) checkOneOf(group reflect.Value) {
	var keys, offers, given []string
	for i := range group.NumField() {
		if description, ok := group.Type().Field(i).Tag.Lookup("oneOf"); ok {
			key := group.Type().Field(i).Tag.Get("config")
			keys, offers = append(keys, key), append(offers, fmt.Sprintf("%s (%s)", key, description))
			if !group.Field(i).IsNil() {
				given = append(given, key)
			}
		}
	}
	switch {
	case len(keys) == keyCount(group) && len(given) == 0 && c.Any():
	case len(keys) > 0 && len(given) == 0:
		c.RejectGroup(keys, "required: %s", oneOf(offers))
	case len(given) > 1:
		c.RejectGroup(nil, "has %s; want one of them", strings.Join(given, " and "))
	}
}

// keyCount returns the number of keys of a struct without embedded structs.
func keyCount(group reflect.Value) int {
	count := 0
	for i := range group.NumField() {
		if group.Type().Field(i).Tag.Get("config") != "" {
			count++
		}
	}
	return count
}

// checkField checks one field, or the group that it holds.
func (c fieldChecks) checkField(key string, value reflect.Value, tag reflect.StructTag) {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return
		}
		value = value.Elem()
	}
	switch v := value.Interface().(type) {
	case string:
		c.checkText(key, v, tag)
	case int:
		c.checkNumber(key, v, tag)
	case netip.Prefix:
		c.checkPresent(key, !v.IsValid(), tag)
	case bool, netip.Addr:
	default:
		switch value.Kind() {
		case reflect.Slice:
			c.checkList(key, value, tag)
		case reflect.Map:
			c.checkMap(key, value, tag)
		default:
			checkGroup(c.Group(key), value.Addr().Interface(), splitList(tag.Get("require"))...)
		}
	}
}

// checkPresent requires a value if the tag or the blueprint does, or if the key
// has a default, which an empty text would replace.
func (c fieldChecks) checkPresent(key string, missing bool, tag reflect.StructTag) {
	unless := splitList(tag.Get("unless"))
	required := tag.Get("required") != "" || len(unless) > 0 && !slices.ContainsFunc(unless, c.Given) ||
		tag.Get("default") != "" || slices.Contains(c.required, key)
	if !missing || !required {
		return
	}
	format, found := firstFormat(tag, "list", "format")
	switch {
	case !found:
		c.Reject(key, nil, "required: %s", oneOf(enumOf(tag)))
	case format.Why != "":
		c.Reject(key, nil, "required: %s; %s", format, format.Why)
	default:
		c.Reject(key, nil, "required: %s", format)
	}
}

// checkText checks a string.
func (c fieldChecks) checkText(key, text string, tag reflect.StructTag) {
	c.checkPresent(key, text == "", tag)
	if text == "" {
		return
	}
	if accepted := enumOf(tag); len(accepted) > 0 && !slices.Contains(accepted, text) {
		c.Reject(key, text, "want %s", oneOf(accepted))
	}
	format := formats[tag.Get("format")]
	if format.Pattern != nil && !format.Pattern.MatchString(text) {
		c.Reject(key, text, "want %s", format)
	}
	if length := utf8.RuneCountInString(text); format.Most > 0 && length > format.Most {
		c.Reject(key, text, "has %d characters; want at most %d", length, format.Most)
	}
	if format.Want != "" && strings.ContainsFunc(text, unprintable) {
		c.Reject(key, text, "has a character that no one sees; want %s", format)
	}
}

// unprintable reports whether a character is a control character or an invisible one.
func unprintable(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// checkNumber checks an int.
func (c fieldChecks) checkNumber(key string, number int, tag reflect.StructTag) {
	format := formats[tag.Get("format")]
	if len(format.Values) > 0 && !slices.Contains(format.Values, strconv.Itoa(number)) {
		c.Reject(key, number, "want %s: %s", format.Want, strings.Join(format.Values, " "))
	}
	if low, high, limited := rangeOf(tag); limited && (number < low || number > high) {
		c.Reject(key, number, "want a whole number from %d to %d", low, high)
	}
}

// checkList checks a list and its items.
func (c fieldChecks) checkList(key string, list reflect.Value, tag reflect.StructTag) {
	c.checkPresent(key, list.Len() == 0, tag)
	format := formats[tag.Get("list")]
	if !list.IsNil() && list.Len() < format.Least {
		c.Reject(key, list.Interface(), "want %s", format.TooFew)
	}
	for i := range list.Len() {
		item := settings.Item(key, i)
		switch v := list.Index(i).Interface().(type) {
		case string:
			c.checkText(item, v, tag)
		case netip.Prefix:
			c.checkRange(item, v, tag.Get("family"))
		case netip.Addr:
			switch family := tag.Get("family"); {
			case family == "ipv4" && !v.Is4():
				c.Reject(item, v, "want an IPv4 address")
			case family == "ipv6" && (!v.Is6() || v.Is4In6() || v.Zone() != ""):
				c.Reject(item, v, "want an IPv6 address, without a zone")
			}
		default:
			checkGroup(c.Group(item), list.Index(i).Addr().Interface())
		}
		if format.Unique != "" && firstIndex(list, i) != i {
			c.Reject(item, list.Index(i).Interface(), "duplicate; want each %s once", format.Unique)
		}
	}
}

// checkMap checks a map from names that the user chooses to texts or groups.
func (c fieldChecks) checkMap(key string, values reflect.Value, tag reflect.StructTag) {
	c.checkPresent(key, values.Len() == 0, tag)
	format := formats[tag.Get("names")]
	for _, name := range slices.Sorted(maps.Keys(byName(values))) {
		item := key + "." + name
		if format.Pattern != nil && !format.Pattern.MatchString(name) {
			c.Reject(item, nil, "want another name: %s", format)
			continue
		}
		value := byName(values)[name]
		if text, isText := value.Interface().(string); isText {
			c.checkText(item, text, tag)
			continue
		}
		if value.Kind() == reflect.Pointer {
			checkGroup(c.Group(item), value.Interface())
			continue
		}
		group := reflect.New(value.Type()) // A value in a map has no address.
		group.Elem().Set(value)
		checkGroup(c.Group(item), group.Interface())
		values.SetMapIndex(reflect.ValueOf(name), group.Elem())
	}
}

// byName returns the values of a map whose keys are strings.
func byName(values reflect.Value) map[string]reflect.Value {
	found := map[string]reflect.Value{}
	for name, value := range values.Seq2() {
		found[name.String()] = value
	}
	return found
}

// checkRange requires a range that a security group's rule can hold.
func (c fieldChecks) checkRange(key string, cidr netip.Prefix, family string) {
	switch {
	case family == "":
	case family == "ipv4" && !cidr.Addr().Is4():
		c.Reject(key, cidr, "want an IPv4 range without host bits, such as 192.0.2.0/24")
	case cidr.Addr().Is4In6():
		c.Reject(key, cidr, "want an IPv4 range written as IPv4, such as 192.0.2.0/24")
	case cidr != cidr.Masked():
		c.Reject(key, cidr, "want a range without host bits, such as %s", cidr.Masked())
	}
}

// firstIndex returns the index of the first item that equals the one at i.
func firstIndex(list reflect.Value, i int) int {
	for j := range i {
		if list.Index(j).Interface() == list.Index(i).Interface() {
			return j
		}
	}
	return i
}

// firstFormat returns the format that the first of the tags names.
func firstFormat(tag reflect.StructTag, names ...string) (Format, bool) {
	for _, name := range names {
		if format, found := formats[tag.Get(name)]; found {
			return format, true
		}
	}
	return Format{}, false
}

// oneOf returns a choice in words.
func oneOf(accepted []string) string {
	last := len(accepted) - 1
	if last == 0 {
		return accepted[0]
	}
	return strings.Join(accepted[:last], ", ") + " or " + accepted[last]
}

// listed returns names after a colon, or nothing if there are none.
func listed(names []string) string {
	if len(names) == 0 {
		return ", which has none"
	}
	return ": " + oneOf(names)
}

// enumOf returns the accepted values of a field, or nil if there is no such
// list.
func enumOf(tag reflect.StructTag) []string { return splitList(tag.Get("enum")) }

// rangeOf returns the limits of a number, both included.
func rangeOf(tag reflect.StructTag) (low, high int, limited bool) {
	_, err := fmt.Sscanf(tag.Get("range"), "%d..%d", &low, &high)
	return low, high, err == nil
}

// splitList returns the items of a tag that holds a list.
func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
