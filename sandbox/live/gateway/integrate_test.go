package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/function"
)

// execution is the log group of the execution log of the stage v1.
func execution(id string) string { return "API-Gateway-Execution-Logs_" + id + "/v1" }

// internal is the body for an integration that fails.
const internal = `{"message": "Internal server error"}`

// functionAnswers are answers of functions and of Lambda, and what becomes of them.
var functionAnswers = []struct {
	payload string
	failed  bool
	err     error
	status  int
	body    string
	log     string
	why     string
}{
	{`{"statusCode":201,"body":"made"}`, false, nil, 201, "made", "", "the shortest answer"},
	{`{"statusCode":"202"}`, false, nil, 202, "", "", "a status in a text, and no body"},
	{`{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, false, nil, 200, "aGk=", "",
		"the API has no binary types"},
	{`{"body":"x"}`, false, nil, 502, internal, "Malformed Lambda proxy response", "no status"},
	{`"hello"`, false, nil, 502, internal, "Malformed Lambda proxy response", "no object"},
	{`{"statusCode":200,"body":{"a":1}}`, false, nil, 502, internal, "Malformed Lambda proxy response",
		"a body that is no text"},
	{
		`{"errorMessage":"it fails","errorType":"x"}`, true, nil, 502, internal,
		"Lambda execution failed with status 200 due to customer function error: it fails", "the function fails",
	},
	{
		"", false, &function.Error{Code: "AccessDeniedException", Status: 403}, 500, internal,
		"Execution failed due to configuration error: Invalid permissions on Lambda function", "no permission",
	},
	{
		"", false, &function.Error{Code: "TooManyRequestsException", Status: 429, Reason: "Rate Exceeded."}, 500,
		internal,
		"Lambda invocation failed with status: 429. Rate Exceeded.", "the function's concurrency is used up",
	},
	{
		"", false, &function.Error{Code: "RequestTooLargeException", Status: 413, Reason: "too large"}, 413,
		`{"message":"Request Too Long"}`, "status: 413", "a large event",
	},
	{
		"", false, &function.Error{Code: "InvalidRuntimeException", Status: 502,
			Reason: "the sandbox has no code"}, 502,
		internal, "the sandbox has no code", "code that does not run here",
	},
	{"", false, context.DeadlineExceeded, 504, `{"message": "Endpoint request timed out"}`,
		"Execution failed due to a timeout error", "the integration's time-out"},
	{"", false, errors.New("odd"), 500, internal, "odd", "any other error"},
}

func TestWhatAFunctionAnswersBecomesTheResponse(t *testing.T) {
	for _, row := range functionAnswers {
		t.Run(row.why, func(t *testing.T) {
			w := privateWorld(t, func(o *Options) {
				o.Functions = functions(func(context.Context, function.Call) (function.Result, error) {
					return function.Result{Payload: []byte(row.payload), Failed: row.failed}, row.err
				})
			})
			got := w.get(endpoint, base(private)+"/v1/hello")
			assert.Equal(t, row.status, got.status)
			assert.Equal(t, row.body, got.body)
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
			log := w.journal.of(execution(private))
			if row.status < 400 {
				assert.Empty(t, log, "the level is ERROR")
				return
			}
			assert.Contains(t, log, "("+got.header.Get("x-amzn-RequestId")+") ")
			assert.Contains(t, log, row.log)
			if row.status >= 500 {
				assert.Equal(t, "InternalServerErrorException", got.header.Get("x-amzn-ErrorType"))
			}
		})
	}
}

func TestAnIntegrationThatTakesTooLongEnds(t *testing.T) {
	paths := strings.Replace(helloPath, `"httpMethod":"POST"`, `"httpMethod":"POST","timeoutInMillis":50`, 1)
	w := newWorld(t, role+shared+api(private, "PRIVATE", paths, everyone), func(o *Options) {
		o.Functions = functions(func(ctx context.Context, _ function.Call) (function.Result, error) {
			<-ctx.Done()
			return function.Result{}, ctx.Err()
		})
	})
	assert.Equal(t, 504, w.get(endpoint, base(private)+"/v1/hello").status)
}

func TestHeadersOfAFunction(t *testing.T) {
	w := privateWorld(t, func(o *Options) {
		o.Functions = functions(func(context.Context, function.Call) (function.Result, error) {
			return function.Result{Payload: []byte(`{"statusCode":200,"headers":{"Content-Type":"text/plain",` +
				`"Date":"now",` +
				`"Connection":"close","x-number":7},"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]}}`)}, nil
		})
	})
	got := w.get(endpoint, base(private)+"/v1/hello").header
	assert.Equal(t, "text/plain", got.Get("Content-Type"))
	assert.Equal(t, "now", got.Get("x-amzn-Remapped-date"))
	assert.Equal(t, "close", got.Get("x-amzn-Remapped-connection"))
	assert.NotEqual(t, "now", got.Get("Date"))
	assert.Equal(t, "7", got.Get("X-Number"))
	assert.Equal(t, []string{"a=1", "b=2"}, got.Values("Set-Cookie"))
}

// received is the event that a function gets for a request.
func received(t *testing.T, objects string, a arrivalOf, method, url, body string, headers ...string) map[string]any {
	t.Helper()
	var event map[string]any
	w := newWorld(t, objects, func(o *Options) {
		o.Functions = functions(func(ctx context.Context, call function.Call) (function.Result, error) {
			assert.Equal(t, "apigateway.amazonaws.com", call.Principal)
			require.NoError(t, json.Unmarshal(call.Event, &event))
			return greet(ctx, call)
		})
	})
	got := w.do(a, request(t, method, url, body, headers...))
	require.Equal(t, 200, got.status, got.body)
	return event
}

// anyPath is a greedy method for a function.
var anyPath = strings.NewReplacer("/hello", "/{proxy+}", `"get"`, `"x-amazon-apigateway-any-method"`).Replace(helloPath)

func TestAFunctionGetsAnEventOfVersion1(t *testing.T) {
	event := received(t, role+api("regional01", "REGIONAL", anyPath, ""), internet, "PUT",
		base("regional01")+"/v1/a/b%20c?x=1&x=2&y=", "text", "Content-Type", "text/plain", "User-Agent", "curl/8")
	assert.Equal(t, "/{proxy+}", event["resource"])
	assert.Equal(t, "/a/b%20c", event["path"])
	assert.Equal(t, "PUT", event["httpMethod"])
	assert.Equal(t, map[string]any{"proxy": "a/b%20c"}, event["pathParameters"])
	assert.Equal(t, map[string]any{"x": "2", "y": ""}, event["queryStringParameters"])
	assert.Equal(t, map[string]any{"x": []any{"1", "2"}, "y": []any{""}}, event["multiValueQueryStringParameters"])
	assert.Equal(t, "text", event["body"])
	assert.Equal(t, false, event["isBase64Encoded"])
	assert.Nil(t, event["stageVariables"])
	headers := event["headers"].(map[string]any)
	assert.Equal(t, "regional01.execute-api.us-east-1.amazonaws.com", headers["Host"])
	assert.Equal(t, "203.0.113.7", headers["X-Forwarded-For"])
	assert.Equal(t, "https", headers["X-Forwarded-Proto"])
	about := event["requestContext"].(map[string]any)
	assert.Equal(t, "/v1/a/b%20c", about["path"])
	assert.Equal(t, "v1", about["stage"])
	assert.Equal(t, "regional01", about["apiId"])
	assert.Equal(t, "123456789012", about["accountId"])
	assert.Equal(t, "regional01", about["domainPrefix"])
	assert.Regexp(t, `^\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000$`, about["requestTime"])
	who := about["identity"].(map[string]any)
	assert.Equal(t, "203.0.113.7", who["sourceIp"])
	assert.Equal(t, "curl/8", who["userAgent"])
	assert.Contains(t, who, "caller")
	assert.Nil(t, who["caller"])
	assert.NotContains(t, who, "vpceId")
}

func TestAFunctionBehindAnEndpointKnowsTheEndpoint(t *testing.T) {
	event := received(t, role+shared+api(private, "PRIVATE", helloPath, everyone), endpoint, "GET",
		base(private)+"/v1/hello", "")
	headers := event["headers"].(map[string]any)
	assert.Equal(t, "vpce-0a1b2c3d4e5f60718", headers["x-amzn-vpce-id"])
	assert.Equal(t, "vpc-0e1f2a3b4c5d6e7f8", headers["x-amzn-vpc-id"])
	assert.NotContains(t, headers, "X-Forwarded-Port")
	who := event["requestContext"].(map[string]any)["identity"].(map[string]any)
	assert.Equal(t, "vpce-0a1b2c3d4e5f60718", who["vpceId"])
	assert.Equal(t, "172.20.10.99", who["sourceIp"])
	assert.Nil(t, event["body"])
	assert.Nil(t, event["queryStringParameters"])
	assert.Nil(t, event["pathParameters"])
}

func TestACustomDomainKeepsItsBasePathInThePath(t *testing.T) {
	event := received(t, role+shared+domains, internet, "GET", "https://api.example.com/orders/hello", "")
	assert.Equal(t, "/orders/hello", event["path"])
	assert.Equal(t, "/hello", event["resource"])
}

func TestABinaryBodyIsEncoded(t *testing.T) {
	text := api("regional01", "REGIONAL", anyPath, "", `binaryMediaTypes: ["image/png"]`)
	event := received(t, role+text, internet, "POST", base("regional01")+"/v1/a", "\xff\xfe", "Content-Type",
		"image/png")
	assert.Equal(t, "//4=", event["body"])
	assert.Equal(t, true, event["isBase64Encoded"])
}

func TestABinaryAnswerIsDecodedIfTheClientAcceptsItsType(t *testing.T) {
	w := newWorld(t, role+api("regional01", "REGIONAL", helloPath, "", `binaryMediaTypes: ["image/png"]`),
		func(o *Options) {
			o.Functions = functions(func(context.Context, function.Call) (function.Result, error) {
				return function.Result{Payload: []byte(`{"statusCode":200,"body":"//4=","isBase64Encoded":true}`)}, nil
			})
		})
	assert.Equal(t, "\xff\xfe", w.get(internet, base("regional01")+"/v1/hello", "Accept", "image/png,*/*").body)
	assert.Equal(t, "//4=", w.get(internet, base("regional01")+"/v1/hello", "Accept", "*/*").body,
		"the first type of Accept counts")
}

func TestStageVariablesNameAFunction(t *testing.T) {
	paths := strings.Replace(helloPath, "function:hello", "function:${stageVariables.name}", 1)
	var asked string
	w := newWorld(t, role+strings.Replace(api("regional01", "REGIONAL", paths, ""), "    stageName: v1\n",
		"    stageName: v1\n    variables: {name: other}\n", 1), func(o *Options) {
		o.Functions = functions(func(ctx context.Context, call function.Call) (function.Result, error) {
			asked = call.Function
			return greet(ctx, call)
		})
	})
	assert.Equal(t, 200, w.get(internet, base("regional01")+"/v1/hello").status)
	assert.Equal(t, "arn:aws:lambda:us-east-1:123456789012:function:other", asked)
}

// corsPath is a method for preflight requests.
const corsPath = `{"/hello":{"options":{"x-amazon-apigateway-integration":{"type":"mock",` +
	`"requestTemplates":{"application/json":"{\"statusCode\": 204}"},"responses":{"default":{"statusCode":"204",` +
	`"responseParameters":{"method.response.header.Access-Control-Allow-Origin":"''*''"}}}}},` +
	`"get":{"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":` +
	`{"application/json":"{\"statusCode\": 404}"},"responses":{"default":{"statusCode":"200"},"4\\d{2}":` +
	`{"statusCode":"410","responseTemplates":{"application/json":"{\"id\":\"$context.requestId\"}"}}}}},` +
	`"put":{"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":` +
	`{"application/json":"#set($x = 1){\"statusCode\": 200}"},"responses":{"default":{"statusCode":"200"}}}},` +
	`"post":{"x-amazon-apigateway-integration":{"type":"mock"}}}}`

func TestAMockAnswersAsItsTemplatesSay(t *testing.T) {
	w := newWorld(t, role+api("mocked0001", "REGIONAL", corsPath, ""), nil)
	url := base("mocked0001") + "/v1/hello"
	got := w.do(internet, request(t, "OPTIONS", url, "", "Origin", "https://www.example.com"))
	assert.Equal(t, 204, got.status)
	assert.Equal(t, "*", got.header.Get("Access-Control-Allow-Origin"))
	assert.Empty(t, got.body)
	got = w.get(internet, url)
	assert.Equal(t, 410, got.status, "the selection pattern matches the status of the template")
	assert.JSONEq(t, `{"id":"`+got.header.Get("x-amzn-RequestId")+`"}`, got.body)
	got = w.do(internet, request(t, "PUT", url, ""))
	assert.Equal(t, 500, got.status)
	assert.Contains(t, w.journal.of(execution("mocked0001")), "evaluates variables of mapping templates only, not #set")
	got = w.do(internet, request(t, "POST", url, "no JSON"))
	assert.Equal(t, 500, got.status)
	assert.Contains(t, w.journal.of(execution("mocked0001")), "Unable to parse statusCode.")
}

func TestAPIsMayWriteTheirOwnErrors(t *testing.T) {
	text := role + shared + api(private, "PRIVATE", helloPath, onlyVPC)
	own := `
- type: aws:apigateway/response:Response
  id: aggr-` + private + `-
  inputs:
    restApiId: ` + private + `
    responseType: %
    statusCode: "404"
    responseTemplates: {application/json: '{"own":$context.error.messageString,"of":"$context.error.responseType"}'}
    responseParameters: {gatewayresponse.header.X-Own: "'yes'"}
`
	for kind, want := range map[string]bool{"MISSING_AUTHENTICATION_TOKEN": true, "DEFAULT_4XX": true,
		"DEFAULT_5XX": false} {
		answer := strings.NewReplacer("%", kind, private+"-\n", private+"-"+kind+"\n").Replace(own)
		w := newWorld(t, strings.Replace(text, "\n- type: aws:apigateway/deployment",
			answer+"\n- type: aws:apigateway/deployment", 1), nil)
		got := w.get(endpoint, base(private)+"/v1/missing")
		assert.Equal(t, want, got.status == 404, kind)
		assert.Equal(t, want, got.header.Get("X-Own") == "yes", kind)
		assert.Equal(t, want, got.body == `{"own":"Missing Authentication Token","of":"MISSING_AUTHENTICATION_TOKEN"}`,
			got.body)
	}
}

func TestTheAccessLogHasOneLinePerRequest(t *testing.T) {
	w := privateWorld(t, nil)
	first := w.get(endpoint, base(private)+"/v1/hello").header.Get("x-amzn-RequestId")
	second := w.get(endpoint, base(private)+"/v1/missing").header.Get("x-amzn-RequestId")
	w.get(endpoint, base(private)+"/v2/hello")
	assert.Equal(t, first+" GET /hello 200 172.20.10.99 vpce-0a1b2c3d4e5f60718 - -\n"+
		second+" GET - 403 172.20.10.99 vpce-0a1b2c3d4e5f60718 MISSING_AUTHENTICATION_TOKEN -", w.journal.of("access"),
		"a request for no stage has no log")
}

func TestTheLevelOfTheExecutionLogIsTheStages(t *testing.T) {
	for level, want := range map[string]string{"OFF": "", "INFO": "Method completed with status: 200"} {
		text := strings.Replace(role+shared+api(private, "PRIVATE", helloPath, onlyVPC), "loggingLevel: ERROR",
			"loggingLevel: \""+level+`"`, 1)
		w := newWorld(t, text, nil)
		w.get(endpoint, base(private)+"/v1/hello")
		w.get(endpoint, base(private)+"/v1/missing")
		log := w.journal.of(execution(private))
		assert.Contains(t, log, want)
		assert.Equal(t, want == "", log == "")
	}
}

func TestAnAPIWithResourcesIsServedAsItsDocument(t *testing.T) {
	w := newWorld(t, shared+`
- type: aws:apigateway/restApi:RestApi
  id: resources1
  inputs: {name: resources1, endpointConfiguration: {types: PRIVATE}}
- type: aws:apigateway/restApiPolicy:RestApiPolicy
  id: resources1
  inputs: {restApiId: resources1, policy: '`+everyone+`'}
- type: aws:apigateway/resource:Resource
  id: hello1
  inputs: {restApi: resources1, parentId: `+rootOf("resources1")+`, pathPart: hello}
- type: aws:apigateway/method:Method
  id: agm-resources1-hello1-GET
  inputs: {restApi: resources1, resourceId: hello1, httpMethod: GET, authorization: NONE}
- type: aws:apigateway/integration:Integration
  id: agi-resources1-hello1-GET
  inputs:
    restApi: resources1
    resourceId: hello1
    httpMethod: GET
    type: AWS_PROXY
    integrationHttpMethod: POST
    uri: "`+hello+`"
- type: aws:apigateway/deployment:Deployment
  id: dresources1
  inputs: {restApi: resources1}
- type: aws:apigateway/stage:Stage
  id: ags-resources1-v1
  inputs: {restApi: resources1, stageName: v1, deployment: dresources1}
`, nil)
	assert.Equal(t, 200, w.get(endpoint, base("resources1")+"/v1/hello").status)
}

// rootOf returns the ID of the root resource of an API that exists already. The account
// chooses it by the API's ID.
func rootOf(id string) string { return cloud.Repeatable(id).Code(10) }

func TestAnIntegrationMayHaveARole(t *testing.T) {
	paths := strings.Replace(helloPath, `"httpMethod":"POST"`, `"httpMethod":"POST",`+
		`"credentials":"arn:aws:iam::1:role/r"`, 1)
	var asked function.Call
	w := newWorld(t, role+api("regional01", "REGIONAL", paths, ""), func(o *Options) {
		o.Functions = functions(func(ctx context.Context, call function.Call) (function.Result, error) {
			asked = call
			return greet(ctx, call)
		})
	})
	assert.Equal(t, 200, w.get(internet, base("regional01")+"/v1/hello").status)
	assert.Equal(t, "arn:aws:iam::1:role/r", asked.Role)
	assert.Equal(t, "arn:aws:execute-api:us-east-1:123456789012:regional01/v1/GET/hello", asked.Source)
}
