package decode

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestOddDocumentsDoNotPanicOrTakeLong(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for _, name := range []string{"b", "c", "d", "e", "f", "g", "h", "i"} {
		before := string(name[0] - 1)
		bomb += name + ": &" + name + " [" + strings.Repeat("*"+before+", ", 8) + "*" + before + "]\n"
	}
	for _, c := range []struct{ why, text string }{
		{"aliases that multiply", bomb},
		{"an alias of itself", "paths: &p {/a: *p}"},
		{"deep lists", "paths: " + strings.Repeat("[", 20000)},
		{"deep JSON", strings.Repeat(`{"paths":`, 20000)},
		{"too large", "paths: {}\n" + strings.Repeat("#", maxDocument)},
		{"no object", "[]"},
		{"numbers as keys", "paths: {1: {get: 2}, /a: {get: {security: [1, {2: []}], responses: {200: {}}}}}"},
		{"texts for objects", "paths: x\nsecurity: y\ncomponents: z"},
		{"a deep integration", "paths: {/a: {get: {x-amazon-apigateway-integration: " + strings.Repeat("{uri: ", 500) +
			strings.Repeat("}", 500) + "}}}"},
		{"a reference to nowhere", "paths: {/a: {get: {x-amazon-apigateway-integration: {$ref: '#/x/y'}}}}"},
	} {
		t.Run(c.why, func(t *testing.T) {
			start := time.Now()
			if d := parseOpenAPI(c.text); d != nil {
				for _, o := range d.operations() {
					d.access(o, true)
					d.integration(o).field("uri").str()
				}
			}
			assert.Less(t, time.Since(start), 5*time.Second)
		})
	}
}

func TestSecurityOfAnOperation(t *testing.T) {
	const schemes = `
components:
  securitySchemes:
    key: {type: apiKey, name: X-API-Key, in: header}
    signature: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
    function: {type: apiKey, name: token, in: header, x-amazon-apigateway-authorizer: {type: request}}
    pool: {type: apiKey, name: token, in: header, x-amazon-apigateway-authorizer: {type: cognito_user_pools}}
    token: {type: oauth2, x-amazon-apigateway-authorizer: {type: jwt}}
    bearer: {type: http, scheme: bearer}
`
	none, unknown := model.Of(model.AuthorizationNone), model.Unknown[model.Authorization]()
	for _, c := range []struct {
		why, operation string
		isREST, key    bool
		want           model.Known[model.Authorization]
	}{
		{"nothing", "{}", true, false, none},
		{"an empty list", "{security: []}", true, false, none},
		{"a key", "{security: [{key: []}]}", true, true, none},
		{"a key of an HTTP API, which has none", "{security: [{key: []}]}", false, false, unknown},
		{"a signature and a key", "{security: [{signature: [], key: []}]}", true, true,
			model.Of(model.AuthorizationIAM)},
		{"a signature by the extension", "{x-amazon-apigateway-auth: {type: aws_iam}}", true, false,
			model.Of(model.AuthorizationIAM)},
		{"a Lambda authorizer", "{security: [{function: []}]}", true, false, model.Of(model.AuthorizationCustom)},
		{"a user pool", "{security: [{pool: []}]}", true, false, model.Of(model.AuthorizationCognito)},
		{"a token", "{security: [{token: []}]}", false, false, model.Of(model.AuthorizationJWT)},
		{"a scheme without an extension", "{security: [{bearer: []}]}", true, false, unknown},
		{"a scheme that is not defined", "{security: [{other: []}]}", true, false, unknown},
		{"nothing, which is allowed too", "{security: [{}]}", true, false, unknown},
		{"no list", "{security: key}", true, false, unknown},
	} {
		t.Run(c.why, func(t *testing.T) {
			d := parseOpenAPI("paths: {/a: {get: " + c.operation + "}}" + schemes)
			access := d.access(d.operations()[0], c.isREST)
			assert.Equal(t, c.want, access.authorization)
			assert.Equal(t, c.key, access.keyRequired.Is(true))
		})
	}
}
