package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AlarmsArgs describes alarms about APIs, and about a load balancer. At least one
// of Stages and Listener is set.
type AlarmsArgs struct {
	TopicArn pulumi.StringInput // Nil to create a topic.
	Emails   []string           // The addresses that get the messages of a created topic.
	Stages   []AlarmedStage
	Listener *AlarmedListener // Nil without a load balancer.
}

// AlarmedStage describes when the stage of an API raises alarms, over five
// minutes.
type AlarmedStage struct {
	Suffix              string // Begins the names of its alarms, such as "-private"; may be empty.
	Metrics             StageMetrics
	ServerErrors        int
	LatencyMilliseconds int // At the 99th percentile.
}

// AlarmedListener describes when a listener raises alarms. Counts are over five
// minutes.
type AlarmedListener struct {
	Metrics         *ListenerMetrics
	BlockedFlows    int
	TlsErrors       int // Zero if the listener does not terminate TLS; so is CertificateDays.
	CertificateDays int
}

// Alarms is a number of CloudWatch alarms that notify one SNS topic when they
// begin and when they end. An alarm costs by the month.
type Alarms struct {
	pulumi.ResourceState

	TopicArn pulumi.StringInput
}

const alarmsType = typePrefix + "Alarms"

// NewAlarms registers the alarms, and the topic unless it exists.
func NewAlarms(ctx *pulumi.Context, name string, args *AlarmsArgs, opts ...pulumi.ResourceOption) (*Alarms, error) {
	c := &Alarms{TopicArn: args.TopicArn}
	alarms := args.alarms()
	inputs := pulumi.Map{"alarms": pulumi.Int(len(alarms))}
	if err := ctx.RegisterComponentResourceV2(alarmsType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	if args.TopicArn == nil {
		topic, err := args.newTopic(s)
		if err != nil {
			return nil, failed("Alarms", name, "topic", err)
		}
		c.TopicArn = topic.Arn
	}
	for _, a := range alarms {
		if _, err := cloudwatch.NewMetricAlarm(ctx, name+a.suffix, a.args(c.TopicArn), s.child); err != nil {
			return nil, failed("Alarms", name, "alarm "+a.suffix, err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"topicArn": c.TopicArn})
}

// newTopic registers a topic with its subscriptions. CloudWatch may publish to a
// topic of the same account without a policy.
func (args *AlarmsArgs) newTopic(s scope) (*sns.Topic, error) {
	topic, err := sns.NewTopic(s.ctx, s.name+"-topic", &sns.TopicArgs{}, s.child)
	if err != nil {
		return nil, err
	}
	for _, address := range args.Emails {
		if _, err := sns.NewTopicSubscription(s.ctx, s.name+"-to-"+address, &sns.TopicSubscriptionArgs{
			Topic: topic.Arn, Protocol: pulumi.String("email"), Endpoint: pulumi.String(address),
		}, s.child); err != nil {
			return nil, err
		}
	}
	return topic, nil
}

// alarm describes an alarm about one metric.
type alarm struct {
	suffix      string // Of the resource's name.
	description string
	namespace   string
	metric      string
	dimensions  pulumi.StringMap
	statistic   string // A percentile, such as p99, or one of CloudWatch's statistics.
	period      int    // In seconds.
	periods     int    // How many periods in a row raise the alarm.
	comparison  string
	threshold   int
	missing     string // What a period without data counts as.
}

// Comparisons and statistics of CloudWatch, and what it makes of missing data.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
const (
	atLeast      = "GreaterThanOrEqualToThreshold"
	moreThan     = "GreaterThanThreshold"
	lessThan     = "LessThanThreshold"
	sum          = "Sum"
	maximum      = "Maximum"
	minimum      = "Minimum"
	notBreaching = "notBreaching"
	breaching    = "breaching"
)

// alarms returns all alarms.
func (args *AlarmsArgs) alarms() []alarm {
	var list []alarm
	for _, stage := range args.Stages {
		list = append(list, stage.alarms()...)
	}
	if args.Listener != nil {
		list = append(list, args.Listener.alarms()...)
	}
	return list
}

// alarms returns the alarms of a stage.
func (s *AlarmedStage) alarms() []alarm {
	on := alarm{
		namespace: "AWS/ApiGateway", dimensions: s.Metrics.dimensions(), period: 300, periods: 1, missing: notBreaching,
	}
	return []alarm{
		on.about(s.Suffix+"-server-errors", "5XXError", sum, atLeast, s.ServerErrors).
			saying("The API answers with 5XX. Look into its access log for errorType and integrationError"),
		on.about(s.Suffix+"-latency", "Latency", "p99", moreThan, s.LatencyMilliseconds).
			saying("One request in a hundred takes too long. Compare integrationLatency and responseLatency"),
	}
}

// alarms returns the alarms of a listener.
func (l *AlarmedListener) alarms() []alarm {
	on := alarm{
		namespace: "AWS/NetworkELB", dimensions: l.Metrics.dimensions(), period: 300, periods: 1, missing: notBreaching,
	}
	list := []alarm{
		on.about("-port-errors", "PortAllocationErrorCount", sum, atLeast, 1).
			saying("The load balancer has no free ports to its targets: connections fail. Add targets"),
		on.about("-blocked-flows", "SecurityGroupBlockedFlowCount_Inbound", sum, atLeast, l.BlockedFlows).
			saying("The load balancer's security group refuses connections: wrong ranges, or strangers"),
	}
	for _, zone := range l.Metrics.AvailabilityZones {
		list = append(list, on.targets(l.Metrics, zone)...)
	}
	if l.Metrics.CertificateArn == nil {
		return list
	}
	certificate := alarm{
		namespace: "AWS/CertificateManager", period: 86400, periods: 1, missing: notBreaching,
		dimensions: pulumi.StringMap{"CertificateArn": l.Metrics.CertificateArn},
	}
	return append(list,
		on.about("-tls-errors", "ClientTLSNegotiationErrorCount", sum, atLeast, l.TlsErrors).
			saying("Clients fail to agree on TLS with the load balancer: old clients, a wrong name, or scanners"),
		certificate.about("-certificate", "DaysToExpiry", minimum, lessThan, l.CertificateDays).
			saying("The certificate expires soon, and ACM has not renewed it. Is its validation record still there?"),
	)
}

// targets returns the alarms about targets as the load balancer's node in a zone
// sees them. A target group without targets has no data, so missing data about
// healthy ones is bad news.
func (a alarm) targets(m *ListenerMetrics, zone string) []alarm {
	a.dimensions, a.period, a.periods = m.zone(zone), 60, 3
	unhealthy := a.about("-unhealthy-"+zone, "UnHealthyHostCount", maximum, atLeast, 1).
		saying("A target of zone " + zone + " does not answer the load balancer")
	a.missing = breaching
	return []alarm{unhealthy, a.about("-healthy-"+zone, "HealthyHostCount", minimum, lessThan, 1).
		saying("Zone " + zone + " has no healthy target: the load balancer sends connections to unhealthy ones")}
}

// about returns the alarm with a metric and a threshold.
func (a alarm) about(suffix, metric, statistic, comparison string, threshold int) alarm {
	a.suffix, a.metric, a.statistic, a.comparison, a.threshold = suffix, metric, statistic, comparison, threshold
	return a
}

// saying returns the alarm with a description.
func (a alarm) saying(description string) alarm {
	a.description = fmt.Sprintf("%s.", description)
	return a
}

// args returns the arguments of the alarm, which notifies a topic.
func (a alarm) args(topicArn pulumi.StringInput) *cloudwatch.MetricAlarmArgs {
	args := &cloudwatch.MetricAlarmArgs{
		AlarmDescription:   pulumi.String(a.description),
		Namespace:          pulumi.String(a.namespace),
		MetricName:         pulumi.String(a.metric),
		Dimensions:         a.dimensions,
		Period:             pulumi.Int(a.period),
		EvaluationPeriods:  pulumi.Int(a.periods),
		ComparisonOperator: pulumi.String(a.comparison),
		Threshold:          pulumi.Float64(a.threshold),
		TreatMissingData:   pulumi.String(a.missing),
		AlarmActions:       pulumi.Array{topicArn},
		OkActions:          pulumi.Array{topicArn},
	}
	if a.statistic == "p99" {
		args.ExtendedStatistic = pulumi.String(a.statistic)
	} else {
		args.Statistic = pulumi.String(a.statistic)
	}
	return args
}
