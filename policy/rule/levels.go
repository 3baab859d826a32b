package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// levelsName is the key that sets the levels of a rule's findings.
const levelsName = "levels"

const levelsDescription = "The levels of single findings, by the names in the table of the rule's page."

// defectLevels are the levels that a configuration gives to defects, by ID.
type defectLevels map[string]Level

// levels returns the parameter that sets the level of each of the rule's
// defects. The default is empty.
func (r *Rule) levels() Parameter {
	properties := map[string]any{}
	for _, d := range r.Defects {
		properties[d.ID] = map[string]any{
			"type": "string", "description": d.Summary,
			"enum": []any{string(Mandatory), string(Advisory), string(Disabled)},
		}
	}
	return &ParameterOf[defectLevels]{
		name: levelsName, description: levelsDescription,
		schema: map[string]any{
			"type": "object", "properties": properties, "additionalProperties": false,
			"default": map[string]any{}, "description": levelsDescription,
		},
		parse: r.parseLevels,
	}
}

func (r *Rule) parseLevels(value any) (defectLevels, error) {
	given, isObject := value.(map[string]any)
	if !isObject {
		return nil, fmt.Errorf("is %s; want an object such as %s", shown(value), r.levelsExample())
	}
	levels := defectLevels{}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(r.Defects, func(d *Defect) bool { return d.ID == id }) {
			return nil, fmt.Errorf("has %q; want one of %s", id, strings.Join(r.defectIDs(), ", "))
		}
		text, _ := given[id].(string)
		level := Level(text)
		if !slices.Contains([]Level{Mandatory, Advisory, Disabled}, level) {
			return nil, fmt.Errorf("has %s for %q; want %s, %s or %s", shown(given[id]), id, Mandatory, Advisory, Disabled)
		}
		levels[id] = level
	}
	return levels, nil
}

// levelsExample returns an accepted value of the parameter, for messages.
func (r *Rule) levelsExample() string {
	for _, d := range r.Defects {
		return fmt.Sprintf("{%q: %q}", d.ID, Advisory)
	}
	return "{}"
}

func (r *Rule) defectIDs() []string {
	var ids []string
	for _, d := range r.Defects {
		ids = append(ids, d.ID)
	}
	return ids
}

// LevelOf returns the level that a configuration gives to a defect, and whether
// it gives it one.
func (s Settings) LevelOf(d *Defect) (level Level, given bool) {
	levels, _ := s[levelsName].(defectLevels)
	level, given = levels[d.ID]
	return level, given
}
