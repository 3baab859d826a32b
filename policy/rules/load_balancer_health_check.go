package rules

import (
	"strconv"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerHealthCheck = &rule.Rule{
	ID:    "load-balancer-health-check",
	Title: "Health checks of a load balancer can reach its targets, and speak TLS on ports that expect it",
	Why: `A health check may use another port than the traffic, and another protocol. The security
groups then need a rule for that port too. A server that expects TLS answers a check over HTTP
with "400 The plain HTTP request was sent to HTTPS port", which does not count as healthy. All
targets then are unhealthy. The load balancer sends traffic to all of them, whether they work
or not, and does not notice when one fails.`,
	Fix: `Set healthCheck.port to "traffic-port", or add the check's port to the outbound rules of the
load balancer's security group and to the inbound rules of the targets. For targets that speak
TLS, set healthCheck.protocol to "TCP" or "HTTPS".`,
	Severity: rule.Medium,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
	},
	Tags:    []string{"load-balancer", "security-group"},
	Defects: []*rule.Defect{healthCheckNotLetOut, healthCheckNotAdmitted, plainTextHealthCheck},
	Check:   checkLoadBalancerHealthCheck,
}

// blindness is what happens if health checks always fail.
const blindness = "Load balancers use all targets if none is healthy, so requests are served until a target fails."

var (
	healthCheckNotLetOut = &rule.Defect{
		ID: "port-not-let-out", Outcome: rule.Risky, Effect: blindness,
		Summary: "No outbound rule of a load balancer's security groups is for the port of its health checks.",
	}
	healthCheckNotAdmitted = &rule.Defect{
		ID: "port-not-admitted", Outcome: rule.Risky, Effect: blindness,
		Summary: "A target's security groups admit nobody on the port of the health checks.",
	}
	plainTextHealthCheck = &rule.Defect{
		ID: "plain-text", Outcome: rule.Risky, Effect: blindness,
		Summary: "Health checks send plain HTTP to a port on which the target group speaks TLS.",
	}
)

// checkLoadBalancerHealthCheck judges target groups to which a load balancer forwards. Another rule judges those with
// the addresses of execute-api endpoints.
func checkLoadBalancerHealthCheck(s *model.Stack, r *rule.Report) {
	forwardings := s.Forwardings()
	faults := map[*model.TargetGroup][]rule.Fault{}
	open := false // Whether a load balancer may forward to any target group.
	for _, lb := range s.LoadBalancers {
		o := outbound{s, lb, forwardings}
		for _, f := range forwardings.Of(lb) {
			if f.TargetGroup == nil {
				open = true
			} else {
				faults[f.TargetGroup] = append(faults[f.TargetGroup], o.blocksHealthChecks(f))
			}
		}
	}
	for _, tg := range s.TargetGroups {
		checks := takesTCP(tg)
		used := model.TruthOf(faults[tg] != nil).OrMaybeIf(open)
		checks = checks.And(used)
		if checks == model.False || s.Holds(tg, (*model.Endpoint).IsExecuteAPI) == model.True {
			continue
		}
		if faults[tg] == nil && !checkPort(tg).IsAbsent() {
			faults[tg] = []rule.Fault{healthCheckNotLetOut.If(model.Maybe, tg.At("healthCheck"),
				"%s: no load balancer certainly forwards to it", tg.Name)}
		}
		all := append(faults[tg], plainHealthCheck(forwardings, tg))
		for _, t := range forwardings.Targets(tg) {
			all = append(all, refusesHealthChecks(s, tg, t))
		}
		for i := range all {
			all[i] = all[i].And(checks)
		}
		r.Judge(tg.Origin, all...)
	}
}

// checkPort returns the port of a group's health checks. It is absent if they use the port of the traffic, for which
// other rules ask the security groups.
func checkPort(tg *model.TargetGroup) model.Known[int] {
	text, known := tg.HealthCheck.Port.Or(model.TrafficPort).Get()
	if !known {
		return model.Unknown[int]()
	}
	if port, err := strconv.Atoi(text); err == nil {
		return model.Of(port)
	}
	return model.Known[int]{}
}

// blocksHealthChecks returns the fault of a load balancer whose security groups let no health check of a target group
// out.
func (o outbound) blocksHealthChecks(f model.Forwarding) rule.Fault {
	port, number := checkPort(f.TargetGroup), 0
	blocked := model.False
	if !port.IsAbsent() {
		number, _ = port.Get()
		blocked = f.Certain.And(rule.HasAny(o.balancer.Groups)).And(o.letsOut(port, model.Source.IsAnyone).Not())
	}
	return healthCheckNotLetOut.If(blocked, f.TargetGroup.At("healthCheck"),
		"%s: the security groups of %s have no outbound rule for port %d of its health checks; want one, or "+
			"traffic-port",
		f.TargetGroup.Name, o.balancer.Name, number)
}

// refusesHealthChecks returns the fault of an instance that admits no health check of a target group.
func refusesHealthChecks(s *model.Stack, tg *model.TargetGroup, t *model.Target) rule.Fault {
	port, number := checkPort(tg), 0
	refused := model.False
	i, certain := t.Instance.Sole()
	switch {
	case port.IsAbsent():
	case certain:
		admits, known := model.Maybe, false
		if number, known = port.Get(); known {
			admits = s.Admits(i.Groups, number, model.Source.IsAnyone)
		}
		refused = t.TargetGroup.Names(tg).And(rule.HasAny(i.Groups)).And(admits.Not())
	case t.Instance.Value.IsUnknown():
		refused = t.TargetGroup.Names(tg).AtMostMaybe()
	}
	return healthCheckNotAdmitted.If(refused, tg.At("healthCheck"),
		"%s: the security groups of its target %s admit nobody on port %d of the health checks; want a rule, or "+
			"traffic-port", tg.Name, t.Name, number)
}

// badRequest is the status with which servers refuse plain HTTP on a port that expects TLS.
const badRequest = 400

// plainHealthCheck returns the fault of a group whose targets get TLS as traffic, and plain HTTP on the same port as a
// health check. Targets that the stack does not show, such as those of an ECS service, may have other ports.
func plainHealthCheck(all *model.Forwardings, tg *model.TargetGroup) rule.Fault {
	check, targets := tg.HealthCheck, all.Targets(tg)
	samePort := model.True
	if port := checkPort(tg); !port.IsAbsent() {
		hasTarget := model.False
		for _, t := range targets {
			samePort, hasTarget = samePort.And(port.Same(t.PortIn(tg))), hasTarget.Or(t.TargetGroup.Names(tg))
		}
		if hasTarget != model.True {
			samePort = samePort.And(port.Same(tg.Port)).AtMostMaybe()
		}
	}
	speaksTLS := rule.AnyOf(tg.Protocol, model.ProtocolTLS, model.ProtocolHTTPS).Or(leadToTLS(all, tg, targets))
	plain := check.Protocol.Equals(model.ProtocolHTTP).And(speaksTLS)
	return plainTextHealthCheck.If(plain.And(samePort).And(check.Accepts(badRequest).Not()), tg.At("healthCheck"),
		"%s checks its targets by HTTP on the port on which they expect TLS; want TCP or HTTPS", tg.Name)
}

// leadToTLS asks whether all targets of a group are application load balancers of the stack, or addresses of them, that
// expect TLS on the port of the traffic.
func leadToTLS(all *model.Forwardings, tg *model.TargetGroup, targets []*model.Target) model.Truth {
	lead := model.TruthOf(len(targets) > 0).And(tg.Protocol.Equals(model.ProtocolTCP))
	for _, t := range targets {
		if lead == model.False {
			return lead
		}
		if _, isInstance := t.Instance.Sole(); isInstance {
			return model.False
		}
		ref := t.AddressOf
		if ref.IsAbsent() {
			ref = t.LoadBalancer
		}
		lb, certain := ref.Sole()
		if !certain {
			return model.TruthOf(len(ref.Candidates) > 0 || t.Address.IsUnknown()).AtMostMaybe()
		}
		expects := model.False
		for _, l := range all.Listeners(lb) {
			tls := rule.AnyOf(l.Protocol, model.ProtocolTLS, model.ProtocolHTTPS)
			expects = expects.Or(l.LoadBalancer.Names(lb).And(l.Port.Same(t.PortIn(tg))).And(tls))
		}
		lead = lead.And(t.TargetGroup.Names(tg)).And(expects)
	}
	return lead
}
