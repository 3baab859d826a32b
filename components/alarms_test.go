package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm"

// deployAlarms registers the alarms of a stage and of a listener that terminates
// TLS, after a change.
func deployAlarms(t *testing.T, change func(*AlarmsArgs)) *pulumitest.Recorder {
	t.Helper()
	args := &AlarmsArgs{
		Emails: []string{"a@example.com"},
		Stages: []AlarmedStage{{
			Metrics:      StageMetrics{ApiName: pulumi.String("api"), StageName: pulumi.String("prod")},
			ServerErrors: 5, LatencyMilliseconds: 3000,
		}},
		Listener: &AlarmedListener{
			Metrics: &ListenerMetrics{
				LoadBalancer: pulumi.String("net/nlb/1"), TargetGroup: pulumi.String("targetgroup/tg/1"),
				AvailabilityZones: zones, CertificateArn: pulumi.String("certificate"),
			},
			BlockedFlows: 10, TlsErrors: 20, CertificateDays: 30,
		},
	}
	change(args)
	return deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewAlarms(ctx, "alarms", args)
		return err
	})
}

func sameAlarms(*AlarmsArgs) {}

func TestAlarmsTellTheirTopicWhenTheyBeginAndEnd(t *testing.T) {
	stack := deployAlarms(t, sameAlarms)
	for _, name := range stack.Names(metricAlarm) {
		inputs := stack.Inputs(t, name)
		assert.Equal(t, []any{"alarms-topic.arn"}, inputs["alarmActions"], name)
		assert.Equal(t, []any{"alarms-topic.arn"}, inputs["okActions"], name)
		assert.NotEmpty(t, inputs["alarmDescription"], name)
	}
	assert.Equal(t, map[string]any{"topic": "alarms-topic.arn", "protocol": "email", "endpoint": "a@example.com"},
		stack.Inputs(t, "alarms-to-a@example.com"))
}

func TestTopicThatExistsIsNotCreated(t *testing.T) {
	stack := deployAlarms(t, func(args *AlarmsArgs) {
		args.TopicArn, args.Emails = pulumi.String("topic"), nil
	})
	assert.NotContains(t, stack.Resources(), "alarms-topic")
	assert.Equal(t, []any{"topic"}, stack.Inputs(t, "alarms-latency")["alarmActions"])
}

func TestEachZoneHasAlarmsAboutItsTargets(t *testing.T) {
	stack := deployAlarms(t, sameAlarms)
	healthy := stack.Inputs(t, "alarms-healthy-us-east-1b")
	assert.Equal(t, map[string]any{
		"LoadBalancer": "net/nlb/1", "TargetGroup": "targetgroup/tg/1", "AvailabilityZone": "us-east-1b",
	}, healthy["dimensions"])
	assert.Equal(t, []any{"Minimum", "LessThanThreshold", 1.0, "breaching"},
		pick(healthy, "statistic", "comparisonOperator", "threshold", "treatMissingData"),
		"a target group without targets has no data")
	unhealthy := stack.Inputs(t, "alarms-unhealthy-us-east-1a")
	assert.Equal(t, []any{"UnHealthyHostCount", "Maximum", 1.0, "notBreaching"},
		pick(unhealthy, "metricName", "statistic", "threshold", "treatMissingData"))
}

func TestWithCrossZoneOneAlarmIsAboutTheHealthyTargetsOfAllZones(t *testing.T) {
	stack := deployAlarms(t, func(args *AlarmsArgs) { args.Listener.Metrics.CrossZone = true })
	assert.NotContains(t, stack.Resources(), "alarms-healthy-us-east-1b",
		"a zone without targets would raise it for ever, and its node uses those of the other zone")
	healthy := stack.Inputs(t, "alarms-healthy")
	assert.Equal(t, map[string]any{"LoadBalancer": "net/nlb/1", "TargetGroup": "targetgroup/tg/1"},
		healthy["dimensions"])
	assert.Equal(t, []any{"Maximum", "LessThanThreshold", "breaching"},
		pick(healthy, "statistic", "comparisonOperator", "treatMissingData"))
	assert.Contains(t, stack.Resources(), "alarms-unhealthy-us-east-1b", "it ends: no data is no breach")
}

func TestLatencyIsComparedAtThe99thPercentile(t *testing.T) {
	latency := deployAlarms(t, sameAlarms).Inputs(t, "alarms-latency")
	assert.Equal(t, "p99", latency["extendedStatistic"])
	assert.NotContains(t, latency, "statistic", "CloudWatch takes one of the two")
	assert.Equal(t, map[string]any{"ApiName": "api", "Stage": "prod"}, latency["dimensions"])
}

func TestListenerWithoutTlsHasNoAlarmsAboutIt(t *testing.T) {
	stack := deployAlarms(t, func(args *AlarmsArgs) { args.Listener.Metrics.CertificateArn = nil })
	assert.NotContains(t, stack.Resources(), "alarms-tls-errors")
	assert.NotContains(t, stack.Resources(), "alarms-certificate")
	assert.Contains(t, stack.Resources(), "alarms-port-errors")
}

func TestEachCertificateOfAListenerHasAnAlarm(t *testing.T) {
	stack := deployAlarms(t, func(args *AlarmsArgs) {
		args.Listener.Metrics.FurtherCertificateArns = []string{"arn:aws:acm:us-east-1:123456789012:certificate/a1"}
	})
	for name, arn := range map[string]string{
		"alarms-certificate":    "certificate",
		"alarms-certificate-a1": "arn:aws:acm:us-east-1:123456789012:certificate/a1",
	} {
		inputs := stack.Inputs(t, name)
		assert.Equal(t, []any{map[string]any{"CertificateArn": arn}, 30.0}, pick(inputs, "dimensions", "threshold"))
	}
}
