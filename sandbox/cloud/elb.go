package cloud

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const (
	loadBalancerType = "aws:lb/loadBalancer:LoadBalancer"
	targetGroupType  = "aws:lb/targetGroup:TargetGroup"
	attachmentType   = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
	listenerType     = "aws:lb/listener:Listener"
)

func elbKinds() []*Kind {
	return []*Kind{loadBalancerKind(), targetGroupKind(), targetAttachmentKind(), listenerKind()}
}

func loadBalancerKind() *Kind {
	return &Kind{
		Token: loadBalancerType,
		Optional: words(`accessLogs clientKeepAlive connectionLogs customerOwnedIpv4Pool desyncMitigationMode
			dnsRecordClientRoutingPolicy dropInvalidHeaderFields enableCrossZoneLoadBalancing
			enableDeletionProtection enableHttp2 enableTlsVersionAndCipherSuiteHeaders enableWafFailOpen
			enableXffClientPort enableZonalShift enforceSecurityGroupInboundRulesOnPrivateLinkTraffic idleTimeout
			internal ipAddressType ipamPools loadBalancerType minimumLoadBalancerCapacity name namePrefix
			preserveHostHeader securityGroups subnetMappings subnets tags xffHeaderProcessingMode`),
		Computed: words(`arn arnSuffix dnsName enforceSecurityGroupInboundRulesOnPrivateLinkTraffic internal
			ipAddressType namePrefix securityGroups subnetMappings subnets vpcId zoneId`),
		Replace: words("customerOwnedIpv4Pool internal loadBalancerType name namePrefix"),
		Sets:    words("securityGroups subnetMappings subnets"),
		Defaults: props{"clientKeepAlive": 3600.0, "desyncMitigationMode": "defensive",
			"dnsRecordClientRoutingPolicy": "any_availability_zone", "dropInvalidHeaderFields": false,
			"enableCrossZoneLoadBalancing": false, "enableDeletionProtection": false, "enableHttp2": true,
			"enableTlsVersionAndCipherSuiteHeaders": false, "enableWafFailOpen": false, "enableXffClientPort": false,
			"enableZonalShift": false, "idleTimeout": 60.0, "loadBalancerType": "application",
			"preserveHostHeader": false, "xffHeaderProcessingMode": "append"},
		Unsettles: map[string][]string{"subnets": words("subnetMappings"), "subnetMappings": words("subnets")},
		Autoname:  Autoname{Property: "name", MaxLen: 32},
		// https://github.com/hashicorp/terraform-provider-aws/issues/49531
		Unread:    map[string]string{"subnetMappings": "ipv6Address"},
		ReplaceIf: loadBalancerReplaced,
		id:        loadBalancerID,
		missing:   Refusal{"LoadBalancerNotFound", "Load balancer '%s' not found", elbErrors},
		inUse: Refusal{"ResourceInUse",
			"Load balancer '%s' cannot be deleted because it is currently associated with another service",
			"https://github.com/hashicorp/terraform-provider-aws/issues/5701"},
		holds: map[string]string{"subnets[]": subnetType, "subnetMappings[].subnetId": subnetType, "securityGroups[]": securityGroupType},
		refs:  map[string]string{"subnetMappings[].allocationId": eipType},
		absent: map[string]Refusal{
			"subnets[]":                     {"SubnetNotFound", "The subnet ID '%s' does not exist", elbErrors},
			"subnetMappings[].subnetId":     {"SubnetNotFound", "The subnet ID '%s' does not exist", elbErrors},
			"subnetMappings[].allocationId": {"AllocationIdNotFound", "The allocation ID '%s' does not exist", elbErrors},
			"securityGroups[]":              {"InvalidSecurityGroup", "The security group '%s' does not exist", elbErrors},
		},
		fills: props{"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "", "internal": false, "ipAddressType": "ipv4",
			"namePrefix": "", "securityGroups": []any{}},
		check: inOrder(subnetsGivenCheck, addressKindCheck, addressFreeCheck, nodeZoneCheck, nodeSpaceCheck, nodeNetworkCheck,
			dualstackCheck, privateLinkRulesCheck, lifelongCheck, loadBalancerNameCheck, accessLogsCheck),
		born:    loadBalancerBorn,
		derive:  loadBalancerDerive,
		release: loadBalancerRelease,
	}
}

// loadBalancerReplaced is the provider's rule for a network load balancer:
// subnets may only be added, and it has security groups for life or never. Of
// subnets it counts, of mappings the old ones must stay as they are.
// https://github.com/hashicorp/terraform-provider-aws/issues/17281
func loadBalancerReplaced(old, new resource.PropertyMap) []string {
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

// elements gives a list, or an empty one where there is none; a list that is
// unknown as a whole is given as it is.
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

func loadBalancerID(c *call) string {
	return c.arn("elasticloadbalancing", "loadbalancer/"+c.family()+"/"+ownName(c)+"/"+c.hex(16))
}

// family is how ARNs abbreviate the type of a load balancer.
func (c *call) family() string {
	return map[string]string{"network": "net", "application": "app", "gateway": "gwy"}[c.in().str("loadBalancerType")]
}

func loadBalancerBorn(c *call) error {
	_, suffix, _ := strings.Cut(c.obj.ID, ":loadbalancer/")
	c.set("arn", c.obj.ID)
	c.set("arnSuffix", suffix)
	c.set("dnsName", loadBalancerName(c))
	c.set("zoneId", hostedZone(c.in().str("loadBalancerType"), c.region))
	if len(c.in().strings("securityGroups")) > 0 && c.in().str("loadBalancerType") == "network" {
		c.fill("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "on")
	}
	return nil
}

func loadBalancerName(c *call) string {
	if c.in().str("loadBalancerType") == "network" {
		return ownName(c) + "-" + lastPart(c.obj.ID) + ".elb." + c.region + ".amazonaws.com"
	}
	prefix := ""
	if c.in().flag("internal") {
		prefix = "internal-"
	}
	return prefix + ownName(c) + "-" + c.letters(10, "0123456789") + "." + c.region + ".elb.amazonaws.com"
}

// mappings gives one mapping per subnet, whichever way the subnets are given.
func mappings(p props) []props {
	if given := p.objects("subnetMappings"); len(given) > 0 {
		return given
	}
	var out []props
	for _, id := range p.strings("subnets") {
		out = append(out, props{"subnetId": id})
	}
	return out
}

func loadBalancerDerive(c *call) error {
	before := c.obj.Interfaces
	c.obj.Interfaces = nil
	var subnets, shown []any
	for _, m := range mappings(c.in()) {
		subnet := c.find(subnetType, m.str("subnetId"), c.region)
		eni, err := c.node(before, subnet, Interface{IPv4: m.str("privateIpv4Address"), IPv6: m.str("ipv6Address")})
		if err != nil {
			return err
		}
		c.obj.Interfaces = append(c.obj.Interfaces, eni)
		subnets = append(subnets, subnet.ID)
		shown = append(shown, map[string]any{"subnetId": subnet.ID, "allocationId": m.str("allocationId"),
			"privateIpv4Address": m.str("privateIpv4Address"), "ipv6Address": m.str("ipv6Address"), "outpostId": ""})
		c.set("vpcId", subnet.Inputs.str("vpcId"))
	}
	c.set("subnets", subnets)
	c.set("subnetMappings", shown)
	delete(c.obj.Computed, "securityGroups")
	if c.in().str("loadBalancerType") == "application" && len(c.in().strings("securityGroups")) == 0 {
		vpc := c.find(vpcType, c.obj.Computed.str("vpcId"), c.region)
		c.set("securityGroups", []any{vpc.Computed.str("defaultSecurityGroupId")})
	}
	return nil
}

// node keeps the interface that the load balancer has in a subnet, or makes one.
func (c *call) node(before []Interface, subnet *Object, want Interface) (Interface, error) {
	family := "ipv4"
	if strings.HasPrefix(c.in().str("ipAddressType"), "dualstack") {
		family = "dualstack"
	}
	eni, err := c.place(before, subnet, want, family)
	if err != nil {
		return eni, Refusal{"failed",
			"Load balancer '%s' went to state failed instead of active: %v",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html"}.with(ownName(c), err)
	}
	return eni, nil
}

const subnetMapping = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html"

func subnetsGivenCheck(c *call) error {
	subnets, mapped := len(c.in().strings("subnets")), len(c.in().objects("subnetMappings"))
	if (subnets == 0) == (mapped == 0) {
		return Refusal{"ValidationError", "You must specify either subnets or subnet mappings, and not both", elbErrors}.with()
	}
	if c.in().str("loadBalancerType") == "application" && subnets+mapped < 2 {
		return Refusal{"ValidationError", "At least two subnets in two different Availability Zones must be specified", elbErrors}.with()
	}
	return nil
}

// addressKindCheck: Elastic IPs are for internet-facing load balancers,
// private addresses for internal ones.
func addressKindCheck(c *call) error {
	for _, m := range c.in().objects("subnetMappings") {
		if c.in().flag("internal") && m.has("allocationId") {
			return Refusal{"InvalidConfigurationRequest",
				"You cannot specify an allocation ID (%s) for an internal load balancer",
				subnetMapping}.with(m.str("allocationId"))
		}
		if !c.in().flag("internal") && m.has("privateIpv4Address") {
			return Refusal{"InvalidConfigurationRequest",
				"You cannot specify a private IPv4 address (%s) for an internet-facing load balancer",
				subnetMapping}.with(m.str("privateIpv4Address"))
		}
	}
	return nil
}

func addressFreeCheck(c *call) error {
	for _, id := range c.in().gather("subnetMappings[].allocationId") {
		if c.addressUser(id) != nil {
			return Refusal{"ResourceInUse",
				"The allocation IDs are not available for use: %s",
				"https://github.com/hashicorp/terraform-provider-aws/issues/15031"}.with(id)
		}
	}
	return nil
}

func nodeZoneCheck(c *call) error {
	zones := map[string]bool{}
	for _, m := range mappings(c.in()) {
		zone := c.find(subnetType, m.str("subnetId"), c.region).Computed.str("availabilityZone")
		if zones[zone] {
			return Refusal{"InvalidConfigurationRequest",
				"A load balancer cannot be attached to multiple subnets in the same Availability Zone (%s)",
				subnetMapping}.with(zone)
		}
		zones[zone] = true
	}
	return nil
}

// nodeSpace is how many free addresses a load balancer wants to find in a
// subnet, for nodes to come.
const nodeSpace = 8

func nodeSpaceCheck(c *call) error {
	for _, m := range mappings(c.in()) {
		subnet := c.find(subnetType, m.str("subnetId"), c.region)
		here := slices.ContainsFunc(c.obj.Interfaces, func(i Interface) bool { return i.Subnet == subnet.ID })
		if !here && c.free(subnet) < nodeSpace {
			return Refusal{"InvalidSubnet",
				"Not enough IP space available in %s. ELB requires at least 8 free IP addresses in each subnet.",
				subnetMapping}.with(subnet.ID)
		}
	}
	return nil
}

func nodeNetworkCheck(c *call) error {
	vpc := ""
	for _, m := range mappings(c.in()) {
		subnet := c.find(subnetType, m.str("subnetId"), c.region)
		if vpc != "" && subnet.Inputs.str("vpcId") != vpc {
			return Refusal{"InvalidConfigurationRequest", "All subnets must belong to the same VPC: '%s'", elbErrors}.with(vpc)
		}
		vpc = subnet.Inputs.str("vpcId")
	}
	for _, id := range c.in().strings("securityGroups") {
		if c.lookup(securityGroupType, id).Inputs.str("vpcId") != vpc {
			return Refusal{"InvalidConfigurationRequest", "The security group '%s' does not belong to VPC '%s'", elbErrors}.with(id, vpc)
		}
	}
	if !c.in().flag("internal") && c.internetGateway(vpc) == nil {
		return Refusal{"InvalidSubnet", "VPC %s has no internet gateway", elbErrors}.with(vpc)
	}
	return nil
}

func dualstackCheck(c *call) error {
	if !strings.HasPrefix(c.in().str("ipAddressType"), "dualstack") {
		for _, address := range c.in().gather("subnetMappings[].ipv6Address") {
			return Refusal{"InvalidConfigurationRequest",
				"You cannot specify an IPv6 address (%s) for a load balancer that is not dualstack",
				subnetMapping}.with(address)
		}
		return nil
	}
	for _, m := range mappings(c.in()) {
		if c.find(subnetType, m.str("subnetId"), c.region).Inputs.str("ipv6CidrBlock") == "" {
			return Refusal{"ValidationError",
				"You must specify subnets with an associated IPv6 CIDR block.",
				"https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/4852"}.with()
		}
	}
	return nil
}

// privateLinkRulesCheck: rules for PrivateLink need security groups.
func privateLinkRulesCheck(c *call) error {
	const key = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
	const source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html"
	value := c.in().str(key)
	switch {
	case value == "" || c.in().str("loadBalancerType") != "network":
		return nil
	case value != "on" && value != "off":
		return Refusal{"ValidationError", key + " is '%s', and must be 'on' or 'off'", source}.with(value)
	case len(c.in().strings("securityGroups")) == 0:
		return Refusal{"InvalidConfigurationRequest",
			"Network Load Balancer '%s' was created without security groups, which " + key + " is about",
			source}.with(ownName(c))
	}
	return nil
}

// lifelongCheck refuses what a network load balancer cannot change.
func lifelongCheck(c *call) error {
	if c.created() || c.in().str("loadBalancerType") != "network" {
		return nil
	}
	if (len(c.old.strings("securityGroups")) == 0) != (len(c.in().strings("securityGroups")) == 0) {
		return Refusal{"InvalidConfigurationRequest",
			"Security groups cannot be added to or all removed from Network Load Balancer '%s' after it was created",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html"}.with(ownName(c))
	}
	kept := map[string]string{}
	for _, m := range mappings(c.in()) {
		kept[m.str("subnetId")] = fixedAddresses(m)
	}
	for _, m := range mappings(c.old) {
		if address, ok := kept[m.str("subnetId")]; !ok || address != fixedAddresses(m) {
			return Refusal{"InvalidConfigurationRequest",
				"Subnet %s of Network Load Balancer '%s' cannot be removed, nor its address changed",
				"https://github.com/hashicorp/terraform-provider-aws/issues/17281"}.with(m.str("subnetId"), ownName(c))
		}
	}
	return nil
}

// fixedAddresses are the addresses that a mapping gives for good.
func fixedAddresses(m props) string {
	return m.str("allocationId") + " " + m.str("privateIpv4Address") + " " + m.str("ipv6Address")
}

func loadBalancerNameCheck(c *call) error {
	for _, other := range c.others(loadBalancerType) {
		if other.out("name") == c.in().str("name") {
			return Refusal{"DuplicateLoadBalancerName",
				"A load balancer with the same name '%s' exists, but with different settings",
				elbErrors}.with(other.out("name"))
		}
	}
	return nil
}

func accessLogsCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html"
	logs := c.in().object("accessLogs")
	if !logs.flag("enabled") {
		return nil
	}
	bucket := logs.str("bucket")
	if found := c.find(bucketType, bucket, ""); found == nil || found.ID != bucket {
		return Refusal{"InvalidConfigurationRequest", "S3 bucket does not exist: %s", source}.with(bucket)
	}
	policy := c.find(bucketPolicyType, bucket, "")
	if policy == nil || !c.delivers(policy.Inputs.str("policy"), bucket, logs.str("prefix")) {
		return Refusal{"InvalidConfigurationRequest", "Access Denied for bucket: %s. Please check S3bucket permission", source}.with(bucket)
	}
	return nil
}

// delivers tells whether a bucket's policy lets log delivery look at the
// bucket and write to it for the account.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
func (c *call) delivers(policy, bucket, prefix string) bool {
	arn := "arn:aws:s3:::" + bucket
	look := access{"delivery.logs.amazonaws.com", "s3:GetBucketAcl", arn, map[string]string{
		"aws:sourceaccount": AccountID, "aws:sourcearn": c.arn("logs", "delivery"), "aws:securetransport": "true"}}
	write := access{look.service, "s3:PutObject", arn + "/" + path.Join(prefix, "AWSLogs", AccountID, "log"), maps.Clone(look.context)}
	write.context["s3:x-amz-acl"] = "bucket-owner-full-control"
	return permits(policy, look) && permits(policy, write)
}

func loadBalancerRelease(c *call) error {
	if c.in().flag("enableDeletionProtection") {
		return Refusal{"OperationNotPermitted",
			"Load balancer '%s' cannot be deleted because deletion protection is enabled",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"}.with(c.obj.ID)
	}
	return nil
}
