package gateway

import (
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// route returns the method of a deployment that serves a request, with the path's
// parameters, or nil. The most specific resource wins, then the named method before
// ANY. Paths may end with a slash.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
func route(served cloud.Props, method, path string) (cloud.Props, map[string]string) {
	segments := split(path)
	resources := map[string][]cloud.Props{}
	var matching []string
	for _, m := range served.Objects("methods") {
		resource := m.String("path")
		if _, ok := match(split(resource), segments); ok && resources[resource] == nil {
			matching = append(matching, resource)
		}
		resources[resource] = append(resources[resource], m)
	}
	if matching == nil {
		return nil, nil
	}
	// A brace comes after all characters that a literal segment may have, and a resource has one parameter below it.
	best := slices.Min(matching)
	params, _ := match(split(best), segments)
	var anyMethod cloud.Props
	for _, m := range resources[best] {
		switch m.String("method") {
		case method:
			return m, params
		case "ANY":
			anyMethod = m
		}
	}
	return anyMethod, params
}

// split returns the segments of a path.
func split(path string) []string {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// match reports whether the path of a resource matches a path, and returns the values
// of its parameters. A greedy one, {name+}, takes one segment or more.
func match(resource, path []string) (map[string]string, bool) {
	params := map[string]string{}
	for i, part := range resource {
		name, isParam := strings.CutPrefix(strings.TrimSuffix(part, "}"), "{")
		name, greedy := strings.CutSuffix(name, "+")
		switch {
		case i >= len(path):
			return nil, false
		case isParam && greedy:
			params[name] = strings.Join(path[i:], "/")
			return params, true
		case isParam:
			params[name] = path[i]
		case part != path[i]:
			return nil, false
		}
	}
	return params, len(resource) == len(path)
}
