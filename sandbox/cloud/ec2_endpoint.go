package cloud

import (
	"cmp"
	"slices"
	"strings"
)

const vpcEndpointType = "aws:ec2/vpcEndpoint:VpcEndpoint"

const (
	manageDNSNames    = "https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html"
	interfaceEndpoint = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"
	createEndpoint    = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html"
)

func vpcEndpointKind() *Kind {
	return &Kind{
		Token:    vpcEndpointType,
		Required: words("vpcId"),
		Optional: words(`autoAccept dnsOptions ipAddressType policy privateDnsEnabled resourceConfigurationArn
			routeTableIds securityGroupIds serviceName serviceNetworkArn serviceRegion subnetConfigurations
			subnetIds tags vpcEndpointType`),
		Computed: words(`arn cidrBlocks dnsEntries dnsOptions ipAddressType networkInterfaceIds ownerId policy
			prefixListId privateDnsEnabled requesterManaged routeTableIds securityGroupIds serviceRegion state
			subnetConfigurations subnetIds`),
		Replace: words(`vpcId vpcEndpointType serviceName serviceRegion resourceConfigurationArn serviceNetworkArn`),
		Sets:    words("routeTableIds securityGroupIds subnetConfigurations subnetIds"),
		// privateDnsEnabled has no default in the provider's schema: AWS decides.
		Defaults: props{"vpcEndpointType": "Gateway"},
		id:       hexID("vpce-"),
		missing:  Refusal{"InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '%s' does not exist", ec2Errors},
		holds:    map[string]string{"vpcId": vpcType, "subnetIds[]": subnetType, "securityGroupIds[]": securityGroupType},
		refs:     map[string]string{"routeTableIds[]": routeTableType},
		fills: props{"cidrBlocks": []any{}, "ipAddressType": "ipv4", "ownerId": AccountID, "prefixListId": "", "privateDnsEnabled": false,
			"requesterManaged": false, "routeTableIds": []any{}, "state": "available", "subnetIds": []any{},
			"policy": `{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}`},
		check:  endpointCheck,
		born:   endpointBorn,
		derive: endpointDerive,
		gone:   endpointGone,
	}
}

// endpointGone: the owner's consent to an endpoint goes with it, also where a
// program retains its accepter.
func endpointGone(c *call) {
	for _, accepter := range c.all(endpointAccepterType) {
		if accepter.Inputs.str("vpcEndpointId") == c.obj.ID {
			c.forget(accepter)
		}
	}
}

func endpointCheck(c *call) error {
	if c.in().str("vpcEndpointType") == "Gateway" {
		return gatewayEndpointCheck(c)
	}
	return inOrder(endpointServiceCheck, endpointPolicyCheck, endpointVpcCheck, endpointZoneCheck, endpointFamilyCheck,
		endpointAddressCheck, endpointPrivateDNSCheck)(c)
}

// gatewayServices are the two services that have gateway endpoints.
// https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
var gatewayServices = []string{"s3", "dynamodb"}

func gatewayEndpointCheck(c *call) error {
	service := c.in().str("serviceName")
	if slices.Contains(gatewayServices, serviceOf(service)) {
		return nil
	}
	return Refusal{"InvalidParameter",
		"Endpoint type (Gateway) does not match available service types ([Interface]) for %s.",
		createEndpoint}.with(service)
}

// serviceOf is the last part of com.amazonaws.<region>.<service>.
func serviceOf(serviceName string) string {
	return serviceName[strings.LastIndex(serviceName, ".")+1:]
}

func endpointPolicyCheck(c *call) error {
	policy := c.in().str("policy")
	if _, ok := statements(policy); policy != "" && !ok {
		return Refusal{"InvalidPolicyDocument", "Policy document is not valid JSON with a Statement", createEndpoint}.with()
	}
	return nil
}

func endpointVpcCheck(c *call) error {
	vpc := c.in().str("vpcId")
	for _, id := range c.in().strings("subnetIds") {
		if c.find(subnetType, id, c.region).Inputs.str("vpcId") != vpc {
			return Refusal{"InvalidParameter", "Subnet %s does not belong to VPC %s", createEndpoint}.with(id, vpc)
		}
	}
	for _, id := range c.in().strings("securityGroupIds") {
		if c.lookup(securityGroupType, id).Inputs.str("vpcId") != vpc {
			return Refusal{"InvalidParameter", "Security group %s does not belong to VPC %s", createEndpoint}.with(id, vpc)
		}
	}
	return nil
}

func endpointZoneCheck(c *call) error {
	zones := map[string]string{}
	for _, id := range c.in().strings("subnetIds") {
		zone := c.find(subnetType, id, c.region).Computed.str("availabilityZone")
		if zones[zone] != "" {
			return Refusal{"DuplicateSubnetsInSameZone",
				"Found another VPC endpoint subnet in the availability zone of %s: %s",
				interfaceEndpoint}.with(id, zones[zone])
		}
		zones[zone] = id
	}
	return c.serviceZoneCheck()
}

func endpointAddressCheck(c *call) error {
	for _, config := range c.in().objects("subnetConfigurations") {
		id := config.str("subnetId")
		if !slices.Contains(c.in().strings("subnetIds"), id) {
			return Refusal{"InvalidParameter", "subnetConfigurations names subnet %s, which is not in subnetIds", createEndpoint}.with(id)
		}
	}
	return nil
}

// endpointFamilyCheck: service, subnets and DNS records must go along with the
// endpoint's kind of addresses.
func endpointFamilyCheck(c *call) error {
	family := c.in().or("ipAddressType", "ipv4")
	if !slices.Contains(words("ipv4 ipv6 dualstack"), family) {
		return Refusal{"InvalidParameter", "IP address type %s is none of ipv4, ipv6, dualstack", createEndpoint}.with(family)
	}
	if err := c.serviceFamilyCheck(family); err != nil {
		return err
	}
	for _, id := range c.in().strings("subnetIds") {
		if family != "ipv4" && !c.find(subnetType, id, c.region).Inputs.has("ipv6CidrBlock") {
			return Refusal{"InvalidParameter",
				"IP address type %s requires subnets with IPv6 CIDR blocks: %s has none",
				interfaceEndpoint}.with(family, id)
		}
	}
	records := c.in().object("dnsOptions").or("dnsRecordIpType", family)
	if family != "dualstack" && records != family && records != "service-defined" {
		return Refusal{"InvalidParameter",
			"DNS record IP type %s is not compatible with IP address type %s",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html"}.with(records, family)
	}
	return nil
}

func endpointPrivateDNSCheck(c *call) error {
	if !c.in().flag("privateDnsEnabled") {
		return nil
	}
	return c.privateDNSCheck(c.obj)
}

// privateDNSCheck refuses to enable private DNS of an endpoint.
func (c *call) privateDNSCheck(endpoint *Object) error {
	vpc := c.find(vpcType, endpoint.Inputs.str("vpcId"), c.region)
	if !vpc.Inputs.flag("enableDnsSupport") || !vpc.Inputs.flag("enableDnsHostnames") {
		return Refusal{"InvalidParameter",
			"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for %s",
			manageDNSNames}.with(vpc.ID)
	}
	if err := c.servicePrivateDNSCheck(endpoint); err != nil {
		return err
	}
	domain := c.privateName(endpoint.Inputs.str("serviceName"))
	for _, other := range c.all(vpcEndpointType) {
		if other != endpoint && other.Inputs.str("vpcId") == vpc.ID && c.privateZoneOf(other) == domain {
			return conflictingName.with(domain, vpc.ID)
		}
	}
	for _, zone := range c.all(zoneType) {
		if canonical(zone.Inputs.str("name")) == domain && slices.Contains(c.vpcsOf(zone), vpc.ID) {
			return conflictingName.with(domain, vpc.ID)
		}
	}
	return nil
}

var conflictingName = Refusal{"InvalidParameter",
	"private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in the VPC %s",
	manageDNSNames}

// privateZoneOf is the name that an endpoint's private DNS takes in its VPC,
// or none if that is off.
func (c *call) privateZoneOf(endpoint *Object) string {
	if !endpoint.outputs().flag("privateDnsEnabled") {
		return ""
	}
	return c.privateName(endpoint.Inputs.str("serviceName"))
}

// privateName is the name that a service gives its endpoints' private DNS.
func (c *call) privateName(serviceName string) string {
	if service := c.endpointService(serviceName); service != nil {
		return canonical(service.out("privateDnsName"))
	}
	region, _, _ := strings.Cut(strings.TrimPrefix(serviceName, "com.amazonaws."), ".")
	return serviceOf(serviceName) + "." + region + ".amazonaws.com"
}

func endpointBorn(c *call) error {
	c.set("arn", c.arn("ec2", "vpc-endpoint/"+c.obj.ID))
	c.obj.Private["label"] = c.hex(8)
	c.fill("serviceRegion", c.region)
	c.set("state", "available")
	if service := c.endpointService(c.in().str("serviceName")); service != nil && service.Inputs.flag("acceptanceRequired") {
		c.set("state", "pendingAcceptance")
	}
	return nil
}

// endpointDerive keeps one network interface per subnet and the names that
// lead to them.
func endpointDerive(c *call) error {
	if c.in().str("vpcEndpointType") == "Gateway" {
		c.set("dnsEntries", []any{})
		c.set("networkInterfaceIds", []any{})
		c.set("prefixListId", hexID("pl-")(c))
		return nil
	}
	if err := endpointInterfaces(c); err != nil {
		return err
	}
	if c.in().flag("autoAccept") {
		c.set("state", "available")
	}
	if c.in().has("privateDnsEnabled") {
		delete(c.obj.Computed, "privateDnsEnabled") // what was enabled apart from the endpoint
	}
	if groups := c.in().strings("securityGroupIds"); len(groups) == 0 {
		vpc := c.find(vpcType, c.in().str("vpcId"), c.region)
		c.set("securityGroupIds", []any{vpc.Computed.str("defaultSecurityGroupId")})
	} else {
		delete(c.obj.Computed, "securityGroupIds")
	}
	c.fill("dnsOptions", map[string]any{"dnsRecordIpType": c.in().or("ipAddressType", "ipv4"), "privateDnsOnlyForInboundResolverEndpoint": false})
	c.set("dnsEntries", c.endpointNames(c.obj))
	return nil
}

func endpointInterfaces(c *call) error {
	wanted := map[string]Interface{}
	for _, config := range c.in().objects("subnetConfigurations") {
		wanted[config.str("subnetId")] = Interface{IPv4: config.str("ipv4"), IPv6: config.str("ipv6")}
	}
	before := c.obj.Interfaces
	c.obj.Interfaces = nil
	for _, id := range c.in().strings("subnetIds") {
		eni, err := c.place(before, c.find(subnetType, id, c.region), wanted[id], c.in().or("ipAddressType", "ipv4"))
		if err != nil {
			return err
		}
		c.obj.Interfaces = append(c.obj.Interfaces, eni)
	}
	c.set("subnetConfigurations", subnetConfigurations(c.obj.Interfaces))
	c.set("networkInterfaceIds", interfaceIDs(c.obj.Interfaces))
	return nil
}

func subnetConfigurations(enis []Interface) []any {
	var out []any
	for _, eni := range enis {
		config := map[string]any{"subnetId": eni.Subnet, "ipv4": eni.IPv4}
		if eni.IPv6 != "" {
			config["ipv6"] = eni.IPv6
		}
		out = append(out, config)
	}
	return out
}

// interfaceIDs lists ids by value, as the provider's set does: not in the
// order of the subnets.
func interfaceIDs(enis []Interface) []any {
	sorted := slices.SortedFunc(slices.Values(enis), func(a, b Interface) int { return cmp.Compare(a.ID, b.ID) })
	var ids []any
	for _, eni := range sorted {
		ids = append(ids, eni.ID)
	}
	return ids
}

// endpointNames gives the regional name, one per zone and, with private DNS,
// the service's own: a wildcard too where it is a service of AWS.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func (c *call) endpointNames(endpoint *Object) []any {
	host, zone := endpoint.ID+"-"+endpoint.Private.str("label"), hostedZone("endpoint", endpoint.Region)
	service := endpoint.Inputs.str("serviceName")
	suffix := "." + serviceOf(service) + "." + endpoint.Region + ".vpce.amazonaws.com"
	names := []any{dnsEntry(host+suffix, zone)}
	for _, id := range endpoint.Inputs.strings("subnetIds") {
		az := c.find(subnetType, id, endpoint.Region).Computed.str("availabilityZone")
		names = append(names, dnsEntry(host+"-"+az+suffix, zone))
	}
	private := c.privateZoneOf(endpoint)
	if private == "" {
		return names
	}
	if !endpoint.Private.has("zone") {
		endpoint.Private["zone"] = "Z" + strings.ToUpper(c.hex(20))
	}
	zone = endpoint.Private.str("zone")
	names = append(names, dnsEntry(private, zone))
	if c.endpointService(service) == nil {
		names = append(names, dnsEntry("*."+private, zone))
	}
	return names
}

func dnsEntry(name, zone string) any {
	return map[string]any{"dnsName": name, "hostedZoneId": zone}
}
