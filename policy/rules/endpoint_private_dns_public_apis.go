package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var apisCalledElsewhere = rule.Names("apisCalledElsewhere",
	"Public APIs, by their names in the program, whose default name no client in these VPCs calls.")

var endpointPrivateDNSPublicAPIs = &rule.Rule{
	ID:    "endpoint-private-dns-public-apis",
	Title: "Private DNS of an execute-api endpoint does not capture the names of public APIs",
	Why: `With private DNS on, an execute-api endpoint answers for every name under
execute-api.<region>.amazonaws.com in its whole VPC, and it knows private APIs only. A private
zone of that name does the same in its VPCs. Clients there that call a regional,
edge-optimized, HTTP or WebSocket API of the region by its default name get HTTP 403
{"message":"Forbidden"}, even if that worked before. It does not matter where the API's
backend is: an API has no VPC, and its clients count. Clients that call a custom domain by a
CNAME record get 403 too: private DNS also answers for the host that the record leads to,
d-….execute-api.<region>.amazonaws.com.`,
	Fix: `Turn privateDnsEnabled off and call the private API by the endpoint's own name. Or give
the public API a custom domain (with an alias record instead of a CNAME to its execute-api
name) and set disableExecuteApiEndpoint on it. Instead of a zone for the whole domain, use one
with the name of a single private API. If no client in the VPC calls a public API, add the API
to the parameter apisCalledElsewhere.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{capturedAPI, capturedCNAME, capturedMappedAPI},
	Links: []string{
		"https://repost.aws/knowledge-center/api-gateway-vpc-connections",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html",
	},
	Tags:       []string{"vpc-endpoint", "api-gateway", "dns"},
	FormerIDs:  []string{"vpce-private-dns-vs-public-apis"},
	Parameters: []rule.Parameter{apisCalledElsewhere},
	Check:      checkEndpointPrivateDNSPublicAPIs,
}

var (
	capturedAPI = &rule.Defect{
		ID: "public-api", Summary: "A VPC resolves the default name of a public API to an endpoint.",
		Outcome: rule.Required,
		Effect:  `Clients in the VPC that call the API by that name get HTTP 403 {"message":"Forbidden"}.`,
	}
	capturedCNAME = &rule.Defect{
		ID: "cname", Summary: "A VPC resolves a CNAME record of a public custom domain to an endpoint.",
		Outcome: rule.Required,
		Effect:  `Clients in the VPC that call the custom domain get HTTP 403 {"message":"Forbidden"}.`,
	}
	capturedMappedAPI = &rule.Defect{
		ID: "mapped-api", Summary: "A VPC resolves the default name of an API with a custom domain to an endpoint.",
		Outcome: rule.Risky,
		Effect:  "Clients in the VPC can call the API by its custom domain only.",
	}
)

func checkEndpointPrivateDNSPublicAPIs(s *model.Stack, r *rule.Report) {
	var captors []captor
	for _, e := range s.Endpoints {
		if e.IsExecuteAPI() != model.False {
			captors = append(captors, endpointCaptor(e))
		}
	}
	for _, z := range s.HostedZones {
		if c := zoneCaptor(s, z); c.answers != model.False {
			captors = append(captors, c)
		}
	}
	if len(captors) == 0 {
		return
	}
	names := slices.Concat(publicAPIs(s, apisCalledElsewhere.Value(r)), regionalCNAMEs(s))
	for _, c := range captors {
		r.Judge(c.at, c.faults(names)...)
	}
}

// captor answers for all default names of APIs in one region, in one or more
// VPCs: an endpoint with private DNS, or a private zone.
type captor struct {
	answers model.Truth
	// domain is the domain of those names.
	domain model.Known[string]
	// near asks whether an API is in that region.
	near   func(model.Placement) model.Truth
	at     model.Origin
	says   string // For messages: what answers, and where.
	advice string
}

func endpointCaptor(e *model.Endpoint) captor {
	domain := e.PrivateName()
	return captor{
		answers: e.IsExecuteAPI().And(e.PrivateDNS),
		domain:  domain,
		near: func(api model.Placement) model.Truth {
			if near := isRegionOf(domain, api); near != model.Maybe {
				return near
			}
			return e.SameRegion(api)
		},
		at:     e.At("privateDnsEnabled"),
		says:   e.Name + ": private DNS is on, so its VPC",
		advice: "want private DNS off",
	}
}

// zoneCaptor returns a private zone as a captor. If the region of an API is not
// known, an endpoint for the same names tells whether the zone is for that
// region.
func zoneCaptor(s *model.Stack, z *model.HostedZone) captor {
	domain, known := z.Domain.Get()
	captures := model.Maybe
	if known {
		_, isRegional := model.ExecuteAPIRegion(domain)
		captures = model.TruthOf(isRegional)
	}
	return captor{
		answers: z.IsPrivate().And(captures),
		domain:  z.Domain,
		near: func(api model.Placement) model.Truth {
			near := isRegionOf(z.Domain, api)
			for _, e := range s.Endpoints {
				if near == model.Maybe && e.PrivateName().Is(domain) && e.SameRegion(api) == model.True {
					near = model.True
				}
			}
			return near
		},
		at:     z.At("name"),
		says:   z.Name + " answers for all names of API Gateway in the region, so its VPCs",
		advice: "want a zone for the name of one private API",
	}
}

// isRegionOf asks whether an API's region is the one whose names are in a domain.
func isRegionOf(domain model.Known[string], api model.Placement) model.Truth {
	name, known := domain.Get()
	region, isRegional := model.ExecuteAPIRegion(name)
	if _, regionKnown := api.Region().Get(); !known || !isRegional || !regionKnown {
		return model.Maybe
	}
	return api.Region().Equals(region)
}

// faults returns a fault for each defect that a captor has.
func (c captor) faults(names []publicName) []rule.Fault {
	if c.answers == model.False {
		return nil
	}
	var faults []rule.Fault
	for _, d := range []*rule.Defect{capturedAPI, capturedCNAME, capturedMappedAPI} {
		present, captured := model.False, []string{}
		for _, name := range names {
			if name.defect != d {
				continue
			}
			hit := c.answers.And(name.isIn(c))
			present = present.Or(hit)
			if hit == model.True || len(captured) == 0 && hit == model.Maybe {
				captured = append(captured, name.text)
			}
		}
		faults = append(faults, d.If(present, c.at, "%s cannot call %s; %s, or public APIs called by an alias of a "+
			"custom domain", c.says, strings.Join(captured, ", "), c.advice))
	}
	return faults
}

// publicName is a name by which clients call a public API, or may call it.
type publicName struct {
	defect *rule.Defect // What it is if a captor answers for the name.
	text   string
	isIn   func(captor) model.Truth
}

// publicAPIs returns the default host names of the APIs that may be public,
// except of those that are called elsewhere.
func publicAPIs(s *model.Stack, elsewhere []string) []publicName {
	var all []publicName
	add := func(api model.Element, kind string, public, mapped model.Truth) {
		if slices.Contains(elsewhere, api.NameInProgram) {
			return
		}
		addIf := func(has model.Truth, d *rule.Defect) {
			if has == model.False {
				return
			}
			isIn := func(c captor) model.Truth { return has.And(c.near(api.Placement)) }
			all = append(all, publicName{d, kind + " API " + api.Name + " by the default name", isIn})
		}
		addIf(public.And(mapped.Not()), capturedAPI)
		addIf(public.And(mapped), capturedMappedAPI)
	}
	for _, api := range s.RestAPIs {
		kind, _ := api.Type.Get()
		public := api.IsPrivate().Not().And(api.DefaultNameOff.Equals(false))
		add(api.Element, string(kind)+" REST", public, isMapped(s, func(m *model.DomainMapping) model.Truth {
			return m.API.Names(api)
		}))
	}
	for _, api := range s.HTTPAPIs {
		add(api.Element, "HTTP or WebSocket", api.DefaultNameOff.Equals(false),
			isMapped(s, func(m *model.DomainMapping) model.Truth { return m.HTTPAPI.Names(api) }))
	}
	return all
}

// isMapped asks whether clients can call an API by a custom domain: one of the
// mappings leads to it.
func isMapped(s *model.Stack, leads func(*model.DomainMapping) model.Truth) model.Truth {
	mapped := model.False
	for _, m := range s.DomainMappings {
		mapped = mapped.Or(leads(m))
	}
	return mapped
}

// regionalCNAMEs returns the CNAME records that make clients resolve a name under
// execute-api. Alias records do not: Route 53 answers them with addresses.
func regionalCNAMEs(s *model.Stack) []publicName {
	var all []publicName
	for _, record := range s.Records {
		leads := record.Destination
		captured := record.Type.Equals(model.RecordCNAME).And(record.IsAlias.Not()).And(leads.IsRegionalDomain)
		if captured == model.False {
			continue
		}
		isIn := func(c captor) model.Truth {
			near := c.near(leads.Placement)
			if host, known := leads.Host.Get(); known {
				near = endsIn(host, c.domain)
			}
			return captured.And(near)
		}
		all = append(all, publicName{capturedCNAME, "the API behind CNAME record " + record.Name, isIn})
	}
	return all
}

func endsIn(host string, domain model.Known[string]) model.Truth {
	name, known := domain.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(strings.HasSuffix(host, "."+name))
}
