package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var lambdaPermissionSourceARN = &rule.Rule{
	ID:    "lambda-permission-source-arn",
	Title: "A function admits API Gateway for chosen APIs only",
	Why: `A permission for apigateway.amazonaws.com without a source admits every API of every AWS
account. Whoever knows the function's ARN can put their own API in front of it. Calls through
that API do not pass your endpoint, resource policy or authorizer.`,
	Fix: `Set sourceArn to the API's execution ARN, with stage, method and path as narrow as
possible: "<executionArn>/*/*", or "<executionArn>/prod/GET/hello".`,
	Severity: rule.High,
	Defects:  []*rule.Defect{noSourceARN, sourceOfAnyAccount},
	Links: []string{
		"https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
	},
	Tags:      []string{"lambda", "api-gateway"},
	FormerIDs: []string{"lambda-permission-sourcearn"},
	Check:     checkLambdaPermissionSourceARN,
}

var (
	noSourceARN = &rule.Defect{
		ID:      "no-source",
		Summary: "A permission for API Gateway names no source.",
		Outcome: rule.Exposed,
		Effect:  "Whoever knows the function's ARN can invoke it through an API in another AWS account.",
	}
	sourceOfAnyAccount = &rule.Defect{
		ID:      "any-account",
		Summary: "The source of a permission for API Gateway matches APIs of any account.",
		Outcome: rule.Exposed,
		Effect:  "The pattern keeps nobody out: whoever knows the function's ARN can invoke it from another account.",
	}
)

func checkLambdaPermissionSourceARN(s *model.Stack, r *rule.Report) {
	for _, p := range s.Permissions {
		gateway := p.Principal.Equals(model.PrincipalAPIGateway)
		if gateway == model.False {
			continue
		}
		anySource := gateway.And(p.HasAccount.Not()).And(p.HasSourceARN.Not())
		anyAccount := gateway.And(p.HasAccount.Not()).And(p.HasSourceARN).And(namesNoAccount(p.SourceARN))
		arn, _ := p.SourceARN.Get()
		r.Judge(p.Origin,
			noSourceARN.If(anySource, p.Origin,
				"%s has no sourceArn, so APIs of any account may invoke the function; want the execution ARN of "+
					"the API", p.Name),
			sourceOfAnyAccount.If(anyAccount, p.At("sourceArn"),
				"%s: %s matches APIs of any account; want the execution ARN of the API", p.Name, arn),
		)
	}
}

// namesNoAccount asks whether an ARN pattern matches resources of any account. A
// pattern that is made from a resource's own ARN does not.
func namesNoAccount(arn model.Known[string]) model.Truth {
	pattern, known := arn.Get()
	if !known {
		return model.False
	}
	fields := strings.SplitN(pattern, ":", 6)
	return model.TruthOf(len(fields) < 6 || strings.ContainsAny(fields[4], "*?"))
}
