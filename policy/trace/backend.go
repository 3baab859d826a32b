package trace

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
)

// understands checks that a server gets what the promise says that it speaks: TLS
// or plain text, and a PROXY header before it or none.
func (w walk) understands(c call, g group, server place) (walk, []Trace) {
	if c.request.Server == "" {
		return w, nil
	}
	scheme, withProxy := strings.CutSuffix(c.request.Server, model.WithProxy)
	tg := g.TargetGroup
	header := tg.ProxyProtocol.Or(false).Equals(true)
	sent := fmt.Sprintf("target group %s sends a PROXY header, which %s does not understand", tg.Name, server.what)
	if withProxy {
		header = header.Not()
		sent = fmt.Sprintf("target group %s sends no PROXY header, with which %s wants each connection to begin", tg.Name,
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
