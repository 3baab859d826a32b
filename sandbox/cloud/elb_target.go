package cloud

import (
	"net/netip"
	"slices"
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
		check:  inOrder(targetGroupShapeCheck, targetGroupNameCheck),
		born:   targetGroupBorn,
		derive: targetGroupDerive,
	}
}

func targetGroupID(c *call) string {
	return c.arn("elasticloadbalancing", "targetgroup/"+ownName(c)+"/"+c.hex(16))
}

const createTargetGroup = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"

func targetGroupShapeCheck(c *call) error {
	kind, protocol := c.in().or("targetType", "instance"), c.in().str("protocol")
	if !slices.Contains(words("instance ip lambda alb"), kind) {
		return Refusal{"ValidationError", "Target type '%s' is none of instance, ip, lambda, alb", createTargetGroup}.with(kind)
	}
	for _, key := range words("port protocol vpcId") {
		if given := c.in().has(key); given == (kind == "lambda") {
			verb := map[bool]string{true: "cannot", false: "must"}[given]
			return Refusal{"ValidationError", "A %s %s be specified for target type '%s'", createTargetGroup}.with(key, verb, kind)
		}
	}
	switch {
	case kind != "lambda" && targetProtocols[protocol] == nil:
		return Refusal{"ValidationError", "Target group protocol '%s' is not supported", createTargetGroup}.with(protocol)
	case kind == "alb" && protocol != "TCP":
		return Refusal{"ValidationError",
			"Target group protocol '%s' is not supported for target type 'alb', only TCP",
			applicationTarget}.with(protocol)
	}
	return nil
}

const applicationTarget = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html"

func targetGroupNameCheck(c *call) error {
	for _, other := range c.others(targetGroupType) {
		if other.out("name") == c.in().str("name") {
			return Refusal{"DuplicateTargetGroupName",
				"A target group with the same name '%s' exists, but with different settings",
				createTargetGroup}.with(other.out("name"))
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
	if family := targetFamily(c.in()); family != "network" {
		c.fill("loadBalancingAlgorithmType", "round_robin")
		c.fill("loadBalancingAnomalyMitigation", "off")
		c.fill("protocolVersion", map[string]string{"application": "HTTP1", "lambda": ""}[family])
		c.fill("stickiness", map[string]any{"enabled": false, "type": "lb_cookie", "cookieDuration": 86400.0, "cookieName": ""})
	}
	check := healthChecks[targetFamily(c.in())].clone()
	if given := c.in().object("healthCheck"); given != nil {
		check["protocol"] = "HTTP" // the provider's default once there is a block
		for k, v := range given {
			check[k] = v
		}
	}
	c.set("healthCheck", map[string]any(check))
	return nil
}

// targetFamily is the kind of load balancer that a target group is for, or
// lambda.
func targetFamily(group props) string {
	switch {
	case group.str("targetType") == "lambda":
		return "lambda"
	case strings.HasPrefix(group.str("protocol"), "HTTP"):
		return "application"
	}
	return "network"
}

// healthChecks are those of a target group that asks for none, by its family.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
var healthChecks = map[string]props{
	"network": {"enabled": true, "healthyThreshold": 3.0, "interval": 30.0, "matcher": "", "path": "",
		"port": "traffic-port", "protocol": "TCP", "timeout": 10.0, "unhealthyThreshold": 3.0},
	"application": {"enabled": true, "healthyThreshold": 5.0, "interval": 30.0, "matcher": "200", "path": "/",
		"port": "traffic-port", "protocol": "HTTP", "timeout": 5.0, "unhealthyThreshold": 2.0},
	"lambda": {"enabled": false, "healthyThreshold": 5.0, "interval": 35.0, "matcher": "200", "path": "/",
		"port": "", "protocol": "", "timeout": 30.0, "unhealthyThreshold": 2.0},
}

// preservesClientIP is AWS's default.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
func preservesClientIP(p props) string {
	udp := strings.HasSuffix(p.str("protocol"), "UDP")
	if p.str("targetType") == "instance" || p.str("targetType") == "alb" || udp {
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

const targetDescription = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html"

func targetAttachmentCheck(c *call) error {
	group := c.find(targetGroupType, c.in().str("targetGroupArn"), c.region)
	check := map[string]func(*call, *Object) error{"ip": addressTargetCheck, "instance": instanceTargetCheck,
		"alb": balancerTargetCheck, "lambda": functionTargetCheck}[group.Inputs.or("targetType", "instance")]
	return check(c, group)
}

func addressTargetCheck(c *call, group *Object) error {
	target, zone := c.in().str("targetId"), c.in().str("availabilityZone")
	ip, err := netip.ParseAddr(target)
	if err != nil || ip.Is4() != (group.out("ipAddressType") == "ipv4") {
		return Refusal{"ValidationError", "The target id '%s' is not a valid IP address of type %s",
			targetDescription}.with(target, group.out("ipAddressType"))
	}
	inside := contains(c.find(vpcType, group.Inputs.str("vpcId"), c.region), ip)
	switch {
	case inside && zone == "all":
		return Refusal{"ValidationError",
			"The IP address '%s' is within the VPC, and cannot have its Availability Zone overridden to 'all'",
			"https://github.com/PaloAltoNetworks/terraform-aws-vmseries-modules/pull/340"}.with(target)
	case !inside && !ip.IsPrivate() && !sharedSpace.Contains(ip):
		return Refusal{"InvalidTarget", "The IP address '%s' is neither in the VPC nor in RFC 1918 or RFC 6598 space", targetDescription}.with(target)
	case !inside && zone != "all":
		return Refusal{"ValidationError",
			"You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP address '%s' is outside the VPC",
			targetDescription}.with(target)
	}
	return nil
}

// contains tells whether an address is in a range of a VPC.
func contains(vpc *Object, ip netip.Addr) bool {
	for _, cidr := range []string{vpc.out("cidrBlock"), vpc.out("ipv6CidrBlock")} {
		if block, err := netip.ParsePrefix(cidr); err == nil && block.Contains(ip) {
			return true
		}
	}
	return false
}

func instanceTargetCheck(c *call, group *Object) error {
	id, vpc := c.in().str("targetId"), group.Inputs.str("vpcId")
	instance := c.find(instanceType, id, c.region)
	if instance == nil {
		return Refusal{"InvalidTarget", "The following targets do not exist: '%s'", targetDescription}.with(id)
	}
	if c.vpcOf(instance) != vpc {
		return Refusal{"InvalidTarget",
			"The following targets are not in the target group VPC '%s': '%s'",
			targetDescription}.with(vpc, id)
	}
	return nil
}

// balancerTargetCheck: an application load balancer as a target is in the
// VPC of the target group and listens on its port.
func balancerTargetCheck(c *call, group *Object) error {
	arn := c.in().str("targetId")
	balancer := c.find(loadBalancerType, arn, c.region)
	switch {
	case balancer == nil || balancer.Inputs.str("loadBalancerType") != "application":
		return Refusal{"InvalidTarget", "The target '%s' is not an Application Load Balancer", applicationTarget}.with(arn)
	case balancer.Computed.str("vpcId") != group.Inputs.str("vpcId"):
		return Refusal{"InvalidTarget",
			"The following targets are not in the target group VPC '%s': '%s'",
			applicationTarget}.with(group.Inputs.str("vpcId"), arn)
	}
	for _, listener := range c.all(listenerType) {
		if listener.Inputs.str("loadBalancerArn") == arn && listener.Inputs.number("port") == group.Inputs.number("port") {
			return nil
		}
	}
	return Refusal{"InvalidTarget",
		"The Application Load Balancer '%s' has no listener on the port of the target group, %d",
		applicationTarget}.with(arn, group.Inputs.number("port"))
}

func functionTargetCheck(c *call, group *Object) error {
	arn := c.in().str("targetId")
	function := c.function(arn)
	permitted := slices.ContainsFunc(c.all(permissionType), func(p *Object) bool {
		return p.Inputs.str("principal") == "elasticloadbalancing.amazonaws.com" && c.function(p.Inputs.str("function")) == function
	})
	if function == nil || !permitted {
		return Refusal{"AccessDenied",
			"elasticloadbalancing principal does not have permission to invoke %s from target group %s",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html"}.with(arn, group.ID)
	}
	return nil
}
