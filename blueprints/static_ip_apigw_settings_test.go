package blueprints

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// account answers the program's questions as AWS would, and keeps what the
// program registers.
type account struct {
	mu     sync.Mutex
	inputs map[string]resource.PropertyMap // By name of the resource.
}

func (a *account) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if args.ReadRPC != nil {
		return args.ID, args.Inputs, nil
	}
	if args.TypeToken != "pulumi:pulumi:Stack" && args.TypeToken != "pulumi:providers:aws" { // These are nothing on AWS.
		if a.inputs == nil {
			a.inputs = map[string]resource.PropertyMap{}
		}
		key := args.Name
		if !args.RegisterRPC.Custom && !args.RegisterRPC.Remote { // A component may have a child of its name.
			key = args.TypeToken + " " + key
		}
		a.inputs[key] = args.Inputs
	}
	state := args.Inputs.Copy()
	for key, value := range answers[args.TypeToken] {
		state[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
	}
	return args.Name + ".id", state, nil
}

// answers are the outputs whose shape the program reads.
var answers = map[string]map[string]any{
	"awsx:ec2:Vpc":                    {"vpcId": "awsx-vpc", "publicSubnetIds": []any{"public-a", "public-b"}, "privateSubnetIds": []any{"private-a", "private-b"}},
	"aws:ec2/vpcEndpoint:VpcEndpoint": {"dnsEntries": []any{map[string]any{"dnsName": "vpce-1-2.execute-api.us-east-1.vpce.amazonaws.com", "hostedZoneId": "Z1"}}},
	"aws:ec2/vpcEndpointService:VpcEndpointService": {"serviceName": "com.amazonaws.vpce.us-east-1.vpce-svc-1", "privateDnsNameConfigurations": []any{
		map[string]any{"name": "_a", "type": "TXT", "value": "vpce:b"},
	}},
	"aws:acm/certificate:Certificate": {"domainValidationOptions": []any{map[string]any{"resourceRecordName": "a", "resourceRecordType": "CNAME", "resourceRecordValue": "b"}}},
}

func (a *account) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	vpcs, zoneIds, services := vpcs, zoneIds, services
	if args.Provider != "" { // Another account asks.
		vpcs, zoneIds, services = vpcsOfAnother, zoneIdsOfAnother, servicesOfAnother
	}
	answer := map[string]map[string]any{
		"aws:index/getRegion:getRegion":                       {"name": "us-east-1"},
		"aws:index/getCallerIdentity:getCallerIdentity":       {"accountId": "123456789012"},
		"aws:index/getPartition:getPartition":                 {"partition": "aws", "dnsSuffix": "amazonaws.com"},
		"aws:index/getAvailabilityZones:getAvailabilityZones": {"names": []any{"us-east-1a", "us-east-1b", "us-east-1c"}, "zoneIds": zoneIds},
		"aws:ec2/getVpcEndpointService:getVpcEndpointService": services[text(args, "serviceName")],
		"aws:ec2/getInstance:getInstance":                     instances[text(args, "instanceId")],
		"aws:ssm/getParameter:getParameter":                   {"insecureValue": "ami-0123456789abcdef0"},
		"aws:ec2/getVpc:getVpc":                               vpcs[text(args, "id")],
		"aws:ec2/getRouteTable:getRouteTable":                 {"routeTableId": "rtb-of-" + text(args, "subnetId")},
		"aws:ec2/getSubnet:getSubnet":                         subnets[text(args, "id")],
		"aws:route53/getZone:getZone":                         zones[text(args, "zoneId")],
		"aws:ec2/getNetworkInterfaces:getNetworkInterfaces":   {"ids": []any{"eni-1"}},
		"aws:ec2/getNetworkInterface:getNetworkInterface":     {"privateIp": "10.103.0.20"},
	}[args.Token]
	if answer == nil {
		return nil, errors.New("there is no such thing")
	}
	return resource.NewPropertyMapFromMap(answer), nil
}

func text(args pulumi.MockCallArgs, key resource.PropertyKey) string {
	value, _ := args.Args[key].V.(string)
	return value
}

var (
	vpcs = map[string]map[string]any{
		"vpc-00000000000000001": vpc("10.1.0.0/16", true, ""),
		"vpc-00000000000000004": vpc("10.4.0.0/16", true, ""),
		"vpc-00000000000000002": vpc("10.2.0.0/16", false, ""),
		"awsx-vpc":              vpc("10.0.0.0/16", true, "2001:db8:1::/56"), // The one that a stack creates.
	}
	vpcsOfAnother = map[string]map[string]any{
		"vpc-00000000000000003": vpc("10.3.0.0/16", true, ""),
	}
	zoneIds, zoneIdsOfAnother = []any{"use1-az1", "use1-az2", "use1-az4"}, []any{"use1-az4", "use1-az1", "use1-az2"}
	services                  = map[string]map[string]any{
		"": service("com.amazonaws.us-east-1.execute-api", "execute-api.us-east-1.amazonaws.com", "ipv4", "ipv6"), // The one that is asked for as execute-api.
		"com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001": service("com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001", "h2.example.net", "ipv4"),
		"com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000002": service("com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000002", "", "ipv4"),
		"com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000006": service("com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000006", "h2.example.net", "ipv6"),
	}
	servicesOfAnother = map[string]map[string]any{
		"com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000003": service("com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000003", "h2.example.org", "ipv4"),
	}
	instances = map[string]map[string]any{
		"i-0000000000000001a": instance("subnet-0000000000000011a", "us-east-1a", "10.1.10.7"),
		"i-0000000000000001b": instance("subnet-0000000000000011b", "us-east-1b", "10.1.11.7"),
		"i-0000000000000001c": instance("subnet-0000000000000001c", "us-east-1c", "10.1.2.7"),
		"i-0000000000000002a": instance("subnet-0000000000000002a", "us-east-1a", "10.2.0.7"),
	}
	subnets = map[string]map[string]any{
		"subnet-0000000000000031a": subnet("vpc-00000000000000003", "10.3.0.0/24", "us-east-1b"),
		"subnet-0000000000000031b": subnet("vpc-00000000000000003", "10.3.1.0/24", "us-east-1c"),
		"subnet-0000000000000041a": subnet("vpc-00000000000000004", "10.4.0.0/24", "us-east-1b"),
		"subnet-0000000000000041b": subnet("vpc-00000000000000004", "10.4.1.0/24", "us-east-1c"),
		"subnet-0000000000000001a": subnet("vpc-00000000000000001", "10.1.0.0/24", "us-east-1a"),
		"subnet-0000000000000001b": subnet("vpc-00000000000000001", "10.1.1.0/24", "us-east-1b"),
		"subnet-0000000000000001c": subnet("vpc-00000000000000001", "10.1.2.0/24", "us-east-1c"),
		"subnet-0000000000000011a": subnet("vpc-00000000000000001", "10.1.10.0/24", "us-east-1a"),
		"subnet-0000000000000011b": subnet("vpc-00000000000000001", "10.1.11.0/24", "us-east-1b"),
		"subnet-0000000000000021a": dualstack("vpc-00000000000000001", "10.1.20.0/24", "2001:db8:2:20::/64", "us-east-1a"),
		"subnet-0000000000000021b": dualstack("vpc-00000000000000001", "10.1.21.0/24", "2001:db8:2:21::/64", "us-east-1b"),
		"subnet-0000000000000002a": subnet("vpc-00000000000000002", "10.2.0.0/24", "us-east-1a"),
	}
	zones = map[string]map[string]any{
		"Z0123456789EXAMPLE01": {"name": "example.com", "privateZone": false},
		"Z0123456789EXAMPLE02": {"name": "example.com", "privateZone": true},
	}
)

func vpc(cidr string, hostnames bool, ipv6 string) map[string]any {
	return map[string]any{"enableDnsSupport": true, "enableDnsHostnames": hostnames, "ipv6CidrBlock": ipv6,
		"cidrBlockAssociations": []any{map[string]any{"cidrBlock": cidr}}}
}

func service(name, privateDnsName string, families ...any) map[string]any {
	return map[string]any{"serviceName": name, "privateDnsName": privateDnsName, "supportedIpAddressTypes": families, "availabilityZones": []any{"us-east-1a", "us-east-1b", "us-east-1c"}}
}

func instance(subnet, zone, address string) map[string]any {
	return map[string]any{"subnetId": subnet, "availabilityZone": zone, "privateIp": address}
}

func subnet(vpc, cidr, zone string) map[string]any {
	return map[string]any{"vpcId": vpc, "cidrBlock": cidr, "availabilityZone": zone}
}

func dualstack(vpc, cidr, ipv6, zone string) map[string]any {
	return map[string]any{"vpcId": vpc, "cidrBlock": cidr, "ipv6CidrBlock": ipv6, "availabilityZone": zone}
}

// good is a configuration without problems.
func good(t *testing.T) map[string]string {
	archive := filepath.Join(t.TempDir(), "hello.zip")
	require.NoError(t, os.WriteFile(archive, []byte("zip"), 0o644))
	return map[string]string{
		"aws:region":         "us-east-1",
		"blueprint:name":     "static-ip-apigw",
		"blueprint:network":  `{"create":{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1b"]}}`,
		"blueprint:api":      `{"authorization":"NONE","cloudwatchRole":"create"}`,
		"blueprint:function": `{"archive":"` + archive + `"}`,
		"blueprint:domain":   `{"name":"api.example.com","endpointType":"regional","publicZoneId":"Z0123456789EXAMPLE01","createCertificate":true}`,
		"blueprint:front":    `{"allowedCidrs":["192.0.2.0/24"]}`,
	}
}

const existing = `{"existing":{"vpcId":"vpc-00000000000000001",
	"publicSubnetIds":["subnet-0000000000000001b","subnet-0000000000000001a"],
	"privateSubnetIds":["subnet-0000000000000011a","subnet-0000000000000011b"]}}`

// configure runs the checks as a deployment does, against the account.
func configure(config map[string]string) (args *StaticIpApigwArgs, err error) {
	err = pulumi.RunErr(func(ctx *pulumi.Context) error {
		args, err = configureStaticIpApigw(ctx, config)
		return err
	}, pulumi.WithMocks("project", "stack", &account{}))
	return args, err
}

func TestConfigurationIsRefusedWithKeyValueAndWhatIsAccepted(t *testing.T) {
	network := func(create string) map[string]string {
		return map[string]string{"blueprint:network": `{"create":` + create + `}`}
	}
	two := `"availabilityZones":["us-east-1a","us-east-1b"]`
	for _, row := range []struct {
		why     string
		change  map[string]string
		problem string
	}{
		{"no blueprint", map[string]string{"blueprint:name": ""}, "blueprint:name: required: " + oneOf(blueprintNames())},
		{"no such blueprint", map[string]string{"blueprint:name": "static-ip"}, `blueprint:name = "static-ip": want ` + oneOf(blueprintNames())},
		{"the name misspelled", map[string]string{"blueprint:name": "", "blueprint:nmae": "static-ip-apigw"}, "blueprint:name: required: " + oneOf(blueprintNames()) + `; there is blueprint:nmae = "static-ip-apigw"`},
		{"a key misspelled", map[string]string{"blueprint:netwrok": "{}"}, `blueprint:netwrok: unknown key, did you mean "network"?`},

		{"no network", map[string]string{"blueprint:network": "{}"}, "blueprint:network: required: create (a new VPC) or existing"},
		{"both networks", map[string]string{"blueprint:network": `{"create":{},"existing":{}}`}, "blueprint:network: has both create and existing; want one of them"},
		{"no range", network(`{` + two + `}`), "blueprint:network.create.cidrBlock: required: the VPC's IPv4 range, such as 10.0.0.0/16"},
		{"a range too wide", network(`{"cidrBlock":"10.0.0.0/8",` + two + `}`), "blueprint:network.create.cidrBlock = 10.0.0.0/8: want an IPv4 range from /16 to /28 without host bits"},
		{"a range with host bits", network(`{"cidrBlock":"10.0.0.1/16",` + two + `}`), "blueprint:network.create.cidrBlock = 10.0.0.1/16: want an IPv4 range"},
		{"an IPv6 range", network(`{"cidrBlock":"2001:db8::/28",` + two + `}`), "blueprint:network.create.cidrBlock = 2001:db8::/28: want an IPv4 range"},
		{"a range that cannot be divided", network(`{"cidrBlock":"10.0.0.0/28",` + two + `}`), "blueprint:network.create.cidrBlock = 10.0.0.0/28: 10.0.0.0/28 cannot hold 4 subnets of at least /28"},
		{"one zone", network(`{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a"]}`), "blueprint:network.create.availabilityZones = [us-east-1a]: want two zones at least"},
		{"one zone twice", network(`{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1a"]}`), `blueprint:network.create.availabilityZones[1] = "us-east-1a": is there twice`},
		{"a zone of another region", network(`{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","eu-west-1b"]}`), `blueprint:network.create.availabilityZones[1] = "eu-west-1b": want a zone of the stack's region, such as us-east-1a`},
		{"a local zone", network(`{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1-bos-1a"]}`), `blueprint:network.create.availabilityZones[1] = "us-east-1-bos-1a": want a zone of the stack's region`},
		{"a zone that the service lacks", network(`{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1e"]}`), `blueprint:network.create.availabilityZones[1] = "us-east-1e": com.amazonaws.us-east-1.execute-api has no endpoints in this zone; want zones among us-east-1a, us-east-1b, us-east-1c`},
		{"no such gateways", network(`{"cidrBlock":"10.0.0.0/16","natGateways":"Two",` + two + `}`), `blueprint:network.create.natGateways = "Two": want None, Single or OnePerAz`},
		{"half of the subnets", network(`{"cidrBlock":"10.0.0.0/16","publicSubnets":["10.0.0.0/24","10.0.1.0/24"],` + two + `}`), "blueprint:network.create.publicSubnets: want ranges for privateSubnets and publicSubnets, or for none of them to divide the VPC evenly"},
		{"a subnet too few", network(`{"cidrBlock":"10.0.0.0/16","publicSubnets":["10.0.0.0/24"],"privateSubnets":["10.0.2.0/24","10.0.3.0/24"],` + two + `}`), "blueprint:network.create.publicSubnets = [10.0.0.0/24]: want one range per zone, 2 in all"},
		{"a subnet outside", network(`{"cidrBlock":"10.0.0.0/16","publicSubnets":["10.0.0.0/24","10.1.0.0/24"],"privateSubnets":["10.0.2.0/24","10.0.3.0/24"],` + two + `}`), "blueprint:network.create.publicSubnets[1] = 10.1.0.0/24: want an IPv4 range inside the VPC's 10.0.0.0/16"},
		{"subnets that overlap", network(`{"cidrBlock":"10.0.0.0/16","publicSubnets":["10.0.0.0/24","10.0.1.0/24"],"privateSubnets":["10.0.2.0/24","10.0.0.128/25"],` + two + `}`), "blueprint:network.create.publicSubnets[0] = 10.0.0.0/24: overlaps blueprint:network.create.privateSubnets[1] = 10.0.0.128/25"},

		{"a malformed VPC id", existingWith("vpc-00000000000000001", "vpc-1"), `blueprint:network.existing.vpcId = "vpc-1": want a VPC id, such as vpc-`},
		{"an endpoint's id for a VPC's", existingWith("vpc-00000000000000001", "vpce-0000000000000001"), `blueprint:network.existing.vpcId = "vpce-0000000000000001": want a VPC id`},
		{"no such VPC", existingWith("vpc-00000000000000001", "vpc-00000000000000009"), `blueprint:network.existing.vpcId = "vpc-00000000000000009": want a VPC of this account and region`},
		{"a VPC where private names do not resolve", existingWith("vpc-00000000000000001", "vpc-00000000000000002"), "want a VPC with enableDnsSupport and enableDnsHostnames on (they are true and false)"},
		{"a malformed subnet id", existingWith("subnet-0000000000000001a", "subnet-1"), `blueprint:network.existing.publicSubnetIds[1] = "subnet-1": want a subnet id`},
		{"no such subnet", existingWith("subnet-0000000000000001a", "subnet-00000000000000009"), `blueprint:network.existing.publicSubnetIds[1] = "subnet-00000000000000009": there is no such thing`},
		{"a subnet of another VPC", existingWith("subnet-0000000000000001a", "subnet-0000000000000002a"), `blueprint:network.existing.publicSubnetIds[1] = "subnet-0000000000000002a": it is in vpc-00000000000000002; want a subnet of vpc-00000000000000001`},
		{"two subnets of one zone", existingWith("subnet-0000000000000001b", "subnet-0000000000000011a"), `is in us-east-1a, as another subnet of the list is; want one subnet per zone`},
		{"zones that do not correspond", existingWith("subnet-0000000000000001b", "subnet-0000000000000001c"), "are in zones [us-east-1a us-east-1c] and privateSubnetIds in [us-east-1a us-east-1b]; want the same zones"},
		{"one subnet for both", existingWith("subnet-0000000000000011b", "subnet-0000000000000001b"), `blueprint:network.existing.privateSubnetIds[1] = "subnet-0000000000000001b": is among publicSubnetIds too`},
		{"no addresses in existing subnets", existingWith("", ""), "blueprint:endpoint.ipv4Addresses: required with an existing network: one free address in each private subnet, in the order of the zones us-east-1a, us-east-1b"},
		{"one existing subnet", map[string]string{"blueprint:network": `{"existing":{"vpcId":"vpc-00000000000000001","publicSubnetIds":["subnet-0000000000000001a"],"privateSubnetIds":["subnet-0000000000000011a","subnet-0000000000000011b"]}}`}, "blueprint:network.existing.publicSubnetIds = [subnet-0000000000000001a]: want the ids of two subnets at least"},

		{"an address outside its subnet", map[string]string{"blueprint:endpoint": `{"ipv4Addresses":["10.0.0.10","10.0.128.10"]}`}, "blueprint:endpoint.ipv4Addresses[1] = 10.0.128.10: want an address inside the subnet's range 10.0.64.0/18 (the private subnet in us-east-1b)"},
		{"an address that AWS keeps", map[string]string{"blueprint:endpoint": `{"ipv4Addresses":["10.0.0.3","10.0.64.10"]}`}, "blueprint:endpoint.ipv4Addresses[0] = 10.0.0.3: want an address from 10.0.0.4 to 10.0.63.254"},
		{"an address too many", map[string]string{"blueprint:endpoint": `{"ipv4Addresses":["10.0.0.10","10.0.64.10","10.0.64.11"]}`}, "want one address per private subnet, 2 in all"},
		{"a client twice", map[string]string{"blueprint:endpoint": `{"clientCidrs":["10.9.0.0/16","10.9.0.0/16"]}`}, "blueprint:endpoint.clientCidrs[1] = 10.9.0.0/16: is there twice"},

		{"no authorization", map[string]string{"blueprint:api": `{"cloudwatchRole":"create"}`}, "blueprint:api.authorization: required: NONE, AWS_IAM or API_KEY"},
		{"no such authorization", map[string]string{"blueprint:api": `{"authorization":"IAM","cloudwatchRole":"create"}`}, `blueprint:api.authorization = "IAM": want NONE, AWS_IAM or API_KEY`},
		{"no word on the account", map[string]string{"blueprint:api": `{"authorization":"NONE"}`}, "blueprint:api.cloudwatchRole: required: create or existing"},
		{"a reserved path", map[string]string{"blueprint:api": `{"authorization":"NONE","cloudwatchRole":"create","path":"ping"}`}, `blueprint:api.path = "ping": is reserved by API Gateway`},
		{"a path of two segments", map[string]string{"blueprint:api": `{"authorization":"NONE","cloudwatchRole":"create","path":"v1/hello"}`}, `blueprint:api.path = "v1/hello": want one path segment`},
		{"no such method", map[string]string{"blueprint:api": `{"authorization":"NONE","cloudwatchRole":"create","httpMethod":"get"}`}, `blueprint:api.httpMethod = "get": want GET, HEAD`},
		{"a stage name with a hyphen", map[string]string{"blueprint:api": `{"authorization":"NONE","cloudwatchRole":"create","stageName":"a-b"}`}, `blueprint:api.stageName = "a-b": want letters, digits and underscores`},
		{"no such level", map[string]string{"blueprint:api": `{"authorization":"NONE","cloudwatchRole":"create","loggingLevel":"DEBUG"}`}, `blueprint:api.loggingLevel = "DEBUG": want OFF, ERROR or INFO`},
		{"a retention that CloudWatch lacks", map[string]string{"blueprint:api": `{"authorization":"NONE","cloudwatchRole":"create","logRetentionDays":31}`}, "blueprint:api.logRetentionDays = 31: want a number of days that CloudWatch Logs takes: 1 3 5"},

		{"no archive", map[string]string{"blueprint:function": `{"archive":"bin/nothing.zip"}`}, "blueprint:function.archive = \"bin/nothing.zip\": there is no such file; `make lambda` builds bin/hello.zip and bin/client.zip"},
		{"a time-out past API Gateway's", map[string]string{"blueprint:function": `{"timeoutSeconds":30}`}, "blueprint:function.timeoutSeconds = 30: want a whole number from 1 to 29"},
		{"too little memory", map[string]string{"blueprint:function": `{"memorySize":64}`}, "blueprint:function.memorySize = 64: want a whole number from 128 to 10240"},

		{"a host without a domain", map[string]string{"blueprint:domain": `{"name":"api"}`}, `blueprint:domain.name = "api": want a fully qualified domain name`},
		{"a wildcard", map[string]string{"blueprint:domain": `{"name":"*.example.com"}`}, `blueprint:domain.name = "*.example.com": want a fully qualified domain name`},
		{"a final dot", map[string]string{"blueprint:domain": `{"name":"api.example.com."}`}, `blueprint:domain.name = "api.example.com.": want a fully qualified domain name`},
		{"no kind of domain", map[string]string{"blueprint:domain": `{"name":"api.example.com"}`}, "blueprint:domain.endpointType: required: regional or private"},
		{"neither certificate", map[string]string{"blueprint:domain": `{"name":"api.example.com"}`}, "blueprint:domain.certificateArn: required: a certificate ARN, such as arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012; or createCertificate: true"},
		{"both certificates", map[string]string{"blueprint:domain": `{"createCertificate":true,"certificateArn":"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}`}, "want either certificateArn or createCertificate: true, not both"},
		{"a malformed ARN beside a choice of another type", map[string]string{"blueprint:domain": `{"createCertificate":"yes","certificateArn":"foo"}`}, `blueprint:domain.certificateArn = "foo": want`},
		{"a malformed ARN", map[string]string{"blueprint:domain": `{"certificateArn":"arn:aws:iam::123456789012:server-certificate/x"}`}, `blueprint:domain.certificateArn = "arn:aws:iam::123456789012:server-certificate/x": want a certificate ARN`},
		{"a certificate of another region", map[string]string{"blueprint:domain": `{"certificateArn":"arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}`}, "want a certificate in the stack's region us-east-1 and account 123456789012"},
		{"a certificate of another account", map[string]string{"blueprint:domain": `{"certificateArn":"arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"}`}, "want a certificate in the stack's region us-east-1 and account 123456789012"},
		{"a malformed zone id", map[string]string{"blueprint:domain": `{"publicZoneId":"example.com"}`}, `blueprint:domain.publicZoneId = "example.com": want a hosted zone id`},
		{"no such zone", map[string]string{"blueprint:domain": `{"name":"api.example.com","publicZoneId":"Z0123456789EXAMPLE09"}`}, `blueprint:domain.publicZoneId = "Z0123456789EXAMPLE09": want a hosted zone of this account`},
		{"a private zone", map[string]string{"blueprint:domain": `{"name":"api.example.com","publicZoneId":"Z0123456789EXAMPLE02"}`}, "is the private zone example.com; want a public zone"},
		{"the zone itself", map[string]string{"blueprint:domain": `{"name":"example.com","publicZoneId":"Z0123456789EXAMPLE01"}`}, `blueprint:domain.name = "example.com": is the public zone itself; want a name in it, such as api.example.com`},
		{"a name outside the zone", map[string]string{"blueprint:domain": `{"name":"api.example.org","publicZoneId":"Z0123456789EXAMPLE01"}`}, `blueprint:domain.name = "api.example.org": want a name in the public zone example.com`},
		{"a name that only ends like the zone", map[string]string{"blueprint:domain": `{"name":"badexample.com","publicZoneId":"Z0123456789EXAMPLE01"}`}, `blueprint:domain.name = "badexample.com": want a name in the public zone example.com`},

		{"no clients", map[string]string{"blueprint:front": "{}"}, "blueprint:front.allowedCidrs: required: the clients' IPv4 ranges"},
		{"a client's address with host bits", map[string]string{"blueprint:front": `{"allowedCidrs":["192.0.2.1/24"]}`}, "blueprint:front.allowedCidrs[0] = 192.0.2.1/24: want a range without host bits, such as 192.0.2.0/24"},
		{"a policy with TLS 1.0", map[string]string{"blueprint:front": `{"allowedCidrs":["192.0.2.0/24"],"sslPolicy":"ELBSecurityPolicy-2016-08"}`}, `blueprint:front.sslPolicy = "ELBSecurityPolicy-2016-08": want an NLB security policy of TLS 1.2 or later`},
		{"TLS 1.3 with TLS 1.0", map[string]string{"blueprint:front": `{"allowedCidrs":["192.0.2.0/24"],"sslPolicy":"ELBSecurityPolicy-TLS13-1-0-2021-06"}`}, `"ELBSecurityPolicy-TLS13-1-0-2021-06": want an NLB security policy of TLS 1.2 or later`},
		{"logs kept for no time", map[string]string{"blueprint:front": `{"allowedCidrs":["192.0.2.0/24"],"accessLogs":{"retentionDays":0}}`}, "blueprint:front.accessLogs.retentionDays = 0: want a whole number from 1"},
	} {
		t.Run(row.why, func(t *testing.T) {
			config := good(t)
			maps.Copy(config, row.change)
			aws := &account{}
			err := pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", aws))
			assert.ErrorContains(t, err, row.problem)
			assert.Empty(t, aws.inputs, "resources registered")
		})
	}
}

// existingWith is the existing network with one id put in place of another.
func existingWith(id, other string) map[string]string {
	return map[string]string{"blueprint:network": strings.ReplaceAll(existing, id, other)}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	for _, row := range []struct {
		why    string
		change map[string]string
		keys   []string
	}{
		{
			"what only AWS can tell, and what the text tells",
			map[string]string{
				"blueprint:nmae":     "x",
				"blueprint:network":  existingWith("subnet-0000000000000001a", "subnet-00000000000000009")["blueprint:network"],
				"blueprint:endpoint": `{"privateDnsEnabled":"yes"}`,
				"blueprint:domain":   `{"name":"api","endpointType":"regional","publicZoneId":"Z0123456789EXAMPLE02","createCertificate":true}`,
				"blueprint:front":    `{}`,
			},
			[]string{"blueprint:nmae", "blueprint:endpoint.privateDnsEnabled", "blueprint:domain.name", "blueprint:front.allowedCidrs", "blueprint:network.existing.publicSubnetIds[1]"},
		},
		{
			"one problem of the network does not hide the others",
			map[string]string{
				"blueprint:network":  `{"create":{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1e"],"natGateways":"Two"}}`,
				"blueprint:endpoint": `{"ipv4Addresses":["10.0.0.3","10.0.64.10"]}`,
			},
			[]string{"blueprint:network.create.natGateways", "blueprint:network.create.availabilityZones[1]"},
		},
		{
			"nor does it hide the endpoint's",
			map[string]string{
				"blueprint:network":  `{"create":{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1b"],"natGateways":"Two"}}`,
				"blueprint:endpoint": `{"ipv4Addresses":["10.0.0.3","10.0.64.10"]}`,
			},
			[]string{"blueprint:network.create.natGateways", "blueprint:endpoint.ipv4Addresses[0]"},
		},
		{
			"a bad zone does not hide the subnets that overlap",
			map[string]string{"blueprint:network": `{"create":{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1a"],
				"publicSubnets":["10.0.0.0/24","10.0.1.0/24"],"privateSubnets":["10.0.1.0/24","10.0.2.0/24"]}}`},
			[]string{"blueprint:network.create.availabilityZones[1]", "blueprint:network.create.publicSubnets[1]"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			config := good(t)
			maps.Copy(config, row.change)
			_, err := configure(config)
			var refused *settings.Error
			require.ErrorAs(t, err, &refused)
			keys := []string{}
			for _, problem := range refused.Problems {
				keys = append(keys, problem.Key)
			}
			assert.ElementsMatch(t, row.keys, keys)
		})
	}
}

// Without credentials the text's own problems are told all the same.
func TestProblemsAreReportedWhenAwsDoesNotAnswer(t *testing.T) {
	config := good(t)
	config["blueprint:front"] = "{}"
	err := pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", silent{&account{}}))
	assert.ErrorContains(t, err, "blueprint:front.allowedCidrs: required")
	assert.ErrorContains(t, err, "no valid credential sources found")
}

type silent struct{ *account }

func (silent) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, errors.New("no valid credential sources found")
}

func TestDefaultsAreFilledIn(t *testing.T) {
	args, err := configure(good(t))
	require.NoError(t, err)
	s := args.Settings
	assert.Equal(t, "[10.0.0.10 10.0.64.10]", fmt.Sprint(s.Endpoint.Ipv4Addresses), "host 10 of each private subnet")
	assert.False(t, s.Endpoint.PrivateDnsEnabled, "regional APIs would answer 403 in the whole VPC")
	assert.Equal(t, []any{"prod", "hello", "GET", "ERROR", 30}, []any{s.Api.StageName, s.Api.Path, s.Api.HttpMethod, s.Api.LoggingLevel, s.Api.LogRetentionDays})
	assert.Equal(t, "ELBSecurityPolicy-TLS13-1-2-2021-06", s.Front.SslPolicy)
	assert.Equal(t, 90, s.Front.AccessLogs.RetentionDays)
}

func TestExistingSubnetsAreTakenInTheOrderOfTheirZones(t *testing.T) {
	config := good(t)
	config["blueprint:network"] = existing
	config["blueprint:endpoint"] = `{"ipv4Addresses":["10.1.10.19","10.1.11.31"]}`
	args, err := configure(config)
	require.NoError(t, err)
	assert.Equal(t, []string{"us-east-1a", "us-east-1b"}, components.AvailabilityZones(args.Network.Public), "configured the other way round")
	assert.Equal(t, pulumi.String("subnet-0000000000000001a"), args.Network.Public[0].Id)
	assert.Equal(t, "10.1.11.0/24", args.Network.Private[1].CidrBlock.String())
}

// Every setting reaches the resource that it is about.
func TestEverySettingReachesItsResource(t *testing.T) {
	config := good(t)
	maps.Copy(config, map[string]string{
		"blueprint:network":  `{"create":{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1b"],"natGateways":"Single"}}`,
		"blueprint:endpoint": `{"ipv4Addresses":["10.0.0.19","10.0.64.31"],"privateDnsEnabled":true,"clientCidrs":["10.9.0.0/16"]}`,
		"blueprint:api":      `{"authorization":"API_KEY","cloudwatchRole":"create","stageName":"live","path":"bye","httpMethod":"POST","loggingLevel":"INFO","logRetentionDays":7}`,
		"blueprint:function": strings.Replace(config["blueprint:function"], "}", `,"memorySize":256,"timeoutSeconds":20,"logRetentionDays":14}`, 1),
		"blueprint:domain":   `{"name":"api.example.com","endpointType":"private","publicZoneId":"Z0123456789EXAMPLE01","createCertificate":true}`,
		"blueprint:front": `{"allowedCidrs":["198.51.100.0/24"],"sslPolicy":"ELBSecurityPolicy-TLS13-1-3-2021-06","crossZone":true,"deletionProtection":true,
			"accessLogs":{"retentionDays":9,"forceDestroy":true}}`,
	})
	assertSettings(t, config, []setting{
		{"network.create.natGateways", "static-ip-vpc", "natGateways.strategy", "Single"},
		{"endpoint.ipv4Addresses", "static-ip-endpoint-vpce", "subnetConfigurations[1].ipv4", "10.0.64.31"},
		{"endpoint.privateDnsEnabled", "static-ip-endpoint-vpce", "privateDnsEnabled", true},
		{"endpoint.clientCidrs", "static-ip-endpoint-from-10.9.0.0/16", "cidrIpv4", "10.9.0.0/16"},
		{"api.authorization", "static-ip-method", "apiKeyRequired", true},
		{"api.cloudwatchRole", "apigateway-account", "resetOnDelete", true},
		{"api.stageName", "static-ip-stage", "stageName", "live"},
		{"api.path", "static-ip-resource", "pathPart", "bye"},
		{"api.httpMethod", "static-ip-method", "httpMethod", "POST"},
		{"api.loggingLevel", "static-ip-settings", "settings.loggingLevel", "INFO"},
		{"api.logRetentionDays", "static-ip-access", "retentionInDays", 7.0},
		{"function.memorySize", "static-ip-hello-function", "memorySize", 256.0},
		{"function.timeoutSeconds", "static-ip-hello-function", "timeout", 20.0},
		{"function.logRetentionDays", "static-ip-hello-logs", "retentionInDays", 14.0},
		{"domain.name", "static-ip-dns-inside-zone", "name", "api.example.com"},
		{"domain.endpointType", "static-ip-domain", "endpointConfiguration.types", "PRIVATE"},
		{"domain.publicZoneId", "static-ip-dns-outside", "zoneId", "Z0123456789EXAMPLE01"},
		{"domain.createCertificate", "static-ip-certificate", "domainName", "api.example.com"},
		{"front.allowedCidrs", "static-ip-from-198.51.100.0/24", "cidrIpv4", "198.51.100.0/24"},
		{"front.sslPolicy", "static-ip-listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-3-2021-06"},
		{"front.crossZone", "static-ip-nlb", "enableCrossZoneLoadBalancing", true},
		{"front.deletionProtection", "static-ip-nlb", "enableDeletionProtection", true},
		{"front.accessLogs.retentionDays", "static-ip-nlb-logs-lifecycle", "rules[0].expiration.days", 9.0},
		{"front.accessLogs.forceDestroy", "static-ip-nlb-logs-bucket", "forceDestroy", true},
	})
}

// setting is where a setting arrives.
type setting struct {
	key            string
	resource, path string
	want           any
}

// assertSettings deploys a configuration and compares what the resources get.
func assertSettings(t *testing.T, config map[string]string, rows []setting) {
	t.Helper()
	aws := &account{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", aws)))
	for _, row := range rows {
		path, err := resource.ParsePropertyPath(row.path)
		require.NoError(t, err)
		value, found := path.Get(resource.NewProperty(aws.inputs[row.resource]))
		if assert.True(t, found, "%s: %s of %s", row.key, row.path, row.resource) {
			assert.Equal(t, row.want, value.V, row.key)
		}
	}
}

// refusal is a change to a good configuration, and the problem that it makes.
type refusal struct {
	why        string
	key, value string
	problem    string
}

// assertRefuses tries the changes one by one, and requires that nothing is
// registered.
func assertRefuses(t *testing.T, good func(*testing.T) map[string]string, rows []refusal) {
	for _, row := range rows {
		t.Run(row.why, func(t *testing.T) {
			config := good(t)
			config[row.key] = row.value
			aws := &account{}
			err := pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", aws))
			assert.ErrorContains(t, err, row.problem)
			assert.Empty(t, aws.inputs, "resources registered")
		})
	}
}
