package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// checkTopic refuses a topic of another region, which CloudWatch does not notify:
// "Invalid region … specified. Only … is supported".
// https://github.com/cds-snc/notification-terraform/pull/128
func (l *lookup) checkTopic(c settings.Section, s *config.AlarmTopic) {
	l.checkRegion(c, "topicArn", s.TopicArn, "a topic")
}

// newAlarms registers alarms that notify the configured topic, and exports the
// topic.
func (b builder) newAlarms(s *config.AlarmTopic, args *components.AlarmsArgs) error {
	args.Emails = s.Emails
	if s.Dashboard {
		args.DashboardRegion = b.environment.Region
	}
	if s.TopicArn != "" {
		args.TopicArn = pulumi.String(s.TopicArn)
	}
	alarms, err := components.NewAlarms(b.ctx, b.name+"-alarms", args, b.child)
	if err != nil {
		return err
	}
	b.outputs.export("alarmTopicArn", alarms.TopicArn)
	return nil
}

// alarmedStage returns when a stage raises alarms.
func alarmedStage(s *config.ApiAlarms, suffix string, metrics components.StageMetrics) components.AlarmedStage {
	return components.AlarmedStage{
		Suffix: suffix, Metrics: metrics, ServerErrors: s.ServerErrors, LatencyMilliseconds: s.LatencyMilliseconds,
	}
}

// alarmedTls returns when a listener that terminates TLS raises alarms.
func alarmedTls(
	s *config.LoadBalancerAlarms, tls *config.TlsAlarms, metrics *components.ListenerMetrics,
) *components.AlarmedListener {
	return &components.AlarmedListener{
		Metrics: metrics, BlockedFlows: s.BlockedFlows, TlsErrors: tls.TlsErrors, CertificateDays: tls.CertificateDays,
	}
}

// newFrontAlarms registers the alarms of the APIs and of the load balancer in front
// of it, if the settings ask for them.
func (b builder) newFrontAlarms(
	s *config.FrontAlarms, apis *stackApis, front *components.EndpointFront,
) error {
	if s == nil {
		return nil
	}
	var stages []components.AlarmedStage
	for _, api := range apis.all {
		stages = append(stages, alarmedStage(&s.ApiAlarms, apiPart(api.Name), api.Metrics))
	}
	return b.newAlarms(&s.AlarmTopic, &components.AlarmsArgs{
		Stages:   stages,
		Listener: alarmedTls(&s.LoadBalancerAlarms, &s.TlsAlarms, front.Metrics),
	})
}
