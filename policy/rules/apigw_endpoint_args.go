package rules

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

var apigwEndpointArgs = &Rule{
	ID:    "apigw-endpoint-args",
	Title: "The endpoint configuration of an API fits its type",
	Why: `Only a private API can be associated with VPC endpoints, and what is private is always
dualstack. API Gateway refuses the rest, in the middle of a deployment:
"BadRequestException: VPCEndpoints can only be specified with PRIVATE apis."`,
	Fix: `Set types to PRIVATE or leave vpcEndpointIds out, also when an API stops being private.
Leave ipAddressType of a private API or domain out, or set it to dualstack.`,
	Severity: Medium,
	Level:    Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html",
	},
	Tags:  []string{"api-gateway", "private-api"},
	Check: checkEndpointArgs,
}

func checkEndpointArgs(s *model.Stack, r *Report) {
	for _, api := range s.RestAPIs {
		kind, _ := api.Type.Get()
		associated := api.IsPrivate().Not().And(hasAny(api.Endpoints))
		r.judge(api.Origin, []fault{
			{associated, api.At("endpointConfiguration"), fmt.Sprintf("%s is %s and has vpcEndpointIds; want PRIVATE, or none", api.Name, kind)},
			singleStack(api.Element, api.IsPrivate(), api.Addresses),
		})
	}
	for _, d := range s.Domains {
		r.judge(d.Origin, []fault{singleStack(d.Element, d.IsPrivate(), d.Addresses)})
	}
}

func singleStack(e model.Element, private model.Truth, addresses model.Known[string]) fault {
	return fault{private.And(addresses.Equals("ipv4")), e.At("endpointConfiguration"),
		fmt.Sprintf("%s is PRIVATE and has ipAddressType ipv4; want dualstack", e.Name)}
}
