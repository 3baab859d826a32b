package catalog

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const dashboardType = "aws:cloudwatch/dashboard:Dashboard"

// putDashboard is the page that refusals of dashboards come from.
const putDashboard = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"

func dashboardKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   dashboardType,
		Replace: words("dashboardName"),
		Upsert:  true,
		Global:  cloud.Always,
		ID:      cloud.InputID("dashboardName"),
		Check:   checkDashboard,
		OnCreate: func(r *cloud.Request) error {
			r.Set("dashboardArn", "arn:aws:cloudwatch::"+cloud.AccountID+":dashboard/"+r.Object.ID)
			return nil
		},
		Example: cloud.Example{
			Name: "dashboard",
			Inputs: cloud.Props{
				"dashboardName": "apis",
				"dashboardBody": `{"widgets":[{"type":"text","width":6,"height":3,"properties":{"markdown":"APIs"}}]}`,
			},
		},
	}
}

// dashboardNames matches the names of dashboards.
var dashboardNames = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

// checkDashboard refuses a name with other characters, a body that is not JSON, and
// widgets without a type or properties.
func checkDashboard(r *cloud.Request) error {
	if name := r.Inputs.String("dashboardName"); !dashboardNames.MatchString(name) {
		return cloud.NewRefusal("InvalidParameterValue", "Invalid dashboard name: %s", putDashboard).With(name)
	}
	var body struct {
		Widgets []struct {
			Type       string
			Properties map[string]any
		}
	}
	invalid := cloud.NewRefusal("InvalidParameterInput",
		"The dashboard body is invalid, there are %d validation errors: %s", putDashboard)
	if err := json.Unmarshal([]byte(r.Inputs.String("dashboardBody")), &body); err != nil {
		return invalid.With(1, err)
	}
	for i, w := range body.Widgets {
		if !slices.Contains(words("alarm custom explorer log metric text"), w.Type) || w.Properties == nil {
			return invalid.With(1, fmt.Sprintf("/widgets/%d should have a type and properties", i))
		}
	}
	return nil
}

const metricAlarmType = "aws:cloudwatch/metricAlarm:MetricAlarm"

// putMetricAlarm is the page that refusals of alarms come from.
const putMetricAlarm = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"

func metricAlarmKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   metricAlarmType,
		Replace: words("name"),
		Sets:    words("alarmActions insufficientDataActions okActions"),
		Defaults: cloud.Props{
			"actionsEnabled": true, "treatMissingData": "missing",
		},
		Autoname:       cloud.Autoname{Property: "name", MaxLen: 255},
		Upsert:         true,
		ID:             (*cloud.Request).Name,
		NotFound:       cloud.NewRefusal("ResourceNotFound", "The alarm does not exist: %s", putMetricAlarm),
		OutputDefaults: cloud.Props{"evaluateLowSampleCountPercentiles": ""},
		Check:          checkMetricAlarm,
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("cloudwatch", "alarm:"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name: "alarm",
			Inputs: cloud.Props{
				"name": "alarm", "namespace": "AWS/NetworkELB", "metricName": "UnHealthyHostCount",
				"dimensions": cloud.Props{"LoadBalancer": "net/nlb/0123456789abcdef"}, "period": 60,
				"evaluationPeriods": 3, "statistic": "Maximum", "threshold": 1,
				"comparisonOperator": "GreaterThanOrEqualToThreshold", "alarmActions": []any{"${topic}"},
			},
		},
	}
}

// checkMetricAlarm refuses two statistics or none, a period that CloudWatch does
// not have, a dimension without a value, and a topic of another region or one that
// does not exist in this account.
func checkMetricAlarm(r *cloud.Request) error {
	in := r.Inputs
	if in.String("metricName") != "" {
		given := 0
		for _, name := range []string{"statistic", "extendedStatistic"} {
			if in.String(name) != "" {
				given++
			}
		}
		if given != 1 {
			return cloud.NewRefusal("ValidationError",
				"Exactly one of Statistic and ExtendedStatistic must be specified", putMetricAlarm).With()
		}
		if period := in.Int("period"); period != 10 && period != 20 && period != 30 && (period <= 0 || period%60 != 0) {
			return cloud.NewRefusal("ValidationError", "Period must be 10, 20, 30 or a multiple of 60: %d",
				putMetricAlarm).With(period)
		}
	}
	for _, list := range []string{"alarmActions", "okActions", "insufficientDataActions"} {
		for _, action := range in.Strings(list) {
			if err := checkAlarmAction(r, action); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkAlarmAction refuses an action in another region.
func checkAlarmAction(r *cloud.Request, action string) error {
	parts := strings.Split(action, ":")
	if len(parts) < 6 || parts[0] != "arn" {
		return cloud.NewRefusal("ValidationError", "Invalid arn syntax: %s", putMetricAlarm).With(action)
	}
	if parts[3] != r.Region {
		return cloud.NewRefusal("ValidationError", "Invalid region %s specified. Only %s is supported.",
			"https://github.com/cds-snc/notification-terraform/pull/128").With(parts[3], r.Region)
	}
	return nil
}
