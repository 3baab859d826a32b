package blueprints

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// LoadBalancerSettings describes every Network Load Balancer.
type LoadBalancerSettings struct {
	CrossZone          bool `config:"crossZone"`
	DeletionProtection bool `config:"deletionProtection"`
}

// TlsSettings describes one that terminates TLS.
type TlsSettings struct {
	SslPolicy  string             `config:"sslPolicy"`
	AccessLogs AccessLogsSettings `config:"accessLogs"`
}

// AccessLogsSettings describes the bucket of the load balancer's access logs.
type AccessLogsSettings struct {
	RetentionDays int  `config:"retentionDays"`
	ForceDestroy  bool `config:"forceDestroy"` // Whether destroy deletes the logs; else it stops at a bucket that has any.
}

// FrontSettings describes one in front of an execute-api endpoint.
type FrontSettings struct {
	LoadBalancerSettings
	TlsSettings
	// AllowedCidrs are the clients. There is no default: whoever reaches the
	// load balancer satisfies the API's aws:SourceVpc condition.
	AllowedCidrs []netip.Prefix `config:"allowedCidrs"`
}

const (
	frontKey         = namespace + ":front"
	defaultSslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
)

func defaultTls() TlsSettings {
	return TlsSettings{SslPolicy: defaultSslPolicy, AccessLogs: AccessLogsSettings{RetentionDays: 90}}
}

func (s *TlsSettings) check(c checks) {
	c.text("sslPolicy", s.SslPolicy, sslPolicy)
	c.between("accessLogs.retentionDays", s.AccessLogs.RetentionDays, 1, 36500)
}

func (s *FrontSettings) check(problems *settings.Problems) {
	c := checks{problems, frontKey + "."}
	if len(s.AllowedCidrs) == 0 && !c.Any(c.at("allowedCidrs")) {
		c.Add(c.at("allowedCidrs"), nil, "required: the clients' IPv4 ranges, such as [192.0.2.0/24]; everyone who passes the load balancer passes the API's VPC check")
	}
	checkClients(c, "allowedCidrs", s.AllowedCidrs)
	s.TlsSettings.check(c)
}

// newLogs registers the bucket of the access logs.
func (s *TlsSettings) newLogs(ctx *pulumi.Context, name string, environment components.Environment, child pulumi.ResourceOption) (*components.AccessLogBucket, error) {
	return components.NewAccessLogBucket(ctx, name+"-nlb-logs", &components.AccessLogBucketArgs{
		Environment: environment, RetentionDays: s.AccessLogs.RetentionDays, ForceDestroy: s.AccessLogs.ForceDestroy,
	}, child)
}
