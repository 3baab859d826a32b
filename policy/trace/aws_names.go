package trace

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// awsName resolves a name that AWS gives to an element: to an API, to an endpoint,
// to a load balancer, or to an API and an endpoint together.
func (w walk) awsName(c call, host string) []Trace {
	var alternatives [][]Trace
	certain := false
	for _, found := range w.names.withDNS(host) {
		same := sameText(host, found.hostIn(host))
		if same == model.False {
			continue
		}
		alternatives = append(alternatives, w.toNamed(c, host, found))
		certain = certain || same == model.True
	}
	if pair, same := w.aliasOf(host); same != model.False {
		alternatives = append(alternatives, w.toAlias(c, host, pair))
		certain = certain || same == model.True
	}
	if !certain {
		alternatives = append(alternatives, w.stop(end{disposition: NameNotInStack,
			fix: "ask for a name of the stack"}, "no element of the stack has the name %s", host))
	}
	return w.oneOf(model.Origin{}, "what has the name "+host, alternatives...)
}

// hostIn returns the name of an element that a host may be. Each node of
// a load balancer also has a name, which begins with the zone.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
func (e named) hostIn(host string) string {
	if e.kind == "load balancer" && parentOf(host) == e.dns {
		return host
	}
	return e.dns
}

// toNamed goes to the element that has a name.
func (w walk) toNamed(c call, host string, found named) []Trace {
	zone := found.zone
	if found.kind == "load balancer" && host != found.dns {
		zone, _, _ = strings.Cut(host, ".")
	}
	switch of := found.pointer.(type) {
	case *model.LoadBalancer:
		w = w.pass(of.Origin, "%s is load balancer %s", host, of.Name)
		if zone != "" {
			return w.inOneZone(of.Element, of.At("subnets"), of.Subnets, zone, func(s *model.Subnet) []Trace {
				return w.toNode(c, of, s)
			})
		}
		return w.toBalancer(c, of)
	case *model.Endpoint:
		w = w.pass(of.Origin, "%s is endpoint %s", host, of.Name)
		if zone != "" {
			return w.toZone(c, of, zone)
		}
		return w.toEndpoint(c, of)
	case *model.RestAPI:
		return w.toRestAPI(c, host, of)
	}
	return w.pass(found.element.Origin, "%s is API %s", host, found.element.Name).toPublicGateway(c)
}

// inOneZone goes to the address that an element has in a zone. If the element has
// none there, the zone's name does not resolve.
func (w walk) inOneZone(
	of model.Element, at model.Origin, subnets model.Refs[model.Subnet], zone string, next func(*model.Subnet) []Trace,
) []Trace {
	for _, ref := range subnets.Items {
		if subnet, certain := ref.Sole(); certain && subnet.Zone.Is(zone) {
			return next(subnet)
		}
	}
	elsewhere := func(ref model.Ref[model.Subnet]) model.Truth {
		return ref.Ask(func(s *model.Subnet) model.Truth { return s.Zone.Equals(zone).Not() })
	}
	if subnets.All(elsewhere) != model.True {
		return w.giveUp(of.Origin, "not known yet whether %s has an address in zone %s", of.Name, zone)
	}
	return w.stop(end{NameNotResolved, of, at, "add a subnet of zone " + zone + " to " + of.Name},
		"%s has no address in zone %s", of.Name, zone)
}

// toRestAPI goes to API Gateway for the default name of a REST API. Nobody can
// resolve that of a private API, except where an endpoint's private DNS is on.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (w walk) toRestAPI(c call, host string, api *model.RestAPI) []Trace {
	gone := func() []Trace {
		return w.stop(end{NameNotResolved, api.Element, api.At("endpointConfiguration"),
			"call the API by the name of its endpoint, or let private DNS lead to the endpoint"},
			"%s is the name of a private API, which resolves only where an endpoint's private DNS is on", host)
	}
	public := func() []Trace {
		return w.pass(api.Origin, "%s is API %s", host, api.Name).toPublicGateway(c)
	}
	switch api.IsPrivate() {
	case model.True:
		return gone()
	case model.False:
		return public()
	}
	return w.oneOf(api.At("endpointConfiguration"), "whether API "+api.Name+" is private", gone(), public())
}

// alias is the name that AWS makes for a private API and an endpoint.
type alias struct {
	api      *model.RestAPI
	endpoint *model.Endpoint
}

// aliasOf returns the API and the endpoint of whose IDs a name is made.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/associate-private-api-with-vpc-endpoint.html
func (w walk) aliasOf(host string) (alias, model.Truth) {
	label, rest, _ := strings.Cut(host, "."+executeAPI+".")
	if !strings.Contains(label, "-") {
		return alias{}, model.False
	}
	for i, letter := range label {
		if letter != '-' {
			continue
		}
		api, e := w.aliases.apis[label[:i]], w.aliases.endpoints[label[i+1:]]
		if api != nil && e != nil {
			return alias{api, e}, sameText(rest, regionOf(api.Element)+amazonaws)
		}
	}
	return alias{}, model.False
}

// aliasIndex finds APIs and endpoints by the IDs in aliases.
type aliasIndex struct {
	apis      map[string]*model.RestAPI
	endpoints map[string]*model.Endpoint
}

func newAliasIndex(s *model.Stack) aliasIndex {
	x := aliasIndex{map[string]*model.RestAPI{}, map[string]*model.Endpoint{}}
	for _, api := range slices.Backward(s.RestAPIs) { // The first one with an ID counts.
		x.apis[idOf(api.Element)] = api
	}
	for _, e := range slices.Backward(s.Endpoints) {
		x.endpoints[idOf(e.Element)] = e
	}
	return x
}

// toAlias goes to the endpoint of an alias. The alias exists if the API is
// associated with the endpoint.
func (w walk) toAlias(c call, host string, a alias) []Trace {
	associated := a.api.Endpoints.Any(func(r model.Ref[model.Endpoint]) model.Truth { return r.Names(a.endpoint) })
	w, ended := w.require(associated, check{
		end: end{NameNotResolved, a.api.Element, a.api.At("endpointConfiguration"),
			"add the endpoint to the vpcEndpointIds of the API"},
		passes: "API " + a.api.Name + " is associated with endpoint " + a.endpoint.Name + ", so " + host + " resolves",
		stops:  "API " + a.api.Name + " is not associated with endpoint " + a.endpoint.Name,
	})
	if ended != nil {
		return ended
	}
	return w.toEndpoint(c, a.endpoint)
}
