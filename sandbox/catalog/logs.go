package catalog

import (
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const logGroupType = "aws:cloudwatch/logGroup:LogGroup"

// logsErrors is the page that most refusals of this service come from.
const logsErrors = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"

func logGroupKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   logGroupType,
		Replace: words("logGroupClass name namePrefix"),
		Constraints: []cloud.Constraint{
			cloud.Matching("name", `^[-._/#A-Za-z0-9]{1,512}$`, "letters, digits and characters of -._/#"),
			{Path: "retentionInDays", Problem: retentionProblem},
			arnAt("kmsKeyId"),
		},
		Conflicts: [][]string{words("name namePrefix")},
		Defaults:  cloud.Props{"retentionInDays": 0, "skipDestroy": false},
		Autoname:  cloud.Autoname{Property: "name", MaxLen: 512},
		ID:        (*cloud.Request).Name,
		Duplicate: cloud.NewRefusal("ResourceAlreadyExistsException", "The specified log group already exists",
			logsErrors),
		NotFound: cloud.NewRefusal("ResourceNotFoundException", "The specified log group does not exist: %s",
			logsErrors),
		OutputDefaults: cloud.Props{"logGroupClass": "STANDARD", "namePrefix": ""},
		Check:          checkLogGroup,
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("logs", "log-group:"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name:   "log group",
			Inputs: cloud.Props{"name": "/api", "retentionInDays": 30},
		},
	}
}

// retentions are the days for which a log group can keep events; 0 means
// forever.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = []int{
	0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// retentionProblem returns what the provider says about a wrong number of days.
func retentionProblem(value any) string {
	if days, ok := value.(float64); ok && !slices.Contains(retentions, int(days)) {
		return fmt.Sprintf("to be one of %v, got %v", retentions, days)
	}
	return ""
}

func checkLogGroup(r *cloud.Request) error {
	if days := r.Inputs.Int("retentionInDays"); !slices.Contains(retentions, days) {
		return cloud.NewRefusal(
			"InvalidParameterException",
			"retentionInDays %d is not one of %v",
			"https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
		).With(days, retentions)
	}
	return checkLogKey(r)
}

// checkLogKey refuses a key of another region, and an alias of a key. The sandbox
// simulates no keys: it takes it that each one exists and may be used.
func checkLogKey(r *cloud.Request) error {
	key := r.Inputs.String("kmsKeyId")
	if key == "" || strings.Contains(key, ":kms:"+r.Region+":") && strings.Contains(key, ":key/") {
		return nil
	}
	return cloud.NewRefusal("AccessDeniedException",
		"The specified KMS key does not exist or is not allowed to be used with Arn '%s'",
		"https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html",
	).With(r.ARN("logs", "log-group:"+r.Inputs.String("name")))
}
