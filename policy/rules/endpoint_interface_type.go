package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointInterfaceType = &rule.Rule{
	ID:    "endpoint-interface-type",
	Title: "An endpoint for API Gateway or an endpoint service is an interface endpoint",
	Why: `An endpoint without vpcEndpointType is a Gateway endpoint, which only S3 and DynamoDB
have. For execute-api or an endpoint service AWS refuses to create it, after everything
before it has been deployed: "InvalidParameter: Endpoint type (Gateway) does not match
available service types ([Interface])".`,
	Fix: `Set vpcEndpointType to Interface, and give the endpoint subnetIds and
securityGroupIds. An endpoint service of gateway load balancers takes
GatewayLoadBalancer instead.`,
	Severity: rule.High,
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcendpoint/",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
	},
	Tags:      []string{"vpc-endpoint"},
	FormerIDs: []string{"vpce-interface-type"},
	Defects:   []*rule.Defect{endpointNoInterface},
	Check:     checkEndpointInterfaceType,
}

var endpointNoInterface = &rule.Defect{
	ID: "type", Outcome: rule.Refused,
	Summary: "An endpoint for API Gateway or an endpoint service has another type than Interface.",
	Effect: `AWS refuses it: "InvalidParameter: Endpoint type (Gateway) does not match available service types ` +
		`([Interface])".`,
}

func checkEndpointInterfaceType(s *model.Stack, r *rule.Report) {
	for _, e := range s.Endpoints {
		forAPI, forService := e.IsExecuteAPI(), e.IsForEndpointService()
		if forAPI.Or(forService) == model.False {
			continue
		}
		isInterface := e.IsInterface()
		forAppliance := e.Type.Equals(model.EndpointGatewayLoadBalancer).And(forAPI.Not())
		kind, _ := e.Type.Get()
		r.Judge(e.Origin, endpointNoInterface.If(
			forAPI.Or(forService).And(isInterface.Or(forAppliance).Not()), e.At("vpcEndpointType"),
			"%s is a %s endpoint for %s; want vpcEndpointType Interface",
			e.Name, kind, rule.NameOr(e.Service, "an endpoint service")))
	}
}
