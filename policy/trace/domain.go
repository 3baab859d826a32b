package trace

import (
	"cmp"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// hasHost asks whether a custom domain is for a host, which is in lower case. The
// first label of the domain may be an asterisk.
func hasHost(d *model.Domain, host string) model.Truth {
	if d.Host.IsUnknown() {
		return model.Maybe
	}
	name, _ := d.Host.Get()
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	_, parent, _ := strings.Cut(host, ".")
	return model.TruthOf(name == host || name == "*."+parent)
}

// isReachable asks whether clients may come to a custom domain this way. From the
// internet they reach all domains except private ones. An endpoint knows the
// regional domains of its region, and the private ones that it has access to.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
func (w walk) isReachable(d *model.Domain, v visit) model.Truth {
	private := d.IsPrivate()
	if v.via == nil {
		return private.Not()
	}
	here := model.TruthOf(d.SameRegion(v.via.Placement) != model.False)
	return here.And(d.Type.Equals(model.APIEdge).Not().OrMaybeIf(true)).And(private.Not().Or(w.hasAccess(v.via, d)))
}

// hasAccess asks whether an endpoint may use a private domain.
func (w walk) hasAccess(e *model.Endpoint, d *model.Domain) model.Truth {
	has := model.False
	for a := range w.stack.AccessesOf(e) {
		has = has.Or(a.Domain.Names(d).And(a.Endpoint.Names(e)))
	}
	return has
}

// byDomain goes on at the custom domain that the Host header names.
func (w walk) byDomain(v visit) []Trace {
	options := w.domainsOf(v)
	none := func(w walk) []Trace { return w.noDomain(v) }
	return pick(w, v.at(), "which custom domain name "+v.host+" is", options, func(w walk, d *model.Domain) []Trace {
		return w.atDomain(v, d)
	}, none)
}

// domainsOf returns the custom domains that the Host header names, the most
// specific first.
func (w walk) domainsOf(v visit) []option[*model.Domain] {
	_, parent, _ := strings.Cut(v.host, ".")
	var options []option[*model.Domain]
	for _, host := range []string{v.host, "*." + parent} {
		for _, d := range w.gateways.domains[host] {
			options = append(options, option[*model.Domain]{d, w.isReachable(d, v)})
		}
	}
	for _, d := range w.gateways.hidden {
		options = append(options, option[*model.Domain]{d, w.isReachable(d, v).AtMostMaybe()})
	}
	return options
}

// noDomain ends the walk of a request whose Host header names no custom domain
// that it can reach.
func (w walk) noDomain(v visit) []Trace {
	for _, d := range w.gateways.domains[v.host] {
		return w.unreachable(v, d)
	}
	if w.mayBeElsewhere(v, v.host) {
		return w.giveUp(v.at(), "custom domain name %s is not in the stack", v.host)
	}
	if v.via != nil && w.isNameOf(v.host, v.via) {
		return w.stop(end{APINotFound, v.via.Element, v.via.Origin,
			"send the API's name as Host, or its ID as x-apigw-api-id"},
			"host %s is the endpoint's own name, and no header says which API is meant", v.host)
	}
	return w.stop(end{APINotFound, v.element(), v.at(),
		"create a custom domain name " + v.host + " and map it, or send the API's own name as Host"},
		"host %s is no default name of an API and no custom domain name of the stack", v.host)
}

// unreachable ends the walk of a request for a custom domain that clients cannot
// reach this way.
func (w walk) unreachable(v visit, d *model.Domain) []Trace {
	e := end{APINotFound, d.Element, d.Origin, "call " + v.host + " through an execute-api endpoint"}
	switch {
	case v.via == nil:
		return w.stop(e, "custom domain name %s is private, and the request does not come through an endpoint", v.host)
	case d.SameRegion(v.via.Placement) == model.False:
		e.fix = "call it through an endpoint in its own region"
		return w.stop(e, "custom domain name %s is in another region than endpoint %s", v.host, v.via.Name)
	}
	e.fix = "create a DomainNameAccessAssociation of " + d.Name + " with " + v.via.Name
	return w.stop(e, "endpoint %s has no access association with private custom domain name %s", v.via.Name, v.host)
}

// strict is the access mode in which API Gateway compares the name of the TLS
// handshake with the Host header.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
const strict = "STRICT"

// atDomain goes on at a custom domain that the Host header names.
func (w walk) atDomain(v visit, d *model.Domain) []Trace {
	v.domain, v.byDefaultName = d, false
	w = w.enter("custom domain name", d.Element)
	if isStrict := d.AccessMode.Equals(strict); isStrict != model.False && v.sni != v.host {
		var ended []Trace
		w, ended = w.require(isStrict.Not(), check{
			end{APINotFound, d.Element, d.At("endpointAccessMode"), "set endpointAccessMode to BASIC"},
			"the access mode takes any name in the TLS handshake",
			"access mode STRICT refuses the name " + v.sni + " in the TLS handshake, because Host is " + v.host,
		})
		if ended != nil {
			return ended
		}
	}
	w, ended := w.admitClient(v, d)
	if ended != nil {
		return ended
	}
	if w, ended = w.askDomain(v, d); ended != nil {
		return ended
	}
	return w.mapPath(v, d)
}

// admitClient checks that a custom domain takes clients without certificates.
func (w walk) admitClient(v visit, d *model.Domain) (walk, []Trace) {
	mutual := d.MutualTLS
	if mutual == model.False {
		return w, nil
	}
	return w.require(mutual.Not(), check{
		end{TLSFailed, d.Element, d.At("mutualTlsAuthentication"), "send a client certificate"},
		d.Name + " takes clients without a certificate", d.Name + " wants a certificate of the client",
	})
}

// mapPath goes on at the API that the longest base path leads to.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
func (w walk) mapPath(v visit, d *model.Domain) []Trace {
	if rules := d.RoutesByRules; rules != model.False {
		return w.giveUp(d.At("routingMode"), "routing rules of %s are not followed", d.Name)
	}
	path := strings.Trim(v.path, "/")
	var options []option[*model.DomainMapping]
	for m := range w.stack.MappingsOf(d) {
		is := m.Domain.Names(d).And(isBelow(path, m.BasePath))
		options = append(options, option[*model.DomainMapping]{m, is})
	}
	slices.SortStableFunc(options, func(a, b option[*model.DomainMapping]) int {
		return cmp.Compare(specificity(b.value), specificity(a.value))
	})
	none := func(w walk) []Trace {
		if len(w.stack.RestAPIs)+len(w.stack.HTTPAPIs) == 0 {
			return w.giveUp(d.Origin, "no mapping of %s is in the stack", d.Name)
		}
		return w.stop(end{NotMapped, d.Element, d.Origin, "map " + d.Name + " to an API and a stage"},
			"%s has no mapping for path /%s", d.Name, path)
	}
	return pick(w, d.Origin, "which mapping of "+d.Name+" is for the path", options,
		func(w walk, m *model.DomainMapping) []Trace { return w.atMapping(v, m, path) }, none)
}

// specificity returns how specific a mapping is. One whose base path is not known
// may be the most specific.
func specificity(m *model.DomainMapping) int {
	text, known := m.BasePath.Get()
	switch {
	case known:
		return len(text)
	case m.BasePath.IsUnknown():
		return 1 << 20
	}
	return 0
}

// isBelow asks whether a path, without slashes at its ends, begins with a base
// path.
func isBelow(path string, base model.Known[string]) model.Truth {
	text, known := base.Get()
	switch {
	case known:
		return model.TruthOf(path == text || strings.HasPrefix(path, text+"/"))
	case base.IsUnknown():
		return model.Maybe
	}
	return model.True
}

// atMapping goes on at the API of a mapping.
func (w walk) atMapping(v visit, m *model.DomainMapping, path string) []Trace {
	if m.BasePath.IsUnknown() {
		return w.giveUp(m.Origin, "the base path of %s is not known yet", m.Name)
	}
	text, _ := m.BasePath.Get()
	path = strings.TrimPrefix(strings.TrimPrefix(path, text), "/")
	w = w.pass(m.Origin, "%s is for /%s", m.Name, text)
	var all [][]Trace
	for _, api := range m.API.Candidates {
		v := v
		v.rest = api
		all = append(all, w.atMappedAPI(v, m, path))
	}
	for _, api := range m.HTTPAPI.Candidates {
		v := v
		v.http = api
		all = append(all, w.atMappedAPI(v, m, path))
	}
	if m.API.Open || m.HTTPAPI.Open || len(all) == 0 {
		all = append(all, w.giveUp(m.Origin, "the API of %s is not in the stack", m.Name))
	}
	return w.oneOf(m.Origin, "the API of "+m.Name, all...)
}

// atMappedAPI goes on at the API of a mapping. If the mapping names no stage, the
// path begins with the stage's name.
func (w walk) atMappedAPI(v visit, m *model.DomainMapping, path string) []Trace {
	w, ended := w.reach(v)
	if ended != nil {
		return ended
	}
	if m.StageName.IsAbsent() {
		return w.findStage(v, path)
	}
	return w.stageNamed(v, m.StageName, m.Origin, "/"+path)
}

// covers asks whether a certificate of a domain may be valid for a host. AWS takes
// no domain without a certificate for its name, so what is not known counts as yes.
func covers(d *model.Domain, host string) model.Truth {
	if d.Certificates.IsEmpty() {
		return model.True
	}
	covers := d.Certificates.Any(func(ref model.Ref[model.Certificate]) model.Truth {
		return ref.Ask(func(c *model.Certificate) model.Truth { return c.Covers(host) })
	})
	return model.TruthOf(covers != model.False)
}
