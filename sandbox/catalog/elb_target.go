package catalog

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func targetGroupKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         targetGroupType,
		ComputedLists: words("targetFailovers targetHealthStates"),
		Replace:       words("ipAddressType name namePrefix port protocol protocolVersion targetType vpcId"),
		Defaults: cloud.Props{
			"deregistrationDelay": 300, "lambdaMultiValueHeadersEnabled": false, "proxyProtocolV2": false,
			"slowStart": 0, "targetType": "instance",
		},
		Autoname:    cloud.Autoname{Property: "name", MaxLen: 32},
		ID:          targetGroupID,
		Constraints: targetGroupConstraints(),
		Conflicts:   [][]string{words("name namePrefix")},
		NotFound:    cloud.NewRefusal("TargetGroupNotFound", "Target groups '%s' not found", elbErrors),
		InUse: cloud.NewRefusal("ResourceInUse",
			"Target group '%s' is currently in use by a listener or a rule",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html"),
		References: map[string]string{"vpcId": vpcType},
		OutputDefaults: cloud.Props{
			"connectionTermination":          false,
			"ipAddressType":                  "ipv4",
			"loadBalancerArns":               []any{},
			"loadBalancingAlgorithmType":     "",
			"loadBalancingAnomalyMitigation": "",
			"loadBalancingCrossZoneEnabled":  "use_load_balancer_configuration",
			"namePrefix":                     "",
			"protocolVersion":                "",
			"targetFailovers":                []any{},
			"targetHealthStates":             []any{},
			"stickiness": map[string]any{
				"enabled": false, "type": "source_ip", "cookieDuration": 0, "cookieName": "",
			},
			"targetGroupHealth": map[string]any{
				"dnsFailover": map[string]any{
					"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "off",
				},
				"unhealthyStateRouting": map[string]any{
					"minimumHealthyTargetsCount": 1, "minimumHealthyTargetsPercentage": "off",
				},
			},
		},
		Check:    cloud.InOrder(checkTargetGroupInputs, checkTargetGroupName),
		OnCreate: targetGroupOnCreate,
		Compute:  targetGroupCompute,
		Example: cloud.Example{
			Name:   "targets",
			Inputs: cloud.Props{"name": "one", "port": 443, "protocol": "TLS", "targetType": "ip", "vpcId": "${vpc}"},
		},
	}
}

func targetGroupID(r *cloud.Request) string {
	return r.ARN("elasticloadbalancing", "targetgroup/"+r.Name()+"/"+r.Hex(16))
}

const createTargetGroup = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/" +
	"API_CreateTargetGroup.html"

func checkTargetGroupInputs(r *cloud.Request) error {
	kind, protocol := r.Inputs.StringOr("targetType", "instance"), r.Inputs.String("protocol")
	if !slices.Contains(words("instance ip lambda alb"), kind) {
		return cloud.NewRefusal("ValidationError", "Target type '%s' is none of instance, ip, lambda, alb",
			createTargetGroup).With(kind)
	}
	for _, key := range words("port protocol vpcId") {
		if given := r.Inputs.Has(key); given == (kind == "lambda") {
			verb := map[bool]string{true: "cannot", false: "must"}[given]
			return cloud.NewRefusal("ValidationError", "A %s %s be specified for target type '%s'",
				createTargetGroup).With(key, verb, kind)
		}
	}
	switch {
	case kind != "lambda" && targetProtocols[protocol] == nil:
		return cloud.NewRefusal("ValidationError", "Target group protocol '%s' is not supported",
			createTargetGroup).With(protocol)
	case kind == "alb" && protocol != "TCP":
		return cloud.NewRefusal("ValidationError",
			"Target group protocol '%s' is not supported for target type 'alb', only TCP",
			applicationTarget).With(protocol)
	}
	return nil
}

const applicationTarget = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/" +
	"application-load-balancer-target.html"

func checkTargetGroupName(r *cloud.Request) error {
	for _, other := range r.Others(targetGroupType) {
		if other.Output("name") == r.Inputs.String("name") {
			return cloud.NewRefusal("DuplicateTargetGroupName",
				"A target group with the same name '%s' exists, but with different settings",
				createTargetGroup).With(other.Output("name"))
		}
	}
	return nil
}

func targetGroupOnCreate(r *cloud.Request) error {
	r.Set("arn", r.Object.ID)
	r.Set("arnSuffix", r.Object.ID[strings.Index(r.Object.ID, "targetgroup/"):])
	return nil
}

func targetGroupCompute(r *cloud.Request) error {
	r.SetDefault("preserveClientIp", preservesClientIP(r.Inputs))
	if family := targetFamily(r.Inputs); family != "network" {
		r.SetDefault("loadBalancingAlgorithmType", "round_robin")
		r.SetDefault("loadBalancingAnomalyMitigation", "off")
		r.SetDefault("protocolVersion", map[string]string{"application": "HTTP1", "lambda": ""}[family])
		r.SetDefault("stickiness",
			map[string]any{"enabled": false, "type": "lb_cookie", "cookieDuration": 86400, "cookieName": ""})
	}
	check := healthChecks[targetFamily(r.Inputs)].Clone()
	if given := r.Inputs.Object("healthCheck"); given != nil {
		check["protocol"] = "HTTP" // The provider's default if the block exists.
		for k, v := range given {
			check[k] = v
		}
	}
	r.Set("healthCheck", map[string]any(check))
	return nil
}

// targetFamily returns the kind of load balancer that a target group is for,
// or lambda.
func targetFamily(group cloud.Props) string {
	switch {
	case group.String("targetType") == "lambda":
		return "lambda"
	case strings.HasPrefix(group.String("protocol"), "HTTP"):
		return "application"
	}
	return "network"
}

// healthChecks are the defaults of a target group's health check, by family.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
var healthChecks = map[string]cloud.Props{
	"network": {"enabled": true, "healthyThreshold": 3, "interval": 30, "matcher": "", "path": "",
		"port": "traffic-port", "protocol": "TCP", "timeout": 10, "unhealthyThreshold": 3},
	"application": {"enabled": true, "healthyThreshold": 5, "interval": 30, "matcher": "200", "path": "/",
		"port": "traffic-port", "protocol": "HTTP", "timeout": 5, "unhealthyThreshold": 2},
	"lambda": {"enabled": false, "healthyThreshold": 5, "interval": 35, "matcher": "200", "path": "/",
		"port": "", "protocol": "", "timeout": 30, "unhealthyThreshold": 2},
}

// preservesClientIP returns AWS's default.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
func preservesClientIP(p cloud.Props) string {
	udp := strings.HasSuffix(p.String("protocol"), "UDP")
	if p.String("targetType") == "instance" || p.String("targetType") == "alb" || udp {
		return "true"
	}
	return "false"
}

func targetAttachmentKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   attachmentType,
		Replace: words("availabilityZone port targetGroupArn targetId"),
		ID: func(r *cloud.Request) string {
			return r.Inputs.String("targetGroupArn") + "-" + r.Letters(26, "0123456789")
		},
		References: map[string]string{"targetGroupArn": targetGroupType},
		Check:      checkTargetAttachment,
		Example: cloud.Example{
			Name:   "attachment",
			Inputs: cloud.Props{"port": 443, "targetGroupArn": "${targets}", "targetId": "10.0.1.20"},
		},
	}
}

// sharedSpace may hold targets in addition to the private ranges of RFC 1918.
// RFC 6598 reserves it.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

const targetDescription = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/" +
	"API_TargetDescription.html"

func checkTargetAttachment(r *cloud.Request) error {
	group := r.Find(targetGroupType, r.Inputs.String("targetGroupArn"), r.Region)
	check := map[string]func(*cloud.Request, *cloud.Object) error{
		"ip":       checkAddressTarget,
		"instance": checkInstanceTarget,
		"alb":      checkBalancerTarget,
		"lambda":   checkFunctionTarget,
	}[group.Inputs.StringOr("targetType", "instance")]
	return check(r, group)
}

func checkAddressTarget(r *cloud.Request, group *cloud.Object) error {
	target, zone := r.Inputs.String("targetId"), r.Inputs.String("availabilityZone")
	ip, err := netip.ParseAddr(target)
	if err != nil || ip.Is4() != (group.Output("ipAddressType") == "ipv4") {
		return cloud.NewRefusal("ValidationError", "The target id '%s' is not a valid IP address of type %s",
			targetDescription).With(target, group.Output("ipAddressType"))
	}
	inside := contains(r.Find(vpcType, group.Inputs.String("vpcId"), r.Region), ip)
	switch {
	case inside && zone == "all":
		return cloud.NewRefusal("ValidationError",
			"The IP address '%s' is within the VPC, and cannot have its Availability Zone overridden to 'all'",
			"https://github.com/PaloAltoNetworks/terraform-aws-vmseries-modules/pull/340").With(target)
	case !inside && !ip.IsPrivate() && !sharedSpace.Contains(ip):
		return cloud.NewRefusal("InvalidTarget",
			"The IP address '%s' is neither in the VPC nor in RFC 1918 or RFC 6598 space",
			targetDescription).With(target)
	case !inside && zone != "all":
		return cloud.NewRefusal(
			"ValidationError",
			"You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, "+
				"since the IP address '%s' is outside the VPC",
			targetDescription,
		).With(target)
	}
	return nil
}

// contains reports whether an address is in a range of a VPC.
func contains(vpc *cloud.Object, ip netip.Addr) bool {
	for _, cidr := range []string{vpc.Output("cidrBlock"), vpc.Output("ipv6CidrBlock")} {
		if block, err := netip.ParsePrefix(cidr); err == nil && block.Contains(ip) {
			return true
		}
	}
	return false
}

func checkInstanceTarget(r *cloud.Request, group *cloud.Object) error {
	id, vpc := r.Inputs.String("targetId"), group.Inputs.String("vpcId")
	instance := r.Find(instanceType, id, r.Region)
	if instance == nil {
		return cloud.NewRefusal("InvalidTarget", "The following targets do not exist: '%s'",
			targetDescription).With(id)
	}
	if vpcOf(r, instance) != vpc {
		return cloud.NewRefusal("InvalidTarget",
			"The following targets are not in the target group VPC '%s': '%s'",
			targetDescription).With(vpc, id)
	}
	return nil
}

// checkBalancerTarget refuses a target that is no Application Load Balancer in
// the target group's VPC, or that does not listen on its port.
func checkBalancerTarget(r *cloud.Request, group *cloud.Object) error {
	arn := r.Inputs.String("targetId")
	balancer := r.Find(loadBalancerType, arn, r.Region)
	switch {
	case balancer == nil || balancer.Inputs.String("loadBalancerType") != "application":
		return cloud.NewRefusal("InvalidTarget", "The target '%s' is not an Application Load Balancer",
			applicationTarget).With(arn)
	case balancer.Computed.String("vpcId") != group.Inputs.String("vpcId"):
		return cloud.NewRefusal("InvalidTarget",
			"The following targets are not in the target group VPC '%s': '%s'",
			applicationTarget).With(group.Inputs.String("vpcId"), arn)
	}
	for _, listener := range r.All(listenerType) {
		if listener.Inputs.String("loadBalancerArn") == arn &&
			listener.Inputs.Int("port") == group.Inputs.Int("port") {
			return nil
		}
	}
	return cloud.NewRefusal("InvalidTarget",
		"The Application Load Balancer '%s' has no listener on the port of the target group, %d",
		applicationTarget).With(arn, group.Inputs.Int("port"))
}

func checkFunctionTarget(r *cloud.Request, group *cloud.Object) error {
	arn := r.Inputs.String("targetId")
	function := findFunction(r, arn)
	permitted := slices.ContainsFunc(r.All(permissionType), func(p *cloud.Object) bool {
		return p.Inputs.String("principal") == "elasticloadbalancing.amazonaws.com" &&
			findFunction(r, p.Inputs.String("function")) == function
	})
	if function == nil || !permitted {
		return cloud.NewRefusal(
			"AccessDenied",
			"elasticloadbalancing principal does not have permission to invoke %s from target group %s",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
		).With(arn, group.ID)
	}
	return nil
}
