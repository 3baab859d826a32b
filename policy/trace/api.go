package trace

import (
	"net/netip"
	"strings"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

// apiIDHeader names the API of a request through an endpoint.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
const apiIDHeader = "x-apigw-api-id"

// gateways finds APIs by their IDs, and custom domains by their hosts.
type gateways struct {
	rest    map[string]*model.RestAPI // By ID or placeholder.
	http    map[string]*model.HTTPAPI
	domains map[string][]*model.Domain // By host in lower case.
	hidden  []*model.Domain            // Domains whose host is not known.
}

// newGateways finds the APIs and the custom domains of a stack.
func newGateways(s *model.Stack) gateways {
	g := gateways{map[string]*model.RestAPI{}, map[string]*model.HTTPAPI{}, map[string][]*model.Domain{}, nil}
	for _, api := range s.RestAPIs {
		g.rest[idOf(api.Element)] = api
	}
	for _, api := range s.HTTPAPIs {
		g.http[idOf(api.Element)] = api
	}
	for _, d := range s.Domains {
		if host, known := d.Host.Get(); known {
			host = strings.ToLower(strings.TrimSuffix(host, "."))
			g.domains[host] = append(g.domains[host], d)
		} else if d.Host.IsUnknown() {
			g.hidden = append(g.hidden, d)
		}
	}
	return g
}

// findAPI finds the API that a request asks for: by the default name of an API, by
// a custom domain, or by a header.
func (w walk) findAPI(v visit) []Trace {
	if label, region, isDefault := cutDefaultName(v.host); isDefault {
		return w.byDefaultName(v, label, region)
	}
	if id, set := v.headers[apiIDHeader]; set && v.via != nil {
		return w.byID(v, strings.ToLower(id), "header x-apigw-api-id")
	}
	return w.byDomain(v)
}

// byDefaultName goes on at the API that has a default name.
func (w walk) byDefaultName(v visit, label, region string) []Trace {
	if w.servesRegion(v, region) == model.False {
		return w.stop(end{APINotFound, v.element(), v.at(), "call the API through an endpoint in region " + region},
			"host %s is that of an API in another region than the endpoint", v.host)
	}
	if w.gateways.rest[label] == nil && w.gateways.http[label] == nil {
		if api, e := w.alias(label); api != nil {
			return w.byAlias(v, api, e)
		}
	}
	return w.byID(v, label, "host "+v.host)
}

// alias returns the API and the endpoint whose IDs are in a name such as
// a1b2c3-vpce-0123.
func (w walk) alias(label string) (*model.RestAPI, *model.Endpoint) {
	for _, e := range w.stack.Endpoints {
		if id, ends := strings.CutSuffix(label, "-"+idOf(e.Element)); ends && w.gateways.rest[id] != nil {
			return w.gateways.rest[id], e
		}
	}
	return nil, nil
}

// byAlias goes on at the API of an alias, which AWS makes for an API and an
// endpoint that is associated with it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
func (w walk) byAlias(v visit, api *model.RestAPI, e *model.Endpoint) []Trace {
	associated := api.Endpoints.Any(func(r model.Ref[model.Endpoint]) model.Truth { return r.Names(e) })
	at := api.At("endpointConfiguration.vpcEndpointIds")
	w, ended := w.require(associated, check{
		end{APINotFound, api.Element, at, "associate " + api.Name + " with " + e.Name},
		api.Name + " is associated with endpoint " + e.Name,
		api.Name + " is not associated with endpoint " + e.Name + ", so it has no name for the two of them",
	})
	if ended != nil {
		return ended
	}
	v.rest, v.byDefaultName = api, true
	return w.atAPI(v, strings.TrimPrefix(v.path, "/"))
}

// byID goes on at the API with an ID. what says where the ID stands.
func (w walk) byID(v visit, id, what string) []Trace {
	v.rest, v.http, v.byDefaultName = w.gateways.rest[id], w.gateways.http[id], true
	if v.rest == nil && v.http == nil {
		return w.foreignAPI(v, id, what)
	}
	w = w.pass(v.api().Origin, "%s asks for %s", what, v.api().Name)
	return w.atAPI(v, strings.TrimPrefix(v.path, "/"))
}

// foreignAPI ends the walk of a request for an API that is not in the stack. The
// policy of the endpoint may refuse it anyway.
func (w walk) foreignAPI(v visit, id, what string) []Trace {
	var past Disposition
	if v.via != nil && !strings.Contains(id, "$") {
		stage, path, _ := strings.Cut(strings.TrimPrefix(v.path, "/"), "/")
		place := iam.Place{Region: v.via.Region()}
		arn := iam.APICall(place, model.Of(id), model.Of(stage), v.request.Verb(), path)
		before := w.last
		var ended []Trace
		if w, ended = w.askEndpoint(v, iam.InvokeFrom(w.source(v), iam.Principal{}, arn)); ended != nil {
			return ended
		}
		if w.last == before || w.last.step.Action == Passes {
			past = DeniedByEndpoint
		}
	}
	ways := w.giveUp(v.at(), "%s asks for an API that is not in the stack", what)
	ways[0].Past = past
	return ways
}

// atAPI goes on at an API that the request asks for. path is what follows the
// first slash, with the name of the stage in front.
func (w walk) atAPI(v visit, path string) []Trace {
	w, ended := w.reach(v)
	if ended != nil {
		return ended
	}
	return w.findStage(v, path)
}

// reach checks that clients may come to an API this way.
func (w walk) reach(v visit) (walk, []Trace) {
	w, ended := w.reachType(v)
	if ended != nil || !v.byDefaultName {
		return w, ended
	}
	off := defaultNameOff(v)
	if off == model.False {
		return w, nil
	}
	at := v.api().At("disableExecuteApiEndpoint")
	return w.require(off.Not(), check{
		end{APINotFound, v.api(), at, "call " + v.api().Name + " by its custom domain name"},
		v.api().Name + " answers to its default name",
		v.api().Name + " has its default endpoint disabled, so it answers to a custom domain name only",
	})
}

// defaultNameOff asks whether an API refuses calls to its default name.
func defaultNameOff(v visit) model.Truth {
	if v.rest != nil {
		return v.rest.DefaultNameOff.Equals(true)
	}
	return v.http.DefaultNameOff.Equals(true)
}

// reachType checks that the type of the API fits the way: endpoints lead to
// private REST APIs of their region, and nothing else does.
// https://repost.aws/knowledge-center/api-gateway-vpc-connections
func (w walk) reachType(v visit) (walk, []Trace) {
	private := model.False
	if v.rest != nil {
		private = v.rest.IsPrivate()
	}
	at := v.api().At("endpointConfiguration.types")
	if v.via == nil {
		return w.require(private.Not(), check{
			end{APINotFound, v.api(), at, "call " + v.api().Name + " through an execute-api endpoint"},
			v.api().Name + " is public",
			v.api().Name + " is private, and the request does not come through an endpoint",
		})
	}
	if private != model.False && v.rest.SameRegion(v.via.Placement) == model.False {
		return w, w.stop(end{APINotFound, v.via.Element, v.via.Origin, "call it through an endpoint in its own region"},
			"%s is in another region than endpoint %s", v.api().Name, v.via.Name)
	}
	e := end{APINotFound, v.api(), at, "call " + v.api().Name + " from the internet"}
	why := ""
	if v.sni == v.host && v.via.PrivateDNS != model.False {
		e.by, e.at = v.via.Element, v.via.At("privateDnsEnabled")
		e.fix = "turn private DNS of " + v.via.Name + " off, or call the API by a custom domain name that has an " +
			"alias record"
		why = "; its private DNS takes the names of public APIs too"
	}
	return w.require(private, check{e,
		v.api().Name + " is private, as endpoint " + v.via.Name + " wants",
		v.api().Name + " is public, and endpoint " + v.via.Name + " leads to private APIs only" + why,
	})
}

// mayBeElsewhere reports whether a host may be a custom domain that the stack does
// not show: a domain of another stack, or one whose host is not known.
func (w walk) mayBeElsewhere(v visit, host string) bool {
	if _, err := netip.ParseAddr(host); err == nil || strings.HasSuffix(host, amazonaws) {
		return false
	}
	if len(w.stack.RestAPIs)+len(w.stack.HTTPAPIs) == 0 {
		return true
	}
	for _, m := range w.stack.DomainMappings {
		if text, known := m.Domain.Value.Get(); m.Domain.Open && (!known || strings.EqualFold(text, host)) {
			return true
		}
	}
	if v.via == nil {
		return false
	}
	for a := range w.stack.AccessesOf(v.via) {
		if a.Domain.Open {
			return true
		}
	}
	return false
}
