package trace

import (
	"net/url"
	"strconv"
	"strings"

	"private-api-blueprints/policy/model"
)

// atBackend goes on at the integration of a method.
func (w walk) atBackend(v visit, m *model.Method) []Trace {
	if !m.Integration.IsClosed() && w.stack.HasIntegration(m) == model.False {
		return w.stop(end{IntegrationFailed, m.Element, m.Origin, "add an integration to " + m.Name},
			"%s has no integration", m.Name)
	}
	return follow(w.towardsAny(), m.Origin, "the integration of "+m.Name, m.Integration,
		func(i *model.Integration) []Trace { return w.integrate(v, m, i) })
}

// towardsAny returns a walk towards a backend that may be behind another endpoint. Its policy is another one.
func (w walk) towardsAny() walk {
	w.admitted = false
	return w
}

// integrate calls the backend of a method.
func (w walk) integrate(v visit, m *model.Method, i *model.Integration) []Trace {
	w = w.enter("integration", i.Element)
	kind, known := i.Type.Get()
	if !known {
		return w.towardsAny().giveUp(i.At("type"), "the type of the integration is not known yet")
	}
	switch i.Answers() {
	case model.Maybe:
		w = w.unsure(i.At("type"), "%s may have no integration response", i.Name)
	case model.False:
		e := end{IntegrationFailed, i.Element, i.At("type"), "add an integration response to " + i.Name +
			", or make it a proxy"}
		return w.stop(e, "%s has type %s and no integration response, so every call ends with HTTP 500", i.Name, kind)
	}
	if ended := w.fitsURI(i.Element, i.At("uri"), kind, i.URI); ended != nil {
		return ended
	}
	switch kind {
	case model.IntegrationMock:
		return w.deliver(v.api(), "API Gateway itself answers")
	case model.IntegrationAWSProxy, model.IntegrationAWS:
		return w.invoke(v, invocation{
			element: i.Element, uri: i.At("uri"), by: i.FunctionRef, role: i.HasCredentials, verb: i.Verb,
			pattern: m.Path,
		})
	}
	w, ends := w.towardsAny().keepsMethod(v, i)
	if ends != nil {
		return ends
	}
	return w.callServer(v, backend{
		element: i.Element, uri: i.URI, connection: i.Connection,
		skips: i.SkipsVerification.Equals(true),
	}, func(w walk, c call) []Trace { return w.throughLink(c, i) })
}

// fitsURI checks that the URI of an integration is of the kind that its type wants: an ARN for a service of AWS, and
// otherwise an address. It returns the traces with which the walk ends, if it is not.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
func (w walk) fitsURI(
	of model.Element, at model.Origin, kind model.IntegrationType, uri model.Known[string],
) []Trace {
	text, known := uri.Get()
	wants := ""
	switch isARN, isAddress := strings.HasPrefix(text, "arn:"), strings.Contains(text, "://"); {
	case !known || kind == model.IntegrationMock:
	case isARN && (kind == model.IntegrationHTTP || kind == model.IntegrationHTTPProxy):
		wants = "an address that begins with http:// or https://"
	case isAddress && !isARN && (kind == model.IntegrationAWS || kind == model.IntegrationAWSProxy):
		wants = "an ARN"
	}
	if wants == "" {
		return nil
	}
	return w.stop(end{IntegrationFailed, of, at, "set the type of " + of.Name + " to one that fits its URI"},
		"the URI of %s does not fit: type %s wants %s, and AWS refuses other URIs", of.Name, kind, wants)
}

// keepsMethod checks that an integration calls its server with the method that the
// promise says. Under ANY, it is the method of the request.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
func (w walk) keepsMethod(v visit, i *model.Integration) (walk, []Trace) {
	want := v.request.ServerMethod
	if want == "" {
		return w, nil
	}
	keeps, says := model.Maybe, "another method"
	if verb, known := i.Verb.Get(); known {
		if says = strings.ToUpper(verb); says == anyVerb {
			says = v.request.Verb()
		}
		keeps = model.TruthOf(says == want)
	}
	at := i.At("integrationHttpMethod")
	return w.require(keeps, check{
		end: end{IntegrationFailed, i.Element, at, "set integrationHttpMethod of " + i.Name + " to " + anyVerb +
			" or " + want},
		passes: i.Name + " calls the server with " + want,
		stops:  i.Name + " calls the server with " + says + ", which wants " + want,
	})
}

// backend is an HTTP server that an integration calls.
type backend struct {
	element    model.Element
	uri        model.Known[string]
	connection model.Known[model.ConnectionType]
	// skips is whether API Gateway takes a certificate from any authority. It compares the name anyway.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html
	skips model.Truth
}

// callServer calls a server over the internet or, if the integration says so,
// through a VPC link.
func (w walk) callServer(v visit, b backend, link func(walk, call) []Trace) []Trace {
	connection, known := b.connection.Get()
	if !known {
		return w.giveUp(b.element.At("connectionType"), "the connection type is not known yet")
	}
	c, fine := v.toServer(b)
	if !fine {
		return w.giveUp(b.element.At("uri"), "the URI of the backend is not known yet")
	}
	if connection == model.ConnectionVPCLink {
		return link(w, c)
	}
	w = w.pass(b.element.At("connectionType"), "API Gateway calls %s over the internet", c.host)
	return w.behind(func(w walk) []Trace { return w.call(c) })
}

// behind goes on with the connection of API Gateway to a backend. The protocol of a
// trace stays the one that the client speaks, and its symptom is what that client
// sees.
func (w walk) behind(next func(walk) []Trace) []Trace {
	spoken := w.protocol
	w.protocol = ""
	traces := next(w)
	for i := range traces {
		traces[i].Protocol, traces[i].symptom = spoken, behindGateway(traces[i])
	}
	return traces
}

// toServer returns the call of a backend. The second result is false if the URI
// does not say where that is.
func (v visit) toServer(b backend) (call, bool) {
	text, known := b.uri.Get()
	if !known || strings.Contains(text, "${") {
		return call{}, false
	}
	parsed, err := url.Parse(strings.ReplaceAll(strings.ReplaceAll(text, "{", ""), "}", ""))
	if err != nil || parsed.Hostname() == "" {
		return call{}, false
	}
	c := v.call
	c.from = place{what: "API Gateway", element: b.element, internet: true, gateway: true, open: true}
	c.tls = strings.EqualFold(parsed.Scheme, "https")
	c.host = strings.ToLower(parsed.Hostname())
	c.sni, c.alpn, c.ipv6 = c.host, []string{http1}, false
	c.fromGateway, c.verifies, c.trustsAll = true, true, b.skips == model.True
	c.path = backendPath(text, v.path)
	c.headers = backendHeaders(v.headers)
	c.port = 80
	if c.tls {
		c.port = model.APIGatewayPort
	}
	if port, err := strconv.Atoi(parsed.Port()); err == nil {
		c.port = port
	}
	return c, true
}

// backendPath returns the path of a URI. What stands for a parameter of the
// request's path is taken from the end of that path.
func backendPath(uri, path string) string {
	_, rest, _ := strings.Cut(uri, "://")
	_, at, _ := strings.Cut(rest, "/")
	at, _, _ = strings.Cut(at, "?")
	before, _, hasParameter := strings.Cut(at, "{")
	if !hasParameter {
		return "/" + at
	}
	return "/" + before + strings.TrimPrefix(path, "/")
}

// backendHeaders returns the headers that a backend gets. Host is the URI's.
func backendHeaders(headers map[string]string) map[string]string {
	kept := map[string]string{}
	for name, value := range headers {
		if name != "host" && name != apiIDHeader {
			kept[name] = value
		}
	}
	return kept
}

// throughLink calls a server through the VPC link of a method's integration.
func (w walk) throughLink(c call, i *model.Integration) []Trace {
	c.from.internet, c.from.private = false, true
	return follow(w, i.At("connectionId"), "the VPC link of "+i.Name, i.Link, func(l *model.VPCLink) []Trace {
		w := w.enter("VPC link", l.Element)
		if l.V2 {
			return w.fromLinkV2(c, linked{l, i.Target, i.At("integrationTarget")})
		}
		return w.toLinked(c, linked{l, l.Target, l.At("targetArn")}, walk.fromLink)
	})
}

// linked is the load balancer to which a VPC link leads.
type linked struct {
	link     *model.VPCLink
	balancer model.Ref[model.LoadBalancer]
	at       model.Origin // The property that names it.
}

// toLinked goes on at the load balancer to which a VPC link leads.
func (w walk) toLinked(c call, to linked, next func(walk, call, *model.LoadBalancer) []Trace) []Trace {
	if to.balancer.IsAbsent() {
		return w.stop(end{IntegrationFailed, to.link.Element, to.at, "name the load balancer of the backend"},
			"VPC link %s leads to no load balancer", to.link.Name)
	}
	return w.behind(func(w walk) []Trace {
		return follow(w, to.at, "the load balancer of the VPC link", to.balancer, func(lb *model.LoadBalancer) []Trace {
			return next(w, c, lb)
		})
	})
}

// fromLinkV2 goes to a load balancer from each subnet of a VPC link V2.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
func (w walk) fromLinkV2(c call, to linked) []Trace {
	l := to.link
	subnets := l.Subnets.Items
	if len(subnets) == 0 {
		subnets = []model.Ref[model.Subnet]{model.UnknownRef[model.Subnet]()}
	}
	var all []Trace
	for _, subnet := range subnets {
		vpc := model.UnknownRef[model.VPC]()
		if s, certain := subnet.Sole(); certain {
			vpc = s.VPC
		}
		c.from = place{
			what: "VPC link " + l.Name, element: l.Element, vpc: vpc, subnet: subnet, groups: l.Groups,
			open: l.Groups.IsEmpty(), groupsAt: l.At("securityGroupIds"),
		}
		all = append(all, w.toLinked(c, to, walk.toBalancer)...)
	}
	return all
}

// atRouteBackend goes on at the integration of a route.
func (w walk) atRouteBackend(v visit, r *model.Route) []Trace {
	if r.Integration.IsAbsent() {
		return w.stop(end{IntegrationFailed, r.Element, r.At("target"), "give " + r.Name + " an integration as target"},
			"%s has no integration", r.Name)
	}
	next := func(i *model.HTTPIntegration) []Trace { return w.integrateRoute(v, r, i) }
	return follow(w, r.At("target"), "the integration of "+r.Name, r.Integration, next)
}

// integrateRoute calls the backend of a route.
func (w walk) integrateRoute(v visit, r *model.Route, i *model.HTTPIntegration) []Trace {
	w = w.enter("integration", i.Element)
	kind, known := i.Type.Get()
	switch {
	case !known:
		return w.giveUp(i.At("integrationType"), "the type of the integration is not known yet")
	case kind == model.IntegrationAWSProxy, kind == model.IntegrationAWS:
		return w.invoke(v, invocation{
			element: i.Element, uri: i.URIOrigin(), by: i.FunctionRef, role: i.HasCredentials, pattern: r.Path(),
		})
	case kind == model.IntegrationMock:
		return w.deliver(v.api(), "API Gateway itself answers")
	case i.Connection.Is(model.ConnectionVPCLink):
		return w.toListener(v, i)
	}
	return w.callServer(v, backend{element: i.Element, uri: i.URI, connection: i.Connection, skips: model.False}, nil)
}

// toListener goes to the listener that a private integration of an HTTP API names.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
func (w walk) toListener(v visit, i *model.HTTPIntegration) []Trace {
	return follow(w, i.At("connectionId"), "the VPC link of "+i.Name, i.Link, func(link *model.VPCLink) []Trace {
		w := w.enter("VPC link", link.Element)
		return follow(w, i.URIOrigin(), "the listener of "+i.Name, i.Listener, func(l *model.Listener) []Trace {
			port, known := l.Port.Get()
			if !known {
				return w.giveUp(l.At("port"), "the port of %s is not known yet", l.Name)
			}
			c := v.call
			c.tls = l.Protocol.Is(model.ProtocolHTTPS) || l.Protocol.Is(model.ProtocolTLS)
			c.port, c.alpn = port, []string{http1}
			c.sni, c.verifies, c.ipv6 = v.host, false, false
			c.headers = backendHeaders(v.headers)
			return w.fromLinkV2(c, linked{link, l.LoadBalancer, l.At("loadBalancerArn")})
		})
	})
}
