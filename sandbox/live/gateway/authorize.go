package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/policyeval"
)

// request returns what a policy judges: the invocation of an ARN by the caller.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (x *exchange) request(arn string) policyeval.Request {
	keys := map[string][]string{
		"aws:securetransport": {"true"}, "aws:currenttime": {x.begun.UTC().Format("2006-01-02T15:04:05Z")},
		"aws:epochtime": {strconv.FormatInt(x.begun.Unix(), 10)}, "aws:requestedregion": {x.arrival.Region},
	}
	if x.arrival.Endpoint != "" {
		keys["aws:sourcevpc"], keys["aws:sourcevpce"] = []string{x.arrival.VPC}, []string{x.arrival.Endpoint}
		keys["aws:vpcsourceip"] = []string{x.client()}
	} else {
		keys["aws:sourceip"] = []string{x.client()}
	}
	for key, value := range map[string]string{"aws:useragent": x.r.UserAgent(), "aws:referer": x.r.Referer()} {
		if value != "" {
			keys[key] = []string{value}
		}
	}
	if x.domain != nil && endpointKind(x.domain) == "PRIVATE" {
		keys["execute-api:viadomainarn"] = []string{x.domain.Out.String("arn")}
	}
	r := policyeval.Request{Action: "execute-api:Invoke", Resource: arn, Context: keys}
	if c := x.caller; c != nil {
		r.Caller = c.Names
		keys["aws:principalarn"], keys["aws:principalaccount"] = []string{c.Names[len(c.Names)-2]}, []string{c.Account}
		keys["aws:userid"], keys["aws:principaltype"] = []string{c.UserID}, []string{"User"}
		if len(c.Names) > 2 {
			keys["aws:principaltype"] = []string{"AssumedRole"}
		} else {
			keys["aws:username"] = []string{c.ARN[strings.LastIndex(c.ARN, "/")+1:]}
		}
	}
	return r
}

// judge returns what a policy of the account says about the request.
func (x *exchange) judge(whose, policy string, r policyeval.Request) (policyeval.Verdict, *failure) {
	verdict, err := x.g.policies.Evaluate(policy, r)
	return x.judged(whose, verdict, err)
}

// judged tells the trail what a policy says, or returns the failure of one that cannot be evaluated.
func (x *exchange) judged(whose string, verdict policyeval.Verdict, err error) (policyeval.Verdict, *failure) {
	if err != nil {
		return "", broken(fmt.Sprintf("the policy of %s: %s", whose, err))
	}
	x.step("policy of %s: %s", whose, verdict)
	return verdict, nil
}

// invoked returns the ARN of what the request invokes.
func (x *exchange) invoked() string { return x.arn(x.r.Method, x.path) }

// denied returns the failure of a request that a policy does not allow. API Gateway
// masks the account.
// https://github.com/ASFHyP3/hyp3/issues/2283
func (x *exchange) denied(arn string, verdict policyeval.Verdict, reason string) *failure {
	user := "anonymous"
	if x.caller != nil {
		user = x.caller.ARN
	}
	text := fmt.Sprintf("User: %s is not authorized to perform: execute-api:Invoke on resource: %s", user,
		strings.Replace(arn, cloud.AccountID, "********"+cloud.AccountID[8:], 1))
	if verdict == policyeval.Deny {
		text += " with an explicit deny"
	}
	return &failure{kind: "ACCESS_DENIED", status: http.StatusForbidden, code: "AccessDeniedException", message: text,
		reason: reason, capital: true}
}

// checkDomain evaluates the policy of a private custom domain. Without one, it denies
// everything.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html
func (x *exchange) checkDomain() *failure {
	if x.domain == nil || endpointKind(x.domain) != "PRIVATE" {
		return nil
	}
	arn := "arn:aws:execute-api:" + x.arrival.Region + ":" + cloud.AccountID + ":/domainnames/" +
		x.domain.Out.String("domainName") + "+" + x.domain.Out.String("domainNameId")
	policy := x.domain.Out.String("policy")
	if policy == "" {
		return x.denied(arn, policyeval.Deny, "the private custom domain has no policy")
	}
	verdict, f := x.judge("the custom domain", policy, x.request(arn))
	if f != nil || verdict == policyeval.Allow {
		return f
	}
	return x.denied(arn, verdict, "the policy of the custom domain does not allow the request")
}

// checkEndpoint evaluates the policy of the endpoint that the request came through.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
func (x *exchange) checkEndpoint() *failure {
	return x.checkEndpointFor(x.invoked())
}

// checkStranger evaluates the policy of the endpoint for an API that the account does not have. An endpoint leads to
// the APIs of all accounts.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
func (x *exchange) checkStranger(id string) *failure {
	if id == "" {
		return nil
	}
	stage, path, _ := strings.Cut(strings.TrimPrefix(x.r.URL.EscapedPath(), "/"), "/")
	arn := "arn:aws:execute-api:" + x.arrival.Region + ":" + strangersAccount + ":" + id
	return x.checkEndpointFor(arn + "/" + stage + "/" + x.r.Method + "/" + path)
}

// strangersAccount stands for the account of an API that is not in this one. AWS's documentation uses it.
const strangersAccount = "111122223333"

// checkEndpointFor evaluates the policy of the endpoint for the ARN of what the request invokes.
func (x *exchange) checkEndpointFor(arn string) *failure {
	endpoint := x.g.inv.Find(endpointType, x.arrival.Endpoint)
	if endpoint == nil || endpoint.Out.String("policy") == "" {
		return nil
	}
	request := x.request(arn)
	verdict, f := x.judge("the endpoint", endpoint.Out.String("policy"), request)
	if f != nil || verdict == policyeval.Allow {
		return f
	}
	return x.denied(request.Resource, verdict, "the policy of the endpoint does not allow the request")
}

// authorize decides whether the caller may invoke the method, in the order of AWS's
// flowcharts.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (x *exchange) authorize() *failure {
	switch kind := x.method.String("authorization"); kind {
	case "", "NONE":
		return x.authorizeAnyone()
	case "AWS_IAM":
		return x.authorizeIAM()
	case "CUSTOM":
		return x.authorizeByFunction()
	default:
		return x.authorizeByToken()
	}
}

// policyVerdict returns what the resource policy says, or nothing if the API has none.
// A private API without one denies everything.
func (x *exchange) policyVerdict() (policyeval.Verdict, *failure) {
	policy := x.served.String("policy")
	if policy == "" {
		if endpointKind(x.api) == "PRIVATE" {
			return policyeval.ImplicitDeny, nil
		}
		return "", nil
	}
	return x.judge("the API", policy, x.request(x.invoked()))
}

// authorizeAnyone wants the resource policy to allow the request, if there is one.
func (x *exchange) authorizeAnyone() *failure {
	verdict, f := x.policyVerdict()
	if f != nil || verdict == "" || verdict == policyeval.Allow {
		return f
	}
	return x.denied(x.invoked(), verdict, "the resource policy does not allow the request")
}

// authorizeIAM wants a signature, and then that the caller's policies and the resource
// policy allow the request together.
func (x *exchange) authorizeIAM() *failure {
	caller, f := x.verify()
	if f != nil {
		return f
	}
	x.caller = caller
	own, err := caller.May(x.g.inv, x.request(x.invoked()))
	if err != nil {
		return broken("the policies of the caller: " + err.Error())
	}
	x.step("signed by %s, whose policies say %s", caller.ARN, own)
	verdict, f := x.policyVerdict()
	if f != nil {
		return f
	}
	if caller.Account != cloud.AccountID {
		return x.combineAcrossAccounts(own, verdict)
	}
	return x.combine(own, verdict, "the caller's policies")
}

// combine decides as AWS's table A does, for a caller and an API of one account.
func (x *exchange) combine(own, policy policyeval.Verdict, whose string) *failure {
	switch {
	case own == policyeval.Deny:
		return x.denied(x.invoked(), own, whose+" deny the request")
	case policy == policyeval.Deny:
		return x.denied(x.invoked(), policy, "the resource policy denies the request")
	case own == policyeval.Allow || policy == policyeval.Allow:
		return nil
	}
	return x.denied(x.invoked(), policyeval.ImplicitDeny, "neither "+whose+" nor the resource policy allow the request")
}

// combineAcrossAccounts decides as AWS's table B does, for a caller of another account:
// both must allow the request.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (x *exchange) combineAcrossAccounts(own, policy policyeval.Verdict) *failure {
	switch {
	case own == policyeval.Allow && policy == policyeval.Allow:
		return nil
	case own == policyeval.Deny || policy == policyeval.Deny:
		return x.denied(x.invoked(), policyeval.Deny, "a policy denies the request")
	}
	return x.denied(x.invoked(), policyeval.ImplicitDeny,
		"the caller is of another account, and only both its policies and the resource policy could allow the request")
}

// unauthorized returns the failure of a request without a valid token.
func unauthorized(reason string) *failure {
	return &failure{kind: "UNAUTHORIZED", status: http.StatusUnauthorized, code: "UnauthorizedException",
		message: "Unauthorized", reason: reason}
}

// authorizeByToken refuses every request: the sandbox simulates no user pools, whose
// tokens it could verify.
func (x *exchange) authorizeByToken() *failure {
	return unauthorized("the sandbox has no user pools, so it can verify no token of one")
}
