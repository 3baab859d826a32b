package model

import (
	"strconv"
	"strings"
)

// TargetGroup is a target group.
type TargetGroup struct {
	Element
	VPC Ref[VPC]
	// TargetType is instance, ip, lambda or alb. AWS's default is instance.
	TargetType Known[TargetType]
	Protocol   Known[Protocol]
	Port       Known[int]
	// Version is HTTP1, HTTP2 or GRPC: the version of HTTP in which an application load balancer sends requests to
	// targets. AWS's default is HTTP1. Groups of network load balancers have none.
	Version Known[ProtocolVersion]
	// CrossZone overrides the load balancer's setting. If it is absent, the load balancer decides.
	CrossZone Known[CrossZone]
	// PreserveClientIP is whether targets see the clients' addresses instead of the load balancer's. If it is
	// absent, see [TargetGroup.PreservesClientIP].
	PreserveClientIP Known[bool]
	// ProxyProtocol is whether a header with the client's address precedes each connection.
	ProxyProtocol Known[bool]
	HealthCheck   HealthCheck
	Naming        Naming
	// Shared is whether others may register targets that the stack does not show: an Auto Scaling group, an ECS
	// service, another stack. It is Maybe if the stack may only read the group.
	Shared Truth
	// SharedByOutput is whether Shared is Maybe only because an output of the stack, which is not known yet, may be the
	// group's ARN.
	SharedByOutput bool
}

// HealthCheck is how a load balancer finds out which targets work. If the
// program writes no health check, the protocol is absent; a network load
// balancer uses TCP then.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
type HealthCheck struct {
	Protocol Known[Protocol]
	// Port is a number, or traffic-port: the port that also gets the traffic, which is the default.
	Port Known[string]
	Path Known[string]
	// Codes are the HTTP codes of a healthy target, such as "200-399,403".
	Codes Known[string]
}

// Accepts asks whether the check takes an HTTP status for that of a healthy target.
// The codes are a list such as "200-399,403". A default never includes 403.
func (h HealthCheck) Accepts(status int) Truth {
	if h.Codes.IsUnknown() {
		return Maybe
	}
	text, _ := h.Codes.Get()
	for _, part := range strings.Split(text, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			last = first
		}
		from, errFrom := strconv.Atoi(first)
		to, errTo := strconv.Atoi(last)
		if errFrom == nil && errTo == nil && from <= status && status <= to {
			return True
		}
	}
	return False
}

// TrafficPort is the port of a health check that uses the target's own port.
const TrafficPort = "traffic-port"

// ProtocolVersion is the version of HTTP that a target group's targets get.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
type ProtocolVersion string

// Versions of HTTP for targets.
const (
	VersionHTTP1 ProtocolVersion = "HTTP1"
	VersionHTTP2 ProtocolVersion = "HTTP2"
	VersionGRPC  ProtocolVersion = "GRPC"
)

// TargetType is what the targets of a target group are.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
type TargetType string

// Types of targets.
const (
	TargetInstance TargetType = "instance"
	TargetIP       TargetType = "ip"
	TargetLambda   TargetType = "lambda"
	TargetALB      TargetType = "alb"
)

// CrossZone is a target group's setting for traffic to targets in other zones.
type CrossZone string

// Settings of a target group for traffic to targets in other zones.
const (
	CrossZoneOn             CrossZone = "true"
	CrossZoneOff            CrossZone = "false"
	CrossZoneOfLoadBalancer CrossZone = "use_load_balancer_configuration"
)

// TakesAddresses asks whether the group's targets are IP addresses.
func (tg *TargetGroup) TakesAddresses() Truth { return tg.TargetType.Equals(TargetIP) }

// PreservesClientIP asks whether targets see the clients' addresses. By default
// they do, unless the targets are IP addresses behind TCP or TLS.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
func (tg *TargetGroup) PreservesClientIP() Truth {
	if !tg.PreserveClientIP.IsAbsent() {
		return tg.PreserveClientIP.Equals(true)
	}
	return tg.TakesAddresses().Not().Or(tg.Protocol.Equals(ProtocolUDP)).Or(tg.Protocol.Equals(ProtocolTCPUDP))
}

// HasOthers asks whether others may register targets next to those of the stack. A program that registers targets
// itself is assumed to pass the group on only if an output is known to be its ARN.
func (tg *TargetGroup) HasOthers() Truth {
	if tg.SharedByOutput {
		return False
	}
	return tg.Shared
}
