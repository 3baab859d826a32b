package blueprints

import (
	"net/netip"

	"private-api-blueprints/internal/settings"
)

// FrontSettings describes the Network Load Balancer.
type FrontSettings struct {
	// AllowedCidrs are the clients. There is no default: whoever reaches the
	// load balancer satisfies the API's aws:SourceVpc condition.
	AllowedCidrs       []netip.Prefix     `config:"allowedCidrs"`
	SslPolicy          string             `config:"sslPolicy"`
	CrossZone          bool               `config:"crossZone"`
	DeletionProtection bool               `config:"deletionProtection"`
	AccessLogs         AccessLogsSettings `config:"accessLogs"`
}

// AccessLogsSettings describes the bucket of the load balancer's access logs.
type AccessLogsSettings struct {
	RetentionDays int  `config:"retentionDays"`
	ForceDestroy  bool `config:"forceDestroy"` // Whether destroy deletes the logs; else it stops at a bucket that has any.
}

const (
	frontKey         = namespace + ":front"
	defaultSslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
)

func defaultFront() FrontSettings {
	return FrontSettings{SslPolicy: defaultSslPolicy, AccessLogs: AccessLogsSettings{RetentionDays: 90}}
}

func (s *FrontSettings) check(problems *settings.Problems) {
	c := checks{problems, frontKey + "."}
	if len(s.AllowedCidrs) == 0 && !c.Any(c.at("allowedCidrs")) {
		c.Add(c.at("allowedCidrs"), nil, "required: the clients' IPv4 ranges, such as [192.0.2.0/24]; everyone who passes the load balancer passes the API's VPC check")
	}
	checkClients(c, "allowedCidrs", s.AllowedCidrs)
	c.text("sslPolicy", s.SslPolicy, sslPolicy)
	c.between("accessLogs.retentionDays", s.AccessLogs.RetentionDays, 1, 36500)
}
