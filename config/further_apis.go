package config

import (
	"maps"
	"slices"

	"private-api-blueprints/internal/settings"
)

// FurtherApis holds the REST APIs of a stack in addition to that of the group api.
type FurtherApis struct {
	// Apis describes further REST APIs of the stack, by names that you choose. Each has
	// its own routes, callers and limits, and its keys are those of api. All APIs share
	// the functions. The names are parts of resource names, so a renamed API is a new
	// one.
	Apis map[string]*RestApi `config:"apis" names:"apiName" example:"{billing: {authorization: AWS_IAM}}"`
}

// NamedApi is a REST API of a stack.
type NamedApi struct {
	*RestApi
	Name string // Its name in apis; empty for that of the group api.
}

// Keys returns the keys of the group that describes the API.
func (a NamedApi) Keys() []string {
	if a.Name == "" {
		return []string{"api"}
	}
	return []string{"apis", a.Name}
}

// groupOf returns the group at a path of keys.
func groupOf(c settings.Section, keys []string) settings.Section {
	for _, key := range keys {
		c = c.Group(key)
	}
	return c
}

// With returns all REST APIs of a stack: first that of the group api, then the
// further ones by name.
func (s *FurtherApis) With(first *RestApi) []NamedApi {
	all := []NamedApi{{RestApi: first}}
	for _, name := range s.names() {
		all = append(all, NamedApi{s.Apis[name], name})
	}
	return all
}

// names returns the names of the further APIs.
func (s *FurtherApis) names() []string { return slices.Sorted(maps.Keys(s.Apis)) }

// keyOf returns the key of an API of the stack.
func (s *FurtherApis) keyOf(api *RestApi) string {
	for _, name := range s.names() {
		if s.Apis[name] == api {
			return "apis." + name
		}
	}
	return "api"
}

// checkName refuses the name of an API that does not exist, at the key api.
func (s *FurtherApis) checkName(c settings.Section, name string) {
	if name != "" && s.Apis[name] == nil {
		c.Reject("api", name, "want a name among apis%s", listed(s.names()))
	}
}

// checkRole refuses the setting for logs if the stack creates no API, and requires it
// otherwise.
func (s *FurtherApis) checkRole(c settings.Section, first *Api) {
	if first.Existing == nil {
		return
	}
	c = c.Group("api")
	creates := slices.ContainsFunc(s.names(), func(name string) bool { return s.Apis[name].Existing == nil })
	switch {
	case creates && first.CloudwatchRole == "":
		c.Reject("cloudwatchRole", nil, "required: create or existing, for the stages of apis")
	case !creates && first.CloudwatchRole != "":
		c.Reject("cloudwatchRole", nil, "want it without existing: the API exists, and its owner decides")
	}
}
