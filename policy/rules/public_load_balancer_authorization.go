package rules

import (
	"slices"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var publicAPINames = rule.Names("publicApis",
	"Private APIs, by their names in the program, that anyone on the internet may call.")

var publicLoadBalancerAuthorization = &rule.Rule{
	ID:    "public-load-balancer-authorization",
	Title: "Every method behind a load balancer that is open to the internet requires authorization or an API key",
	Why: `Behind a public load balancer a "private" API is on the internet. Every call that the load
balancer forwards comes through the endpoint, so it has the right aws:SourceVpc and passes
the resource policy, whoever sent it. If the load balancer admits everyone and a method has
neither authorization nor an API key, a stranger who finds the name gets HTTP 200.`,
	Fix: `Set the method's authorization (AWS_IAM, an authorizer) or apiKeyRequired. Or let the load
balancer's security group admit the clients' ranges only. If an API is meant for everyone,
add it to the parameter publicApis.`,
	Severity: rule.Critical,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
	},
	Tags:       []string{"api-gateway", "network-load-balancer", "private-api"},
	FormerIDs:  []string{"apigw-public-nlb-needs-auth"},
	Parameters: []rule.Parameter{publicAPINames},
	Check:      checkPublicLoadBalancerAuthorization,
}

func checkPublicLoadBalancerAuthorization(s *model.Stack, r *rule.Report) {
	for _, front := range s.Fronts() {
		lb := front.LoadBalancer
		public := lb.IsNetwork().And(lb.Internal.Equals(false)).And(front.Endpoint.IsExecuteAPI())
		if public == model.False {
			continue
		}
		exposed := public.And(front.Certain).And(admitsInternet(s, front))
		r.Judge(lb.Origin, openMethods(s, front, exposed, publicAPINames.Value(r))...)
	}
}

// openMethods returns a fault for each method behind a front that anyone may
// call, if the front is exposed to the internet.
func openMethods(s *model.Stack, front model.Front, exposed model.Truth, allowed []string) []rule.Fault {
	var faults []rule.Fault
	if exposed == model.False {
		return nil
	}
	add := func(open model.Truth, method, api string) {
		if open == model.False || open == model.Maybe && len(faults) > 0 { // One of the latter is enough.
			return
		}
		faults = append(faults, rule.FaultIf(open, front.LoadBalancer.Origin,
			"%s faces the internet, admits everyone and forwards to %s, through which anyone may call %s of %s; "+
				"want authorization, an API key, or the clients' ranges only",
			front.LoadBalancer.Name, front.Endpoint.Name, method, api))
	}
	for _, api := range s.RestAPIs {
		called := exposed.And(s.IsCalledThrough(api, front.Endpoint))
		if called == model.False || slices.Contains(allowed, api.NameInProgram) {
			continue
		}
		for _, m := range s.Methods {
			add(called.And(m.API.Names(api)).And(m.IsOpen()), m.Name, api.Name)
		}
		// The pack does not read the methods of an OpenAPI document.
		add(called.And(api.Document).AtMostMaybe(), "a method in an OpenAPI document", api.Name)
	}
	return faults
}

// admitsInternet asks whether the load balancer of a front accepts connections
// from everyone on a port that leads to the endpoint. Without a security group
// it does.
func admitsInternet(s *model.Stack, front model.Front) model.Truth {
	lb := front.LoadBalancer
	if lb.Groups.IsEmpty() {
		return model.True
	}
	admits := model.False
	open := map[int]model.Truth{} // By port. A load balancer has few ports.
	for _, l := range s.Listeners {
		leads := l.LoadBalancer.Names(lb).And(l.ForwardsTo(front.TargetGroup))
		if leads == model.False {
			continue
		}
		port, known := l.Port.Get()
		if !known {
			admits = admits.Or(model.Maybe)
			continue
		}
		if _, asked := open[port]; !asked {
			open[port] = s.Admits(lb.Groups, port, model.Source.IsEveryone)
		}
		admits = admits.Or(leads.And(open[port]))
	}
	return admits
}
