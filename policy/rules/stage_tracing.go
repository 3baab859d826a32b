package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var stageTracing = &rule.Rule{
	ID:    "stage-tracing",
	Title: "A stage of a REST API has X-Ray tracing turned on",
	Why: `Without tracing nobody can see where a slow call spent its time: in API Gateway, behind the
VPC link, or in the function. Access logs show only the sum. Traces cost money per call, and
not every team uses X-Ray, so this rule is off by default.`,
	Fix:      `Set xrayTracingEnabled to true on the aws.apigateway.Stage.`,
	Severity: rule.Low,
	Defects:  []*rule.Defect{tracingOff},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/stage/",
	},
	Tags:  []string{"api-gateway", "logging"},
	Check: checkStageTracing,

	OffByDefault: true,
}

var tracingOff = &rule.Defect{
	ID: "off", Summary: "A stage has X-Ray tracing off.", Outcome: rule.Risky,
	Effect: "Nobody can see where a slow call spent its time.",
}

// checkStageTracing says nothing about stages of HTTP and WebSocket APIs. Their
// resource type has no property for tracing.
func checkStageTracing(s *model.Stack, r *rule.Report) {
	for _, stage := range s.Stages {
		if !stage.IsREST() {
			continue
		}
		r.Judge(stage.Origin, tracingOff.If(stage.Tracing.Equals(true).Not(), stage.At("xrayTracingEnabled"),
			"%s has X-Ray tracing off; want xrayTracingEnabled true", stage.Name))
	}
}
