package components

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// graph is a metric as a dashboard shows it.
type graph struct {
	namespace, metric, statistic string
	dimensions                   map[string]string
	period                       int // In seconds.
	threshold                    int // Of the metric's alarm.
}

// newDashboard registers a dashboard with the state of alarms, by their ARNs, and the
// metrics that they are about. dimensions are those of each graph, which has none yet.
func newDashboard(
	s scope, region string, arns pulumi.StringArray, graphs []graph, dimensions []pulumi.StringMap,
) error {
	all := []any{arns}
	for _, d := range dimensions {
		all = append(all, d)
	}
	body := pulumi.All(all...).ApplyT(func(known []any) string {
		complete := slices.Clone(graphs)
		for i := range complete {
			complete[i].dimensions = known[i+1].(map[string]string)
		}
		return dashboardBody(region, known[0].([]string), complete)
	}).(pulumi.StringOutput)
	_, err := cloudwatch.NewDashboard(s.ctx, s.name+"-dashboard", &cloudwatch.DashboardArgs{
		DashboardName: pulumi.String(dashboardName(s.ctx.Project(), s.ctx.Stack(), s.name)),
		DashboardBody: body,
	}, s.child)
	return err
}

// forbidden matches what the name of a dashboard must not have.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
var forbidden = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// dashboardName returns the name of a dashboard, which is the only one with this name
// in an account.
func dashboardName(project, stack, name string) string {
	return forbidden.ReplaceAllString(fmt.Sprintf("%s-%s-%s", project, stack, name), "-")
}

// widget is a part of a dashboard. The whole width is 24.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
type widget struct {
	Type       string         `json:"type"`
	X          int            `json:"x"`
	Y          int            `json:"y"`
	Width      int            `json:"width"`
	Height     int            `json:"height"`
	Properties map[string]any `json:"properties"`
}

// dashboardBody returns the text of a dashboard: the state of alarms, then a widget for
// each metric with a line for each of its dimensions and one for the threshold.
func dashboardBody(region string, alarms []string, graphs []graph) string {
	widgets := []widget{{"alarm", 0, 0, 24, 3, map[string]any{"title": "Alarms", "alarms": alarms}}}
	byMetric := map[string]int{}
	for _, g := range graphs {
		at, found := byMetric[g.metric]
		if !found {
			at = len(widgets)
			byMetric[g.metric] = at
			widgets = append(widgets, widget{"metric", (at - 1) % 2 * 12, 3 + (at-1)/2*6, 12, 6, map[string]any{
				"title": g.metric, "region": region, "stat": g.statistic, "period": g.period, "metrics": []any{},
				"annotations": map[string]any{
					"horizontal": []any{map[string]any{"label": "alarm", "value": g.threshold}},
				},
			}})
		}
		properties := widgets[at].Properties
		properties["metrics"] = append(properties["metrics"].([]any), g.line())
	}
	text, err := json.Marshal(map[string]any{"widgets": widgets})
	if err != nil { // It has texts and numbers only.
		panic(fmt.Sprintf("dashboard: %v", err))
	}
	return string(text)
}

// line returns the metric as a widget has it: namespace and name, then each dimension
// with its value.
func (g graph) line() []any {
	line := []any{g.namespace, g.metric}
	for _, name := range slices.Sorted(maps.Keys(g.dimensions)) {
		line = append(line, name, g.dimensions[name])
	}
	return line
}
