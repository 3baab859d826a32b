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
neither authorization nor an API key, a stranger who finds the name gets HTTP 200. An
internal load balancer is public too if a Global Accelerator leads to it, or if it is the
target of a public network load balancer.`,
	Fix: `Set the method's authorization (AWS_IAM, an authorizer) or apiKeyRequired. Or let the load
balancer's security group admit the clients' ranges only. An application load balancer can
also authenticate the clients: by an authenticate or jwt-validation action before each
forward action, or by mutualAuthentication with mode "verify". If an API is meant for
everyone, add it to the parameter publicApis.`,
	Severity: rule.Critical,
	Defects:  []*rule.Defect{openMethod},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html",
		"https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.html",
	},
	Tags:       []string{"api-gateway", "load-balancer", "private-api"},
	FormerIDs:  []string{"apigw-public-nlb-needs-auth"},
	Parameters: []rule.Parameter{publicAPINames},
	Check:      checkPublicLoadBalancerAuthorization,
}

var openMethod = &rule.Defect{
	ID:      "open-method",
	Summary: "Anyone on the internet may call a method of a private API through a load balancer.",
	Outcome: rule.Exposed,
	Effect:  "A stranger who finds the load balancer's name gets the answers of the API.",
}

func checkPublicLoadBalancerAuthorization(s *model.Stack, r *rule.Report) {
	for _, front := range s.Fronts() {
		lb := front.LoadBalancer
		public := front.Endpoint.IsExecuteAPI().And(lb.Type.Equals(model.LoadBalancerGateway).Not())
		if public == model.False {
			continue
		}
		if public = public.And(s.FacesInternet(lb)); public == model.False {
			continue
		}
		exposed := public.And(front.Certain).And(letsInternetThrough(s, front))
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
		faults = append(faults, openMethod.If(open, front.LoadBalancer.Origin,
			"%s %s, admits everyone and forwards to %s, through which anyone may call %s of %s; "+
				"want authorization, an API key, or the clients' ranges only",
			front.LoadBalancer.Name, wayFromInternet(front.LoadBalancer), front.Endpoint.Name, method, api))
	}
	for _, api := range s.RestAPIs {
		if exposed == model.Maybe && len(faults) > 0 { // No other method says more.
			break
		}
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

// wayFromInternet says for messages how the internet reaches a load balancer.
func wayFromInternet(lb *model.LoadBalancer) string {
	if lb.Internal.Is(true) {
		return "is internal, is reached from the internet through another front"
	}
	return "faces the internet"
}

// letsInternetThrough asks whether the load balancer of a front accepts
// connections from everyone on the internet on a port that leads to the endpoint,
// and authenticates nobody there.
func letsInternetThrough(s *model.Stack, front model.Front) model.Truth {
	lb := front.LoadBalancer
	lets := model.False
	asked := map[model.Known[int]]model.Truth{} // By port. A load balancer has few ports.
	for _, l := range s.Listeners {
		leads := l.LoadBalancer.Names(lb)
		if leads == model.False {
			continue
		}
		if leads = leads.And(l.AdmitsAnyone(front.TargetGroup)); leads == model.False {
			continue
		}
		if _, known := asked[l.Port]; !known {
			asked[l.Port] = s.AdmitsInternet(lb, l.Port)
		}
		lets = lets.Or(leads.And(asked[l.Port]))
	}
	return lets
}
