package components

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tape records what a program registers, as an engine would see it, and
// answers as AWS would where a component reads the answer.
type tape struct {
	mu        sync.Mutex
	resources map[string]recorded // By name.
}

type recorded struct {
	rpc    *pulumirpc.RegisterResourceRequest
	inputs map[string]any
}

// record runs a program and returns what it registered. It fails the test when
// the program fails, and when a resource is registered outside a component:
// opts given to a component, such as a provider, would not reach it.
func record(t *testing.T, program func(ctx *pulumi.Context) error) *tape {
	t.Helper()
	tp := &tape{resources: map[string]recorded{}}
	require.NoError(t, pulumi.RunErr(program, pulumi.WithMocks("project", "stack", tp)))
	for name, r := range tp.resources {
		if r.rpc.Custom || r.rpc.Remote {
			assert.Contains(t, r.rpc.Parent, "private-api-blueprints:components:", "the parent of %s", name)
		}
	}
	return tp
}

func (tp *tape) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	// A component may have a child of its own name.
	if key := args.Name; args.RegisterRPC.GetCustom() || args.RegisterRPC.GetRemote() {
		tp.resources[key] = recorded{args.RegisterRPC, args.Inputs.Mappable()}
	}
	state := args.Inputs.Copy()
	state["id"] = resource.NewProperty(args.Name + ".id")
	for key, value := range answers(args) {
		if _, given := state[resource.PropertyKey(key)]; !given {
			state[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
		}
	}
	return args.Name + ".id", state, nil
}

// answers are the outputs that components read.
func answers(args pulumi.MockResourceArgs) map[string]any {
	of := func(output string) string { return args.Name + "." + output }
	common := map[string]any{"arn": of("arn"), "name": of("name")}
	special := map[string]map[string]any{
		"awsx:ec2:Vpc": {"vpcId": of("vpcId"), "publicSubnetIds": []any{"public-a", "public-b"}, "privateSubnetIds": []any{"private-a", "private-b"}},
		"aws:ec2/vpcEndpoint:VpcEndpoint": {"dnsEntries": []any{
			map[string]any{"dnsName": "vpce-0a1b-c2d3-us-east-1a.execute-api.us-east-1.vpce.amazonaws.com", "hostedZoneId": "ZONAL"},
			map[string]any{"dnsName": "*.execute-api.us-east-1.amazonaws.com", "hostedZoneId": "PRIVATE"},
			map[string]any{"dnsName": "vpce-0a1b-c2d3.execute-api.us-east-1.vpce.amazonaws.com", "hostedZoneId": "REGIONAL"},
		}},
		"aws:ec2/eip:Eip":                  {"allocationId": of("allocationId"), "publicIp": of("publicIp")},
		"aws:lb/loadBalancer:LoadBalancer": {"arnSuffix": of("arnSuffix"), "dnsName": of("dnsName"), "zoneId": of("zoneId")},
		"aws:route53/zone:Zone":            {"zoneId": of("zoneId")},
		"aws:route53/record:Record":        {"fqdn": of("fqdn")},
		"aws:acm/certificate:Certificate": {"domainValidationOptions": []any{map[string]any{
			"resourceRecordName": "_x.api.example.com.", "resourceRecordType": "CNAME", "resourceRecordValue": "_y.acm-validations.aws.",
		}}},
		"aws:ec2/vpcEndpointService:VpcEndpointService": {"serviceName": of("serviceName"), "privateDnsNameConfigurations": []any{map[string]any{
			"name": "_x", "type": "TXT", "value": "vpce:y", "state": "pendingVerification",
		}}},
		"aws:apigateway/restApi:RestApi":       {"executionArn": of("executionArn"), "rootResourceId": of("rootResourceId")},
		"aws:apigateway/domainName:DomainName": {"domainNameId": of("domainNameId")},
		"aws:apigateway/stage:Stage":           {"invokeUrl": of("invokeUrl")},
		"aws:lambda/function:Function":         {"invokeArn": of("invokeArn")},
	}
	maps.Copy(common, special[args.TypeToken])
	return common
}

func (tp *tape) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	switch args.Token {
	case "aws:ssm/getParameter:getParameter":
		return resource.PropertyMap{"insecureValue": resource.NewProperty("value of " + args.Args["name"].StringValue())}, nil
	case "aws:ec2/getRouteTable:getRouteTable":
		return resource.PropertyMap{"routeTableId": resource.NewProperty("table of " + args.Args["subnetId"].StringValue())}, nil
	case "aws:ec2/getNetworkInterfaces:getNetworkInterfaces": // In no order.
		asked := []string{}
		for _, filter := range args.Args["filters"].ArrayValue() {
			asked = append(asked, filter.ObjectValue()["values"].ArrayValue()[0].StringValue())
		}
		ids := []any{"eni-2 " + strings.Join(asked, " "), "eni-1 " + strings.Join(asked, " ")}
		return resource.PropertyMap{"ids": resource.NewPropertyValue(ids)}, nil
	case "aws:ec2/getNetworkInterface:getNetworkInterface":
		return resource.PropertyMap{"privateIp": resource.NewProperty("address of " + args.Args["id"].StringValue())}, nil
	}
	return resource.PropertyMap{}, nil
}

// names are the names of everything of a type, sorted.
func (tp *tape) names(token string) []string {
	list := []string{}
	for name, r := range tp.resources {
		if r.rpc.Type == token {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// inputs are the inputs of the resource with the name.
func (tp *tape) inputs(t *testing.T, name string) map[string]any {
	t.Helper()
	require.Contains(t, tp.resources, name)
	return tp.resources[name].inputs
}

// waitsFor are the names of what the resource with the name depends on.
func (tp *tape) waitsFor(t *testing.T, name string) []string {
	t.Helper()
	require.Contains(t, tp.resources, name)
	return namesOf(tp.resources[name].rpc.Dependencies)
}

// namesOf are the names in URNs, sorted.
func namesOf(urns []string) []string {
	list := []string{}
	for _, urn := range urns {
		list = append(list, urn[strings.LastIndex(urn, "::")+2:])
	}
	slices.Sort(list)
	return list
}
