package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var accountInStack = rule.Flag("accountInStack", "Whether a stack with stages has to have the aws.apigateway.Account that lets API Gateway write logs. "+
	"There is one per account and region, often in another stack.")

var stageAccessLogs = &rule.Rule{
	ID:    "stage-access-logs",
	Title: "A stage writes access logs that API Gateway accepts",
	Why: `Calls of a private API pass an endpoint, perhaps a load balancer and a policy; the access
log is the only place that shows which of them API Gateway saw. API Gateway refuses a
format that lacks the request's id or has several lines, and, but for HTTP APIs, any log
before the account has a role for it: "BadRequestException: CloudWatch Logs role ARN must be set in account
settings to enable logging".`,
	Fix: `Give the stage accessLogSettings with a log group and a format of one line that has
$context.requestId. Let it depend on the aws.apigateway.Account where that is in the
same stack.`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
		"https://github.com/aws-samples/serverless-patterns/issues/620",
	},
	Tags:       []string{"api-gateway", "logging"},
	Parameters: []rule.Parameter{accountInStack},
	Check:      checkStageAccessLogs,
}

func checkStageAccessLogs(s *model.Stack, r *rule.Report) {
	for _, stage := range s.Stages {
		faults := []rule.Fault{rule.FaultIf(stage.Logs.Not(), stage.Origin, "%s writes no access logs; want accessLogSettings", stage.Name)}
		if stage.IsREST() {
			faults = append(faults, formatFaults(stage)...)
		}
		faults = append(faults, accountFaults(s, stage, accountInStack.Value(r))...)
		r.Judge(stage.Origin, faults...)
	}
}

func formatFaults(stage *model.Stage) []rule.Fault {
	at := stage.At("accessLogSettings.format")
	format, known := stage.LogFormat.Get()
	anonymous := model.TruthOf(!strings.Contains(format, "$context.requestId") && !strings.Contains(format, "$context.extendedRequestId"))
	lines := model.TruthOf(strings.Contains(strings.TrimSuffix(format, "\n"), "\n"))
	if !known {
		anonymous, lines = model.Maybe, model.Maybe
	}
	return []rule.Fault{
		rule.FaultIf(stage.Logs.And(anonymous), at, "%s: its log format has no request id; want $context.requestId or $context.extendedRequestId in it", stage.Name),
		rule.FaultIf(stage.Logs.And(lines), at, "%s: its log format has several lines; want one", stage.Name),
	}
}

// accountFaults are those of the account's settings, which all stages of a region
// share but those of HTTP APIs: a stage that may come before them, and none where
// the stack has to have them.
func accountFaults(s *model.Stack, stage *model.Stage, required bool) []rule.Fault {
	var faults []rule.Fault
	logs := stage.Logs.And(stage.NeedsAccount())
	has, set, past := model.False, model.False, s.Before(stage.Origin)
	for _, account := range s.GatewayAccounts {
		here := account.SameRegion(stage.Placement)
		has, set = has.Or(here), set.Or(here.And(model.TruthOf(past.Includes(account.Origin))))
		faults = append(faults, rule.FaultIf(logs.And(here), stage.Origin,
			"%s does not wait for %s, without which it cannot log; want it in dependsOn", stage.Name, account.Name))
	}
	for i := range faults {
		faults[i] = faults[i].And(set.Not())
	}
	if required {
		faults = append(faults, rule.FaultIf(logs.And(has.Not()), stage.Origin,
			"%s: the stack has no aws.apigateway.Account that lets it log; want one", stage.Name))
	}
	return faults
}
