package components

import (
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
	// DashboardRegion is the region whose metrics a dashboard shows, which costs by the
	// month; empty for no dashboard.
	DashboardRegion string
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
	arns := pulumi.StringArray{}
	for _, a := range alarms {
		registered, err := cloudwatch.NewMetricAlarm(ctx, name+a.suffix, a.args(c.TopicArn), s.child)
		if err != nil {
			return nil, failed("Alarms", name, "alarm "+a.suffix, err)
		}
		arns = append(arns, registered.Arn)
	}
	if args.DashboardRegion != "" {
		graphs, dimensions := graphsOf(alarms)
		if err := newDashboard(s, args.DashboardRegion, arns, graphs, dimensions); err != nil {
			return nil, failed("Alarms", name, "dashboard", err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"topicArn": c.TopicArn})
}

// graphsOf returns the metrics of alarms as a dashboard shows them, and their
// dimensions.
func graphsOf(alarms []alarm) (graphs []graph, dimensions []pulumi.StringMap) {
	for _, a := range alarms {
		graphs = append(graphs, graph{
			namespace: a.namespace, metric: a.metric, statistic: a.statistic, period: a.period, threshold: a.threshold,
		})
		dimensions = append(dimensions, a.dimensions)
	}
	return graphs, dimensions
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

// networkElb is CloudWatch's namespace of Network Load Balancers.
const networkElb = "AWS/NetworkELB"

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
	errors, latency := on, on
	errors.suffix, errors.metric, errors.statistic = s.Suffix+"-server-errors", "5XXError", sum
	errors.comparison, errors.threshold = atLeast, s.ServerErrors
	errors.description = "The API answers with 5XX. Look into its access log for errorType and integrationError."
	latency.suffix, latency.metric, latency.statistic = s.Suffix+"-latency", "Latency", "p99"
	latency.comparison, latency.threshold = moreThan, s.LatencyMilliseconds
	latency.description = "One request in a hundred takes too long. Compare integrationLatency and responseLatency."
	return []alarm{errors, latency}
}

// alarms returns the alarms of a listener.
func (l *AlarmedListener) alarms() []alarm {
	list := []alarm{
		l.count("-port-errors", "PortAllocationErrorCount", 1,
			"The load balancer has no free ports to its targets: connections fail. Add targets."),
		l.count("-blocked-flows", "SecurityGroupBlockedFlowCount_Inbound", l.BlockedFlows,
			"The load balancer's security group refuses connections: wrong ranges, or strangers."),
	}
	list = append(list, l.targets()...)
	if l.Metrics.CertificateArn == nil {
		return list
	}
	list = append(list,
		l.count("-tls-errors", "ClientTLSNegotiationErrorCount", l.TlsErrors,
			"Clients fail to agree on TLS with the load balancer: old clients, a wrong name, or scanners."),
		l.certificate("-certificate", l.Metrics.CertificateArn))
	for _, arn := range l.Metrics.FurtherCertificateArns {
		list = append(list, l.certificate("-certificate-"+certificateID(arn), pulumi.String(arn)))
	}
	return list
}

// certificate returns the alarm about a certificate that expires.
func (l *AlarmedListener) certificate(suffix string, arn pulumi.StringInput) alarm {
	return alarm{
		suffix: suffix, namespace: "AWS/CertificateManager", metric: "DaysToExpiry",
		dimensions: pulumi.StringMap{"CertificateArn": arn},
		statistic:  minimum, period: 86400, periods: 1, comparison: lessThan, threshold: l.CertificateDays,
		missing: notBreaching,
		description: "The certificate expires soon, and ACM has not renewed it. " +
			"Is its validation record still there?",
	}
}

// count returns an alarm about too many events of the load balancer in five minutes.
func (l *AlarmedListener) count(suffix, metric string, threshold int, description string) alarm {
	return alarm{
		suffix: suffix, namespace: networkElb, metric: metric, dimensions: l.Metrics.dimensions(),
		statistic: sum, period: 300, periods: 1, comparison: atLeast, threshold: threshold, missing: notBreaching,
		description: description,
	}
}

// targets returns the alarms about targets as the load balancer's node in each zone
// sees them. With cross-zone load balancing, a node may use the targets of every zone,
// so a zone without healthy ones is no reason for an alarm.
func (l *AlarmedListener) targets() []alarm {
	var list []alarm
	for _, zone := range l.Metrics.AvailabilityZones {
		unhealthy := alarm{
			suffix: "-unhealthy-" + zone, namespace: networkElb, metric: "UnHealthyHostCount",
			dimensions: l.Metrics.zone(zone), statistic: maximum, period: 60, periods: 3, comparison: atLeast,
			threshold: 1, missing: notBreaching,
			description: "A target of zone " + zone + " does not answer the load balancer.",
		}
		list = append(list, unhealthy)
		if !l.Metrics.CrossZone {
			list = append(list, healthy("-healthy-"+zone, minimum, l.Metrics.zone(zone),
				"Zone "+zone+" has no healthy target: the load balancer sends connections to unhealthy ones."))
		}
	}
	if l.Metrics.CrossZone {
		list = append(list, healthy("-healthy", maximum, l.Metrics.targetGroup(),
			"No zone has a healthy target: the load balancer sends connections to unhealthy ones."))
	}
	return list
}

// healthy returns an alarm about too few healthy targets. A target group without
// targets has no data, so missing data is bad news.
func healthy(suffix, statistic string, dimensions pulumi.StringMap, description string) alarm {
	return alarm{
		suffix: suffix, namespace: networkElb, metric: "HealthyHostCount", dimensions: dimensions,
		statistic: statistic, period: 60, periods: 3, comparison: lessThan, threshold: 1, missing: breaching,
		description: description,
	}
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
