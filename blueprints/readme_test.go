package blueprints

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// README's table of keys is the contract that the program decodes: no key in
// one and not in the other.
func TestReadmeDocumentsEveryKeyAndNoOther(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(readme), "\n## Configuration\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	var keys []string
	for _, blueprint := range []any{Ipv6FrontSettings{}, StaticIpApigwSettings{}, SharedVpcApisSettings{}, H2EndpointServiceSettings{}, VpclinkHttpsBackendSettings{}} {
		keys = append(keys, keysOf("", reflect.TypeOf(blueprint))...)
	}
	slices.Sort(keys)
	assert.ElementsMatch(t, slices.Compact(keys), documentedKeys(section))
}

func TestReadmeListsTheBlueprints(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	template, err := os.ReadFile("../Pulumi.yaml")
	require.NoError(t, err)
	for _, blueprint := range All() {
		assert.Contains(t, string(template), blueprint.Name, "what `pulumi new` offers")
		assert.True(t, strings.Contains(string(readme), "\n| `"+blueprint.Name+"` | "), "%s in the table", blueprint.Name)
		assert.True(t, strings.Contains(string(readme), "\n## "+blueprint.Name+"\n"), "%s has a section", blueprint.Name)
	}
}

// documentedAt are groups whose keys stand in the table once; where else a
// blueprint has such a group, the table refers to them.
var documentedAt = map[string]string{"NetworkSettings": "network", "NameSettings": "domain", "LoadBalancerSettings": "front", "TlsSettings": "front"}

// keysOf are the paths of a group's keys that hold a value.
func keysOf(prefix string, group reflect.Type) (keys []string) {
	if group.Kind() == reflect.Pointer {
		group = group.Elem()
	}
	for i := range group.NumField() {
		field := group.Field(i)
		key, inner := prefix+field.Tag.Get("config"), field.Type
		if at, once := documentedAt[inner.Name()]; field.Anonymous && once && at+"." != prefix {
			keys = append(keys, strings.TrimSuffix(prefix, "."))
			continue
		}
		if field.Anonymous {
			keys = append(keys, keysOf(prefix, inner)...)
			continue
		}
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if at, once := documentedAt[inner.Name()]; once && at != key {
			keys = append(keys, key)
		} else if strings.HasSuffix(inner.Name(), "Settings") {
			keys = append(keys, keysOf(key+".", inner)...)
		} else {
			keys = append(keys, key)
		}
	}
	return keys
}

// documentedKeys are the keys in the first column of the table; one that
// begins with a dot is beside the one before it.
func documentedKeys(section string) (keys []string) {
	for _, row := range regexp.MustCompile(`(?m)^\| (.*?) \|`).FindAllStringSubmatch(section, -1) {
		for _, quoted := range regexp.MustCompile("`([A-Za-z0-9.]+)(?:: true)?`").FindAllStringSubmatch(row[1], -1) {
			key := quoted[1]
			if strings.HasPrefix(key, ".") {
				last := keys[len(keys)-1]
				key = last[:strings.LastIndex(last, ".")] + key
			}
			keys = append(keys, key)
		}
	}
	return keys
}
