package cloud

import (
	"slices"
	"strings"
)

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
		holds: map[string]string{"defaultActions[].targetGroupArn": targetGroupType, "certificateArn": certificateType,
			"defaultActions[].forward.targetGroups[].arn": targetGroupType},
		absent: map[string]Refusal{"certificateArn": {"CertificateNotFound", "Certificate '%s' not found", createListener}},
		check:  inOrder(listenerProtocolCheck, listenerTLSCheck, listenerTargetCheck, listenerPortCheck),
		born: func(c *call) error {
			c.set("arn", c.obj.ID)
			return nil
		},
		derive: listenerDerive,
	}
}

const createListener = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html"

// listenerProtocols are the protocols of listeners by type of load balancer.
var listenerProtocols = map[string][]string{
	"network":     {"TCP", "TLS", "UDP", "TCP_UDP"},
	"application": {"HTTP", "HTTPS"},
}

func (c *call) loadBalancer() *Object {
	return c.find(loadBalancerType, c.in().str("loadBalancerArn"), c.region)
}

func listenerProtocolCheck(c *call) error {
	protocols := listenerProtocols[c.loadBalancer().Inputs.str("loadBalancerType")]
	protocol := c.in().or("protocol", "HTTP")
	if !slices.Contains(protocols, protocol) {
		return Refusal{"ValidationError",
			"Listener protocol '%s' must be one of '%s'",
			createListener}.with(protocol, strings.Join(protocols, ", "))
	}
	if !c.in().has("port") {
		return Refusal{"ValidationError", "A listener port must be specified", createListener}.with()
	}
	return nil
}

// alpnPolicies are those of TLS listeners.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
var alpnPolicies = words("HTTP1Only HTTP2Only HTTP2Optional HTTP2Preferred None")

// sslPolicies are the security policies of listeners.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
var sslPolicies = words(`ELBSecurityPolicy-2015-05 ELBSecurityPolicy-2016-08
	ELBSecurityPolicy-TLS-1-0-2015-04 ELBSecurityPolicy-TLS-1-1-2017-01 ELBSecurityPolicy-TLS-1-2-2017-01
	ELBSecurityPolicy-TLS-1-2-Ext-2018-06 ELBSecurityPolicy-FS-2018-06 ELBSecurityPolicy-FS-1-1-2019-08
	ELBSecurityPolicy-FS-1-2-2019-08 ELBSecurityPolicy-FS-1-2-Res-2019-08 ELBSecurityPolicy-FS-1-2-Res-2020-10
	ELBSecurityPolicy-TLS13-1-0-2021-06 ELBSecurityPolicy-TLS13-1-1-2021-06 ELBSecurityPolicy-TLS13-1-2-2021-06
	ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06 ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06
	ELBSecurityPolicy-TLS13-1-2-Res-2021-06 ELBSecurityPolicy-TLS13-1-3-2021-06
	ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04 ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04
	ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04 ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04
	ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04 ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04
	ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04 ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04
	ELBSecurityPolicy-TLS13-1-0-PQ-2025-09 ELBSecurityPolicy-TLS13-1-2-PQ-2025-09
	ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09 ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09
	ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 ELBSecurityPolicy-TLS13-1-3-PQ-2025-09
	ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09 ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09
	ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09 ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09
	ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09 ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09
	ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09`)

func listenerTLSCheck(c *call) error {
	protocol, arn := c.in().str("protocol"), c.in().str("certificateArn")
	secure := protocol == "TLS" || protocol == "HTTPS"
	switch {
	case c.in().has("alpnPolicy") && protocol != "TLS":
		return Refusal{"ValidationError",
			"ALPN policy %s is not supported on a listener with protocol %s, only on TLS",
			createListener}.with(c.in().str("alpnPolicy"), protocol)
	case secure && arn == "":
		return Refusal{"ValidationError", "A certificate must be specified for %s listeners", createListener}.with(protocol)
	case !secure && (arn != "" || c.in().has("sslPolicy")):
		return Refusal{"ValidationError",
			"Certificates and SSL policies can be specified only for TLS and HTTPS listeners, not for %s",
			createListener}.with(protocol)
	case c.in().has("alpnPolicy") && !slices.Contains(alpnPolicies, c.in().str("alpnPolicy")):
		return Refusal{"ALPNPolicyNotFound", "ALPN policy '%s' not found", createListener}.with(c.in().str("alpnPolicy"))
	case c.in().has("sslPolicy") && !slices.Contains(sslPolicies, c.in().str("sslPolicy")):
		return Refusal{"SSLPolicyNotFound", "SSL policy '%s' not found", createListener}.with(c.in().str("sslPolicy"))
	case secure && !c.issued(c.find(certificateType, arn, c.region)):
		return Refusal{"UnsupportedCertificate",
			"The certificate '%s' must have a fully-qualified domain name, a supported signature, and a supported key size.",
			createListener}.with(arn)
	}
	return nil
}

// targetProtocols are the protocols of target groups by that of the listener.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
var targetProtocols = map[string][]string{
	"TCP": {"TCP", "TCP_UDP"}, "TLS": {"TCP", "TLS"}, "UDP": {"UDP", "TCP_UDP"}, "TCP_UDP": {"TCP_UDP"},
	"HTTP": {"HTTP", "HTTPS"}, "HTTPS": {"HTTP", "HTTPS"},
}

// forwardedTo gives the target groups of a listener.
func forwardedTo(listener props) []string {
	return append(listener.gather("defaultActions[].targetGroupArn"), listener.gather("defaultActions[].forward.targetGroups[].arn")...)
}

func listenerTargetCheck(c *call) error {
	for _, arn := range forwardedTo(c.in()) {
		group := c.find(targetGroupType, arn, c.region)
		if err := forwardProtocolCheck(c, group); err != nil {
			return err
		}
		if err := forwardNetworkCheck(c, group); err != nil {
			return err
		}
		for _, other := range c.others(listenerType) {
			elsewhere := other.Inputs.str("loadBalancerArn") != c.in().str("loadBalancerArn")
			if elsewhere && slices.Contains(forwardedTo(other.Inputs), arn) {
				return Refusal{"TargetGroupAssociationLimit",
					"The following target groups cannot be associated with more than one load balancer: %s",
					createListener}.with(arn)
			}
		}
	}
	return nil
}

func forwardProtocolCheck(c *call, group *Object) error {
	protocol, target := c.in().or("protocol", "HTTP"), group.Inputs.str("protocol")
	fits := slices.Contains(targetProtocols[protocol], target)
	switch group.Inputs.str("targetType") {
	case "lambda":
		fits = strings.HasPrefix(protocol, "HTTP")
	case "alb":
		fits = protocol == "TCP"
	}
	if fits {
		return nil
	}
	return Refusal{"IncompatibleProtocols",
		"The target group '%s' has protocol %s, which a listener with protocol %s cannot forward to",
		createListener}.with(group.ID, target, protocol)
}

func forwardNetworkCheck(c *call, group *Object) error {
	if group.Inputs.str("targetType") != "lambda" && group.Inputs.str("vpcId") != c.loadBalancer().Computed.str("vpcId") {
		return Refusal{"InvalidConfigurationRequest",
			"The target group '%s' is not in the VPC of the load balancer",
			createListener}.with(group.ID)
	}
	if group.out("ipAddressType") == "ipv6" && c.loadBalancer().out("ipAddressType") == "ipv4" {
		return Refusal{"InvalidConfigurationRequest",
			"The target group '%s' has IP address type ipv6, for which the load balancer must be dualstack",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html"}.with(group.ID)
	}
	return nil
}

func listenerPortCheck(c *call) error {
	for _, other := range c.others(listenerType) {
		if other.Inputs.str("loadBalancerArn") == c.in().str("loadBalancerArn") && other.Inputs.number("port") == c.in().number("port") {
			return Refusal{"DuplicateListener",
				"A listener already exists on this port for this load balancer '%s'",
				createListener}.with(c.in().str("loadBalancerArn"))
		}
	}
	return nil
}

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
