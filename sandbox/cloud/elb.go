package cloud

import (
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
		Autoname:  Autoname{Property: "name", MaxLen: 32},
		ReplaceIf: loadBalancerReplaced,
		id:        loadBalancerID,
		missing:   Refusal{"LoadBalancerNotFound", "Load balancer '%s' not found", elbErrors},
		holds:     map[string]string{"subnets[]": subnetType, "subnetMappings[].subnetId": subnetType, "securityGroups[]": securityGroupType},
		refs:      map[string]string{"subnetMappings[].allocationId": eipType},
		fills: props{"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "", "internal": false, "ipAddressType": "ipv4",
			"namePrefix": "", "securityGroups": []any{}},
		check:   loadBalancerCheck,
		born:    loadBalancerBorn,
		derive:  loadBalancerDerive,
		release: loadBalancerRelease,
	}
}

// loadBalancerReplaced is the provider's rule for a network load balancer:
// subnets may only be added, and it has security groups for life or never.
// https://github.com/hashicorp/terraform-provider-aws/issues/17281
func loadBalancerReplaced(old, new resource.PropertyMap) []string {
	if t := new["loadBalancerType"]; !t.IsString() || t.StringValue() != "network" {
		return nil
	}
	var keys []string
	for _, key := range words("subnetMappings subnets") {
		was, is := elements(old, key), elements(new, key)
		if is.ContainsUnknowns() || was.DeepEquals(is) {
			continue
		}
		if len(is.ArrayValue()) <= len(was.ArrayValue()) || !includes(is.ArrayValue(), was.ArrayValue()) {
			keys = append(keys, key)
		}
	}
	was, is := elements(old, "securityGroups"), elements(new, "securityGroups")
	if !is.ContainsUnknowns() && (len(was.ArrayValue()) == 0) != (len(is.ArrayValue()) == 0) {
		keys = append(keys, "securityGroups")
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
	if prefix := c.in().str("namePrefix"); prefix != "" {
		c.set("name", prefix+c.hex(16))
	}
	return c.arn("elasticloadbalancing", "loadbalancer/"+c.family()+"/"+c.lbName()+"/"+c.hex(16))
}

// family is how ARNs abbreviate the type of a load balancer.
func (c *call) family() string {
	return map[string]string{"network": "net", "application": "app", "gateway": "gwy"}[c.in().str("loadBalancerType")]
}

func (c *call) lbName() string { return c.in().or("name", c.obj.Computed.str("name")) }

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
		return c.lbName() + "-" + name(c.obj.ID) + ".elb." + c.region + ".amazonaws.com"
	}
	prefix := ""
	if c.in().flag("internal") {
		prefix = "internal-"
	}
	return prefix + c.lbName() + "-" + c.letters(10, "0123456789") + "." + c.region + ".elb.amazonaws.com"
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
		eni, err := c.node(before, subnet, m.str("privateIpv4Address"))
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
	return nil
}

// node keeps the interface that the load balancer has in a subnet, or makes one.
func (c *call) node(before []Interface, subnet *Object, wanted string) (Interface, error) {
	for _, eni := range before {
		if eni.Subnet == subnet.ID {
			return eni, nil
		}
	}
	eni, err := c.attach(subnet, wanted)
	return eni, err
}

func loadBalancerCheck(c *call) error {
	return nil
}

func loadBalancerRelease(c *call) error {
	if c.in().flag("enableDeletionProtection") {
		return Refusal{"OperationNotPermitted", "Load balancer '%s' cannot be deleted because deletion protection is enabled", "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html"}.with(c.obj.ID)
	}
	return nil
}

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
		inUse:    Refusal{"ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html"},
		refs:     map[string]string{"vpcId": vpcType},
		fills: props{"connectionTermination": false, "ipAddressType": "ipv4", "loadBalancerArns": []any{}, "loadBalancingAlgorithmType": "",
			"loadBalancingAnomalyMitigation": "", "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
			"namePrefix": "", "protocolVersion": "", "targetFailovers": []any{}, "targetHealthStates": []any{},
			"stickiness":        map[string]any{"enabled": false, "type": "source_ip", "cookieDuration": 0.0, "cookieName": ""},
			"targetGroupHealth": map[string]any{"dnsFailover": map[string]any{"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "off"}, "unhealthyStateRouting": map[string]any{"minimumHealthyTargetsCount": 1.0, "minimumHealthyTargetsPercentage": "off"}}},
		check:  targetGroupCheck,
		born:   targetGroupBorn,
		derive: targetGroupDerive,
	}
}

func targetGroupID(c *call) string {
	if prefix := c.in().str("namePrefix"); prefix != "" {
		c.set("name", prefix+c.hex(16))
	}
	return c.arn("elasticloadbalancing", "targetgroup/"+c.lbName()+"/"+c.hex(16))
}

func targetGroupCheck(c *call) error { return nil }

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

func targetAttachmentCheck(c *call) error { return nil }

func listenerKind() *Kind {
	routing := words(`routingHttpRequestXAmznMtlsClientcertHeaderName routingHttpRequestXAmznMtlsClientcertIssuerHeaderName
		routingHttpRequestXAmznMtlsClientcertLeafHeaderName routingHttpRequestXAmznMtlsClientcertSerialNumberHeaderName
		routingHttpRequestXAmznMtlsClientcertSubjectHeaderName routingHttpRequestXAmznMtlsClientcertValidityHeaderName
		routingHttpRequestXAmznTlsCipherSuiteHeaderName routingHttpRequestXAmznTlsVersionHeaderName
		routingHttpResponseAccessControlAllowCredentialsHeaderValue routingHttpResponseAccessControlAllowHeadersHeaderValue
		routingHttpResponseAccessControlAllowMethodsHeaderValue routingHttpResponseAccessControlAllowOriginHeaderValue
		routingHttpResponseAccessControlExposeHeadersHeaderValue routingHttpResponseAccessControlMaxAgeHeaderValue
		routingHttpResponseContentSecurityPolicyHeaderValue routingHttpResponseServerEnabled
		routingHttpResponseStrictTransportSecurityHeaderValue routingHttpResponseXContentTypeOptionsHeaderValue
		routingHttpResponseXFrameOptionsHeaderValue`)
	return &Kind{
		Token:    listenerType,
		Required: words("defaultActions loadBalancerArn"),
		Optional: append(words(`alpnPolicy certificateArn mutualAuthentication port protocol sslPolicy tags
			tcpIdleTimeoutSeconds`), routing...),
		Computed: words("arn protocol sslPolicy tcpIdleTimeoutSeconds"),
		Replace:  words("loadBalancerArn"),
		id: func(c *call) string {
			return strings.Replace(c.in().str("loadBalancerArn"), ":loadbalancer/", ":listener/", 1) + "/" + c.hex(16)
		},
		missing: Refusal{"ListenerNotFound", "Listener '%s' not found", elbErrors},
		refs:    map[string]string{"loadBalancerArn": loadBalancerType},
		holds:   map[string]string{"defaultActions[].targetGroupArn": targetGroupType, "certificateArn": certificateType},
		check:   listenerCheck,
		born: func(c *call) error {
			c.set("arn", c.obj.ID)
			return nil
		},
		derive: listenerDerive,
	}
}

func listenerCheck(c *call) error { return nil }

// listenerDerive gives what depends on the protocol. Only TCP listeners have
// an idle timeout to set.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
func listenerDerive(c *call) error {
	c.fill("protocol", "HTTP")
	c.fill("sslPolicy", "")
	c.fill("tcpIdleTimeoutSeconds", 0)
	switch c.in().str("protocol") {
	case "TLS", "HTTPS":
		c.fill("sslPolicy", "ELBSecurityPolicy-2016-08")
	case "TCP":
		c.fill("tcpIdleTimeoutSeconds", 350)
	}
	return nil
}
