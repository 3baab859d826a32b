package rules

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPrivateDNSPublicAPIs = &rule.Rule{
	ID:    "endpoint-private-dns-public-apis",
	Title: "Private DNS of an execute-api endpoint does not capture the names of public APIs",
	Why: `With private DNS on, an execute-api endpoint answers for every name under
execute-api.<region>.amazonaws.com in its whole VPC, and it knows private APIs only.
Clients in the VPC that call a regional, edge-optimized, HTTP or WebSocket API by its
default name get HTTP 403 {"message":"Forbidden"}, even if that worked before. Clients that
call a custom domain by a CNAME record get it too: in the VPC, private DNS also answers for
the host that the record leads to, d-….execute-api.<region>.amazonaws.com.`,
	Fix: `Turn privateDnsEnabled off and call the private API by the endpoint's own name. Or give
the public API a custom domain (with an alias record instead of a CNAME to its execute-api
name) and set disableExecuteApiEndpoint on it.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://repost.aws/knowledge-center/api-gateway-vpc-connections",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html",
	},
	Tags:      []string{"vpc-endpoint", "api-gateway", "dns"},
	FormerIDs: []string{"vpce-private-dns-vs-public-apis"},
	Check:     checkEndpointPrivateDNSPublicAPIs,
}

func checkEndpointPrivateDNSPublicAPIs(s *model.Stack, r *rule.Report) {
	names := append(publicAPIs(s), regionalCNAMEs(s)...)
	for _, e := range s.Endpoints {
		if e.IsExecuteAPI() == model.False {
			continue
		}
		captures, captured := model.False, []string{}
		for _, name := range names {
			hit := e.IsExecuteAPI().And(e.PrivateDNS).And(name.capturedBy(e))
			captures = captures.Or(hit)
			if hit == model.True {
				captured = append(captured, name.text)
			}
		}
		switch captures {
		case model.False:
			r.Pass(e.Origin)
		case model.Maybe:
			r.Unknown(e.At("privateDnsEnabled"), "%s: it is not known yet whether it captures the names of public APIs",
				e.Name)
		default:
			r.Violation(rule.Unlisted, e.At("privateDnsEnabled"), "%s: private DNS is on, so its VPC cannot call %s; "+
				"want private DNS off, or public APIs called by an alias of a custom domain", e.Name,
				strings.Join(captured, ", "))
		}
	}
}

// publicName is a name by which clients call a public API, or may call it.
type publicName struct {
	text       string
	capturedBy func(*model.Endpoint) model.Truth
}

// publicAPIs returns the default host names of the APIs that may be public.
func publicAPIs(s *model.Stack) []publicName {
	var all []publicName
	add := func(api model.Element, kind string, public model.Truth) {
		all = append(all, publicName{
			fmt.Sprintf("%s API %s by the default name", kind, api.Name),
			func(e *model.Endpoint) model.Truth { return public.And(e.SameRegion(api.Placement)) },
		})
	}
	for _, api := range s.RestAPIs {
		kind, _ := api.Type.Get()
		add(api.Element, string(kind)+" REST",
			api.Type.Equals(model.APIPrivate).Not().And(api.DefaultNameOff.Equals(false)))
	}
	for _, api := range s.HTTPAPIs {
		add(api.Element, "HTTP or WebSocket", api.DefaultNameOff.Equals(false))
	}
	return all
}

// regionalCNAMEs returns the CNAME records that make clients resolve a name under
// execute-api. Alias records do not: Route 53 answers them with addresses.
func regionalCNAMEs(s *model.Stack) []publicName {
	var all []publicName
	for _, record := range s.Records {
		leads := record.Destination
		isCNAME := record.Type.Equals(model.RecordCNAME).And(record.IsAlias.Not())
		all = append(all, publicName{
			fmt.Sprintf("the API behind CNAME record %s", record.Name),
			func(e *model.Endpoint) model.Truth {
				near := e.SameRegion(leads.Placement)
				if host, known := leads.Host.Get(); known {
					near = endsIn(host, e.PrivateName())
				}
				return isCNAME.And(leads.IsRegionalDomain).And(near)
			},
		})
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
