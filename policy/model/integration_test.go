package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestHostOfAnIntegration(t *testing.T) {
	const yes, no, maybe = model.True, model.False, model.Maybe
	for _, c := range []struct {
		why, uri, host    string
		balancer, address model.Truth // Whether the host is a load balancer's name, and an IP address.
	}{
		{"a name with a port", "https://Backend.example.com:8443/a?b=c", "backend.example.com", no, no},
		{
			"a network load balancer", "https://nlb-1.elb.us-east-1.amazonaws.com/",
			"nlb-1.elb.us-east-1.amazonaws.com", yes, no,
		},
		{
			"a network load balancer in China", "https://nlb-1.elb.cn-north-1.amazonaws.com.cn",
			"nlb-1.elb.cn-north-1.amazonaws.com.cn", yes, no,
		},
		{
			"an application load balancer", "http://internal-alb-1.us-east-1.elb.amazonaws.com/{proxy}",
			"internal-alb-1.us-east-1.elb.amazonaws.com", yes, no,
		},
		{
			"another name of AWS", "https://vpce-1.execute-api.us-east-1.vpce.amazonaws.com/x",
			"vpce-1.execute-api.us-east-1.vpce.amazonaws.com", no, no,
		},
		{"a name that only looks similar", "https://elb.example.com/", "elb.example.com", no, no},
		{"an IPv4 address", "https://10.0.0.1/", "10.0.0.1", no, yes},
		{"an IPv6 address", "https://[2001:db8::1]:443/", "2001:db8::1", no, yes},
		{"a stage variable", "https://${stageVariables.host}/", "", maybe, maybe},
		{"no URL", "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions", "", maybe, maybe},
	} {
		t.Run(c.why, func(t *testing.T) {
			i := &model.Integration{URI: model.Of(c.uri)}
			host, _ := i.Host().Get()
			assert.Equal(t, c.host, host)
			assert.Equal(t, c.balancer, i.HasBalancerName())
			assert.Equal(t, c.address, i.HasAddress())
		})
	}
}
