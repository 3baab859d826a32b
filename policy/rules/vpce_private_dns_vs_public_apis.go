package rules

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
)

var vpcePrivateDNSVsPublicAPIs = &Rule{
	ID:    "vpce-private-dns-vs-public-apis",
	Title: "Private DNS of an execute-api endpoint does not capture public APIs",
	Why: `With private DNS on, an execute-api endpoint answers for every name under
execute-api.<region>.amazonaws.com in its whole VPC, and it knows private APIs only.
Clients in the VPC that call a regional, edge-optimized, HTTP or WebSocket API by its
default name get HTTP 403 {"message":"Forbidden"}, also where they could before.`,
	Fix: `Turn privateDnsEnabled off and call the private API by the endpoint's own name, or
give the public API a custom domain (an alias record, no CNAME to its execute-api
name) and set disableExecuteApiEndpoint on it.`,
	Severity: High,
	Level:    Advisory,
	Links: []string{
		"https://repost.aws/knowledge-center/api-gateway-vpc-connections",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html",
	},
	Tags:  []string{"vpc-endpoint", "api-gateway", "dns"},
	Check: checkPrivateDNS,
}

func checkPrivateDNS(s *model.Stack, r *Report) {
	apis := publicAPIs(s)
	for _, e := range s.Endpoints {
		if e.IsExecuteAPI() == model.False {
			continue
		}
		captures, captured := model.False, []string{}
		for _, api := range apis {
			hit := e.IsExecuteAPI().And(e.PrivateDNS).And(api.public).And(e.SameRegion(api.Placement))
			captures = captures.Or(hit)
			if hit == model.True {
				captured = append(captured, api.String())
			}
		}
		switch captures {
		case model.False:
			r.Pass(e.Origin)
		case model.Maybe:
			r.Unknown(e.At("privateDnsEnabled"), "%s: it is not known yet whether it captures the names of public APIs", e.Name)
		default:
			r.Violation(e.At("privateDnsEnabled"), "%s: private DNS is on, so its VPC cannot call %s by the default name; "+
				"want private DNS off, or a custom domain and no default name for the API", e.Name, strings.Join(captured, ", "))
		}
	}
}

// publicAPI is an API that has a public execute-api name, or may have one.
type publicAPI struct {
	model.Element
	kind   string
	public model.Truth
}

func (a publicAPI) String() string { return fmt.Sprintf("%s API %s", a.kind, a.Name) }

func publicAPIs(s *model.Stack) []publicAPI {
	var all []publicAPI
	for _, api := range s.RestAPIs {
		kind, _ := api.Type.Get()
		public := api.Type.Equals(model.TypePrivate).Not().And(api.DefaultNameOff.Equals(false))
		all = append(all, publicAPI{api.Element, kind + " REST", public})
	}
	for _, api := range s.HTTPAPIs {
		all = append(all, publicAPI{api.Element, "HTTP or WebSocket", api.DefaultNameOff.Equals(false)})
	}
	return all
}
