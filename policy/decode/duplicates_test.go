package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
)

func TestDuplicatesAreInOneRegion(t *testing.T) {
	const domain, zone = "aws:apigateway/domainName:DomainName", "aws:route53/zone:Zone"
	type properties = map[string]any
	for _, c := range []struct {
		why      string
		one, two fixture.Resource
		want     int
	}{
		{
			"a name exists once per region, whatever the provider",
			fixture.Resource{Type: domain, Properties: properties{"id": "api.example.com", "region": "us-east-1"}},
			fixture.Resource{Type: domain, Properties: properties{"id": "api.example.com", "region": "eu-west-1"}},
			2,
		},
		{
			"a program reads the domain that it also creates",
			fixture.Resource{Type: domain, Properties: properties{"id": "api.example.com", "region": "us-east-1"}},
			fixture.Resource{Type: domain, Properties: properties{"id": "api.example.com", "region": "us-east-1"}},
			1,
		},
		{
			"two providers have two regions",
			fixture.Resource{Type: domain, Region: "us-east-1", Properties: properties{"id": "api.example.com"}},
			fixture.Resource{Type: domain, Region: "eu-west-1", Properties: properties{"id": "api.example.com"}},
			2,
		},
		{
			"a hosted zone is in no region, so providers of two regions read the same one",
			fixture.Resource{Type: zone, Region: "us-east-1", Properties: properties{"id": "Z0123456789ABCDEFGHIJ"}},
			fixture.Resource{Type: zone, Region: "eu-west-1", Properties: properties{"id": "Z0123456789ABCDEFGHIJ"}},
			1,
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			c.one.Name, c.two.Name = "one", "two"
			stack := Stack(fixture.Case{Stack: []fixture.Resource{c.one, c.two}}.Resources())
			assert.Equal(t, c.want, len(stack.Domains)+len(stack.HostedZones))
		})
	}
}
