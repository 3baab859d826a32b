package pulumitest

import (
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewEcho returns a recorder whose answers name what they answer. The output arn
// of a resource x is "x.arn", and a lookup repeats the arguments of the program.
// It knows the outputs that components read.
func NewEcho() *Recorder { return &Recorder{Outputs: echoOutputs, Answer: echoAnswer} }

// echoOutputs returns the outputs of a resource that AWS or awsx computes.
func echoOutputs(args pulumi.MockResourceArgs) map[string]any {
	outputs := map[string]any{}
	for _, output := range strings.Fields("arn name " + textOutputs[args.TypeToken]) {
		outputs[output] = args.Name + "." + output
	}
	maps.Copy(outputs, otherOutputs[args.TypeToken])
	if args.TypeToken == "aws:acm/certificate:Certificate" {
		outputs["domainValidationOptions"] = validationOptions(args.Inputs)
	}
	return outputs
}

// validationOptions returns the records of the names of a certificate. The first name
// comes last: AWS does not sort them.
func validationOptions(inputs resource.PropertyMap) []any {
	names := []string{inputs["domainName"].StringValue()}
	if further := inputs["subjectAlternativeNames"]; further.IsArray() {
		for _, name := range further.ArrayValue() {
			names = append([]string{name.StringValue()}, names...)
		}
	}
	var options []any
	for _, name := range names {
		options = append(options, map[string]any{
			"domainName":          name,
			"resourceRecordName":  "_x." + name + ".",
			"resourceRecordType":  "CNAME",
			"resourceRecordValue": "_y.acm-validations.aws.",
		})
	}
	return options
}

// textOutputs holds the outputs by type that are texts, in addition to arn and
// name.
var textOutputs = map[string]string{
	"awsx:ec2:Vpc":                                  "vpcId",
	"aws:apigateway/domainName:DomainName":          "domainNameId",
	"aws:apigateway/restApi:RestApi":                "executionArn rootResourceId",
	"aws:apigateway/stage:Stage":                    "invokeUrl",
	"aws:ec2/eip:Eip":                               "allocationId publicIp",
	"aws:ec2/instance:Instance":                     "privateIp",
	"aws:ec2/vpcEndpointService:VpcEndpointService": "serviceName",
	"aws:ec2/vpcEndpoint:VpcEndpoint":               "prefixListId",
	"aws:lambda/function:Function":                  "invokeArn",
	"aws:lb/loadBalancer:LoadBalancer":              "arnSuffix dnsName zoneId",
	"aws:route53/record:Record":                     "fqdn",
	"aws:route53/zone:Zone":                         "zoneId",
}

// otherOutputs holds the outputs by type that are not texts. An endpoint has a
// zonal, a private and a regional DNS name.
var otherOutputs = map[string]map[string]any{
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
	"aws:ec2/vpcEndpointService:VpcEndpointService": {"privateDnsNameConfigurations": []any{map[string]any{
		"name": "_x", "type": "TXT", "value": "vpce:y", "state": "pendingVerification",
	}}},
}

// echoAnswer returns the answer to a lookup. It is empty for lookups that no
// component makes.
func echoAnswer(args pulumi.MockCallArgs) (map[string]any, error) {
	switch args.Token {
	case "aws:ssm/getParameter:getParameter":
		return map[string]any{"insecureValue": "value of " + Text(args, "name")}, nil
	case "aws:ec2/getRouteTable:getRouteTable":
		return map[string]any{"routeTableId": "table of " + Text(args, "subnetId")}, nil
	case "aws:ec2/getNetworkInterfaces:getNetworkInterfaces":
		var filters string
		for _, filter := range args.Args["filters"].ArrayValue() {
			filters += " " + filter.ObjectValue()["values"].ArrayValue()[0].StringValue()
		}
		return map[string]any{"ids": []any{"eni-2" + filters, "eni-1" + filters}}, nil // AWS does not sort them.
	case "aws:ec2/getNetworkInterface:getNetworkInterface":
		return map[string]any{"privateIp": "address of " + Text(args, "id")}, nil
	}
	return map[string]any{}, nil
}
