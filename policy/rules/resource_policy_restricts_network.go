package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyRestrictsNetwork = &rule.Rule{
	ID:    "resource-policy-restricts-network",
	Title: "The resource policy of a private API or domain denies calls from other networks",
	Why: `A private API answers calls from every interface endpoint, in any VPC of any AWS account of
the region, unless its resource policy denies them. "Private" says how calls arrive, not who
sends them. A policy that only allows everyone admits whoever learns the API's ID. If only a
condition of the Allow keeps others out, a Lambda authorizer overrides it: API Gateway checks
for explicit denies only before it calls the authorizer, and the authorizer's own answer then
counts as an Allow. An endpoint calls a private custom domain only once it is associated with
the domain. The domain's policy says which of these endpoints may.`,
	Fix: `Add a Deny of execute-api:Invoke for Principal "*" with StringNotEquals on aws:SourceVpc
and the VPC's ID, next to an Allow without a condition.
Then deploy the API again: a policy takes effect with the next deployment.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-associations.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-fence"},
	Defects:   []*rule.Defect{policyOpenToStrangers, policyOpen, policyOfOpenDomain, policyOverridden},
	Check:     checkResourcePolicyRestrictsNetwork,
}

var (
	policyOpenToStrangers = &rule.Defect{
		ID: "open-method", Outcome: rule.Exposed,
		Summary: "The policy of an API allows calls from every network, and a method answers everyone.",
		Effect: "Whoever knows the API's ID may call the method from any VPC of any AWS account of the region, " +
			"without credentials or an API key.",
	}
	policyOpen = &rule.Defect{
		ID: "open", Summary: "The policy of an API allows calls from every network.", Outcome: rule.Risky,
		Effect: "Calls from any VPC of any AWS account of the region get as far as the authorization of the methods.",
	}
	policyOfOpenDomain = &rule.Defect{
		ID: "open-domain", Outcome: rule.Risky,
		Summary: "The policy of a private domain allows calls from every network.",
		Effect: "Every endpoint that is associated with the domain may call it, now and later, also from accounts " +
			"with which the domain is shared.",
	}
	policyOverridden = &rule.Defect{
		ID: "authorizer-overrides", Outcome: rule.Risky,
		Summary: "Only a condition of an Allow keeps other networks out, and a method has a Lambda authorizer.",
		Effect: "The authorizer's answer counts as an Allow, so callers from other networks get in if it accepts " +
			"them.",
	}
)

func checkResourcePolicyRestrictsNetwork(s *model.Stack, r *rule.Report) {
	rule.JudgePrivatePolicies(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		unrestricted := inForce.And(p.Document.AnyStatement(model.Statement.DeniesOthers).Not())
		open := unrestricted.And(p.Document.AnyStatement(model.Statement.AdmitsAnyone))
		outsiders := openToOutsiders(s, p, inForce)
		switch {
		case outsiders != nil && open != model.True && outsiders.IsPresent():
			return []rule.Fault{*outsiders}
		case open == model.False && outsiders != nil:
			return append(overriddenConditions(s, p, unrestricted), *outsiders)
		case open == model.False:
			return overriddenConditions(s, p, unrestricted)
		case p.IsOfDomain():
			return []rule.Fault{policyOfOpenDomain.If(open, p.Origin,
				"%s allows calls from every endpoint that is associated with the domain; "+
					"want a Deny with StringNotEquals on aws:SourceVpc", rule.PolicyName(p))}
		}
		return []rule.Fault{openPolicy(s, p, open)}
	})
}

// openToOutsiders returns the fault of a method that asks nobody who he is, and that
// the policy of the API allows to somebody in a VPC of another account. Without such
// a method it returns nil. A Deny may be for other methods, or for another API.
func openToOutsiders(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) *rule.Fault {
	if p.Document == nil || p.IsOfDomain() {
		return nil
	}
	var found *rule.Fault
	for _, m := range s.MethodsUnder(p) {
		open := inForce.And(m.Certain).And(m.IsOpen()).And(admitsOutsiders(s, p, m.Method))
		fault := policyOpenToStrangers.If(open, p.Origin,
			"%s lets anyone in another VPC call %s, because its Deny does not apply to the method; "+
				"want a Deny of all calls with StringNotEquals on aws:SourceVpc", rule.PolicyName(p), m.Name)
		if open == model.True {
			return &fault
		}
		if open == model.Maybe {
			found = &fault
		}
	}
	return found
}

// admitsOutsiders asks whether a policy allows somebody in a VPC of another account
// to call a method.
func admitsOutsiders(s *model.Stack, p *model.ResourcePolicy, m *model.Method) model.Truth {
	outsider := iam.Source{
		VPC: model.Of("vpc-00000000000000000"), Endpoint: model.Of("vpce-00000000000000000"), Address: iam.SomeText(),
	}
	verbs, known := verbsOf(s, m)
	path, alsoKnown := m.Path.Get()
	id, stage, place := model.Unknown[string](), model.Unknown[string](), iam.Place{Region: p.Region()}
	api, certain := p.API.Sole()
	if certain {
		id, stage, place.Account = api.ID, stageOf(s, api), accountOf(api)
	}
	permits := model.False
	for _, verb := range verbs {
		call := iam.InvokeFrom(outsider, iam.Principal{}, iam.APICall(place, id, stage, verb, path))
		permits = permits.Or(iam.ResourcePolicy(p.Document, call).Permits)
	}
	if known && alsoKnown && certain {
		return permits
	}
	return permits.AtMostMaybe()
}

// verbsOf returns the HTTP methods of calls that get to a method, and whether they certainly do. ANY stands for those
// that no other method for its path has. OPTIONS is left out, because it does not count as open.
func verbsOf(s *model.Stack, m *model.Method) (verbs []string, certain bool) {
	if verb, known := m.Verb.Get(); !known || verb != "ANY" {
		return []string{rule.NameOr(m.Verb, "GET")}, known
	}
	api, certain := m.API.Sole()
	if !certain {
		return []string{"GET"}, false
	}
	verbs, certain = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}, api.Document == model.False
	for other := range s.MethodsIn(api) {
		if other == m || other.Path.Same(m.Path) == model.False {
			continue
		}
		certain = certain && !other.Verb.IsUnknown()
		verbs = slices.DeleteFunc(verbs, other.Verb.Is)
	}
	return verbs, certain
}

// accountOf returns the account of an API, which is part of its execution ARN.
func accountOf(api *model.RestAPI) model.Known[string] {
	arn, _ := api.ExecutionARN.Get()
	if fields := strings.Split(arn, ":"); len(fields) > 5 {
		return model.Of(fields[4])
	}
	return model.Unknown[string]()
}

// stageOf returns the name of a stage of an API. It is unknown if the stack has none.
func stageOf(s *model.Stack, api *model.RestAPI) model.Known[string] {
	for stage := range s.StagesOf(api) {
		if _, known := stage.StageName.Get(); known && stage.API.Names(api) == model.True {
			return stage.StageName
		}
	}
	return model.Unknown[string]()
}

// openPolicy returns the fault of a policy that allows everyone to call an API. It
// opens the API to strangers if one of the API's methods asks nobody who he is.
func openPolicy(s *model.Stack, p *model.ResourcePolicy, open model.Truth) rule.Fault {
	const want = "want a Deny with StringNotEquals on aws:SourceVpc"
	for _, m := range s.MethodsUnder(p) {
		if open.And(m.Certain).And(m.IsOpen()) == model.True {
			return policyOpenToStrangers.If(open, p.Origin,
				"%s allows calls from every network, and denies none, so anyone may call %s; "+want,
				rule.PolicyName(p), m.Name)
		}
	}
	return policyOpen.If(open, p.Origin,
		"%s allows calls from every network, and denies none; "+want, rule.PolicyName(p))
}

// overriddenConditions returns the faults of a policy that keeps other networks
// out only by a condition of its Allow, which Lambda authorizers override.
func overriddenConditions(s *model.Stack, p *model.ResourcePolicy, unrestricted model.Truth) []rule.Fault {
	allows := p.Document.AnyStatement(func(s model.Statement) model.Truth {
		return model.TruthOf(s.AllowsCalls() && s.Principals.AreEveryone())
	})
	overridden := func(by model.Truth, method string) rule.Fault {
		return policyOverridden.If(unrestricted.And(allows).And(by), p.Origin,
			"%s keeps other networks out by a condition of its Allow only, which the authorizer of %s overrides; "+
				"want a Deny with StringNotEquals on aws:SourceVpc", rule.PolicyName(p), method)
	}
	faults := []rule.Fault{overridden(s.MayHaveOthersUnder(p), "a method in an OpenAPI document")}
	for _, m := range s.MethodsUnder(p) {
		custom := m.Authorization.Equals(model.AuthorizationCustom)
		faults = append(faults, overridden(m.Certain.And(custom), m.Name))
	}
	return faults
}
