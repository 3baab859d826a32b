package gateway

import (
	"encoding/json"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
)

// target is the stage of an API that a request is for.
type target struct {
	api, stage *inventory.Object
	// served is the snapshot of the stage's deployment.
	served cloud.Props
	domain *inventory.Object // The custom domain that led here, or nil.
	// stranger is the ID of an API that the account does not have, so that it may be of another account.
	stranger string
	// base is what the stage name, or the base path, takes of the path, such as /prod; path is the rest.
	base, path string
}

// endpointKind returns EDGE, REGIONAL or PRIVATE, of an API or a custom domain.
func endpointKind(o *inventory.Object) string {
	return o.Out.Object("endpointConfiguration").StringOr("types", "EDGE")
}

// find returns the stage that a request is for, or why there is none. The client learns
// the same in all cases: 403 Forbidden.
func (g *Gateway) find(x *exchange) (target, string) {
	host := canonical(x.r.Host)
	suffix := ".execute-api." + x.arrival.Region + ".amazonaws.com"
	if label, isDefault := strings.CutSuffix(host, suffix); isDefault && !strings.HasPrefix(label, "d-") {
		return g.findByLabel(x, label)
	}
	if domain := g.domain(host, x.arrival); domain != nil {
		return g.findByDomain(x, domain)
	}
	if id := x.r.Header.Get("X-Apigw-Api-Id"); id != "" && x.arrival.Endpoint != "" {
		return g.findByID(x, id, "the header x-apigw-api-id")
	}
	return target{}, "no API and no custom domain has the name " + host
}

// findByLabel returns the stage for the first label of a default name: that of an API,
// or the alias {api}-{vpce} of a private API that is associated with the endpoint. The association takes effect with
// the next deployment.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (g *Gateway) findByLabel(x *exchange, label string) (target, string) {
	id, endpoint, alias := strings.Cut(label, "-")
	if !alias {
		return g.findByID(x, id, "its default name")
	}
	t, reason := g.findByID(x, id, "its alias of the endpoint "+endpoint)
	if reason == "" && !slices.Contains(t.served.Object("endpointConfiguration").Strings("vpcEndpointIds"), endpoint) {
		return target{}, "the deployment of the API " + id + " is not associated with the endpoint " + endpoint
	}
	return t, reason
}

// findByID returns the stage in a request's path, of the API with an ID. A private API
// is served behind endpoints only, and they serve no other API.
// https://repost.aws/knowledge-center/api-gateway-vpc-connections
func (g *Gateway) findByID(x *exchange, id, how string) (target, string) {
	api := g.inv.Find(restAPIType, id)
	if api == nil || api.Region != x.arrival.Region {
		return target{stranger: id}, "no API has the ID " + id
	}
	private := endpointKind(api) == "PRIVATE"
	switch {
	case private && x.arrival.Endpoint == "":
		return target{}, "the API " + id + " is private, and the request came through no endpoint"
	case !private && x.arrival.Endpoint != "":
		return target{}, "an endpoint leads to private APIs only, and the API " + id + " is " + endpointKind(api)
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(x.r.URL.EscapedPath(), "/"), "/")
	t, reason := g.stage(api, name)
	if reason != "" {
		return target{}, reason
	}
	if t.served.Bool("disableExecuteApiEndpoint") {
		return target{}, "the API " + id + " has its default endpoint disabled"
	}
	t.base, t.path = "/"+name, "/"+rest
	x.step("finds the API %s by %s, stage %s", id, how, name)
	return t, ""
}

// stage returns a stage of an API.
func (g *Gateway) stage(api *inventory.Object, name string) (target, string) {
	stage := g.inv.Find(stageType, "ags-"+api.ID+"-"+name)
	if stage == nil {
		return target{}, "the API " + api.ID + " has no stage " + name
	}
	deployment := g.inv.Find(deploymentType, stage.Out.String("deployment"))
	if deployment == nil {
		return target{}, "the stage " + name + " has no deployment"
	}
	return target{api: api, stage: stage, served: deployment.Private.Object("snapshot")}, ""
}

// domain returns the custom domain that serves a host name on this side, or nil. Behind
// an endpoint, that is a private one which is associated with the endpoint, and
// otherwise a public one.
func (g *Gateway) domain(host string, a network.Arrival) *inventory.Object {
	var public, private *inventory.Object
	for _, domain := range g.inv.Where(domainType, "domainName", host) {
		switch {
		case domain.Region != a.Region:
		case endpointKind(domain) != "PRIVATE":
			public = domain
		case a.Endpoint != "" && g.associated(domain, a.Endpoint):
			private = domain
		}
	}
	if private != nil {
		return private
	}
	return public
}

// associated reports whether a private custom domain has an access association with an
// endpoint.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-associations.html
func (g *Gateway) associated(domain *inventory.Object, endpoint string) bool {
	return slices.ContainsFunc(g.inv.Where(accessType, "domainNameArn", domain.Out.String("arn")),
		func(access *inventory.Object) bool { return access.Out.String("accessAssociationSource") == endpoint })
}

// findByDomain returns the stage that a custom domain maps a request's path to. The
// longest base path wins.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
func (g *Gateway) findByDomain(x *exchange, domain *inventory.Object) (target, string) {
	name, path := domain.Out.String("domainName"), x.r.URL.EscapedPath()
	var best *inventory.Object
	for _, mapping := range g.inv.Where(mappingType, "domainName", name) {
		base := mapping.Out.String("basePath")
		if mapping.Out.String("domainNameId") != domain.Out.String("domainNameId") || !within(path, base) {
			continue
		}
		if best == nil || len(base) > len(best.Out.String("basePath")) {
			best = mapping
		}
	}
	if best == nil {
		return target{}, "the custom domain " + name + " has no mapping for " + path
	}
	api := g.inv.Find(restAPIType, best.Out.String("restApi"))
	base := strings.Trim(best.Out.String("basePath"), "/")
	rest := strings.TrimPrefix(strings.TrimPrefix(path, "/"), base)
	stageName := best.Out.String("stageName")
	if stageName == "" {
		stageName, rest, _ = strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		base = strings.Trim(base+"/"+stageName, "/")
	}
	if reason := reachable(x.arrival, domain, api); reason != "" {
		return target{}, reason
	}
	t, reason := g.stage(api, stageName)
	t.domain, t.base, t.path = domain, "/"+base, "/"+strings.TrimPrefix(rest, "/")
	if base == "" {
		t.base = ""
	}
	if reason == "" {
		x.step("finds the API %s by the custom domain %s, stage %s", api.ID, name, stageName)
	}
	return t, reason
}

// within reports whether a path is below a base path, or is it.
func within(path, base string) bool {
	base = strings.Trim(base, "/")
	rest, found := strings.CutPrefix(strings.TrimPrefix(path, "/"), base)
	return found && (base == "" || rest == "" || strings.HasPrefix(rest, "/"))
}

// reachable says why a custom domain does not lead to an API from where a request came.
// A public domain may be mapped to a private API. Then an endpoint leads there by Host.
// https://github.com/aws-samples/serverless-patterns/tree/main/public-nlb-or-alb-private-api-cfn
func reachable(a network.Arrival, domain, api *inventory.Object) string {
	private := endpointKind(api) == "PRIVATE"
	switch {
	case private && a.Endpoint == "":
		return "the API " + api.ID + " is private, and the request came through no endpoint"
	case !private && a.Endpoint != "":
		return "an endpoint leads to private APIs only, and the API " + api.ID + " of " +
			domain.Out.String("domainName") + " is " + endpointKind(api)
	}
	return ""
}

// isHTTPAPI reports whether a host name is the default name of an HTTP API or a
// WebSocket API. The sandbox simulates no routes of them.
func (g *Gateway) isHTTPAPI(host, region string) bool {
	id, found := strings.CutSuffix(canonical(host), ".execute-api."+region+".amazonaws.com")
	return found && g.inv.Find(httpAPIType, id) != nil
}

// message returns a JSON object with one text, as API Gateway writes it.
func message(key, text, separator string) []byte {
	quoted, _ := json.Marshal(text) // A text has JSON.
	return []byte(`{"` + key + `":` + separator + string(quoted) + "}")
}
