package catalog

import (
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// unsimulatedListenerOutputs are settings of HTTP headers and of mutual TLS.
var unsimulatedListenerOutputs = words(`mutualAuthentication routingHttpRequestXAmznMtlsClientcertHeaderName
	routingHttpRequestXAmznMtlsClientcertIssuerHeaderName routingHttpRequestXAmznMtlsClientcertLeafHeaderName
	routingHttpRequestXAmznMtlsClientcertSerialNumberHeaderName
	routingHttpRequestXAmznMtlsClientcertSubjectHeaderName
	routingHttpRequestXAmznMtlsClientcertValidityHeaderName routingHttpRequestXAmznTlsCipherSuiteHeaderName
	routingHttpRequestXAmznTlsVersionHeaderName routingHttpResponseAccessControlAllowCredentialsHeaderValue
	routingHttpResponseAccessControlAllowHeadersHeaderValue
	routingHttpResponseAccessControlAllowMethodsHeaderValue
	routingHttpResponseAccessControlAllowOriginHeaderValue
	routingHttpResponseAccessControlExposeHeadersHeaderValue routingHttpResponseAccessControlMaxAgeHeaderValue
	routingHttpResponseContentSecurityPolicyHeaderValue routingHttpResponseServerEnabled
	routingHttpResponseStrictTransportSecurityHeaderValue routingHttpResponseXContentTypeOptionsHeaderValue
	routingHttpResponseXFrameOptionsHeaderValue`)

func listenerKind() *cloud.Kind {
	return &cloud.Kind{
		Token:        listenerType,
		NotSimulated: unsimulatedListenerOutputs,
		NeverRemoved: words("alpnPolicy"),
		Invalidates:  map[string][]string{"protocol": words("alpnPolicy sslPolicy")},
		Replace:      words("loadBalancerArn"),
		Constraints: []cloud.Constraint{
			cloud.Between("port", 1, 65535), arnAt("certificateArn"), arnAt("loadBalancerArn"),
			arnAt("defaultActions[].targetGroupArn"), arnAt("defaultActions[].forward.targetGroups[].arn"),
		},
		ID: func(r *cloud.Request) string {
			balancer := r.Inputs.String("loadBalancerArn")
			return strings.Replace(balancer, ":loadbalancer/", ":listener/", 1) + "/" + r.Hex(16)
		},
		NotFound:   cloud.NewRefusal("ListenerNotFound", "Listener '%s' not found", elbErrors),
		References: map[string]string{"loadBalancerArn": loadBalancerType},
		BlocksDeletionOf: map[string]string{
			"defaultActions[].targetGroupArn": targetGroupType, "certificateArn": certificateType,
			"defaultActions[].forward.targetGroups[].arn": targetGroupType,
		},
		ReferenceErrors: map[string]cloud.Refusal{
			"certificateArn": cloud.NewRefusal("CertificateNotFound", "Certificate '%s' not found", createListener),
		},
		Check: cloud.InOrder(checkListenerProtocol, checkListenerTLS, checkListenerTarget, checkListenerPort),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.Object.ID)
			return nil
		},
		Compute: listenerCompute,
		Example: cloud.Example{
			Name: "listener",
			Inputs: cloud.Props{
				"certificateArn":  existingCertificate,
				"defaultActions":  []any{cloud.Props{"targetGroupArn": "${targets}", "type": "forward"}},
				"loadBalancerArn": "${nlb}",
				"port":            443,
				"protocol":        "TLS",
			},
		},
	}
}

const createListener = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html"

// listenerProtocols are the protocols of listeners, by type of load balancer.
var listenerProtocols = map[string][]string{
	"network":     {"TCP", "TLS", "UDP", "TCP_UDP"},
	"application": {"HTTP", "HTTPS"},
}

func loadBalancerOf(r *cloud.Request) *cloud.Object {
	return r.Find(loadBalancerType, r.Inputs.String("loadBalancerArn"), r.Region)
}

func checkListenerProtocol(r *cloud.Request) error {
	protocols := listenerProtocols[loadBalancerOf(r).Inputs.String("loadBalancerType")]
	protocol := r.Inputs.StringOr("protocol", "HTTP")
	if !slices.Contains(protocols, protocol) {
		return cloud.NewRefusal("ValidationError",
			"Listener protocol '%s' must be one of '%s'",
			createListener).With(protocol, strings.Join(protocols, ", "))
	}
	if !r.Inputs.Has("port") {
		return cloud.NewRefusal("ValidationError", "A listener port must be specified", createListener).With()
	}
	return nil
}

// alpnPolicies are the ALPN policies of TLS listeners.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
var alpnPolicies = words("HTTP1Only HTTP2Only HTTP2Optional HTTP2Preferred None")

// sslPolicies are the security policies of listeners.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
var sslPolicies = words(`ELBSecurityPolicy-2015-05 ELBSecurityPolicy-2016-08 ELBSecurityPolicy-TLS-1-0-2015-04
	ELBSecurityPolicy-TLS-1-1-2017-01 ELBSecurityPolicy-TLS-1-2-2017-01 ELBSecurityPolicy-TLS-1-2-Ext-2018-06
	ELBSecurityPolicy-FS-2018-06 ELBSecurityPolicy-FS-1-1-2019-08 ELBSecurityPolicy-FS-1-2-2019-08
	ELBSecurityPolicy-FS-1-2-Res-2019-08 ELBSecurityPolicy-FS-1-2-Res-2020-10
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

func checkListenerTLS(r *cloud.Request) error {
	protocol, arn := r.Inputs.String("protocol"), r.Inputs.String("certificateArn")
	secure := protocol == "TLS" || protocol == "HTTPS"
	switch {
	case r.Inputs.Has("alpnPolicy") && protocol != "TLS":
		return cloud.NewRefusal("ValidationError",
			"ALPN policy %s is not supported on a listener with protocol %s, only on TLS",
			createListener).With(r.Inputs.String("alpnPolicy"), protocol)
	case secure && arn == "":
		return cloud.NewRefusal("ValidationError", "A certificate must be specified for %s listeners",
			createListener).With(protocol)
	case !secure && (arn != "" || r.Inputs.Has("sslPolicy")):
		return cloud.NewRefusal("ValidationError",
			"Certificates and SSL policies can be specified only for TLS and HTTPS listeners, not for %s",
			createListener).With(protocol)
	case r.Inputs.Has("alpnPolicy") && !slices.Contains(alpnPolicies, r.Inputs.String("alpnPolicy")):
		return cloud.NewRefusal("ALPNPolicyNotFound", "ALPN policy '%s' not found",
			createListener).With(r.Inputs.String("alpnPolicy"))
	case r.Inputs.Has("sslPolicy") && !slices.Contains(sslPolicies, r.Inputs.String("sslPolicy")):
		return cloud.NewRefusal("SSLPolicyNotFound", "SSL policy '%s' not found",
			createListener).With(r.Inputs.String("sslPolicy"))
	case secure && !issued(r, r.Find(certificateType, arn, r.Region)):
		return cloud.NewRefusal(
			"UnsupportedCertificate",
			"The certificate '%s' must have a fully-qualified domain name, a supported signature, and a "+
				"supported key size.",
			createListener,
		).With(arn)
	}
	return nil
}

// targetProtocols are the protocols of target groups, by protocol of the
// listener.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
var targetProtocols = map[string][]string{
	"TCP": {"TCP", "TCP_UDP"}, "TLS": {"TCP", "TLS"}, "UDP": {"UDP", "TCP_UDP"}, "TCP_UDP": {"TCP_UDP"},
	"HTTP": {"HTTP", "HTTPS"}, "HTTPS": {"HTTP", "HTTPS"},
}

// forwardedTo returns the target groups of a listener.
func forwardedTo(listener cloud.Props) []string {
	return slices.Concat(listener.StringsAt("defaultActions[].targetGroupArn"),
		listener.StringsAt("defaultActions[].forward.targetGroups[].arn"))
}

func checkListenerTarget(r *cloud.Request) error {
	for _, arn := range forwardedTo(r.Inputs) {
		group := r.Find(targetGroupType, arn, r.Region)
		if err := checkForwardProtocol(r, group); err != nil {
			return err
		}
		if err := checkForwardNetwork(r, group); err != nil {
			return err
		}
		for _, other := range r.Others(listenerType) {
			elsewhere := other.Inputs.String("loadBalancerArn") != r.Inputs.String("loadBalancerArn")
			if elsewhere && slices.Contains(forwardedTo(other.Inputs), arn) {
				return cloud.NewRefusal("TargetGroupAssociationLimit",
					"The following target groups cannot be associated with more than one load balancer: %s",
					createListener).With(arn)
			}
		}
	}
	return nil
}

func checkForwardProtocol(r *cloud.Request, group *cloud.Object) error {
	protocol, target := r.Inputs.StringOr("protocol", "HTTP"), group.Inputs.String("protocol")
	fits := slices.Contains(targetProtocols[protocol], target)
	switch group.Inputs.String("targetType") {
	case "lambda":
		fits = strings.HasPrefix(protocol, "HTTP")
	case "alb":
		fits = protocol == "TCP"
	}
	if fits {
		return nil
	}
	return cloud.NewRefusal("IncompatibleProtocols",
		"The target group '%s' has protocol %s, which a listener with protocol %s cannot forward to",
		createListener).With(group.ID, target, protocol)
}

func checkForwardNetwork(r *cloud.Request, group *cloud.Object) error {
	if group.Inputs.String("targetType") != "lambda" &&
		group.Inputs.String("vpcId") != loadBalancerOf(r).Computed.String("vpcId") {
		return cloud.NewRefusal("InvalidConfigurationRequest",
			"The target group '%s' is not in the VPC of the load balancer",
			createListener).With(group.ID)
	}
	if group.Output("ipAddressType") == "ipv6" && loadBalancerOf(r).Output("ipAddressType") == "ipv4" {
		return cloud.NewRefusal(
			"InvalidConfigurationRequest",
			"The target group '%s' has IP address type ipv6, for which the load balancer must be dualstack",
			"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html",
		).With(group.ID)
	}
	return nil
}

func checkListenerPort(r *cloud.Request) error {
	for _, other := range r.Others(listenerType) {
		if other.Inputs.String("loadBalancerArn") == r.Inputs.String("loadBalancerArn") &&
			other.Inputs.Int("port") == r.Inputs.Int("port") {
			return cloud.NewRefusal("DuplicateListener",
				"A listener already exists on this port for this load balancer '%s'",
				createListener).With(r.Inputs.String("loadBalancerArn"))
		}
	}
	return nil
}

// listenerCompute sets what depends on the protocol. Only TCP listeners have
// an idle timeout.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
func listenerCompute(r *cloud.Request) error {
	r.SetDefault("protocol", "HTTP")
	r.SetDefault("sslPolicy", "")
	r.SetDefault("tcpIdleTimeoutSeconds", 0)
	switch r.Inputs.String("protocol") {
	case "TLS", "HTTPS":
		r.SetDefault("sslPolicy", "ELBSecurityPolicy-2016-08")
	case "TCP":
		r.SetDefault("tcpIdleTimeoutSeconds", 350)
	}
	return nil
}
