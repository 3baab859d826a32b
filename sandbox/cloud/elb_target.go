package cloud

import (
	"net/netip"
	"strings"
)

func targetGroupKind() *Kind {
	return &Kind{
		Token: targetGroupType,
		Optional: words(`connectionTermination deregistrationDelay healthCheck ipAddressType lambdaMultiValueHeadersEnabled
			loadBalancingAlgorithmType loadBalancingAnomalyMitigation loadBalancingCrossZoneEnabled name namePrefix
			port preserveClientIp protocol protocolVersion proxyProtocolV2 slowStart stickiness tags targetFailovers
			targetGroupHealth targetHealthStates targetType vpcId`),
		Computed: words(`arn arnSuffix connectionTermination healthCheck ipAddressType loadBalancerArns
			loadBalancingAlgorithmType loadBalancingAnomalyMitigation loadBalancingCrossZoneEnabled namePrefix
			preserveClientIp protocolVersion stickiness targetFailovers targetGroupHealth targetHealthStates`),
		Replace: words("ipAddressType name namePrefix port protocol protocolVersion targetType vpcId"),
		Defaults: props{"deregistrationDelay": 300.0, "lambdaMultiValueHeadersEnabled": false, "proxyProtocolV2": false,
			"slowStart": 0.0, "targetType": "instance"},
		Autoname: Autoname{Property: "name", MaxLen: 32},
		id:       targetGroupID,
		missing:  Refusal{"TargetGroupNotFound", "Target groups '%s' not found", elbErrors},
		inUse: Refusal{"ResourceInUse",
			"Target group '%s' is currently in use by a listener or a rule",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html"},
		refs: map[string]string{"vpcId": vpcType},
		fills: props{"connectionTermination": false, "ipAddressType": "ipv4", "loadBalancerArns": []any{}, "loadBalancingAlgorithmType": "",
			"loadBalancingAnomalyMitigation": "", "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
			"namePrefix": "", "protocolVersion": "", "targetFailovers": []any{}, "targetHealthStates": []any{},
			"stickiness": map[string]any{"enabled": false, "type": "source_ip", "cookieDuration": 0.0, "cookieName": ""},
			"targetGroupHealth": map[string]any{
				"dnsFailover":           map[string]any{"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "off"},
				"unhealthyStateRouting": map[string]any{"minimumHealthyTargetsCount": 1.0, "minimumHealthyTargetsPercentage": "off"}}},
		check:  targetGroupCheck,
		born:   targetGroupBorn,
		derive: targetGroupDerive,
	}
}

func targetGroupID(c *call) string {
	return c.arn("elasticloadbalancing", "targetgroup/"+ownName(c)+"/"+c.hex(16))
}

func targetGroupCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"
	if c.in().str("targetType") != "lambda" {
		for _, key := range words("port protocol vpcId") {
			if !c.in().has(key) {
				return Refusal{"ValidationError", "A %s must be specified", source}.with(key)
			}
		}
	}
	for _, other := range c.others(targetGroupType) {
		if other.out("name") == c.in().str("name") {
			return Refusal{"DuplicateTargetGroupName",
				"A target group with the same name '%s' exists, but with different settings",
				source}.with(other.out("name"))
		}
	}
	return nil
}

func targetGroupBorn(c *call) error {
	c.set("arn", c.obj.ID)
	c.set("arnSuffix", c.obj.ID[strings.Index(c.obj.ID, "targetgroup/"):])
	return nil
}

func targetGroupDerive(c *call) error {
	c.fill("preserveClientIp", preservesClientIP(c.in()))
	check := props{"enabled": true, "healthyThreshold": 3.0, "interval": 30.0, "matcher": "", "path": "",
		"port": "traffic-port", "protocol": "TCP", "timeout": 10.0, "unhealthyThreshold": 3.0}
	if given := c.in().object("healthCheck"); given != nil {
		check["protocol"] = "HTTP" // the provider's default once there is a block
		for k, v := range given {
			check[k] = v
		}
	}
	c.set("healthCheck", map[string]any(check))
	return nil
}

// preservesClientIP is AWS's default.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
func preservesClientIP(p props) string {
	udp := strings.HasSuffix(p.str("protocol"), "UDP")
	if p.str("targetType") == "instance" || udp {
		return "true"
	}
	return "false"
}

func targetAttachmentKind() *Kind {
	return &Kind{
		Token:    attachmentType,
		Required: words("targetGroupArn targetId"),
		Optional: words("availabilityZone port"),
		Replace:  words("availabilityZone port targetGroupArn targetId"),
		id:       func(c *call) string { return c.in().str("targetGroupArn") + "-" + c.letters(26, "0123456789") },
		refs:     map[string]string{"targetGroupArn": targetGroupType},
		check:    targetAttachmentCheck,
	}
}

// sharedSpace may be used beside RFC 1918, as RFC 6598 says.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

func targetAttachmentCheck(c *call) error {
	group := c.find(targetGroupType, c.in().str("targetGroupArn"), c.region)
	if group.Inputs.str("targetType") != "ip" {
		return nil
	}
	const source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html"
	target, zone := c.in().str("targetId"), c.in().str("availabilityZone")
	ip, err := netip.ParseAddr(target)
	if err != nil {
		return Refusal{"ValidationError", "The target id '%s' is not a valid IP address", source}.with(target)
	}
	vpc := c.find(vpcType, group.Inputs.str("vpcId"), c.region)
	inside := netip.MustParsePrefix(vpc.Inputs.str("cidrBlock")).Contains(ip)
	switch {
	case inside && zone == "all":
		return Refusal{"ValidationError",
			"The Availability Zone 'all' cannot be specified for IP address '%s' because it is in the VPC",
			source}.with(target)
	case !inside && !ip.IsPrivate() && !sharedSpace.Contains(ip):
		return Refusal{"InvalidTarget", "The IP address '%s' is neither in the VPC nor in RFC 1918 or RFC 6598 space", source}.with(target)
	case !inside && zone != "all":
		return Refusal{"ValidationError",
			"You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP address '%s' is outside the VPC",
			source}.with(target)
	}
	return nil
}
