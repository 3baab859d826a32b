package pulumitest

import (
	"errors"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewAccount returns a recorder that answers the lookups of blueprints as an AWS
// account does. The account has two VPCs whose private names resolve, one whose
// names do not, and one that another account shares; a public and a private zone,
// instances, a function with an alias, and a private and a regional REST API. A
// lookup with an explicit provider sees another account, in which zones have other
// names.
func NewAccount() *Recorder { return &Recorder{Outputs: accountOutputs, Answer: accountAnswer} }

// accountOutputs returns what echoOutputs does. A created VPC has an ID that
// lookups know.
func accountOutputs(args pulumi.MockResourceArgs) map[string]any {
	outputs := echoOutputs(args)
	if args.TypeToken == "awsx:ec2:Vpc" {
		outputs["vpcId"] = "awsx-vpc"
	}
	if args.TypeToken == "aws:apigateway/restApi:RestApi" && args.ID != "" {
		outputs["name"], outputs["endpointConfiguration"] = "inventory", restAPIs[args.ID]
	}
	return outputs
}

// accountAnswer answers a function's call.
func accountAnswer(args pulumi.MockCallArgs) (map[string]any, error) {
	sees := stackAccount
	if args.Provider != "" {
		sees = otherAccount
	}
	answer := map[string]map[string]any{
		"aws:index/getRegion:getRegion":                 {"name": "us-east-1"},
		"aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012"},
		"aws:index/getPartition:getPartition":           {"partition": "aws", "dnsSuffix": "amazonaws.com"},
		"aws:index/getAvailabilityZones:getAvailabilityZones": {
			"names": []any{"us-east-1a", "us-east-1b", "us-east-1c"}, "zoneIds": sees.zoneIds,
		},
		"aws:ec2/getVpcEndpointService:getVpcEndpointService": sees.services[Text(args, "serviceName")],
		"aws:ec2/getInstance:getInstance":                     instances[Text(args, "instanceId")],
		"aws:ssm/getParameter:getParameter":                   {"insecureValue": "ami-0123456789abcdef0"},
		"aws:ec2/getVpc:getVpc":                               sees.vpcs[Text(args, "id")],
		"aws:ec2/getRouteTable:getRouteTable":                 routeTable(Text(args, "subnetId")),
		"aws:ec2/getSubnet:getSubnet":                         subnets[Text(args, "id")],
		"aws:route53/getZone:getZone":                         hostedZone(args),
		"aws:lambda/getFunction:getFunction":                  functions[functionOf(args)],
		"aws:ec2/getNetworkInterfaces:getNetworkInterfaces":   {"ids": []any{"eni-1"}},
		"aws:ec2/getNetworkInterface:getNetworkInterface":     {"privateIp": "10.103.0.20"},
	}[args.Token]
	switch {
	case answer == nil && args.Token == "aws:route53/getZone:getZone":
		return nil, errors.New("no matching Route 53 Hosted Zone found")
	case answer == nil:
		return nil, errors.New("there is no such thing")
	}
	return answer, nil
}

// routeTable returns the route table of a subnet. All tables except those of the dualstack
// subnets lead to an internet gateway.
func routeTable(subnet string) map[string]any {
	routes := []any{map[string]any{"cidrBlock": "10.1.0.0/16", "gatewayId": "local"}}
	if !strings.HasPrefix(subnet, "subnet-0000000000000021") {
		routes = append(routes, map[string]any{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"})
	}
	return map[string]any{"routeTableId": "rtb-of-" + subnet, "routes": routes}
}

// hostedZone returns the zone that a lookup asks for: by ID, or by name and VPC.
func hostedZone(args pulumi.MockCallArgs) map[string]any {
	id := Text(args, "zoneId")
	if Text(args, "vpcId") == "vpc-00000000000000001" {
		id = vpcZones[Text(args, "name")]
	}
	zone := maps.Clone(hostedZones[id])
	if foreign := id == "Z0123456789EXAMPLE05"; foreign != (args.Provider != "") {
		return nil
	}
	if zone != nil {
		zone["zoneId"] = id
	}
	return zone
}

// functionOf returns the name and the qualifier of the function that a lookup asks
// for.
func functionOf(args pulumi.MockCallArgs) string {
	return Text(args, "functionName") + ":" + Text(args, "qualifier")
}

// seen is what an account sees of AWS.
type seen struct {
	zoneIds  []any // The IDs of us-east-1a, us-east-1b and us-east-1c.
	vpcs     map[string]map[string]any
	services map[string]map[string]any
}

var (
	stackAccount = seen{
		zoneIds: []any{"use1-az1", "use1-az2", "use1-az4"},
		vpcs: map[string]map[string]any{
			"vpc-00000000000000001": vpc("10.1.0.0/16", true, ""),
			"vpc-00000000000000004": vpc("10.4.0.0/16", true, ""),
			"vpc-00000000000000002": vpc("10.2.0.0/16", false, ""),
			// Another account shares this one.
			"vpc-00000000000000005": owned("999988887777", vpc("10.5.0.0/16", true, "")),
			"awsx-vpc":              vpc("10.0.0.0/16", true, "2001:db8:1::/56"), // The one that a stack creates.
		},
		services: map[string]map[string]any{
			// The program asks for API Gateway's service without its full name.
			"":         service(executeApi, "execute-api.us-east-1.amazonaws.com", "ipv4", "ipv6"),
			serviceOne: service(serviceOne, "h2.example.net", "ipv4"),
			serviceTwo: service(serviceTwo, "", "ipv4"),
			serviceSix: service(serviceSix, "h2.example.net", "ipv6"),
		},
	}
	otherAccount = seen{
		zoneIds: []any{"use1-az4", "use1-az1", "use1-az2"},
		vpcs: map[string]map[string]any{
			"vpc-00000000000000003": owned("111122223333", vpc("10.3.0.0/16", true, "")),
		},
		services: map[string]map[string]any{
			serviceThree: service(serviceThree, "h2.example.org", "ipv4"),
		},
	}
	instances = map[string]map[string]any{
		"i-0000000000000001a": instance("subnet-0000000000000011a", "us-east-1a", "10.1.10.7"),
		"i-0000000000000001b": instance("subnet-0000000000000011b", "us-east-1b", "10.1.11.7"),
		"i-0000000000000001c": instance("subnet-0000000000000001c", "us-east-1c", "10.1.2.7"),
		"i-0000000000000002a": instance("subnet-0000000000000002a", "us-east-1a", "10.2.0.7"),
	}
	subnets = map[string]map[string]any{
		"subnet-0000000000000001a": subnet("vpc-00000000000000001", "10.1.0.0/24", "us-east-1a"),
		"subnet-0000000000000001b": subnet("vpc-00000000000000001", "10.1.1.0/24", "us-east-1b"),
		"subnet-0000000000000001c": subnet("vpc-00000000000000001", "10.1.2.0/24", "us-east-1c"),
		"subnet-0000000000000011a": subnet("vpc-00000000000000001", "10.1.10.0/24", "us-east-1a"),
		"subnet-0000000000000011b": subnet("vpc-00000000000000001", "10.1.11.0/24", "us-east-1b"),
		"subnet-0000000000000021a": dualstack("10.1.20.0/24", "2001:db8:2:20::/64", "us-east-1a"),
		"subnet-0000000000000021b": dualstack("10.1.21.0/24", "2001:db8:2:21::/64", "us-east-1b"),
		"subnet-0000000000000002a": subnet("vpc-00000000000000002", "10.2.0.0/24", "us-east-1a"),
		"subnet-0000000000000031a": subnet("vpc-00000000000000003", "10.3.0.0/24", "us-east-1b"),
		"subnet-0000000000000031b": subnet("vpc-00000000000000003", "10.3.1.0/24", "us-east-1c"),
		"subnet-0000000000000051a": subnet("vpc-00000000000000005", "10.5.0.0/24", "us-east-1a"),
		"subnet-0000000000000051b": subnet("vpc-00000000000000005", "10.5.1.0/24", "us-east-1b"),
		"subnet-0000000000000041a": subnet("vpc-00000000000000004", "10.4.0.0/24", "us-east-1b"),
		"subnet-0000000000000041b": subnet("vpc-00000000000000004", "10.4.1.0/24", "us-east-1c"),
	}
	restAPIs = map[string]map[string]any{ // The endpoints of those that exist, by ID.
		"p1r2i3v4a5": {"types": "PRIVATE"},
		"r1e2g3i4o5": {"types": "REGIONAL"},
	}
	functions = map[string]map[string]any{ // By name and qualifier.
		"orders:":     {"functionName": "orders"},
		"orders:live": {"functionName": "orders"},
	}
	hostedZones = map[string]map[string]any{
		"Z0123456789EXAMPLE01": {"name": "example.com", "privateZone": false},
		"Z0123456789EXAMPLE02": {"name": "example.com", "privateZone": true},
		"Z0123456789EXAMPLE03": {"name": "taken.example.com", "privateZone": true},
		"Z0123456789EXAMPLE04": {"name": "example.com", "privateZone": true},
		"Z0123456789EXAMPLE05": {"name": "corp.example.net", "privateZone": false}, // The other account's.
	}
	// vpcZones are the private zones of vpc-00000000000000001, by name.
	vpcZones = map[string]string{
		"example.com": "Z0123456789EXAMPLE02", "taken.example.com": "Z0123456789EXAMPLE03",
	}
)

const (
	executeApi   = "com.amazonaws.us-east-1.execute-api"
	serviceOne   = "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001"
	serviceTwo   = "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000002" // Without a private DNS name.
	serviceThree = "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000003" // Only the other account may use it.
	serviceSix   = "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000006" // For IPv6 only.
)

func vpc(cidr string, hostnames bool, ipv6 string) map[string]any {
	return map[string]any{
		"enableDnsSupport": true, "enableDnsHostnames": hostnames, "ipv6CidrBlock": ipv6, "ownerId": "123456789012",
		"cidrBlockAssociations": []any{map[string]any{"cidrBlock": cidr}},
	}
}

// owned returns a VPC of another account than the stack's.
func owned(account string, vpc map[string]any) map[string]any {
	vpc["ownerId"] = account
	return vpc
}

func service(name, privateDnsName string, families ...any) map[string]any {
	return map[string]any{
		"serviceName": name, "privateDnsName": privateDnsName, "supportedIpAddressTypes": families,
		"availabilityZones": []any{"us-east-1a", "us-east-1b", "us-east-1c"},
	}
}

func instance(subnet, zone, address string) map[string]any {
	return map[string]any{"subnetId": subnet, "availabilityZone": zone, "privateIp": address}
}

func subnet(vpc, cidr, zone string) map[string]any {
	return map[string]any{"vpcId": vpc, "cidrBlock": cidr, "availabilityZone": zone}
}

func dualstack(cidr, ipv6, zone string) map[string]any {
	dualstack := subnet("vpc-00000000000000001", cidr, zone)
	dualstack["ipv6CidrBlock"] = ipv6
	return dualstack
}
