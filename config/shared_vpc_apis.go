package config

import "private-api-blueprints/internal/settings"

// SharedVpcApis is the configuration of shared-vpc-apis: one VPC whose clients
// call a private and a regional REST API.
type SharedVpcApis struct {
	Selection
	// Network is where the endpoint is, in the private subnets. Clients there need
	// natGateways for the regional API, which is on the internet.
	Network Network `config:"network" tiers:"private"`
	// Endpoint describes the execute-api endpoint. Its private DNS must stay off.
	Endpoint Endpoint `config:"endpoint" require:"clientCidrs"`
	// Api describes all REST APIs.
	Api Api `config:"api"`
	FurtherApis
	Functions
	// EdgeApi adds an edge-optimized REST API with the same routes, the third kind of
	// REST APIs. Its name leads to CloudFront, so clients in the VPC need natGateways for
	// it, and private DNS would take it away from them too.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html
	EdgeApi bool `config:"edgeApi" default:"false"`
	// Client describes a function in the private subnets that calls each API by each of
	// its names, with a signature if the first route wants one. It must be in
	// endpoint.clientCidrs.
	Client VpcClient `config:"client"`
	// Alarms describes CloudWatch alarms, the same for each API. Without it there
	// are none.
	Alarms *StageAlarms `config:"alarms"`
}

// check refuses functions that the routes do not match, private DNS, which would
// take the regional API away from the VPC, and more ranges than the endpoint's
// security group takes.
func (s *SharedVpcApis) check(c settings.Section) {
	s.CheckRoutes(c)
	s.checkRole(c, &s.Api)
	for _, api := range s.AllApis() {
		if api.Existing != nil {
			groupOf(c, api.Keys()).Reject("existing", nil, "want a new API here: this blueprint creates two APIs to "+
				"compare, and static-ip-apigw and ipv6-front have a front for one that exists")
		}
	}
	if s.Endpoint.PrivateDnsEnabled {
		c.Group("endpoint").Reject("privateDnsEnabled", true,
			"want false: with private DNS every execute-api name in the VPC leads to the endpoint, "+
				"which serves private APIs only, and the regional API answers 403 "+
				"(https://repost.aws/knowledge-center/api-gateway-vpc-connections)")
	}
	endpoint := inboundRules{most: s.RulesPerSecurityGroup}
	endpoint.check(c.Group("endpoint"), "clientCidrs", s.Endpoint.ClientCidrs)
}

// CheckRoutes refuses functions that the routes do not match, and a client that the
// APIs would turn away. It knows the routes of an OpenAPI document once the API has
// taken it.
func (s *SharedVpcApis) CheckRoutes(c settings.Section) {
	s.checkNames(c, s.AllApis())
	s.Client.checkApi(&s.Api.RestApi, c.Group("client"))
}

// AllApis returns all REST APIs of the stack, that of the group api first.
func (s *SharedVpcApis) AllApis() []NamedApi { return s.With(&s.Api.RestApi) }

// Absent says why the blueprint has no such group of keys.
func (s *SharedVpcApis) Absent(key string) string {
	if key == "domain" {
		return "want it without: this blueprint shows how clients call APIs by the names that AWS gives them, and " +
			"has no front; static-ip-apigw and ipv6-front have names"
	}
	return ""
}
