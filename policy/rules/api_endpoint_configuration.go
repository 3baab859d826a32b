package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var apiEndpointConfiguration = &rule.Rule{
	ID:    "api-endpoint-configuration",
	Title: "The endpoint configuration of an API fits its type",
	Why: `Only a private API can be associated with VPC endpoints, and private APIs and domains are
always dualstack. API Gateway refuses anything else in the middle of a deployment:
"BadRequestException: VPCEndpoints can only be specified with PRIVATE apis."`,
	Fix: `Set types to PRIVATE, or leave vpcEndpointIds out. Also remove them when an API stops
being private. Leave ipAddressType of a private API or domain out, or set it to dualstack.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{publicAPIWithEndpoints, privateWithoutIPv6},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html",
	},
	Tags:      []string{"api-gateway", "private-api"},
	FormerIDs: []string{"apigw-endpoint-args"},
	Check:     checkAPIEndpointConfiguration,
}

var (
	publicAPIWithEndpoints = &rule.Defect{
		ID:      "endpoints-of-public-api",
		Summary: "An API that is not private is associated with VPC endpoints.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "BadRequestException: VPCEndpoints can only be specified with PRIVATE apis".`,
	}
	privateWithoutIPv6 = &rule.Defect{
		ID:      "private-ipv4",
		Summary: "A private API or domain has the address type ipv4.",
		Outcome: rule.Refused,
		Effect:  "AWS refuses it: private APIs and private domains are always dualstack.",
	}
)

func checkAPIEndpointConfiguration(s *model.Stack, r *rule.Report) {
	for _, api := range s.RestAPIs {
		kind, _ := api.Type.Get()
		associated := api.IsPrivate().Not().And(rule.HasAny(api.Endpoints))
		r.Judge(api.Origin,
			publicAPIWithEndpoints.If(associated, api.At("endpointConfiguration"),
				"%s is %s and has vpcEndpointIds; want type PRIVATE, or no vpcEndpointIds", api.Name, kind),
			ipv4Only(api.Element, api.IsPrivate(), api.Addresses),
		)
	}
	for _, d := range s.Domains {
		r.Judge(d.Origin, ipv4Only(d.Element, d.IsPrivate(), d.Addresses))
	}
}

// ipv4Only returns the fault of a private API or domain without IPv6.
func ipv4Only(e model.Element, private model.Truth, addresses model.Known[model.IPAddressType]) rule.Fault {
	return privateWithoutIPv6.If(private.And(addresses.Equals(model.IPv4)), e.At("endpointConfiguration"),
		"%s is PRIVATE and has ipAddressType ipv4; want dualstack", e.Name)
}
