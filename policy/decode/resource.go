package decode

import (
	"slices"
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
	"aws:apigateway/account:Account":       {"cloudwatchRoleArn"},
	"aws:apigateway/domainName:DomainName": {"endpointConfiguration", "policy", "securityPolicy"},
	"aws:apigatewayv2/api:Api":             {"disableExecuteApiEndpoint"},
	"aws:ec2/securityGroup:SecurityGroup":  {"ingress"},
	"aws:ec2/vpcEndpoint:VpcEndpoint":      {"privateDnsEnabled", "securityGroupIds", "subnetConfigurations", "subnetIds"},
	"aws:acm/certificate:Certificate":      {"subjectAlternativeNames"},
	"aws:ec2/routeTable:RouteTable":        {"routes"},
	"aws:ec2/vpc:Vpc":                      {"cidrBlock", "enableDnsHostnames", "ipv6CidrBlock"},
	"aws:lb/listener:Listener":             {"protocol", "sslPolicy"},
	"aws:lb/loadBalancer:LoadBalancer": {
		"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "internal", "ipAddressType", "name", "namePrefix", "securityGroups", "subnetMappings", "subnets",
	},
	"aws:lb/targetGroup:TargetGroup":                    {"healthCheck", "loadBalancingCrossZoneEnabled", "name", "namePrefix", "preserveClientIp"},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"ingress"},
	"aws:ec2/vpcEndpointService:VpcEndpointService":     {"allowedPrincipals", "privateDnsName", "privateDnsNameConfigurations", "supportedIpAddressTypes"},
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

// onRead is told of each property that is read, for the test that compares them
// with what is documented.
var onRead func(resourceType, property string)

// get reads a property. One that is missing although it depends on other
// resources is unknown: the engine drops what it cannot know yet
// (https://github.com/pulumi/pulumi/issues/7854).
func (n *node) get(key string) value {
	if onRead != nil {
		onRead(canonical(string(n.Type)), key)
	}
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

// exists reports that the resource is there already: the engine knows its id, or
// something else that AWS gave it.
func (n *node) exists() bool {
	for _, key := range []string{"id", "arn", "ownerId", "state"} {
		if _, known := n.get(key).str().Get(); known {
			return true
		}
	}
	return false
}

// mayKeep reports that a part of a property may be one that the program does not
// set: the provider keeps what a resource that exists has there. What comes from
// other resources the program sets.
func (n *node) mayKeep(key string) bool {
	programmed := len(n.sources(key)) > 0 && !n.get(key).raw.ContainsUnknowns()
	return len(n.names()) > 0 && !programmed
}

// ignoresChanges reports that Pulumi is told to ignore changes of a property.
func (n *node) ignoresChanges(key string) bool {
	return slices.ContainsFunc(n.Options.IgnoreChanges, func(path string) bool {
		return path == "*" || path == key || strings.HasPrefix(path, key+"[")
	})
}

// from is what a property is made from.
func (n *node) from(key string) model.Sources {
	var all model.Sources
	for _, urn := range n.sources(key) {
		if isAWS(urn) {
			all.AWS = append(all.AWS, string(urn))
		} else {
			all.Other = append(all.Other, string(urn))
		}
	}
	return all
}

// gives asks whether the program sets a property to something. A value that is
// made from an AWS resource's output is not empty once it is known.
func (n *node) gives(key string) model.Truth {
	v := n.get(key)
	switch {
	case v.absent:
		return model.False
	case !v.hidden || slices.ContainsFunc(n.sources(key), isAWS):
		return model.True
	}
	return model.Maybe
}

func isAWS(urn resource.URN) bool {
	return urn.IsValid() && strings.HasPrefix(string(urn.Type()), "aws:")
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
