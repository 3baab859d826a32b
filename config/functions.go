package config

import (
	"maps"
	"slices"
	"strings"

	"private-api-blueprints/internal/settings"
)

// Functions holds the functions behind an API.
type Functions struct {
	// Function describes the function behind the API.
	Function Function `config:"function"`
	// Functions describes further functions, by the names that routes or OpenAPI
	// documents have.
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

// checkNames refuses names of functions that do not exist, and functions that no
// route names. It knows the routes of an OpenAPI document once the API has taken it.
func (s *Functions) checkNames(c settings.Section, apis []NamedApi) {
	apis = slices.DeleteFunc(slices.Clone(apis), func(api NamedApi) bool { return api.Existing != nil })
	if len(apis) == 0 {
		for _, key := range []string{"function", "functions"} {
			if c.Given(key) {
				c.Reject(key, nil, "want it without api.existing: the API has its functions")
			}
		}
		return
	}
	used, known := map[string]bool{}, true
	for _, api := range apis {
		if api.Cors != nil {
			s.checkVariables(c, api)
		}
		if api.OpenApi != "" && api.Document == nil {
			known = false
			continue
		}
		s.checkRoutes(c, api, used)
	}
	if known {
		s.checkUsed(c, used)
	}
}

// checkRoutes refuses names of functions that do not exist, and adds the names to
// those that are used.
func (s *Functions) checkRoutes(c settings.Section, api NamedApi, used map[string]bool) {
	c = groupOf(c, api.Keys())
	names := listed(slices.Sorted(maps.Keys(s.Functions)))
	for _, name := range api.FunctionNames() {
		used[name] = true
		if _, found := s.Functions[name]; found || name == "" {
			continue
		}
		if api.Document != nil {
			c.Reject("openApi", api.OpenApi, "names the function %q; want a name among functions%s", name, names)
		}
		for i, r := range api.Routes {
			if r.Function == name && api.Document == nil {
				c.Group(settings.Item("routes", i)).Reject("function", name, "want a name among functions%s", names)
			}
		}
	}
}

// checkUsed refuses functions that no route has.
func (s *Functions) checkUsed(c settings.Section, used map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(s.Functions)) {
		if !used[name] {
			c.Reject("functions."+name, nil, "no route of an API has it; want only functions that answer")
		}
	}
	if !used[""] && c.Given("function") {
		c.Reject("function", nil, "every route has another function; want it only if it answers")
	}
}

// checkVariables refuses an environment variable that functions get for CORS.
func (s *Functions) checkVariables(c settings.Section, api NamedApi) {
	reject := func(c settings.Section, f Function) {
		if _, found := f.Environment[CorsVariable]; found {
			c.Group("environment").Reject(CorsVariable, nil, "has the origins of %s.cors; want another name",
				strings.Join(api.Keys(), "."))
		}
	}
	reject(c.Group("function"), s.Function)
	for _, name := range slices.Sorted(maps.Keys(s.Functions)) {
		reject(c.Group("functions."+name), s.Functions[name])
	}
}
