package catalog

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
	switch {
	case server == nil:
		return "connection: no route to host"
	case !admits(r, server.Outputs().Strings("vpcSecurityGroupIds"), function):
		return "connection: time-out: i/o timeout"
	case !reachesRepositories(r, server):
		return "connection: connect: connection refused"
	}
	return ""
}

// admits reports whether one of some security groups admits the security groups of
// a function by HTTPS.
func admits(r *cloud.Request, groups []string, function *cloud.Object) bool {
	members := function.Inputs.Object("vpcConfig").Strings("securityGroupIds")
	return slices.ContainsFunc(r.Others(ingressRuleType), func(rule *cloud.Object) bool {
		in := rule.Inputs
		return slices.Contains(groups, in.String("securityGroupId")) &&
			slices.Contains(members, in.String("referencedSecurityGroupId")) &&
			in.Int("fromPort") <= 443 && in.Int("toPort") >= 443
	})
}

// reachesRepositories reports whether an instance reaches the repositories of Amazon
// Linux: over the internet, or by a gateway endpoint for S3, where they are. It has
// no public address.
// https://github.com/shamimice03/aws-secure-env
func reachesRepositories(r *cloud.Request, instance *cloud.Object) bool {
	table := tableOf(r, instance.Output("subnetId"))
	for _, route := range routesOf(r, table) {
		to := cloud.Props(route.(map[string]any))
		if to.String("cidrBlock") == "0.0.0.0/0" && to.String("gatewayId") == "" {
			return true
		}
	}
	return slices.ContainsFunc(r.Others(vpcEndpointType), func(endpoint *cloud.Object) bool {
		return endpoint.Inputs.String("vpcEndpointType") == "Gateway" &&
			serviceOf(endpoint.Inputs.String("serviceName")) == "s3" &&
			slices.Contains(endpoint.Inputs.Strings("routeTableIds"), table.ID)
	})
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
