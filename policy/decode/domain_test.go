package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

const (
	domainType     = "aws:apigateway/domainName:DomainName"
	httpDomainType = "aws:apigatewayv2/domainName:DomainName"
	pathMapping    = "aws:apigateway/basePathMapping:BasePathMapping"
	recordType     = "aws:route53/record:Record"
	restStage      = "aws:apigateway/stage:Stage"
	httpStage      = "aws:apigatewayv2/stage:Stage"
)

func TestACustomDomainOfEitherTypeHasTheSameFacts(t *testing.T) {
	s := decodeAll(
		fixture.Resource{Name: "certificate", Type: "aws:acm/certificate:Certificate",
			Properties: map[string]any{"arn": "arn:c"}},
		fixture.Resource{Name: "rest", Type: domainType, Properties: map[string]any{
			"domainName": "API.example.com.", "regionalCertificateArn": "arn:c",
			"endpointConfiguration":   map[string]any{"types": "REGIONAL"},
			"mutualTlsAuthentication": map[string]any{"truststoreUri": "s3://bucket/ca.pem"},
			"routingMode":             "ROUTING_RULE_ONLY",
		}},
		fixture.Resource{Name: "v2", Type: httpDomainType, Properties: map[string]any{
			"domainName": "*.example.com", "domainNameConfiguration": map[string]any{
				"certificateArn": "arn:c", "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"},
		}},
	)
	require.Len(t, s.Domains, 2)
	for i, want := range []struct {
		host             string
		mutualTLS, rules model.Truth
	}{{"api.example.com", model.True, model.True}, {"*.example.com", model.False, model.False}} {
		d := s.Domains[i]
		assert.Equal(t, model.Of(want.host), d.Host)
		assert.Equal(t, model.Of(model.APIRegional), d.Type)
		assert.Equal(t, want.mutualTLS, d.MutualTLS)
		assert.Equal(t, want.rules, d.RoutesByRules)
		require.Len(t, d.Certificates.Items, 1)
		assert.Equal(t, model.True, d.Certificates.Items[0].Names(s.Certificates[0]))
	}
}

func TestTheRootIsNoBasePath(t *testing.T) {
	for _, c := range []struct {
		path any
		want model.Known[string]
	}{
		{nil, model.Known[string]{}}, {"", model.Known[string]{}}, {"(none)", model.Known[string]{}},
		{"orders", model.Of("orders")}, {"/orders/v1/", model.Of("orders/v1")},
		{fixture.Unknown, model.Unknown[string]()},
	} {
		for token, key := range map[string]string{pathMapping: "basePath", apiMapping: "apiMappingKey"} {
			s := decodeAll(fixture.Resource{Name: "mapping", Type: token, Properties: map[string]any{key: c.path}})
			assert.Equal(t, c.want, s.DomainMappings[0].BasePath, "%s %v", token, c.path)
		}
	}
}

// TestAMappingLeadsToAStageOfItsAPI has a second API with a stage of the same name.
func TestAMappingLeadsToAStageOfItsAPI(t *testing.T) {
	stages := []fixture.Resource{
		{Name: "a", Type: "aws:apigateway/restApi:RestApi", Properties: map[string]any{"id": "a1"}},
		{Name: "b", Type: "aws:apigateway/restApi:RestApi", Properties: map[string]any{"id": "b1"}},
		{Name: "h", Type: "aws:apigatewayv2/api:Api", Properties: map[string]any{"id": "h1"}},
		{Name: "a-prod", Type: restStage, Properties: map[string]any{"restApi": "a1", "stageName": "prod"}},
		{Name: "b-prod", Type: restStage, Properties: map[string]any{"restApi": "b1", "stageName": "prod"}},
		{Name: "h-default", Type: httpStage, Properties: map[string]any{
			"id": "$default", "apiId": "h1", "name": "$default"}},
		{Name: "x-default", Type: httpStage, Properties: map[string]any{
			"id": "$default", "apiId": "x1", "name": "$default"}},
	}
	for _, c := range []struct {
		why        string
		mapping    fixture.Resource
		want       string
		candidates int
	}{
		{"by the name", fixture.Resource{Type: pathMapping,
			Properties: map[string]any{"restApi": "b1", "stageName": "prod"}}, "b-prod", 1},
		{"by the stage that the name comes from", fixture.Resource{Type: pathMapping,
			Properties:   map[string]any{"restApi": "b1", "stageName": fixture.Unknown},
			Dependencies: map[string][]string{"stageName": {"b-prod"}}}, "b-prod", 1},
		{"the name comes from a stage of another API", fixture.Resource{Type: pathMapping,
			Properties:   map[string]any{"restApi": "b1", "stageName": "prod"},
			Dependencies: map[string][]string{"stageName": {"a-prod"}}}, "b-prod", 1},
		{"of an HTTP API", fixture.Resource{Type: apiMapping,
			Properties: map[string]any{"apiId": "h1", "stage": "$default"}}, "h-default", 1},
		{"of an API outside the stack", fixture.Resource{Type: apiMapping,
			Properties: map[string]any{"apiId": "x1", "stage": "$default"}}, "x-default", 1},
		{"no stage has the name", fixture.Resource{Type: pathMapping,
			Properties: map[string]any{"restApi": "b1", "stageName": "test"}}, "", 0},
		{"the name is not known", fixture.Resource{Type: pathMapping,
			Properties: map[string]any{"restApi": "b1", "stageName": fixture.Unknown}}, "", 1},
	} {
		t.Run(c.why, func(t *testing.T) {
			c.mapping.Name = "mapping"
			s := decodeAll(append(stages, c.mapping)...)
			require.Len(t, s.Stages, 4)
			require.Len(t, s.DomainMappings, 1)
			ref := s.DomainMappings[0].Stage
			assert.Len(t, ref.Candidates, c.candidates)
			stage, certain := ref.Sole()
			assert.Equal(t, c.want != "", certain)
			if certain {
				assert.Equal(t, c.want, stage.NameInProgram)
			}
		})
	}
}

func TestAStageOfAnHTTPAPIMayDeployItself(t *testing.T) {
	s := decodeAll(
		fixture.Resource{Name: "auto", Type: httpStage, Properties: map[string]any{"apiId": "h1", "autoDeploy": true}},
		fixture.Resource{Name: "pinned", Type: httpStage, Properties: map[string]any{"deploymentId": "d1"}},
		fixture.Resource{Name: "rest", Type: restStage, Properties: map[string]any{"deployment": "d1"}},
	)
	require.Len(t, s.Stages, 3)
	rest, auto, pinned := s.Stages[0], s.Stages[1], s.Stages[2]
	assert.Equal(t, model.Of(true), auto.AutoDeploys)
	assert.True(t, auto.Deployment.IsAbsent())
	assert.Equal(t, model.Of(false), pinned.AutoDeploys)
	assert.False(t, pinned.Deployment.IsAbsent())
	assert.True(t, rest.AutoDeploys.IsAbsent())
}
