package config

import (
	"maps"
	"slices"

	"private-api-blueprints/internal/openapi"
	"private-api-blueprints/internal/settings"
)

// Functions holds the functions behind an API.
type Functions struct {
	// Function describes the function behind the API.
	Function Function `config:"function"`
	// Functions describes further functions, by the names that api.routes or
	// api.openApi has.
	Functions map[string]Function `config:"functions" names:"functionName"`
}

// Of returns the function of a route.
func (s *Functions) Of(r *Route) *Function {
	if r.Function == "" {
		return &s.Function
	}
	function := s.Functions[r.Function]
	return &function
}

// CheckNames refuses names of functions that do not exist, and functions that no
// route names. It knows the routes of an OpenAPI document once the API has taken it.
func (s *Functions) CheckNames(c settings.Section, api *Api) {
	if api.Existing != nil {
		for _, key := range []string{"function", "functions"} {
			if c.Given(key) {
				c.Reject(key, nil, "want it without api.existing: the API has its functions")
			}
		}
		return
	}
	if api.Cors != nil {
		s.checkVariables(c)
	}
	if api.OpenApi != "" && api.Document == nil {
		return
	}
	used := map[string]bool{}
	for i, r := range api.AllRoutes() {
		if r.Backend != openapi.Function {
			continue
		}
		used[r.Function] = true
		_, found := s.Functions[r.Function]
		c, names := c.Group("api"), listed(slices.Sorted(maps.Keys(s.Functions)))
		switch {
		case found || r.Function == "":
		case api.Document != nil:
			c.Reject("openApi", api.OpenApi, "names the function %q; want a name among functions%s", r.Function, names)
		default:
			c.Group(settings.Item("routes", i)).Reject("function", r.Function, "want a name among functions%s", names)
		}
	}
	s.checkUsed(c, used)
}

// checkUsed refuses functions that no route has.
func (s *Functions) checkUsed(c settings.Section, used map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(s.Functions)) {
		if !used[name] {
			c.Reject("functions."+name, nil, "no route of the API has it; want only functions that answer")
		}
	}
	if !used[""] && c.Given("function") {
		c.Reject("function", nil, "every route of the API has another function; want it only if it answers")
	}
}

// checkVariables refuses an environment variable that functions get for CORS.
func (s *Functions) checkVariables(c settings.Section) {
	reject := func(c settings.Section, f Function) {
		if _, found := f.Environment[CorsVariable]; found {
			c.Group("environment").Reject(CorsVariable, nil, "has the origins of api.cors; want another name")
		}
	}
	reject(c.Group("function"), s.Function)
	for _, name := range slices.Sorted(maps.Keys(s.Functions)) {
		reject(c.Group("functions."+name), s.Functions[name])
	}
}

// listed returns names after a colon, or nothing if there are none.
func listed(names []string) string {
	if len(names) == 0 {
		return ", which has none"
	}
	return ": " + oneOf(names)
}
