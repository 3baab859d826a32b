package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

func TestAnIntegrationHasItsResponse(t *testing.T) {
	type properties = map[string]any
	get := properties{"restApi": "a1", "resourceId": "r1", "httpMethod": "GET"}
	with := func(of properties, key string, value any) properties {
		changed := properties{key: value}
		for k, v := range of {
			if k != key {
				changed[k] = v
			}
		}
		return changed
	}
	document := func(response string) properties {
		return properties{"restApiId": "a1", "body": `{"openapi": "3.0.1", "paths": {"/": {"get": {
			"x-amazon-apigateway-integration": {"type": "MOCK"` + response + `}}}}}`}
	}
	for _, c := range []struct {
		why                   string
		integration, response properties
		imported              properties
		want                  model.Truth
	}{
		{"a response for the method", get, get, nil, model.True},
		{"no response", get, nil, nil, model.False},
		{"a response for another verb", get, with(get, "httpMethod", "POST"), nil, model.False},
		{"a response of another API", get, with(with(get, "restApi", "b1"), "resourceId", "r2"), nil,
			model.False},
		{"a response for a verb that is not known", get, with(get, "httpMethod", fixture.Unknown), nil, model.Maybe},
		{"an integration for a verb that is not known", with(get, "httpMethod", fixture.Unknown), get, nil,
			model.Maybe},
		{"an integration of an API that is not known", with(with(get, "restApi", fixture.Unknown), "httpMethod",
			fixture.Unknown), get, nil, model.Maybe},
		{"an imported document with the response", get, nil, document(`, "responses": {"default": {}}`), model.Maybe},
		{"an imported document without a response", get, nil, document(""), model.False},
		{"an imported document that is not known", get, nil, properties{"restApiId": "a1", "body": fixture.Unknown},
			model.Maybe},
	} {
		stack := []fixture.Resource{
			{Name: "api", Type: "aws:apigateway/restApi:RestApi",
				Properties: properties{"id": "a1", "rootResourceId": "r1"}},
			{Name: "other", Type: "aws:apigateway/restApi:RestApi",
				Properties: properties{"id": "b1", "rootResourceId": "r2"}},
			{Name: "method", Type: "aws:apigateway/method:Method", Properties: with(get, "authorization", "NONE")},
			{Name: "integration", Type: "aws:apigateway/integration:Integration",
				Properties: with(c.integration, "type", "MOCK")},
		}
		if c.response != nil {
			stack = append(stack, fixture.Resource{Name: "response",
				Type: "aws:apigateway/integrationResponse:IntegrationResponse", Properties: c.response})
		}
		if c.imported != nil {
			stack = append(stack, fixture.Resource{Name: "import", Type: "aws:apigateway/restApiPut:RestApiPut",
				Properties: c.imported})
		}
		var found *model.Integration
		for _, i := range decodeAll(stack...).Integrations {
			if !i.IsInDocument() {
				found = i
			}
		}
		require.NotNil(t, found, c.why)
		assert.Equal(t, c.want, found.HasResponse, c.why)
	}
}
