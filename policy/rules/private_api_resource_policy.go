package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var privateAPIResourcePolicy = &rule.Rule{
	ID:    "private-api-resource-policy",
	Title: "A private REST API has a resource policy",
	Why: `A private REST API denies every call until a resource policy allows some, and API Gateway
refuses to deploy an API without one. The deployment fails halfway:
"BadRequestException: Private REST API doesn't have a resource policy attached to it".`,
	Fix: `Attach a policy with aws.apigateway.RestApiPolicy: a Deny for requests whose
aws:SourceVpc is not your VPC, and an Allow of execute-api:Invoke. Make the deployment
depend on it.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{noResourcePolicy},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/14290",
	},
	Tags:      []string{"api-gateway", "private-api"},
	FormerIDs: []string{"apigw-private-needs-policy"},
	Check:     checkPrivateAPIResourcePolicy,
}

var noResourcePolicy = &rule.Defect{
	ID:      "no-policy",
	Summary: "A private API has no resource policy.",
	Outcome: rule.Refused,
	Effect: `AWS refuses to deploy the API: "BadRequestException: Private REST API doesn't have a resource policy ` +
		`attached to it".`,
}

func checkPrivateAPIResourcePolicy(s *model.Stack, r *rule.Report) {
	for _, api := range s.RestAPIs {
		private := api.IsPrivate()
		if private == model.False {
			continue
		}
		r.Judge(api.Origin, noResourcePolicy.If(private.And(s.HasPolicy(api).Not()), api.Origin,
			"%s is PRIVATE and has no resource policy; want a RestApiPolicy for it", api.Name))
	}
}
