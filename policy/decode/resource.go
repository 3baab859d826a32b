package decode

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/model"
)

// node is a resource of the stack that the model keeps.
type node struct {
	plugin.AnalyzerStackResource
	// blind is set where the provider itself is not configured yet: then an
	// unknown says nothing about what the program set.
	blind bool
}

// leftToProvider lists, by type, inputs that the provider fills in when the
// program does not set them. At preview such an output is unknown although
// nobody set it, and what it stands for is the default of the service: a
// security group without rules, an API without a policy, an edge-optimised API.
// The two cases differ in one thing: a value that the program took from
// somewhere comes with the URNs it depends on.
var leftToProvider = map[string][]string{
	"aws:apigateway/restApi:RestApi":       {"policy", "endpointConfiguration", "disableExecuteApiEndpoint"},
	"aws:apigateway/domainName:DomainName": {"policy"},
	"aws:apigatewayv2/api:Api":             {"disableExecuteApiEndpoint"},
	"aws:ec2/securityGroup:SecurityGroup":  {"ingress"},
	"aws:ec2/vpcEndpoint:VpcEndpoint":      {"privateDnsEnabled", "securityGroupIds", "subnetIds"},
	"aws:acm/certificate:Certificate":      {"subjectAlternativeNames"},
	"aws:ec2/vpc:Vpc":                      {"cidrBlock", "enableDnsHostnames", "ipv6CidrBlock"},
	"aws:lb/listener:Listener":             {"protocol", "sslPolicy"},
	"aws:lb/loadBalancer:LoadBalancer": {
		"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "internal", "ipAddressType", "securityGroups", "subnetMappings", "subnets",
	},
	"aws:lb/targetGroup:TargetGroup":                    {"loadBalancingCrossZoneEnabled"},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"ingress"},
}

// LeftToProvider reports that an unknown without dependencies in this property
// reads as absent, because the provider fills in what a program leaves out.
func LeftToProvider(resourceType, property string) bool {
	for _, key := range leftToProvider[canonical(resourceType)] {
		if key == property {
			return true
		}
	}
	return false
}

// canonical maps the second token of the load-balancer types to the first:
// `aws:alb/…` and `aws:lb/…` are the same resources.
func canonical(resourceType string) string {
	if rest, isAlb := strings.CutPrefix(resourceType, "aws:alb/"); isAlb {
		return "aws:lb/" + rest
	}
	return resourceType
}

func newNode(r plugin.AnalyzerStackResource) *node {
	return &node{AnalyzerStackResource: r, blind: r.Provider != nil && r.Provider.Properties.ContainsUnknowns()}
}

// get reads a property. One that is missing although it depends on other
// resources is unknown: the engine drops what it cannot know yet
// (https://github.com/pulumi/pulumi/issues/7854).
func (n *node) get(key string) value {
	v := newValue(n.Properties[resource.PropertyKey(key)], key)
	depends := len(n.sources(key)) > 0
	switch {
	case v.absent && depends && v.raw.IsNull():
		v.absent, v.hidden = false, true
	case v.computed() && !depends && !n.blind && LeftToProvider(string(n.Type), key):
		v.absent, v.hidden = true, false
	}
	return v
}

// sources are the URNs that a property, or a part of it, comes from.
func (n *node) sources(key string) []resource.URN {
	return n.PropertyDependencies[resource.PropertyKey(key)]
}

func (n *node) origin(property string) model.Origin {
	return model.Origin{URN: string(n.URN), Property: property}
}

func (n *node) element() model.Element {
	e := model.Element{Origin: n.origin(""), Name: n.Name}
	if n.Provider != nil {
		e.Placement = model.Placement{
			Provider: string(n.Provider.URN),
			Region:   newValue(n.Provider.Properties["region"], "region").str(),
		}
	}
	return e
}
