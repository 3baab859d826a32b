package config

import (
	"strings"

	"private-api-blueprints/internal/settings"
)

// MappedApi is a further private REST API behind a custom domain name. It exists, in
// the stack's account and region, and its resource policy must admit the endpoint or
// its VPC. The stack makes the way to the API, and nothing of the API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
type MappedApi struct {
	// BasePath is the first segment of the paths that lead to the API. The API gets the
	// path without it. All other paths lead to the API of the group api.
	BasePath string `config:"basePath" required:"true" format:"pathSegment" example:"billing"`
	ExistingApi
}

// checkMapped refuses base paths that API Gateway reserves, that are given twice, or
// that hide routes of the API.
func checkMapped(c settings.Section, apis []MappedApi, api *Api) {
	known := map[string]bool{}
	for i, mapped := range apis {
		item := c.Group(settings.Item("apis", i))
		checkReserved(item, "basePath", mapped.BasePath, mapped.BasePath)
		if known[mapped.BasePath] {
			item.Reject("basePath", mapped.BasePath, "duplicate; want each base path once")
		}
		known[mapped.BasePath] = true
		for _, r := range api.AllRoutes() {
			if first, _, _ := strings.Cut(r.Path, "/"); first == mapped.BasePath && api.Existing == nil {
				item.Reject("basePath", mapped.BasePath, "hides the route %s of api; want another base path", r.Path)
			}
		}
	}
}
