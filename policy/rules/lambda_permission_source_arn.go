package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var lambdaPermissionSourceARN = &rule.Rule{
	ID:    "lambda-permission-source-arn",
	Title: "A function lets API Gateway in for one's own APIs only",
	Why: `A permission for apigateway.amazonaws.com without a source is one for every API of every
AWS account. Whoever knows the function's ARN can put an API of their own in front of it
and call it past the endpoint, the resource policy and the authorizer of yours.`,
	Fix: `Set sourceArn to the API's execution ARN with stage, method and path as narrow as they
can be: "<executionArn>/*/*", or "<executionArn>/prod/GET/hello".`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
	},
	Tags:  []string{"lambda", "api-gateway"},
	Check: checkLambdaPermissionSourceARN,
}

func checkLambdaPermissionSourceARN(s *model.Stack, r *rule.Report) {
	for _, p := range s.Permissions {
		gateway := p.Principal.Equals(model.PrincipalAPIGateway)
		if gateway == model.False {
			continue
		}
		anySource := gateway.And(p.HasAccount.Not()).And(p.HasSourceARN.Not())
		arn, _ := p.SourceARN.Get()
		wide := gateway.And(p.HasAccount.Not()).And(p.HasSourceARN).And(namesNoAccount(p.SourceARN))
		r.Judge(p.Origin,
			rule.FaultIf(anySource, p.Origin, "%s has no sourceArn, so APIs of any account may invoke the function; want the execution ARN of the API", p.Name),
			rule.FaultIf(wide, p.At("sourceArn"), "%s: %s stands for APIs of any account; want the execution ARN of the API", p.Name, arn),
		)
	}
}

// namesNoAccount asks whether an ARN's pattern fits resources of any account. One
// that is made from a resource's own ARN does not.
func namesNoAccount(arn model.Known[string]) model.Truth {
	pattern, known := arn.Get()
	if !known {
		return model.False
	}
	fields := strings.SplitN(pattern, ":", 6)
	return model.TruthOf(len(fields) < 6 || strings.ContainsAny(fields[4], "*?"))
}
