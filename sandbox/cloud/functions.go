package cloud

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// function answers one lookup of the provider.
type function func(c *call, args props) (props, error)

// functions is every lookup that the sandbox answers.
func functions() map[string]function {
	return map[string]function{
		"aws:index/getRegion:getRegion":                       getRegion,
		"aws:index/getCallerIdentity:getCallerIdentity":       getCallerIdentity,
		"aws:index/getPartition:getPartition":                 getPartition,
		"aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
		"aws:ec2/getVpc:getVpc":                               getVpc,
		"aws:ec2/getSubnet:getSubnet":                         getSubnet,
		"aws:ec2/getRouteTable:getRouteTable":                 getRouteTable,
		"aws:ec2/getInstance:getInstance":                     getInstance,
		"aws:ec2/getVpcEndpointService:getVpcEndpointService": getVpcEndpointService,
		"aws:ec2/getNetworkInterface:getNetworkInterface":     getNetworkInterface,
		"aws:ec2/getNetworkInterfaces:getNetworkInterfaces":   getNetworkInterfaces,
		"aws:ssm/getParameter:getParameter":                   getParameter,
		"aws:route53/getZone:getZone":                         getZone,
		"aws:acm/getCertificate:getCertificate":               getCertificate,
	}
}

// Invoke answers a lookup. The arguments come back with the answer.
func (a *Account) Invoke(caller Caller, token string, args resource.PropertyMap) (resource.PropertyMap, error) {
	answer := functions()[token]
	if answer == nil {
		names := slices.Sorted(maps.Keys(functions()))
		return nil, fmt.Errorf("the sandbox does not simulate the function %s; it simulates %s", token, strings.Join(names, ", "))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	out := known(args)
	result, err := answer(&call{Account: a, region: caller.Region, caller: caller}, out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", token, err)
	}
	maps.Copy(out, result)
	return engine(out), nil
}

func getRegion(c *call, args props) (props, error) {
	region := args.or("name", c.region)
	return props{"id": region, "name": region, "description": region, "endpoint": "ec2." + region + ".amazonaws.com"}, nil
}

// getCallerIdentity gives the account of the role where the caller has assumed
// one. The ARN of its session leaves out the role's path.
// https://github.com/hashicorp/terraform-provider-aws/pull/19957
func getCallerIdentity(c *call, _ props) (props, error) {
	if role := c.caller.Role; role != "" {
		account, session := strings.Split(role, ":")[4], cmp.Or(c.caller.Session, "sandbox")
		return props{"id": account, "accountId": account, "userId": "AROAEXAMPLESANDBOX01:" + session,
			"arn": "arn:aws:sts::" + account + ":assumed-role/" + lastPart(role) + "/" + session}, nil
	}
	return props{"id": AccountID, "accountId": AccountID, "arn": "arn:aws:iam::" + AccountID + ":user/sandbox", "userId": "AIDAEXAMPLESANDBOX01"}, nil
}

func getPartition(*call, props) (props, error) {
	return props{"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}, nil
}

func getAvailabilityZones(c *call, args props) (props, error) {
	var names, ids []string
	for _, zone := range zoneNames(c.region) {
		if !slices.Contains(args.strings("excludeNames"), zone) && !slices.Contains(args.strings("excludeZoneIds"), zoneID(zone)) {
			names, ids = append(names, zone), append(ids, zoneID(zone))
		}
	}
	return props{"id": c.region, "names": list(names), "zoneIds": list(ids), "groupNames": []any{c.region}}, nil
}

// one gives the only object of a type that matches every argument that is an
// output of it; the provider too refuses none and several.
func (c *call) one(token string, args props, keys ...string) (*Object, error) {
	var found []*Object
	for _, o := range c.all(token) {
		if (o.Region == "" || o.Region == c.region) && matches(o.outputs(), args, keys) {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("found %d of %s matching %v, want exactly one", len(found), token, map[string]any(args))
	}
	return found[0], nil
}

// only gives the one thing that a lookup found; the provider too refuses none
// and several.
func only(noun string, found []props, args props) (props, error) {
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("query returned no results. Please change your search criteria and try again: no %s matches %v",
			noun, map[string]any(args))
	}
	return nil, fmt.Errorf("multiple %ss matched; use additional constraints to reduce matches to a single %s: %d match %v",
		noun, noun, len(found), map[string]any(args))
}

func matches(out, args props, keys []string) bool {
	for _, key := range keys {
		if want := args.str(key); want != "" && want != out.str(key) {
			return false
		}
	}
	for tag, want := range args.object("tags") {
		if out.object("tagsAll")[tag] != want {
			return false
		}
	}
	for _, filter := range args.objects("filters") {
		if !filterMatches(out, filter.str("name"), filter.strings("values")) {
			return false
		}
	}
	return true
}

// filterKeys are the filters that the sandbox understands, besides tag:<key>,
// with the paths of the outputs that each is about. Any other matches nothing.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
var filterKeys = map[string]string{"vpc-id": "vpcId", "subnet-id": "id subnetId", "cidr-block": "cidrBlock", "cidr": "cidrBlock",
	"availability-zone": "availabilityZone", "availability-zone-id": "availabilityZoneId", "description": "description",
	"group-id": "securityGroups[]", "interface-type": "interfaceType", "private-ip-address": "privateIp",
	"route-table-id": "id", "association.main": "associations[].main", "association.subnet-id": "associations[].subnetId",
	"association.gateway-id": "associations[].gatewayId", "instance-id": "id", "image-id": "ami", "instance-type": "instanceType",
	"instance-state-name": "instanceState", "instance.group-id": "vpcSecurityGroupIds[]"}

// filterMatches compares as AWS does: a star in a value stands for anything.
func filterMatches(out props, filter string, values []string) bool {
	var found []string
	for _, path := range words(filterKeys[filter]) {
		found = append(found, out.gather(path)...)
	}
	if tag, ok := strings.CutPrefix(filter, "tag:"); ok {
		found = []string{out.object("tagsAll").str(tag)}
	}
	for _, value := range values {
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(value), `\*`, ".*") + "$")
		if slices.ContainsFunc(found, pattern.MatchString) {
			return true
		}
	}
	return false
}

func getVpc(c *call, args props) (props, error) {
	vpc, err := c.one(vpcType, args, "id", "cidrBlock")
	if err != nil {
		return nil, err
	}
	out := vpc.outputs()
	out["default"] = false
	out["state"] = "available"
	out["cidrBlockAssociations"] = []any{map[string]any{
		"associationId": "vpc-cidr-assoc-" + vpc.ID[4:], "cidrBlock": out["cidrBlock"], "state": "associated"}}
	out["tags"] = out["tagsAll"]
	return out, nil
}

func getSubnet(c *call, args props) (props, error) {
	subnet, err := c.one(subnetType, args, "id", "cidrBlock", "vpcId", "availabilityZone", "availabilityZoneId", "ipv6CidrBlock")
	if err != nil {
		return nil, err
	}
	defaults := props{"availableIpAddressCount": float64(c.free(subnet)), "customerOwnedIpv4Pool": "", "defaultForAz": false,
		"enableLniAtDeviceIndex": 0.0, "ipv6CidrBlock": "", "mapCustomerOwnedIpOnLaunch": false, "outpostArn": "", "state": "available"}
	maps.Copy(defaults, subnet.outputs())
	defaults["tags"] = defaults["tagsAll"]
	return defaults, nil
}

// getVpcEndpointService knows the services of AWS, which are in every zone,
// and the endpoint services of the account. API Gateway's endpoints have had
// IPv6 since 2025; that they do in every region is not documented.
// https://aws.amazon.com/about-aws/whats-new/2025/03/amazon-api-gateway-dual-stack-ipv4-ipv6-endpoints/
func getVpcEndpointService(c *call, args props) (props, error) {
	name := args.or("serviceName", "com.amazonaws."+c.region+"."+args.str("service"))
	if service := c.endpointService(name); service != nil {
		return describeService(c, service), nil
	}
	if !strings.HasPrefix(name, "com.amazonaws."+c.region+".") || serviceOf(name) == "" {
		return nil, Refusal{"InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", createEndpoint}.with(name)
	}
	families := []any{"ipv4"}
	if serviceOf(name) == "execute-api" {
		families = append(families, "ipv6")
	}
	id := "vpce-svc-0" + fmt.Sprintf("%x", repeatable(name)(8))
	return props{"id": id, "serviceId": id, "serviceName": name, "serviceType": args.or("serviceType", "Interface"), "acceptanceRequired": false,
		"arn": c.arn("ec2", "vpc-endpoint-service/"+id), "availabilityZones": list(zoneNames(c.region)),
		"baseEndpointDnsNames": []any{serviceOf(name) + "." + c.region + ".vpce.amazonaws.com"},
		"managesVpcEndpoints":  false, "owner": "amazon", "privateDnsName": c.privateName(name),
		"privateDnsNames": []any{c.privateName(name)}, "region": c.region,
		"supportedIpAddressTypes": families, "tags": map[string]any{}, "vpcEndpointPolicySupported": true}, nil
}

// describeService is what a consumer sees of an endpoint service: no zones of
// one in another region.
func describeService(c *call, service *Object) props {
	out := service.outputs()
	seen := props{"id": service.ID, "serviceId": service.ID, "owner": AccountID, "region": service.Region, "tags": out["tagsAll"],
		"availabilityZones": []any{}, "privateDnsName": "", "privateDnsNames": []any{}, "vpcEndpointPolicySupported": false}
	for _, key := range words("acceptanceRequired arn baseEndpointDnsNames managesVpcEndpoints serviceName serviceType supportedIpAddressTypes") {
		seen[key] = out[key]
	}
	if service.Region == c.region {
		seen["availabilityZones"] = list(c.serviceZones(service))
	}
	if service.Inputs.has("privateDnsName") {
		seen["privateDnsName"], seen["privateDnsNames"] = out["privateDnsName"], []any{out["privateDnsName"]}
	}
	return seen
}

func getZone(c *call, args props) (props, error) {
	var found []*Object
	for _, zone := range c.all(zoneType) {
		if c.zoneMatches(zone, args) {
			found = append(found, zone)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("found %d hosted zones matching %v, want exactly one", len(found), map[string]any(args))
	}
	zone := found[0]
	out := zone.outputs()
	out["name"] = canonical(out.str("name"))
	out["privateZone"] = private(zone)
	out["resourceRecordSetCount"] = 2.0 + float64(len(c.recordsOf(zone)))
	out["callerReference"] = "sandbox"
	out["linkedServiceDescription"], out["linkedServicePrincipal"] = "", ""
	out["tags"] = out["tagsAll"]
	return out, nil
}

func (c *call) zoneMatches(zone *Object, args props) bool {
	if id := args.str("zoneId"); id != "" {
		return zone.ID == id
	}
	vpc := args.str("vpcId")
	return canonical(zone.Inputs.str("name")) == canonical(args.str("name")) && private(zone) == (args.flag("privateZone") || vpc != "") &&
		(vpc == "" || slices.Contains(c.vpcsOf(zone), vpc)) && matches(zone.outputs(), props{"tags": args["tags"]}, nil)
}

func (c *call) recordsOf(zone *Object) []*Object {
	return slices.DeleteFunc(c.all(recordType), func(r *Object) bool { return r.Inputs.str("zoneId") != zone.ID })
}

func getCertificate(c *call, args props) (props, error) {
	var found []*Object
	for _, cert := range c.all(certificateType) {
		if cert.Region == c.region && cert.Inputs.str("domainName") == args.str("domain") && c.statusWanted(cert, args) {
			found = append(found, cert)
		}
	}
	if len(found) == 0 || (len(found) > 1 && !args.flag("mostRecent")) {
		return nil, fmt.Errorf("found %d certificates for domain %q in %s, want exactly one", len(found), args.str("domain"), c.region)
	}
	cert := found[len(found)-1]
	return props{"id": cert.ID, "arn": cert.ID, "status": c.status(cert), "certificate": "", "certificateChain": "",
		"tags": cert.outputs()["tagsAll"]}, nil
}

func (c *call) status(cert *Object) string {
	if c.issued(cert) {
		return "ISSUED"
	}
	return "PENDING_VALIDATION"
}

// statusWanted: the provider looks for issued certificates unless told otherwise.
func (c *call) statusWanted(cert *Object, args props) bool {
	wanted := args.strings("statuses")
	if len(wanted) == 0 {
		wanted = []string{"ISSUED"}
	}
	return slices.Contains(wanted, c.status(cert))
}
