package pulumitest

import (
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// computed returns the outputs of a resource that AWS or awsx computes. Most are
// the resource's name, a dot, and the output's name. The others have the shape
// that components read.
func computed(token, name string) map[string]any {
	outputs := map[string]any{}
	for _, output := range strings.Fields("arn name " + named[token]) {
		outputs[output] = name + "." + output
	}
	maps.Copy(outputs, shaped[token])
	return outputs
}

// named holds the outputs by type, in addition to arn and name, that are texts.
var named = map[string]string{
	"awsx:ec2:Vpc":                                  "vpcId",
	"aws:apigateway/domainName:DomainName":          "domainNameId",
	"aws:apigateway/restApi:RestApi":                "executionArn rootResourceId",
	"aws:apigateway/stage:Stage":                    "invokeUrl",
	"aws:ec2/eip:Eip":                               "allocationId publicIp",
	"aws:ec2/vpcEndpointService:VpcEndpointService": "serviceName",
	"aws:lambda/function:Function":                  "invokeArn",
	"aws:lb/loadBalancer:LoadBalancer":              "arnSuffix dnsName zoneId",
	"aws:route53/record:Record":                     "fqdn",
	"aws:route53/zone:Zone":                         "zoneId",
}

// shaped holds the outputs by type that are not texts. An endpoint has a zonal, a
// private and a regional DNS name.
var shaped = map[string]map[string]any{
	"awsx:ec2:Vpc": {
		"publicSubnetIds":  []any{"public-a", "public-b"},
		"privateSubnetIds": []any{"private-a", "private-b"},
	},
	"aws:ec2/vpcEndpoint:VpcEndpoint": {"dnsEntries": []any{
		map[string]any{
			"dnsName":      "vpce-0a1b-c2d3-us-east-1a.execute-api.us-east-1.vpce.amazonaws.com",
			"hostedZoneId": "ZONAL",
		},
		map[string]any{"dnsName": "*.execute-api.us-east-1.amazonaws.com", "hostedZoneId": "PRIVATE"},
		map[string]any{
			"dnsName":      "vpce-0a1b-c2d3.execute-api.us-east-1.vpce.amazonaws.com",
			"hostedZoneId": "REGIONAL",
		},
	}},
	"aws:acm/certificate:Certificate": {"domainValidationOptions": []any{map[string]any{
		"resourceRecordName":  "_x.api.example.com.",
		"resourceRecordType":  "CNAME",
		"resourceRecordValue": "_y.acm-validations.aws.",
	}}},
	"aws:ec2/vpcEndpointService:VpcEndpointService": {"privateDnsNameConfigurations": []any{map[string]any{
		"name": "_x", "type": "TXT", "value": "vpce:y", "state": "pendingVerification",
	}}},
}

// lookup returns the answer to a lookup, which repeats what the program asked
// for. It is empty for lookups that no component makes.
func lookup(args pulumi.MockCallArgs) resource.PropertyMap {
	answer := map[string]any{}
	switch args.Token {
	case "aws:ssm/getParameter:getParameter":
		answer["insecureValue"] = "value of " + args.Args["name"].StringValue()
	case "aws:ec2/getRouteTable:getRouteTable":
		answer["routeTableId"] = "table of " + args.Args["subnetId"].StringValue()
	case "aws:ec2/getNetworkInterfaces:getNetworkInterfaces":
		var filters string
		for _, filter := range args.Args["filters"].ArrayValue() {
			filters += " " + filter.ObjectValue()["values"].ArrayValue()[0].StringValue()
		}
		answer["ids"] = []any{"eni-2" + filters, "eni-1" + filters} // AWS does not sort them.
	case "aws:ec2/getNetworkInterface:getNetworkInterface":
		answer["privateIp"] = "address of " + args.Args["id"].StringValue()
	}
	return resource.NewPropertyMapFromMap(answer)
}
