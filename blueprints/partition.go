package blueprints

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"private-api-blueprints/internal/settings"
)

// setArn is an ARN in a stack's configuration.
type setArn struct{ key, arn string }

// arnsOutside returns the ARNs of other partitions in the values whose keys have a
// prefix, in the order of their keys. The contents of environment variables and tags are the
// user's own business.
func arnsOutside(partition, prefix string, values map[string]string) []setArn {
	var found []setArn
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		var value any
		if json.Unmarshal([]byte(values[key]), &value) != nil {
			value = values[key]
		}
		eachText(key, value, func(key, text string) {
			parts := strings.Split(text, ":")
			if len(parts) > 5 && parts[0] == "arn" && parts[1] != partition {
				found = append(found, setArn{key, text})
			}
		})
	}
	return found
}

// eachText calls visit for each text in a value, with its key.
func eachText(key string, value any, visit func(key, text string)) {
	switch v := value.(type) {
	case string:
		visit(key, v)
	case []any:
		for i, item := range v {
			eachText(settings.Item(key, i), item, visit)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "environment" && name != "tags" {
				eachText(fmt.Sprintf("%s.%s", key, name), v[name], visit)
			}
		}
	}
}
