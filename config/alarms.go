package config

import (
	"slices"

	"private-api-blueprints/internal/settings"
)

// AlarmTopic is the SNS topic that alarms are sent to, when they begin and when
// they end, and a dashboard about them.
type AlarmTopic struct {
	// TopicArn is a topic that exists, in the stack's region. If it is encrypted,
	// its KMS key must let cloudwatch.amazonaws.com use it.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
	TopicArn string `config:"topicArn" format:"topicArn"`
	// CreateTopic makes a topic in this stack.
	CreateTopic bool `config:"createTopic" default:"false"`
	// Emails are the addresses that a created topic sends alarms to. SNS asks each
	// of them to confirm first.
	Emails []string `config:"emails" list:"emails" format:"email"`
	// Dashboard makes a dashboard of CloudWatch with the state of the alarms and their
	// metrics. Beyond the first three of an account, a dashboard costs 3 USD a month.
	// https://aws.amazon.com/cloudwatch/pricing/
	Dashboard bool `config:"dashboard" default:"false"`
}

// check requires one topic, and refuses addresses for a topic that exists.
func (s *AlarmTopic) check(c settings.Section) {
	switch {
	case s.CreateTopic && s.TopicArn != "":
		c.Reject("topicArn", s.TopicArn, "want either topicArn or createTopic: true, not both")
	case !s.CreateTopic && s.TopicArn == "" && !c.Any("createTopic"):
		c.Reject("topicArn", nil, "required: %s; or createTopic: true", formats["topicArn"])
	case !s.CreateTopic && len(s.Emails) > 0:
		c.Reject("emails", slices.Clone(s.Emails), "want them only with createTopic: true")
	}
}

// ApiAlarms describes the alarms of an API's stage, over five minutes.
type ApiAlarms struct {
	// ServerErrors is how many answers with 5XX raise an alarm.
	ServerErrors int `config:"serverErrors" default:"5" range:"1..1000000"`
	// LatencyMilliseconds is the latency that raises an alarm if one request in a
	// hundred takes longer, in milliseconds.
	LatencyMilliseconds int `config:"latencyMilliseconds" default:"5000" range:"1..300000"`
}

// LoadBalancerAlarms describes the alarms of a load balancer. It always has
// alarms for targets that are unhealthy, for zones without a healthy target, or with
// crossZone for all zones together, and for ports that are used up between the load
// balancer and its targets.
type LoadBalancerAlarms struct {
	// BlockedFlows is how many connections that the load balancer's security group
	// refuses raise an alarm, over five minutes.
	BlockedFlows int `config:"blockedFlows" default:"1000" range:"1..1000000000"`
}

// TlsAlarms describes the alarms of a load balancer that terminates TLS.
type TlsAlarms struct {
	// TlsErrors is how many failed handshakes of clients raise an alarm, over five
	// minutes.
	TlsErrors int `config:"tlsErrors" default:"100" range:"1..1000000000"`
	// CertificateDays is how many days before a certificate expires an alarm is
	// raised. ACM renews its certificates 60 to 45 days before, if it can, so more days
	// would raise the alarm at each renewal.
	// https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
	CertificateDays int `config:"certificateDays" default:"30" range:"1..45"`
}

// FrontAlarms describes the alarms of an API and of the load balancer in front
// of it.
type FrontAlarms struct {
	AlarmTopic
	ApiAlarms
	LoadBalancerAlarms
	TlsAlarms
}

// LinkAlarms describes the alarms of an API and of the load balancer behind it,
// which does not terminate TLS.
type LinkAlarms struct {
	AlarmTopic
	ApiAlarms
	LoadBalancerAlarms
}

// StageAlarms describes the alarms of APIs without a load balancer.
type StageAlarms struct {
	AlarmTopic
	ApiAlarms
}

// ServiceAlarms describes the alarms of the load balancer of an endpoint
// service.
type ServiceAlarms struct {
	AlarmTopic
	LoadBalancerAlarms
	TlsAlarms
}
