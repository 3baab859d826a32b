package blueprints

import (
	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// newAccessLogs registers the bucket for a load balancer's access logs.
func (b builder) newAccessLogs(s *config.AccessLogs) (*components.AccessLogBucket, error) {
	return components.NewAccessLogBucket(b.ctx, b.name+"-nlb-logs", &components.AccessLogBucketArgs{
		Environment: b.environment, RetentionDays: s.RetentionDays, ForceDestroy: s.ForceDestroy,
		KmsKeyArn: s.KmsKeyArn,
	}, b.child)
}
