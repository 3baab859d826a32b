package secrets

import (
	"encoding/json"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"go.yaml.in/yaml/v3"
)

// collector collects what texts may quote of secret values.
type collector struct{ values map[string]bool }

// addMarked adds the parts of a value that are marked as secret.
func (c *collector) addMarked(v resource.PropertyValue) {
	switch {
	case v.IsSecret():
		c.add(v.SecretValue().Element)
	case v.IsOutput():
		if output := v.OutputValue(); output.Secret {
			c.add(output.Element)
		} else {
			c.addMarked(output.Element)
		}
	case v.IsArray():
		for _, item := range v.ArrayValue() {
			c.addMarked(item)
		}
	case v.IsObject():
		for _, member := range v.ObjectValue() {
			c.addMarked(member)
		}
	case v.IsResourceReference():
		c.addMarked(v.ResourceReferenceValue().ID)
	}
}

// add adds a secret value: its texts and numbers.
func (c *collector) add(v resource.PropertyValue) {
	switch {
	case v.IsSecret():
		c.add(v.SecretValue().Element)
	case v.IsOutput():
		c.add(v.OutputValue().Element)
	case v.IsResourceReference():
		c.add(v.ResourceReferenceValue().ID)
	case v.IsString():
		c.addText(v.StringValue())
	case v.IsNumber():
		c.addNumber(v.NumberValue())
	case v.IsAsset():
		c.addText(v.AssetValue().Text)
	case v.IsArray():
		for _, item := range v.ArrayValue() {
			c.add(item)
		}
	case v.IsObject():
		for key, member := range v.ObjectValue() {
			c.addKey(string(key))
			c.add(member)
		}
	}
}

// addNumber adds a number as messages write it.
func (c *collector) addNumber(n float64) {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if len(strings.TrimPrefix(text, "-")) >= shortest {
		c.put(text)
	}
}

// addText adds a text: all of it, the values in it if it is a document, and its parts otherwise.
func (c *collector) addText(text string) {
	c.put(text)
	if !c.addDocument(text) {
		c.addParts(text)
	}
}

// maxDocument is the size of the largest text that is read as a document, in bytes. It is that of package decode.
const maxDocument = 6 << 20

// addDocument adds the values in a document in JSON or YAML. It reports whether the text is one.
func (c *collector) addDocument(text string) bool {
	if len(text) > maxDocument || !strings.ContainsAny(text, "{[:") {
		return false
	}
	var document any
	if json.Unmarshal([]byte(text), &document) != nil && yaml.Unmarshal([]byte(text), &document) != nil {
		return false
	}
	switch document.(type) {
	case map[string]any, map[any]any, []any:
		c.addMember(document)
		return true
	}
	return false
}

// addMember adds a part of a document.
func (c *collector) addMember(part any) {
	switch part := part.(type) {
	case string:
		c.addText(part)
	case float64:
		c.addNumber(part)
	case int:
		c.addNumber(float64(part))
	case []any:
		for _, item := range part {
			c.addMember(item)
		}
	case map[string]any:
		for key, member := range part {
			c.addKey(key)
			c.addMember(member)
		}
	case map[any]any:
		for _, member := range part {
			c.addMember(member)
		}
	}
}

// addKey adds a key of an object, unless it is a name that a schema defines.
func (c *collector) addKey(key string) {
	if strings.HasPrefix(key, "/") { // A path of an OpenAPI document.
		c.addText(key)
	}
}

// separators divide a text into the parts that messages quote. Hosts and IDs stay whole.
const separators = ":/?#&=,;@ \t\r\n\"'`()[]{}<>|\\$*"

// addParts adds the parts of a text that messages may quote without the others: those of an ARN or of an address, the
// range of an address, and the domains of a host.
func (c *collector) addParts(text string) {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		c.put(prefix.Masked().String())
		c.put(prefix.Addr().String())
		c.put(prefix.Masked().Addr().String())
		return
	}
	c.addHost(strings.TrimSuffix(text, "."))
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if part != text {
			c.put(part)
			c.addHost(part)
		}
	}
}

// addHost adds a host and the domains that it is in, except top-level domains and those of AWS.
func (c *collector) addHost(host string) {
	for ; strings.Count(host, ".") > 0 && !isOfAWS(host); _, host, _ = strings.Cut(host, ".") {
		if _, err := netip.ParseAddr(host); err == nil {
			c.put(host)
			return
		}
		c.put(host)
		c.put(strings.ReplaceAll(host, `\052`, "*"))
	}
	if strings.Contains(host, ".") { // The first label of a name of AWS is an ID.
		c.put(host)
		label, _, _ := strings.Cut(host, ".")
		c.put(label)
	}
}

// put adds a text, unless it gives nothing away, and the forms in which messages quote it.
func (c *collector) put(text string) {
	text = strings.TrimSpace(text)
	if len(text) < shortest || text == Mark || isPublic(text) {
		return
	}
	for _, form := range []string{text, escaped(strconv.Quote(text)), escaped(asJSON(text))} {
		c.values[lowered(form)] = true
	}
}

// escaped returns a quoted text without its quotes.
func escaped(quoted string) string { return strings.TrimSuffix(strings.TrimPrefix(quoted, `"`), `"`) }

// asJSON returns a text in JSON, as the commands of this module write it.
func asJSON(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(text) != nil {
		return text
	}
	return strings.TrimSuffix(b.String(), "\n")
}
