package catalog

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/sandbox/cloud"
)

const invocationType = "aws:lambda/invocation:Invocation"

// invokeFunction is the page about the call behind an invocation.
const invokeFunction = "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"

// invocationKind returns the kind of invocations. A program that invokes again at
// updates and at deletion is not simulated.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/lambda/invocation.go
func invocationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   invocationType,
		Replace: words("functionName qualifier triggers"),
		ReplaceIf: func(old, new resource.PropertyMap) []string {
			if old["input"].DeepEquals(new["input"]) {
				return nil
			}
			return words("input")
		},
		Constraints: []cloud.Constraint{cloud.OneOf("lifecycleScope", "CREATE_ONLY")},
		Defaults:    cloud.Props{"lifecycleScope": "CREATE_ONLY", "qualifier": "$LATEST", "terraformKey": "tf"},
		ID: func(r *cloud.Request) string {
			sum := md5.Sum([]byte(r.Inputs.String("input")))
			return strings.Join([]string{r.Inputs.String("functionName"), r.Inputs.String("qualifier"),
				hex.EncodeToString(sum[:])}, "_")
		},
		Upsert: true, // AWS keeps nothing of an invocation.
		Check:  checkInvocation,
		OnCreate: func(r *cloud.Request) error {
			r.Set("result", "null")
			return nil
		},
		Example: cloud.Example{
			Name:   "invocation",
			Inputs: cloud.Props{"functionName": "${function}", "input": "{}"},
		},
	}
}

// checkInvocation refuses an invocation that ends with an error. It knows one
// function: the gate that waits for the servers in its event. It assumes that any
// other function returns null.
func checkInvocation(r *cloud.Request) error {
	function := findFunction(r, r.Inputs.String("functionName"))
	if function == nil {
		return noFunction(invokeFunction, r.Inputs.String("functionName"))
	}
	var event struct {
		Servers []struct{ ID, Address string }
	}
	if err := json.Unmarshal([]byte(r.Inputs.String("input")), &event); err != nil {
		return cloud.NewRefusal("InvalidRequestContentException", "Could not parse request body into json: %s",
			invokeFunction).With(err)
	}
	var problems []string
	for _, server := range event.Servers {
		if reason := notServing(r, function, server.ID); reason != "" {
			problems = append(problems, fmt.Sprintf("%s at %s does not serve HTTPS: %s (its console output says why: "+
				"aws ec2 get-console-output --latest --output text --instance-id %s)",
				server.ID, server.Address, reason, server.ID))
		}
	}
	if problems == nil {
		return nil
	}
	payload, err := json.Marshal(map[string]string{
		"errorMessage": strings.Join(problems, "; "), "errorType": "errorString",
	})
	if err != nil {
		return err
	}
	return cloud.NewRefusal("Unhandled", "invoking Lambda Function (%s): %s", invokeFunction).
		With(r.Inputs.String("functionName"), payload)
}

// notServing returns what a function in the network of an instance gets from it, or
// nothing if the instance serves. An instance serves if it could install packages.
func notServing(r *cloud.Request, function *cloud.Object, instance string) string {
	server := r.Find(instanceType, instance, r.Region)
	if server == nil {
		return "connection: no route to host"
	}
	groups := server.Outputs().Strings("vpcSecurityGroupIds")
	network := function.Inputs.Object("vpcConfig")
	members := network.Strings("securityGroupIds")
	address, err := netip.ParseAddr(server.Output("privateIp"))
	switch {
	case err != nil,
		!passHTTPS(r, "egress", members, peer{block: netip.PrefixFrom(address, address.BitLen()), groups: groups}),
		!passHTTPS(r, "ingress", groups, interfacesIn(r, network.Strings("subnetIds"), members)...):
		return "connection: time-out: i/o timeout"
	case !reachesRepositories(r, server):
		return "connection: connect: connection refused"
	}
	return ""
}

// interfacesIn returns the interfaces of a function with some security groups: one in each subnet, with any of its
// addresses. Lambda chooses the one that a request leaves by.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
func interfacesIn(r *cloud.Request, subnets, groups []string) (all []peer) {
	for _, id := range subnets {
		subnet := r.Find(subnetType, id, r.Region)
		if block, err := netip.ParsePrefix(subnet.Output("cidrBlock")); err == nil {
			all = append(all, peer{block: block, groups: groups})
		}
	}
	return all
}

// somewhere is an address of the internet that no range of a VPC contains. RFC 2544 reserves it.
var somewhere = netip.MustParsePrefix("198.18.0.1/32")

// reachesRepositories reports whether an instance reaches the repositories of Amazon
// Linux: over the internet through a public NAT gateway, or by a gateway endpoint for S3, where they are. It has
// no public address. It resolves their names with Amazon's resolver.
// https://github.com/shamimice03/aws-secure-env
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
func reachesRepositories(r *cloud.Request, instance *cloud.Object) bool {
	subnet := r.Find(subnetType, instance.Output("subnetId"), r.Region)
	vpc := r.Find(vpcType, subnet.Inputs.String("vpcId"), r.Region)
	endpoints := slices.DeleteFunc(r.Others(vpcEndpointType), func(endpoint *cloud.Object) bool {
		return endpoint.Inputs.String("vpcEndpointType") != "Gateway" ||
			serviceOf(endpoint.Inputs.String("serviceName")) != "s3"
	})
	repositories := peer{block: somewhere}
	for _, endpoint := range endpoints {
		repositories.lists = append(repositories.lists, endpoint.Output("prefixListId"))
	}
	groups := instance.Outputs().Strings("vpcSecurityGroupIds")
	if !vpc.Inputs.Bool("enableDnsSupport") || !passHTTPS(r, "egress", groups, repositories) {
		return false
	}
	table := tableOf(r, subnet.ID)
	nat := r.Find(natGatewayType, defaultRoute(r, table, "natGatewayId"), r.Region)
	if nat != nil && nat.Inputs.String("connectivityType") == "public" {
		gateway := defaultRoute(r, tableOf(r, nat.Inputs.String("subnetId")), "gatewayId")
		return r.Find(internetGatewayType, gateway, r.Region) != nil
	}
	return slices.ContainsFunc(endpoints, func(endpoint *cloud.Object) bool {
		return slices.Contains(endpoint.Inputs.Strings("routeTableIds"), table.ID)
	})
}

// defaultRoute returns the target of a kind of a table's route to the internet, or nothing.
func defaultRoute(r *cloud.Request, table *cloud.Object, target string) string {
	for _, route := range routesOf(r, table) {
		if to := cloud.Props(route.(map[string]any)); to.String("cidrBlock") == "0.0.0.0/0" {
			return to.String(target)
		}
	}
	return ""
}

// tableOf returns the route table of a subnet: its own, or the main table of its VPC.
func tableOf(r *cloud.Request, subnet string) *cloud.Object {
	for _, association := range r.Others(associationType) {
		if association.Inputs.String("subnetId") == subnet {
			return r.Lookup(routeTableType, association.Inputs.String("routeTableId"))
		}
	}
	vpc := r.Find(vpcType, r.Find(subnetType, subnet, r.Region).Inputs.String("vpcId"), r.Region)
	return r.Lookup(routeTableType, vpc.Computed.String("mainRouteTableId"))
}
