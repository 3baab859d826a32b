package rules

import (
	"strconv"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointHealthCheck = &rule.Rule{
	ID:    "load-balancer-to-endpoint-health-check",
	Title: "Health checks of execute-api addresses use TCP, or accept HTTP 403 as healthy",
	Why: `A load balancer's health check puts the target's address into the Host header, and API
Gateway answers 403 to a host that is not one of its APIs. Checks over HTTP or HTTPS then
fail, and all targets are unhealthy. The load balancer then sends traffic to all of them,
whether they work or not. A healthCheck block without a protocol means HTTP. An endpoint answers
on port 443 only, so checks on another port fail, too.`,
	Fix: `Set healthCheck.protocol to "TCP" and healthCheck.port to "traffic-port". For an application
load balancer, set the protocol to "HTTPS" with matcher "403".`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{failingHealthCheck, healthCheckOnOtherPort},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html",
	},
	Tags:      []string{"load-balancer", "vpc-endpoint"},
	FormerIDs: []string{"nlb-vpce-health-check"},
	Check:     checkLoadBalancerToEndpointHealthCheck,
}

var failingHealthCheck = &rule.Defect{
	ID:      "failing-health-check",
	Summary: "Health checks of execute-api addresses are answered with HTTP 403, which counts as unhealthy.",
	Outcome: rule.Risky,
	Effect:  blindness,
}

var healthCheckOnOtherPort = &rule.Defect{
	ID:      "health-check-on-other-port",
	Summary: "Health checks of execute-api addresses go to a port on which they do not answer.",
	Outcome: rule.Risky,
	Effect:  blindness,
}

func checkLoadBalancerToEndpointHealthCheck(s *model.Stack, r *rule.Report) {
	for _, tg := range s.TargetGroups {
		holds := s.Holds(tg, (*model.Endpoint).IsExecuteAPI)
		if holds == model.False {
			continue
		}
		check := tg.HealthCheck
		protocol, _ := check.Protocol.Get()
		fails := rule.AnyOf(check.Protocol, model.ProtocolHTTP, model.ProtocolHTTPS).
			And(rule.AnyOf(check.Path, reservedPaths...).Not()).
			And(check.Accepts(forbidden).Not())
		r.Judge(tg.Origin, failingHealthCheck.If(holds.And(fails), tg.At("healthCheck"),
			"%s checks the health of endpoint %s by %s, to which API Gateway answers %d; want TCP",
			tg.Name, rule.EndpointNames(s, tg), protocol, forbidden),
			healthCheckOnOtherPort.If(holds.And(onOtherPort(check)), tg.At("healthCheck"),
				"%s checks the health of endpoint %s on port %s, and API Gateway answers on %d only; want traffic-port",
				tg.Name, rule.EndpointNames(s, tg), rule.NameOr(check.Port, "that is not known yet"),
				model.APIGatewayPort))
	}
}

// onOtherPort asks whether a health check goes to another port than that of API
// Gateway.
func onOtherPort(check model.HealthCheck) model.Truth {
	port := check.Port.Or(model.TrafficPort)
	return rule.AnyOf(port, model.TrafficPort, strconv.Itoa(model.APIGatewayPort)).Not()
}

// forbidden is the status that API Gateway answers to a host that it does not
// know.
const forbidden = 403

// reservedPaths are the paths that API Gateway answers itself, for every host.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
var reservedPaths = []string{"/ping", "/sping"}
