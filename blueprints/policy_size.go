package blueprints

import (
	"fmt"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// warnOfLongPolicies warns of APIs with so many routes or callers that AWS may refuse their
// resource policies, in the middle of a deployment. size returns the size of the policy of
// an API with some routes.
func (l *lookup) warnOfLongPolicies(
	apis []config.NamedApi, size func(*components.RoutesArgs, components.Environment) int,
) {
	b := builder{environment: l.environment}
	for _, api := range apis {
		if api.Existing != nil || api.OpenApi != "" && api.Document == nil {
			continue
		}
		routes := b.routesOf(api.RestApi, apiBackends{})
		l.warnOfLongPolicy(l.section(api.Keys()...).Path(), size(&routes, l.environment))
	}
}

// warnOfLongPolicy warns of a resource policy of a size that AWS may refuse. The path
// is that of the API's settings.
func (l *lookup) warnOfLongPolicy(path string, size int) {
	if text := longPolicy(path, size); text != "" {
		l.warn(text)
	}
}

// longPolicy returns a sentence about a resource policy that is too long, or nothing.
func longPolicy(path string, size int) string {
	if size <= components.ResourcePolicyLimit {
		return ""
	}
	return fmt.Sprintf("%s: the resource policy has %d characters. API Gateway refuses more than %d, unless AWS "+
		"has raised this quota for the account. Replace several routes by one with {name+}, or name fewer callers.",
		path, size, components.ResourcePolicyLimit)
}
