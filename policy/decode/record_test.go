package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

func TestARecordHasItsValues(t *testing.T) {
	for _, c := range []struct {
		kind   string
		values any
		want   model.List[string]
	}{
		{"A", []any{"192.0.2.1", fixture.Unknown}, model.List[string]{
			Items: []model.Known[string]{model.Of("192.0.2.1"), model.Unknown[string]()}, Complete: true}},
		{"AAAA", "2001:DB8::0:1", model.List[string]{
			Items: []model.Known[string]{model.Of("2001:db8::1")}, Complete: true}},
		{"CNAME", []any{"Other.Example.com."}, model.List[string]{
			Items: []model.Known[string]{model.Of("other.example.com")}, Complete: true}},
		{"A", fixture.Unknown, model.List[string]{}},
		{"TXT", []any{"v=1"}, model.List[string]{Complete: true}},
	} {
		s := decodeAll(fixture.Resource{Name: "record", Type: recordType, Properties: map[string]any{
			"name": "api.example.com", "type": c.kind, "records": c.values}})
		require.Len(t, s.Records, 1)
		assert.Equal(t, c.want, s.Records[0].Values, "%s %v", c.kind, c.values)
	}
}

func TestTheTypeOfAProofIsKnownBeforeTheProof(t *testing.T) {
	typeFrom := func(from ...string) model.Known[model.RecordType] {
		return decodeAll(
			fixture.Resource{Name: "certificate", Type: "aws:acm/certificate:Certificate",
				Properties: map[string]any{"domainName": "api.example.com"}},
			fixture.Resource{Name: "service", Type: "aws:ec2/vpcEndpointService:VpcEndpointService",
				Properties: map[string]any{"privateDnsName": "api.example.com"}},
			fixture.Resource{Name: "other", Type: "aws:lb/loadBalancer:LoadBalancer", Properties: map[string]any{}},
			fixture.Resource{Name: "record", Type: recordType,
				Properties:   map[string]any{"name": fixture.Unknown, "type": fixture.Unknown},
				Dependencies: map[string][]string{"type": from}},
		).Records[0].Type
	}
	assert.Equal(t, model.Of(model.RecordCNAME), typeFrom("certificate"))
	assert.Equal(t, model.Of(model.RecordTXT), typeFrom("service"))
	for why, from := range map[string][]string{
		"without an edge": nil, "from another resource": {"other"}, "from either": {"certificate", "service"},
	} {
		assert.Equal(t, model.Unknown[model.RecordType](), typeFrom(from...), why)
	}
}

func TestAWildcardKeepsItsAsterisk(t *testing.T) {
	for _, name := range []string{"*", "*.Example.com.", `\052.example.com`} {
		s := decodeAll(
			fixture.Resource{Name: "zone", Type: "aws:route53/zone:Zone",
				Properties: map[string]any{"id": "Z1", "name": "example.com"}},
			fixture.Resource{Name: "record", Type: recordType, Properties: map[string]any{
				"zoneId": "Z1", "name": name, "type": "A", "records": []any{"192.0.2.1"}}},
		)
		assert.Equal(t, model.Of("*.example.com"), s.Records[0].Host, name)
	}
}

func TestAnAliasLeadsToOneElement(t *testing.T) {
	const target = "d-a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
	stack := func(name any, from ...string) []fixture.Resource {
		return []fixture.Resource{
			{Name: "rest", Type: domainType, Properties: map[string]any{"id": "api.example.com",
				"domainName": "api.example.com", "endpointConfiguration": map[string]any{"types": "REGIONAL"},
				"regionalDomainName": target}},
			{Name: "edge", Type: domainType, Properties: map[string]any{
				"domainName": "edge.example.com", "cloudfrontDomainName": "d111.cloudfront.net"}},
			{Name: "v2", Type: httpDomainType, Properties: map[string]any{
				"domainName": "v2.example.com", "domainNameConfiguration": map[string]any{
					"targetDomainName": "d-z9.execute-api.us-east-1.amazonaws.com"}}},
			{Name: "balancer", Type: "aws:lb/loadBalancer:LoadBalancer", Properties: map[string]any{}},
			{Name: "first", Type: recordType, Properties: map[string]any{"name": "first.example.com", "zoneId": "Z1",
				"fqdn": "first.example.com", "type": "A", "records": []any{"192.0.2.1"}}},
			{Name: "alias", Type: recordType, Properties: map[string]any{"name": "www.example.com", "zoneId": "Z1",
				"fqdn": "www.example.com", "type": "A", "aliases": []any{map[string]any{"name": name, "zoneId": "Z2"}}},
				Dependencies: map[string][]string{"aliases": from}},
		}
	}
	for _, c := range []struct {
		why  string
		name any
		from []string
		want string
		host model.Known[string]
	}{
		{"the name of a regional domain", target + ".", nil, "rest", model.Of(target)},
		{"the name of an edge-optimized domain", "d111.cloudfront.net", nil, "edge", model.Of("d111.cloudfront.net")},
		{"the name of a domain of aws:apigatewayv2", "d-z9.execute-api.us-east-1.amazonaws.com", nil, "v2",
			model.Of("d-z9.execute-api.us-east-1.amazonaws.com")},
		{"the output of a domain", fixture.Unknown, []string{"v2"}, "v2", model.Unknown[string]()},
		{"the output of a load balancer", fixture.Unknown, []string{"balancer"}, "balancer", model.Unknown[string]()},
		{"the name of a record", "first.example.com", nil, "first", model.Of("first.example.com")},
		{"the output of a record", fixture.Unknown, []string{"first"}, "first", model.Of("first.example.com")},
		{"a name elsewhere", "elsewhere.example.com", nil, "", model.Of("elsewhere.example.com")},
		{"the host of a domain is not where it answers", "api.example.com", nil, "", model.Of("api.example.com")},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := decodeAll(stack(c.name, c.from...)...)
			require.Equal(t, "alias", s.Records[0].NameInProgram)
			d := s.Records[0].Destination
			assert.Equal(t, c.host, d.Host)
			var found []string
			if lb, certain := d.LoadBalancer.Sole(); certain {
				found = append(found, lb.NameInProgram)
			}
			if domain, certain := d.Domain.Sole(); certain {
				found = append(found, domain.NameInProgram)
			}
			if record, certain := d.Record.Sole(); certain {
				found = append(found, record.NameInProgram)
			}
			if c.want == "" {
				assert.Empty(t, found)
				return
			}
			assert.Equal(t, []string{c.want}, found)
			assert.True(t, d.Endpoint.IsAbsent(), "no endpoint has the name then")
		})
	}
}
