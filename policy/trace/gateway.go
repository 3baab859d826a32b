package trace

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// visit is a request at API Gateway.
type visit struct {
	call
	// via is the endpoint that the request has come through. It is nil for a request from the internet.
	via *model.Endpoint
	// rest is the API if it is a REST API, and http if it is an HTTP API. The other one is nil.
	rest *model.RestAPI
	http *model.HTTPAPI
	// byDefaultName is whether the request asks for the API by its default name or by its ID.
	byDefaultName bool
	// domain is the custom domain that has led to the API, if one has.
	domain *model.Domain
	// stage is the stage that answers. It is nil if a deployment has created the stage.
	stage *model.Stage
	// stageName is that stage's name.
	stageName model.Known[string]
	// deployment is what the stage of a REST API serves, if the stack shows it.
	deployment *model.Deployment
}

// api returns what the two kinds of APIs have in common.
func (v visit) api() model.Element {
	if v.rest != nil {
		return v.rest.Element
	}
	return v.http.Element
}

// atGateway goes on at API Gateway: it finds the API by the request's host and
// headers, asks its policies, finds the method and calls the backend. via is the
// endpoint that the request has come through, or nil for a request from the
// internet.
func (w walk) atGateway(c call, via *model.Endpoint) []Trace {
	w = w.enter("API Gateway", model.Element{})
	if c.depth >= maxDepth {
		return w.giveUp(model.Origin{}, "the way passes too many load balancers and gateways")
	}
	c.depth++
	v := visit{call: c, via: via}
	w, ended := w.agreeOnTLS(v)
	if ended != nil {
		return ended
	}
	return w.findAPI(v)
}

// agreeOnTLS is the TLS handshake with API Gateway, which answers on port 443 only
// and speaks nothing but TLS.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
func (w walk) agreeOnTLS(v visit) (walk, []Trace) {
	at := v.at()
	switch {
	case !v.tls:
		return w, w.stop(end{TLSFailed, v.element(), at, "call API Gateway by https"},
			"the request comes as plain HTTP, and API Gateway speaks TLS only")
	case v.port != model.APIGatewayPort:
		return w, w.stop(end{NotListening, v.element(), at, "call API Gateway on port 443"},
			"API Gateway does not listen on port %d", v.port)
	}
	w, ended := w.identify(v)
	if ended != nil {
		return w, ended
	}
	if w.protocol == "" && len(v.alpn) > 0 {
		w.protocol = http1
		if slices.Contains(v.alpn, http2) {
			w.protocol = http2
		}
	}
	return w, nil
}

// Protocols by their names in ALPN.
const (
	http1 = "http/1.1"
	http2 = "h2"
)

// identify compares the name that the client asks for with the names of API
// Gateway's certificates.
func (w walk) identify(v visit) (walk, []Trace) {
	if !v.verifies {
		return w.pass(v.at(), "TLS with a certificate that the client does not verify"), nil
	}
	e := end{TLSNameMismatch, v.element(), v.at(),
		"create a custom domain name for " + v.sni + ", or ask for a name of API Gateway"}
	holds := w.hasCertificate(v)
	if holds == model.Maybe {
		return w.unsure(v.at(), "not known yet whether API Gateway has a certificate for %s", v.sni), nil
	}
	w, ends := w.require(holds, check{e,
		"API Gateway's certificate is valid for " + v.sni,
		"API Gateway has no certificate for " + v.sni + ": it is no name of API Gateway, and no custom domain name " +
			"of the stack"})
	return w, showing(v.mismatch(model.Ref[model.Certificate]{}), ends)
}

// hasCertificate asks whether API Gateway has a certificate for the name that the
// client asks for.
func (w walk) hasCertificate(v visit) model.Truth {
	if _, region, isDefault := cutDefaultName(v.sni); isDefault {
		return w.servesRegion(v, region)
	}
	if v.via != nil && w.isNameOf(v.sni, v.via) {
		return model.True
	}
	has := model.False
	for _, d := range w.stack.Domains {
		if is := hasHost(d, v.sni); is != model.False {
			has = has.Or(is.And(w.isReachable(d, v)).And(covers(d, v.sni)))
		}
	}
	return has.OrMaybeIf(w.mayBeElsewhere(v, v.sni))
}

// servesRegion asks whether a request meets API Gateway in a region.
func (w walk) servesRegion(v visit, region string) model.Truth {
	if v.via == nil {
		return model.True
	}
	here := regionOf(v.via.Element)
	return model.TruthOf(here == region || here == anyRegion || region == anyRegion)
}

// isNameOf reports whether a host is a name that AWS has given to an endpoint.
// Their certificates cover zonal names too.
func (w walk) isNameOf(host string, e *model.Endpoint) bool {
	if host == endpointHost(e) {
		return true
	}
	for _, name := range e.DNSNames.Items {
		if known, is := name.Get(); is && known.Host == host {
			return true
		}
	}
	_, rest, _ := strings.Cut(host, "."+executeAPI+".")
	return strings.HasSuffix(rest, ".vpce"+amazonaws)
}

// at returns the place of what a request has come through.
func (v visit) at() model.Origin { return v.element().Origin }

// element returns the endpoint that a request has come through. From the internet,
// there is none.
func (v visit) element() model.Element {
	if v.via == nil {
		return model.Element{}
	}
	return v.via.Element
}

// cutDefaultName splits the default host name of an API into the ID and the
// region. The first part may also be the ID of an API and that of an endpoint.
func cutDefaultName(host string) (id, region string, isDefault bool) {
	id, rest, found := strings.Cut(host, "."+executeAPI+".")
	region, isAWS := strings.CutSuffix(strings.TrimSuffix(rest, ".cn"), amazonaws)
	return id, region, found && isAWS && id != "" && !strings.Contains(region, ".")
}
