package components

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/stretchr/testify/assert"
)

func TestEndpointWithoutARegionalNameIsAnError(t *testing.T) {
	zonal := "vpce-0a1b-c2d3-us-east-1a.execute-api.us-east-1.vpce.amazonaws.com"
	_, err := pickRegional([]ec2.VpcEndpointDnsEntry{{DnsName: &zonal, HostedZoneId: &zonal}, {}})
	assert.ErrorContains(t, err, "the endpoint has 2 DNS entries: want one with its regional name")
}
