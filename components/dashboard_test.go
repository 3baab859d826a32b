package components

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestADashboardShowsTheMetricsOfAllAlarms(t *testing.T) {
	stack := deployAlarms(t, func(args *AlarmsArgs) { args.DashboardRegion = "us-east-1" })
	inputs := stack.Inputs(t, "alarms-dashboard")
	assert.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9_-]+-alarms$`), inputs["dashboardName"])
	var body struct{ Widgets []widget }
	require.NoError(t, json.Unmarshal([]byte(inputs["dashboardBody"].(string)), &body))
	assert.Len(t, body.Widgets[0].Properties["alarms"], len(stack.Names(metricAlarm)))
	var titles []string
	for _, w := range body.Widgets[1:] {
		titles = append(titles, w.Properties["title"].(string))
		assert.LessOrEqual(t, w.X+w.Width, 24, "the width of a dashboard")
	}
	assert.Equal(t, "5XXError Latency PortAllocationErrorCount SecurityGroupBlockedFlowCount_Inbound "+
		"UnHealthyHostCount HealthyHostCount ClientTLSNegotiationErrorCount DaysToExpiry", strings.Join(titles, " "))
	zones := body.Widgets[5].Properties["metrics"]
	assert.Equal(t, []any{
		[]any{"AWS/NetworkELB", "UnHealthyHostCount", "AvailabilityZone", "us-east-1a", "LoadBalancer", "net/nlb/1",
			"TargetGroup", "targetgroup/tg/1"},
		[]any{"AWS/NetworkELB", "UnHealthyHostCount", "AvailabilityZone", "us-east-1b", "LoadBalancer", "net/nlb/1",
			"TargetGroup", "targetgroup/tg/1"},
	}, zones)
	assert.NotContains(t, deployAlarms(t, sameAlarms).Resources(), "alarms-dashboard", "it costs, so it is a choice")
}

func TestADashboardHasANameThatCloudWatchTakes(t *testing.T) {
	assert.Equal(t, "my-apis-prod-eu-static-ip", dashboardName("my.apis", "prod/eu", "static-ip"))
}
