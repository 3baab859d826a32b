package cloud

import "slices"

const logGroupType = "aws:cloudwatch/logGroup:LogGroup"

func logsKinds() []*Kind { return []*Kind{logGroupKind()} }

func logGroupKind() *Kind {
	return &Kind{
		Token:     logGroupType,
		Optional:  words("kmsKeyId logGroupClass name namePrefix retentionInDays skipDestroy tags"),
		Computed:  words("arn logGroupClass namePrefix"),
		Replace:   words("logGroupClass name namePrefix"),
		Defaults:  props{"retentionInDays": 0.0, "skipDestroy": false},
		Autoname:  Autoname{Property: "name", MaxLen: 512},
		id:        ownName,
		duplicate: Refusal{"ResourceAlreadyExistsException", "The specified log group already exists", logsErrors},
		missing:   Refusal{"ResourceNotFoundException", "The specified log group does not exist: %s", logsErrors},
		fills:     props{"logGroupClass": "STANDARD", "namePrefix": ""},
		check:     logGroupCheck,
		born: func(c *call) error {
			c.set("arn", c.arn("logs", "log-group:"+c.obj.ID))
			return nil
		},
	}
}

// retentions are the days that a log group can keep events; 0 is for ever.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = []int{0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

func logGroupCheck(c *call) error {
	if days := c.in().number("retentionInDays"); !slices.Contains(retentions, days) {
		return Refusal{"InvalidParameterException",
			"retentionInDays %d is not one of %v",
			"https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"}.with(days, retentions)
	}
	return nil
}
