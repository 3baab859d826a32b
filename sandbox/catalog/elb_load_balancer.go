package catalog

import (
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/sandbox/cloud"
)

const (
	loadBalancerType = "aws:lb/loadBalancer:LoadBalancer"
	targetGroupType  = "aws:lb/targetGroup:TargetGroup"
	attachmentType   = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
	listenerType     = "aws:lb/listener:Listener"
)

// elbErrors is the page that most refusals of this service come from.
const elbErrors = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"

func loadBalancerKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         loadBalancerType,
		ComputedLists: words("securityGroups subnetMappings subnets"),
		Replace:       words("customerOwnedIpv4Pool internal loadBalancerType name namePrefix"),
		Sets:          words("securityGroups subnetMappings subnets"),
		KeptIfRemoved: words("accessLogs connectionLogs"), // The provider's SuppressMissingOptionalConfigurationBlock.
		Defaults: cloud.Props{"clientKeepAlive": 3600, "desyncMitigationMode": "defensive",
			"dnsRecordClientRoutingPolicy": "any_availability_zone", "dropInvalidHeaderFields": false,
			"enableCrossZoneLoadBalancing": false, "enableDeletionProtection": false, "enableHttp2": true,
			"enableTlsVersionAndCipherSuiteHeaders": false, "enableWafFailOpen": false, "enableXffClientPort": false,
			"enableZonalShift": false, "idleTimeout": 60, "loadBalancerType": "application",
			"preserveHostHeader": false, "xffHeaderProcessingMode": "append"},
		Invalidates: map[string][]string{"subnets": words("subnetMappings"), "subnetMappings": words("subnets")},
		Autoname:    cloud.Autoname{Property: "name", MaxLen: 32},
		Constraints: loadBalancerConstraints(),
		Conflicts:   [][]string{words("name namePrefix")},
		// https://github.com/hashicorp/terraform-provider-aws/issues/49531
		NotReadBack: map[string]string{"subnetMappings": "ipv6Address"},
		ReplaceIf:   loadBalancerReplaceIf,
		ID:          loadBalancerID,
		NotFound:    cloud.NewRefusal("LoadBalancerNotFound", "Load balancer '%s' not found", elbErrors),
		InUse: cloud.NewRefusal("ResourceInUse",
			"Load balancer '%s' cannot be deleted because it is currently associated with another service",
			"https://github.com/hashicorp/terraform-provider-aws/issues/5701"),
		BlocksDeletionOf: map[string]string{
			"subnets[]": subnetType, "subnetMappings[].subnetId": subnetType, "securityGroups[]": securityGroupType,
		},
		References: map[string]string{"subnetMappings[].allocationId": elasticIPType},
		ReferenceErrors: map[string]cloud.Refusal{
			"subnets[]": cloud.NewRefusal("SubnetNotFound", "The subnet ID '%s' does not exist", elbErrors),
			"subnetMappings[].subnetId": cloud.NewRefusal("SubnetNotFound", "The subnet ID '%s' does not exist",
				elbErrors),
			"subnetMappings[].allocationId": cloud.NewRefusal("AllocationIdNotFound",
				"The allocation ID '%s' does not exist", elbErrors),
			"securityGroups[]": cloud.NewRefusal("InvalidSecurityGroup", "The security group '%s' does not exist",
				elbErrors),
		},
		OutputDefaults: cloud.Props{
			"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "", "internal": false, "ipAddressType": "ipv4",
			"namePrefix": "", "securityGroups": []any{},
		},
		Check: cloud.InOrder(checkSubnetsGiven, checkAddressKind, checkAddressFree, checkNodeZone, checkNodeSpace,
			checkNodeNetwork, checkDualstack, checkPrivateLinkRules, checkImmutable, checkLoadBalancerName,
			checkAccessLogs),
		OnCreate:    loadBalancerOnCreate,
		Compute:     loadBalancerCompute,
		CheckDelete: loadBalancerCheckDelete,
		Example: cloud.Example{
			Name: "nlb",
			Inputs: cloud.Props{
				"internal":         true,
				"loadBalancerType": "network",
				"name":             "nlb",
				"subnetMappings": []any{
					cloud.Props{"privateIpv4Address": "10.0.1.10", "subnetId": "${subnet a}"},
					cloud.Props{"subnetId": "${subnet b}"},
				},
			},
		},
	}
}

// loadBalancerReplaceIf follows the provider's rule for a Network Load
// Balancer. Subnets may only be added. Security groups exist from the start or
// never. The provider counts subnets, but compares subnet mappings.
// https://github.com/hashicorp/terraform-provider-aws/issues/17281
func loadBalancerReplaceIf(old, new resource.PropertyMap) []string {
	if t := new["loadBalancerType"]; !t.IsString() || t.StringValue() != "network" {
		return nil
	}
	var keys []string
	for _, key := range words("subnetMappings subnets securityGroups") {
		was, is := elements(old, key), elements(new, key)
		if is.ContainsUnknowns() {
			continue
		}
		before, after := was.ArrayValue(), is.ArrayValue()
		kept := includes(after, before)
		var replaced bool
		switch key {
		case "subnetMappings":
			replaced = !kept || len(after) < len(before)
		case "subnets":
			replaced = len(after) < len(before) || (len(after) == len(before) && !kept)
		case "securityGroups":
			replaced = (len(before) == 0) != (len(after) == 0)
		}
		if replaced {
			keys = append(keys, key)
		}
	}
	return keys
}

// elements returns a list, or an empty one if it is absent. It returns a list
// that is unknown as a whole unchanged.
func elements(m resource.PropertyMap, key string) resource.PropertyValue {
	if v := m[resource.PropertyKey(key)]; v.IsArray() || v.ContainsUnknowns() {
		return v
	}
	return resource.NewProperty([]resource.PropertyValue{})
}

func includes(all, some []resource.PropertyValue) bool {
	for _, s := range some {
		if !slices.ContainsFunc(all, s.DeepEquals) {
			return false
		}
	}
	return true
}

func loadBalancerID(r *cloud.Request) string {
	return r.ARN("elasticloadbalancing", "loadbalancer/"+loadBalancerFamily(r)+"/"+r.Name()+"/"+r.Hex(16))
}

// loadBalancerFamily returns the abbreviation of a load balancer's type in
// ARNs.
func loadBalancerFamily(r *cloud.Request) string {
	short := map[string]string{"network": "net", "application": "app", "gateway": "gwy"}
	return short[r.Inputs.String("loadBalancerType")]
}

func loadBalancerOnCreate(r *cloud.Request) error {
	_, suffix, _ := strings.Cut(r.Object.ID, ":loadbalancer/")
	r.Set("arn", r.Object.ID)
	r.Set("arnSuffix", suffix)
	r.Set("dnsName", loadBalancerName(r))
	r.Set("zoneId", hostedZone(r.Inputs.String("loadBalancerType"), r.Region))
	if len(r.Inputs.Strings("securityGroups")) > 0 && r.Inputs.String("loadBalancerType") == "network" {
		r.SetDefault("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "on")
	}
	return nil
}

func loadBalancerName(r *cloud.Request) string {
	if r.Inputs.String("loadBalancerType") == "network" {
		return r.Name() + "-" + lastPart(r.Object.ID) + ".elb." + r.Region + ".amazonaws.com"
	}
	prefix := ""
	if r.Inputs.Bool("internal") {
		prefix = "internal-"
	}
	return prefix + r.Name() + "-" + r.Letters(10, "0123456789") + "." + r.Region + ".elb.amazonaws.com"
}

// mappings returns one mapping per subnet, from subnetMappings or from subnets.
func mappings(p cloud.Props) []cloud.Props {
	if given := p.Objects("subnetMappings"); len(given) > 0 {
		return given
	}
	var out []cloud.Props
	for _, id := range p.Strings("subnets") {
		out = append(out, cloud.Props{"subnetId": id})
	}
	return out
}

func loadBalancerCompute(r *cloud.Request) error {
	before := r.Object.Interfaces
	r.Object.Interfaces = nil
	var subnets, shown []any
	for _, m := range mappings(r.Inputs) {
		subnet := r.Find(subnetType, m.String("subnetId"), r.Region)
		eni, err := nodeInterface(r, before, subnet,
			cloud.Interface{IPv4: m.String("privateIpv4Address"), IPv6: m.String("ipv6Address")})
		if err != nil {
			return err
		}
		r.Object.Interfaces = append(r.Object.Interfaces, eni)
		subnets = append(subnets, subnet.ID)
		shown = append(shown, map[string]any{
			"subnetId": subnet.ID, "allocationId": m.String("allocationId"),
			"privateIpv4Address": m.String("privateIpv4Address"), "ipv6Address": m.String("ipv6Address"),
			"outpostId": "",
		})
		r.Set("vpcId", subnet.Inputs.String("vpcId"))
	}
	r.Set("subnets", subnets)
	r.Set("subnetMappings", shown)
	r.Unset("securityGroups")
	if r.Inputs.String("loadBalancerType") == "application" && len(r.Inputs.Strings("securityGroups")) == 0 {
		vpc := r.Find(vpcType, r.Object.Computed.String("vpcId"), r.Region)
		r.Set("securityGroups", []any{vpc.Computed.String("defaultSecurityGroupId")})
	}
	writeTestFile(r)
	return nil
}

// writeTestFile writes the file with which an Application Load Balancer tests the
// bucket when its access logs are enabled. AWS's guide to Network Load Balancers
// mentions no such file.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
func writeTestFile(r *cloud.Request) {
	logs := r.Inputs.Object("accessLogs")
	if r.Inputs.String("loadBalancerType") == "application" && logs.Bool("enabled") {
		putObject(r, logs.String("bucket"),
			path.Join(logs.String("prefix"), "AWSLogs", cloud.AccountID, "ELBAccessLogTestFile"))
	}
}

// nodeInterface returns the interface of a load balancer in a subnet: the one
// that it had, or a new one.
func nodeInterface(r *cloud.Request, before []cloud.Interface, subnet *cloud.Object,
	want cloud.Interface) (cloud.Interface, error) {
	family := "ipv4"
	if strings.HasPrefix(r.Inputs.String("ipAddressType"), "dualstack") {
		family = "dualstack"
	}
	eni, err := placeInterface(r, before, subnet, want, family)
	if err != nil {
		return eni, cloud.NewRefusal(
			"failed",
			"Load balancer '%s' went to state failed instead of active: %v",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html",
		).With(r.Name(), err)
	}
	return eni, nil
}

const subnetMapping = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html"

func checkSubnetsGiven(r *cloud.Request) error {
	subnets, mapped := len(r.Inputs.Strings("subnets")), len(r.Inputs.Objects("subnetMappings"))
	if (subnets == 0) == (mapped == 0) {
		return cloud.NewRefusal("ValidationError", "You must specify either subnets or subnet mappings, and not both",
			elbErrors).With()
	}
	if r.Inputs.String("loadBalancerType") == "application" && subnets+mapped < 2 {
		return cloud.NewRefusal("ValidationError",
			"At least two subnets in two different Availability Zones must be specified", elbErrors).With()
	}
	return nil
}

// checkAddressKind refuses Elastic IPs of internal load balancers, and private
// addresses of internet-facing ones.
func checkAddressKind(r *cloud.Request) error {
	for _, m := range r.Inputs.Objects("subnetMappings") {
		if r.Inputs.Bool("internal") && m.String("allocationId") != "" {
			return cloud.NewRefusal("InvalidConfigurationRequest",
				"You cannot specify an allocation ID (%s) for an internal load balancer",
				subnetMapping).With(m.String("allocationId"))
		}
		if !r.Inputs.Bool("internal") && m.String("privateIpv4Address") != "" {
			return cloud.NewRefusal("InvalidConfigurationRequest",
				"You cannot specify a private IPv4 address (%s) for an internet-facing load balancer",
				subnetMapping).With(m.String("privateIpv4Address"))
		}
	}
	return nil
}

func checkAddressFree(r *cloud.Request) error {
	for _, id := range r.Inputs.StringsAt("subnetMappings[].allocationId") {
		if addressUser(r, id) != nil {
			return cloud.NewRefusal("ResourceInUse",
				"The allocation IDs are not available for use: %s",
				"https://github.com/hashicorp/terraform-provider-aws/issues/15031").With(id)
		}
	}
	return nil
}

func checkNodeZone(r *cloud.Request) error {
	zones := map[string]bool{}
	for _, m := range mappings(r.Inputs) {
		zone := r.Find(subnetType, m.String("subnetId"), r.Region).Computed.String("availabilityZone")
		if zones[zone] {
			return cloud.NewRefusal("InvalidConfigurationRequest",
				"A load balancer cannot be attached to multiple subnets in the same Availability Zone (%s)",
				subnetMapping).With(zone)
		}
		zones[zone] = true
	}
	return nil
}

// nodeSpace is the number of free addresses that a load balancer needs in a
// subnet, for future nodes. A node of an internal Network Load Balancer at a given
// address needs no others.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/availability-zones.html
const nodeSpace = 8

func checkNodeSpace(r *cloud.Request) error {
	for _, m := range mappings(r.Inputs) {
		subnet := r.Find(subnetType, m.String("subnetId"), r.Region)
		here := slices.ContainsFunc(r.Object.Interfaces,
			func(i cloud.Interface) bool { return i.Subnet == subnet.ID })
		given := r.Inputs.Bool("internal") && m.String("privateIpv4Address") != ""
		if !here && !given && freeAddressCount(r, subnet) < nodeSpace {
			return cloud.NewRefusal("InvalidSubnet",
				"Not enough IP space available in %s. ELB requires at least 8 free IP addresses in each subnet.",
				subnetMapping).With(subnet.ID)
		}
	}
	return nil
}

func checkNodeNetwork(r *cloud.Request) error {
	vpc := ""
	for _, m := range mappings(r.Inputs) {
		subnet := r.Find(subnetType, m.String("subnetId"), r.Region)
		if vpc != "" && subnet.Inputs.String("vpcId") != vpc {
			return cloud.NewRefusal("InvalidConfigurationRequest", "All subnets must belong to the same VPC: '%s'",
				elbErrors).With(vpc)
		}
		vpc = subnet.Inputs.String("vpcId")
	}
	for _, id := range r.Inputs.Strings("securityGroups") {
		if r.Lookup(securityGroupType, id).Inputs.String("vpcId") != vpc {
			return cloud.NewRefusal("InvalidConfigurationRequest",
				"The security group '%s' does not belong to VPC '%s'", elbErrors).With(id, vpc)
		}
	}
	if !r.Inputs.Bool("internal") && internetGatewayOf(r, vpc) == nil {
		return cloud.NewRefusal("InvalidSubnet", "VPC %s has no internet gateway", elbErrors).With(vpc)
	}
	return nil
}

func checkDualstack(r *cloud.Request) error {
	if !strings.HasPrefix(r.Inputs.String("ipAddressType"), "dualstack") {
		for _, address := range r.Inputs.StringsAt("subnetMappings[].ipv6Address") {
			return cloud.NewRefusal("InvalidConfigurationRequest",
				"You cannot specify an IPv6 address (%s) for a load balancer that is not dualstack",
				subnetMapping).With(address)
		}
		return nil
	}
	for _, m := range mappings(r.Inputs) {
		if r.Find(subnetType, m.String("subnetId"), r.Region).Inputs.String("ipv6CidrBlock") == "" {
			return cloud.NewRefusal("ValidationError",
				"You must specify subnets with an associated IPv6 CIDR block.",
				"https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/4852").With()
		}
	}
	return nil
}

// checkPrivateLinkRules refuses rules for PrivateLink traffic without security
// groups.
func checkPrivateLinkRules(r *cloud.Request) error {
	const key = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
	const source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html"
	value := r.Inputs.String(key)
	switch {
	case value == "" || r.Inputs.String("loadBalancerType") != "network":
		return nil
	case value != "on" && value != "off":
		return cloud.NewRefusal("ValidationError", key+" is '%s', and must be 'on' or 'off'", source).With(value)
	case len(r.Inputs.Strings("securityGroups")) == 0:
		return cloud.NewRefusal("InvalidConfigurationRequest",
			"Network Load Balancer '%s' was created without security groups, which "+key+" is about",
			source).With(r.Name())
	}
	return nil
}

// checkImmutable refuses changes that a Network Load Balancer cannot make.
func checkImmutable(r *cloud.Request) error {
	if r.Created() || r.Inputs.String("loadBalancerType") != "network" {
		return nil
	}
	if (len(r.Old.Strings("securityGroups")) == 0) != (len(r.Inputs.Strings("securityGroups")) == 0) {
		return cloud.NewRefusal(
			"InvalidConfigurationRequest",
			"Security groups cannot be added to or all removed from Network Load Balancer '%s' after it was created",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
		).With(r.Name())
	}
	kept := map[string]string{}
	for _, m := range mappings(r.Inputs) {
		kept[m.String("subnetId")] = fixedAddresses(m)
	}
	for _, m := range mappings(r.Old) {
		if address, ok := kept[m.String("subnetId")]; !ok || address != fixedAddresses(m) {
			return cloud.NewRefusal("InvalidConfigurationRequest",
				"Subnet %s of Network Load Balancer '%s' cannot be removed, nor its address changed",
				"https://github.com/hashicorp/terraform-provider-aws/issues/17281").With(m.String("subnetId"), r.Name())
		}
	}
	return nil
}

// fixedAddresses returns the addresses that a mapping fixes.
func fixedAddresses(m cloud.Props) string {
	return m.String("allocationId") + " " + m.String("privateIpv4Address") + " " + m.String("ipv6Address")
}

func checkLoadBalancerName(r *cloud.Request) error {
	for _, other := range r.Others(loadBalancerType) {
		if other.Output("name") == r.Inputs.String("name") {
			return cloud.NewRefusal("DuplicateLoadBalancerName",
				"A load balancer with the same name '%s' exists, but with different settings",
				elbErrors).With(other.Output("name"))
		}
	}
	return nil
}

func checkAccessLogs(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html"
	logs := r.Inputs.Object("accessLogs")
	if !logs.Bool("enabled") {
		return nil
	}
	bucket := logs.String("bucket")
	if found := r.Find(bucketType, bucket, ""); found == nil || found.ID != bucket {
		return cloud.NewRefusal("InvalidConfigurationRequest", "S3 bucket does not exist: %s", source).With(bucket)
	}
	policy := r.Find(bucketPolicyType, bucket, "")
	if policy == nil || !allowsDelivery(r, policy.Inputs.String("policy")) {
		return cloud.NewRefusal("InvalidConfigurationRequest",
			"Access Denied for bucket: %s. Please check S3bucket permission", source).With(bucket)
	}
	return nil
}

func loadBalancerCheckDelete(r *cloud.Request) error {
	if r.Inputs.Bool("enableDeletionProtection") {
		return cloud.NewRefusal(
			"OperationNotPermitted",
			"Load balancer '%s' cannot be deleted because deletion protection is enabled",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html",
		).With(r.Object.ID)
	}
	return nil
}
