package main

import (
	"bytes"
	_ "embed" // For the parts that do not depend on the structs.
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"strings"
)

//go:embed introduction.md
var introduction string // The beginning of the page.

//go:embed usage.md
var usage string // How to write keys.

// writePage returns the page about the configuration.
func writePage(blueprints []blueprint) []byte {
	var page bytes.Buffer
	page.WriteString(introduction)
	page.WriteString("\n| blueprint | what it is | example |\n| --- | --- | --- |\n")
	for _, b := range blueprints {
		fmt.Fprintf(&page, "| [%s](#%s) | %s | [%s](../%s) |\n",
			b.name, b.name, cell(b.comment.text), b.example, b.example)
	}
	fmt.Fprintf(&page, "\n%s", usage)
	for _, b := range blueprints {
		fmt.Fprintf(&page, "\n## %s\n\n%s\nSee [its page](blueprints/%s.md) and the example [%s](../%s).\n\n",
			b.name, wrap(b.comment.text), b.name, b.example, b.example)
		page.WriteString("| key | type | default | meaning | example |\n| --- | --- | --- | --- | --- |\n")
		fmt.Fprintf(&page, "| `name` | text | required | Selects this blueprint. | `%s` |\n", b.name)
		writeRows(&page, b.keys)
	}
	return page.Bytes()
}

// writeRows writes the rows of keys, and of the keys in them.
func writeRows(page *bytes.Buffer, keys []*key) {
	for _, k := range keys {
		example := ""
		if text := k.exampleValue(); text != "" {
			example = "`" + text + "`"
		}
		fmt.Fprintf(page, "| `%s` | %s | %s | %s | %s |\n",
			k.path, cell(k.typeText()), cell(k.defaultText(keys)), cell(k.comment.markdown()), cell(example))
		writeRows(page, k.keys)
	}
}

// wrap breaks a text into lines of at most 120 columns.
func wrap(text string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > 120 {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return strings.Join(append(lines, line), "\n")
}

// cell returns a text as a table can hold it.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// keyName matches what looks like a key in a comment: words in camel case, and
// words with a dot in them.
var keyName = regexp.MustCompile(`\b[a-z]+[A-Z]\w*\b|\b[a-z]+\.[a-z]\w+(\.\w+)*\b`)

// markdown returns a comment with links to its sources.
func (c comment) markdown() string {
	parts := strings.Split(c.text, "`")
	for i := 0; i < len(parts); i += 2 { // The others are code already.
		parts[i] = keyName.ReplaceAllString(parts[i], "`$0`")
	}
	text := strings.Join(parts, "`")
	for _, source := range c.sources {
		label := "AWS's documentation"
		if strings.Contains(source, "github.com") {
			label = "issue"
		}
		text += fmt.Sprintf(" ([%s](%s))", label, source)
	}
	return text
}

// typeText describes the values that a key takes.
func (k *key) typeText() string {
	low, high, limited := strings.Cut(k.tag.Get("range"), "..")
	switch values := k.values(); {
	case k.isGroup():
		return "group"
	case values != nil:
		return "`" + strings.Join(values, "`, `") + "`"
	case limited:
		return fmt.Sprintf("number from %s to %s", low, high)
	case k.value.Kind() == reflect.Slice && len(k.keys) > 0:
		return "list of groups"
	case k.value.Kind() == reflect.Map && len(k.keys) > 0:
		return "groups by name"
	case k.value.Kind() == reflect.Map:
		return "texts by name"
	case k.value.Kind() == reflect.Slice:
		return "list of " + itemText(k.value.Elem(), k.tag.Get("family"), true)
	default:
		return itemText(k.value, k.tag.Get("family"), false)
	}
}

// itemText describes one value, or several.
func itemText(t reflect.Type, family string, several bool) string {
	protocol := map[string]string{"any": "IPv4 or IPv6", "ipv6": "IPv6"}[family]
	if protocol == "" {
		protocol = "IPv4"
	}
	switch {
	case t == reflect.TypeFor[netip.Prefix]() && several:
		return protocol + " ranges"
	case t == reflect.TypeFor[netip.Prefix]():
		return protocol + " range"
	case t == reflect.TypeFor[netip.Addr]():
		return protocol + " addresses"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() == reflect.Int:
		return "number"
	default:
		return "text"
	}
}

// defaultText describes what happens if a key is left out. The keys of its group
// may offer a choice.
func (k *key) defaultText(group []*key) string {
	_, choice := k.tag.Lookup("oneOf")
	switch value := k.tag.Get("default"); {
	case k.required:
		return "required"
	case len(k.unless) > 0:
		return "required without `" + strings.Join(k.unless, "` and `") + "`"
	case choice:
		return "exactly one of `" + strings.Join(choices(group), "`, `") + "` is required"
	case value != "":
		return "`" + value + "`"
	case k.tag.Get("computed") != "":
		return k.tag.Get("computed")
	case k.list.Computed != "":
		return k.list.Computed
	case k.isGroup() && !k.optional:
		return "the defaults of its keys"
	default:
		return "none"
	}
}
