package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var accountInStack = rule.Flag("accountInStack",
	"Whether a stack with stages must have the aws.apigateway.Account that lets API Gateway write logs. "+
		"Each account and region has one, often in another stack.")

var requiredVariables = rule.Names("requiredVariables",
	`Variables that the log format of every stage must contain, without "$context.", `+
		`such as "error.responseType", which says why API Gateway answered 403 itself.`)

var stageAccessLogs = &rule.Rule{
	ID:    "stage-access-logs",
	Title: "A stage writes access logs in a format that API Gateway accepts, after the account has a role for them",
	Why: `Calls of a private API pass an endpoint, a policy, and perhaps a load balancer. Only the
access log shows which of them reached API Gateway. API Gateway refuses a format without the
request ID or with several lines. Except for HTTP APIs it also refuses every log until the
account has a role for it: "BadRequestException: CloudWatch Logs role ARN must be set in
account settings to enable logging".`,
	Fix: `Give the stage accessLogSettings with a log group, and a format of one line that contains
$context.requestId. If the aws.apigateway.Account is in the same stack, make the stage
depend on it.`,
	Severity: rule.Medium,
	Defects: []*rule.Defect{
		noRequestID, severalLines, noRequiredAccount, noAccessLogs, beforeAccount, variableMissing,
	},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html",
		"https://github.com/aws-samples/serverless-patterns/issues/620",
	},
	Tags:       []string{"api-gateway", "logging"},
	FormerIDs:  []string{"apigw-stage-logs"},
	Parameters: []rule.Parameter{accountInStack, requiredVariables},
	Check:      checkStageAccessLogs,
}

var (
	noRequestID = &rule.Defect{
		ID: "no-request-id", Summary: "The log format has no request ID.", Outcome: rule.Refused,
		Effect: "API Gateway accepts only a format with $context.requestId or $context.extendedRequestId.",
	}
	severalLines = &rule.Defect{
		ID: "several-lines", Summary: "The log format has several lines.", Outcome: rule.Refused,
		Effect: `AWS refuses it: "Access Log format must be single line, new line character is allowed only at end ` +
			`of the format".`,
	}
	noRequiredAccount = &rule.Defect{
		ID: "no-account", Summary: "The stack has no account settings, and the parameter accountInStack requires them.",
		Outcome: rule.Required,
		Effect:  "Whether the account has a role for logs is left to another stack, or to a person.",
	}
	noAccessLogs = &rule.Defect{
		ID: "no-logs", Summary: "A stage writes no access logs.", Outcome: rule.Risky,
		Effect: "Calls work. Nobody can say later which of them reached API Gateway.",
	}
	beforeAccount = &rule.Defect{
		ID: "before-account", Outcome: rule.Risky,
		Summary: "A stage with logs does not wait for the account's settings.",
		Effect: `If the account has no role from earlier, AWS refuses the stage: "CloudWatch Logs role ARN must be ` +
			`set in account settings to enable logging". A second update succeeds.`,
	}
	variableMissing = &rule.Defect{
		ID: "variable-missing", Outcome: rule.Risky,
		Summary: "The log format lacks a variable that the parameter requiredVariables names.",
		Effect:  "The log does not say what whoever configured the pack wants to find in it.",
	}
)

func checkStageAccessLogs(s *model.Stack, r *rule.Report) {
	for _, stage := range s.Stages {
		faults := []rule.Fault{noAccessLogs.If(stage.Logs.Not(), stage.Origin,
			"%s writes no access logs; want accessLogSettings", stage.Name)}
		if stage.IsREST() {
			faults = append(faults, formatFaults(stage)...)
		}
		faults = append(faults, variableFaults(stage, requiredVariables.Value(r))...)
		faults = append(faults, accountFaults(s, stage, accountInStack.Value(r))...)
		r.Judge(stage.Origin, faults...)
	}
}

// formatFaults returns the faults of a log format.
func formatFaults(stage *model.Stage) []rule.Fault {
	at := stage.At("accessLogSettings.format")
	format, known := stage.LogFormat.Get()
	hasID := strings.Contains(format, "$context.requestId") || strings.Contains(format, "$context.extendedRequestId")
	anonymous := model.TruthOf(!hasID)
	lines := model.TruthOf(strings.Contains(strings.TrimSuffix(format, "\n"), "\n"))
	if !known {
		anonymous, lines = model.Maybe, model.Maybe
	}
	return []rule.Fault{
		noRequestID.If(stage.Logs.And(anonymous), at,
			"%s: its log format has no request ID; want $context.requestId or $context.extendedRequestId in it",
			stage.Name),
		severalLines.If(stage.Logs.And(lines), at, "%s: its log format has several lines; want one", stage.Name),
	}
}

// variableFaults returns a fault for each variable that a log format must contain
// and lacks.
func variableFaults(stage *model.Stage, required []string) []rule.Fault {
	format, known := stage.LogFormat.Get()
	faults := make([]rule.Fault, len(required))
	for i, variable := range required {
		variable = "$context." + strings.TrimPrefix(variable, "$context.")
		missing := model.TruthOf(!hasVariable(format, variable))
		if !known {
			missing = model.Maybe
		}
		faults[i] = variableMissing.If(stage.Logs.And(missing), stage.At("accessLogSettings.format"),
			"%s: its log format has no %s; want it, because requiredVariables names it", stage.Name, variable)
	}
	return faults
}

// hasVariable reports whether a format has the variable, and not only a longer one
// that begins like it, such as integrationStatus for integration.
func hasVariable(format, variable string) bool {
	for {
		i := strings.Index(format, variable)
		if i < 0 {
			return false
		}
		format = format[i+len(variable):]
		if format == "" || !strings.ContainsAny(format[:1], variableLetters) {
			return true
		}
	}
}

// variableLetters are the characters of a variable's name except dots: text after
// the variable may begin with one.
const variableLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

// accountFaults returns the faults of the account's settings, which all stages of
// a region share except those of HTTP APIs. A stage may come before them, or the
// stack may lack them although the configuration requires them.
func accountFaults(s *model.Stack, stage *model.Stage, required bool) []rule.Fault {
	var faults []rule.Fault
	logs := stage.Logs.And(stage.NeedsAccount())
	has, set, past := model.False, model.False, s.Before(stage.Origin)
	for _, account := range s.GatewayAccounts {
		here := account.SameRegion(stage.Placement)
		has, set = has.Or(here), set.Or(here.And(model.TruthOf(past.Includes(account.Origin))))
		faults = append(faults, beforeAccount.If(logs.And(here), stage.Origin,
			"%s does not wait for %s, without which it cannot log; want it in dependsOn", stage.Name, account.Name))
	}
	for i := range faults {
		faults[i] = faults[i].And(set.Not())
	}
	if required {
		faults = append(faults, noRequiredAccount.If(logs.And(has.Not()), stage.Origin,
			"%s: the stack has no aws.apigateway.Account that lets it log; want one", stage.Name))
	}
	return faults
}
