package config

import (
	"strings"

	"private-api-blueprints/internal/settings"
)

// MappedApi is a further private REST API behind a custom domain name: one of the
// stack, or one that exists in the stack's account and region. The resource policy of
// one that exists must admit the endpoint or its VPC. The stack makes the way to it,
// and nothing of the API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
type MappedApi struct {
	// BasePath is the first segment of the paths that lead to the API. The API gets the
	// path without it. All other paths lead to the API of the name itself.
	BasePath string `config:"basePath" required:"true" format:"pathSegment" example:"billing"`
	// Api is the name of an API in apis. Set either this, or restApiId and stageName.
	Api string `config:"api" computed:"an API that exists" format:"apiName"`
	// RestApiId is the ID of an API that exists.
	RestApiId string `config:"restApiId" unless:"api" format:"apiId"`
	// StageName is the name of its stage that clients call.
	StageName string `config:"stageName" unless:"api" format:"stageName"`
}

// check refuses two APIs for one base path, and base paths that API Gateway reserves.
func (s *MappedApi) check(c settings.Section) {
	for _, key := range []string{"restApiId", "stageName"} {
		if s.Api != "" && c.Given(key) {
			c.Reject(key, nil, "want it without api, which names an API of this stack")
		}
	}
	checkReserved(c, "basePath", s.BasePath, s.BasePath)
}

// Existing returns the API that exists, or nil for one of the stack.
func (s *MappedApi) Existing() *ExistingApi {
	if s.Api != "" {
		return nil
	}
	return &ExistingApi{s.RestApiId, s.StageName}
}

// checkMapped refuses base paths that are given twice, that hide routes of the API of
// the name itself, or that lead to no API.
func checkMapped(c settings.Section, mapped []MappedApi, root *RestApi, further *FurtherApis) {
	known := map[string]bool{}
	for i, m := range mapped {
		item := c.Group(settings.Item("apis", i))
		further.checkName(item, m.Api)
		if known[m.BasePath] {
			item.Reject("basePath", m.BasePath, "duplicate; want each base path once")
		}
		known[m.BasePath] = true
		for _, r := range root.AllRoutes() {
			if first, _, _ := strings.Cut(r.Path, "/"); first == m.BasePath && root.Existing == nil {
				item.Reject("basePath", m.BasePath, "hides the route %s of %s; want another base path", r.Path,
					further.keyOf(root))
			}
		}
	}
}
