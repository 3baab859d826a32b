package catalog

import (
	"cmp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const vpcEndpointType = "aws:ec2/vpcEndpoint:VpcEndpoint"

const (
	manageDNSNames    = "https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html"
	interfaceEndpoint = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"
	createEndpoint    = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html"
)

func vpcEndpointKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         vpcEndpointType,
		ComputedLists: words("routeTableIds securityGroupIds subnetConfigurations subnetIds"),
		Replace: words(`vpcId vpcEndpointType serviceName serviceRegion resourceConfigurationArn
			serviceNetworkArn`),
		Sets: words("routeTableIds securityGroupIds subnetConfigurations subnetIds"),
		// privateDnsEnabled has no default in the provider's schema: AWS decides.
		Defaults: cloud.Props{"vpcEndpointType": "Gateway"},
		ID:       cloud.HexID("vpce-"),
		NotFound: cloud.NewRefusal("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '%s' does not exist",
			ec2Errors),
		BlocksDeletionOf: map[string]string{
			"vpcId": vpcType, "subnetIds[]": subnetType, "securityGroupIds[]": securityGroupType,
		},
		References: map[string]string{"routeTableIds[]": routeTableType},
		OutputDefaults: cloud.Props{
			"cidrBlocks": []any{}, "ipAddressType": "ipv4", "ownerId": cloud.AccountID, "prefixListId": "",
			"privateDnsEnabled": false, "requesterManaged": false, "routeTableIds": []any{}, "state": "available",
			"subnetIds": []any{},
			"policy":    fullAccess,
		},
		Check:    checkEndpoint,
		OnCreate: endpointOnCreate,
		Compute:  endpointCompute,
		OnDelete: endpointOnDelete,
		Example: cloud.Example{
			Name: "endpoint",
			Inputs: cloud.Props{
				"privateDnsEnabled": true, "securityGroupIds": []any{"${group}"},
				"serviceName": "com.amazonaws.us-east-1.execute-api",
				"subnetIds":   []any{"${subnet a}", "${subnet b}"}, "vpcEndpointType": "Interface", "vpcId": "${vpc}",
			},
		},
	}
}

// endpointOnDelete removes the consent of the service's owner together with
// the endpoint, even if a program retains the accepter.
func endpointOnDelete(r *cloud.Request) {
	for _, accepter := range r.All(endpointAccepterType) {
		if accepter.Inputs.String("vpcEndpointId") == r.Object.ID {
			r.Remove(accepter)
		}
	}
}

func checkEndpoint(r *cloud.Request) error {
	if err := checkOwnVPC(vpcOfInputs)(r); err != nil {
		return err
	}
	switch kind := r.Inputs.String("vpcEndpointType"); kind {
	case "Gateway":
		return checkGatewayEndpoint(r)
	case "Interface":
		return checkInterfaceEndpoint(r)
	default: // The account has no services of Gateway Load Balancers.
		return cloud.NewRefusal("InvalidParameter",
			"Endpoint type (%s) does not match available service types ([Interface]) for %s.",
			createEndpoint).With(kind, r.Inputs.String("serviceName"))
	}
}

var checkInterfaceEndpoint = cloud.InOrder(checkEndpointService, checkEndpointPolicy, checkEndpointVPC,
	checkEndpointZone, checkEndpointFamily, checkEndpointAddress, checkEndpointPrivateDNS)

// gatewayServices are the two services that have gateway endpoints.
// https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
var gatewayServices = []string{"s3", "dynamodb"}

func checkGatewayEndpoint(r *cloud.Request) error {
	service := r.Inputs.String("serviceName")
	if slices.Contains(gatewayServices, serviceOf(service)) {
		return nil
	}
	return cloud.NewRefusal("InvalidParameter",
		"Endpoint type (Gateway) does not match available service types ([Interface]) for %s.",
		createEndpoint).With(service)
}

// serviceOf returns the last part of com.amazonaws.<region>.<service>.
func serviceOf(serviceName string) string {
	return serviceName[strings.LastIndex(serviceName, ".")+1:]
}

func checkEndpointPolicy(r *cloud.Request) error {
	policy := r.Inputs.String("policy")
	if _, ok := statements(policy); policy != "" && !ok {
		return invalidEndpointPolicy.With()
	}
	return nil
}

func checkEndpointVPC(r *cloud.Request) error {
	vpc := r.Inputs.String("vpcId")
	for _, id := range r.Inputs.Strings("subnetIds") {
		if r.Find(subnetType, id, r.Region).Inputs.String("vpcId") != vpc {
			return cloud.NewRefusal("InvalidParameter", "Subnet %s does not belong to VPC %s",
				createEndpoint).With(id, vpc)
		}
	}
	for _, id := range r.Inputs.Strings("securityGroupIds") {
		if r.Lookup(securityGroupType, id).Inputs.String("vpcId") != vpc {
			return cloud.NewRefusal("InvalidParameter", "Security group %s does not belong to VPC %s",
				createEndpoint).With(id, vpc)
		}
	}
	return nil
}

func checkEndpointZone(r *cloud.Request) error {
	zones := map[string]string{}
	for _, id := range r.Inputs.Strings("subnetIds") {
		zone := r.Find(subnetType, id, r.Region).Computed.String("availabilityZone")
		if zones[zone] != "" {
			return cloud.NewRefusal("DuplicateSubnetsInSameZone",
				"Found another VPC endpoint subnet in the availability zone of %s: %s",
				interfaceEndpoint).With(id, zones[zone])
		}
		zones[zone] = id
	}
	return checkServiceZones(r)
}

func checkEndpointAddress(r *cloud.Request) error {
	for _, config := range r.Inputs.Objects("subnetConfigurations") {
		id := config.String("subnetId")
		if !slices.Contains(r.Inputs.Strings("subnetIds"), id) {
			return cloud.NewRefusal("InvalidParameter",
				"subnetConfigurations names subnet %s, which is not in subnetIds", createEndpoint).With(id)
		}
	}
	return nil
}

// checkEndpointFamily refuses an IP address type that the service, the subnets
// or the DNS records do not have.
func checkEndpointFamily(r *cloud.Request) error {
	family := r.Inputs.StringOr("ipAddressType", "ipv4")
	if !slices.Contains(words("ipv4 ipv6 dualstack"), family) {
		return cloud.NewRefusal("InvalidParameter", "IP address type %s is none of ipv4, ipv6, dualstack",
			createEndpoint).With(family)
	}
	if err := checkServiceFamily(r, family); err != nil {
		return err
	}
	for _, id := range r.Inputs.Strings("subnetIds") {
		if family != "ipv4" && !r.Find(subnetType, id, r.Region).Inputs.Has("ipv6CidrBlock") {
			return cloud.NewRefusal("InvalidParameter",
				"IP address type %s requires subnets with IPv6 CIDR blocks: %s has none",
				interfaceEndpoint).With(family, id)
		}
	}
	records := r.Inputs.Object("dnsOptions").StringOr("dnsRecordIpType", family)
	if family != "dualstack" && records != family && records != "service-defined" {
		return cloud.NewRefusal(
			"InvalidParameter",
			"DNS record IP type %s is not compatible with IP address type %s",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html",
		).With(records, family)
	}
	return nil
}

func checkEndpointPrivateDNS(r *cloud.Request) error {
	if !r.Inputs.Bool("privateDnsEnabled") {
		return nil
	}
	return checkPrivateDNS(r, r.Object)
}

// checkPrivateDNS refuses private DNS of an endpoint.
func checkPrivateDNS(r *cloud.Request, endpoint *cloud.Object) error {
	vpc := r.Find(vpcType, endpoint.Inputs.String("vpcId"), r.Region)
	if !vpc.Inputs.Bool("enableDnsSupport") || !vpc.Inputs.Bool("enableDnsHostnames") {
		return cloud.NewRefusal(
			"InvalidParameter",
			"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to "+
				"true for %s",
			manageDNSNames,
		).With(vpc.ID)
	}
	if err := checkServicePrivateDNS(r, endpoint); err != nil {
		return err
	}
	domain := privateName(r, endpoint.Inputs.String("serviceName"))
	for _, other := range r.All(vpcEndpointType) {
		if other != endpoint && other.Inputs.String("vpcId") == vpc.ID && privateZoneOf(r, other) == domain {
			return conflictingName.With(domain, vpc.ID)
		}
	}
	for _, zone := range r.All(zoneType) {
		if canonical(zone.Inputs.String("name")) == domain && slices.Contains(vpcsOf(r, zone), vpc.ID) {
			return conflictingName.With(domain, vpc.ID)
		}
	}
	return nil
}

var conflictingName = cloud.NewRefusal("InvalidParameter",
	"private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in the VPC %s",
	manageDNSNames)

// privateZoneOf returns the name that an endpoint's private DNS takes in its
// VPC. It is empty if private DNS is off.
func privateZoneOf(r *cloud.Request, endpoint *cloud.Object) string {
	if !endpoint.Outputs().Bool("privateDnsEnabled") {
		return ""
	}
	return privateName(r, endpoint.Inputs.String("serviceName"))
}

// privateName returns the name that a service gives the private DNS of its
// endpoints.
func privateName(r *cloud.Request, serviceName string) string {
	if service := findEndpointService(r, serviceName); service != nil {
		return canonical(service.Output("privateDnsName"))
	}
	region, _, _ := strings.Cut(strings.TrimPrefix(serviceName, "com.amazonaws."), ".")
	return serviceOf(serviceName) + "." + region + ".amazonaws.com"
}

func endpointOnCreate(r *cloud.Request) error {
	r.Set("arn", r.ARN("ec2", "vpc-endpoint/"+r.Object.ID))
	r.Object.Private["label"] = r.Hex(8)
	r.SetDefault("serviceRegion", r.Region)
	r.Set("state", "available")
	if service := findEndpointService(r, r.Inputs.String("serviceName")); service != nil &&
		service.Inputs.Bool("acceptanceRequired") {
		r.Set("state", "pendingAcceptance")
	}
	return nil
}

// endpointCompute keeps one network interface per subnet, and the names that
// lead to them.
func endpointCompute(r *cloud.Request) error {
	if r.Inputs.String("vpcEndpointType") == "Gateway" {
		r.Set("dnsEntries", []any{})
		r.Set("networkInterfaceIds", []any{})
		r.Set("prefixListId", cloud.HexID("pl-")(r))
		return nil
	}
	if err := endpointInterfaces(r); err != nil {
		return err
	}
	if r.Inputs.Bool("autoAccept") {
		r.Set("state", "available")
	}
	for _, key := range words("policy privateDnsEnabled") {
		if r.Inputs.Has(key) {
			r.Unset(key) // Set by a separate resource.
		}
	}
	if groups := r.Inputs.Strings("securityGroupIds"); len(groups) == 0 {
		vpc := r.Find(vpcType, r.Inputs.String("vpcId"), r.Region)
		r.Set("securityGroupIds", []any{vpc.Computed.String("defaultSecurityGroupId")})
	} else {
		r.Unset("securityGroupIds")
	}
	r.SetDefault("dnsOptions", map[string]any{
		"dnsRecordIpType":                          r.Inputs.StringOr("ipAddressType", "ipv4"),
		"privateDnsOnlyForInboundResolverEndpoint": false,
	})
	r.Set("dnsEntries", endpointNames(r, r.Object))
	return nil
}

func endpointInterfaces(r *cloud.Request) error {
	wanted := map[string]cloud.Interface{}
	for _, config := range r.Inputs.Objects("subnetConfigurations") {
		wanted[config.String("subnetId")] = cloud.Interface{IPv4: config.String("ipv4"), IPv6: config.String("ipv6")}
	}
	before := r.Object.Interfaces
	r.Object.Interfaces = nil
	for _, id := range r.Inputs.Strings("subnetIds") {
		eni, err := placeInterface(r, before, r.Find(subnetType, id, r.Region), wanted[id],
			r.Inputs.StringOr("ipAddressType", "ipv4"))
		if err != nil {
			return err
		}
		r.Object.Interfaces = append(r.Object.Interfaces, eni)
	}
	r.Set("subnetConfigurations", subnetConfigurations(r.Object.Interfaces))
	r.Set("networkInterfaceIds", interfaceIDs(r.Object.Interfaces))
	return nil
}

func subnetConfigurations(enis []cloud.Interface) []any {
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

// interfaceIDs returns IDs sorted by value, as the provider's set does. They
// are not in the order of the subnets.
func interfaceIDs(enis []cloud.Interface) []any {
	sorted := slices.SortedFunc(slices.Values(enis),
		func(a, b cloud.Interface) int { return cmp.Compare(a.ID, b.ID) })
	var ids []any
	for _, eni := range sorted {
		ids = append(ids, eni.ID)
	}
	return ids
}

// endpointNames returns the regional name and one name per zone. With private
// DNS it appends the name of the service; a service of AWS has a wildcard too.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func endpointNames(r *cloud.Request, endpoint *cloud.Object) []any {
	host, zone := endpoint.ID+"-"+endpoint.Private.String("label"), hostedZone("endpoint", endpoint.Region)
	service := endpoint.Inputs.String("serviceName")
	suffix := "." + serviceOf(service) + "." + endpoint.Region + ".vpce.amazonaws.com"
	names := []any{dnsEntry(host+suffix, zone)}
	for _, id := range endpoint.Inputs.Strings("subnetIds") {
		az := r.Find(subnetType, id, endpoint.Region).Computed.String("availabilityZone")
		names = append(names, dnsEntry(host+"-"+az+suffix, zone))
	}
	private := privateZoneOf(r, endpoint)
	if private == "" {
		return names
	}
	if !endpoint.Private.Has("zone") {
		endpoint.Private["zone"] = "Z" + strings.ToUpper(r.Hex(20))
	}
	zone = endpoint.Private.String("zone")
	names = append(names, dnsEntry(private, zone))
	if findEndpointService(r, service) == nil {
		names = append(names, dnsEntry("*."+private, zone))
	}
	return names
}

func dnsEntry(name, zone string) any {
	return map[string]any{"dnsName": name, "hostedZoneId": zone}
}
