package trace

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
)

// takesVersion checks that an application load balancer may send the request to a group with the protocol version HTTP2
// or GRPC. It turns HTTP/2 into HTTP/1.1, and not the other way: it answers HTTP/1.1 itself with 464, and over HTTP/2
// everything except a POST to a group of GRPC.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
func (w walk) takesVersion(c call, g group) (walk, []Trace) {
	version, known := g.Version.Or(model.VersionHTTP1).Get()
	says := "HTTP/1.1"
	switch {
	case g.isNetwork() || g.TargetType.Is(model.TargetLambda) || version == model.VersionHTTP1:
		return w, nil
	case !known || w.protocol == "":
		return w.unsure(g.TargetGroup.At("protocolVersion"), "not known yet whether target group %s takes the "+
			"request's version of HTTP", g.TargetGroup.Name), nil
	case w.protocol == http2 && version == model.VersionGRPC && c.request.Verb() != "POST":
		says = c.request.Verb()
	case w.protocol == http2:
		return w.pass(g.TargetGroup.At("protocolVersion"), "target group %s takes HTTP/2", g.TargetGroup.Name), nil
	}
	return w, w.stop(end{AnsweredByBalancer, g.TargetGroup.Element, g.TargetGroup.At("protocolVersion"),
		"set protocolVersion of " + g.TargetGroup.Name + " to HTTP1"},
		"target group %s takes %s only, and the load balancer answers %s with 464", g.TargetGroup.Name, version, says)
}

// understands checks that a server gets what the promise says that it speaks: TLS
// or plain text, and a PROXY header before it or none. Only network load balancers send it.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
func (w walk) understands(c call, g group, server place) (walk, []Trace) {
	if c.request.Server == "" {
		return w, nil
	}
	scheme, withProxy := strings.CutSuffix(c.request.Server, model.WithProxy)
	tg := g.TargetGroup
	header := tg.ProxyProtocol.Or(false).Equals(true).And(model.TruthOf(g.isNetwork()))
	sent := fmt.Sprintf("target group %s sends a PROXY header, which %s does not understand", tg.Name, server.what)
	if withProxy {
		header = header.Not()
		sent = fmt.Sprintf("target group %s sends no PROXY header, with which %s wants each connection to begin",
			tg.Name,
			server.what)
	}
	w, ends := w.require(header.Not(), check{
		end: end{TLSFailed, tg.Element, tg.At("proxyProtocolV2"),
			fmt.Sprintf("set proxyProtocolV2 of %s to %t", tg.Name, withProxy)},
		passes: "the server understands how connections of target group " + tg.Name + " begin", stops: sent,
	})
	if ends != nil || c.tls == (scheme == "https") {
		return w, ends
	}
	e := end{TLSFailed, tg.Element, tg.At("protocol"), "let target group " + tg.Name + " speak " + scheme +
		" with its targets"}
	if c.tls {
		return w, w.stop(e, "%s gets TLS, and speaks plain HTTP", server.what)
	}
	return w, w.stop(e, "%s gets plain HTTP, and speaks TLS", server.what)
}
