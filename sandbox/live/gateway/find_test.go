package gateway

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/sandbox/cloud"
)

// notFound is the body for a request that leads to no API.
const notFound = `{"message":"Forbidden"}`

// vpce is an endpoint's own name.
const vpce = "https://vpce-0a1b2c3d4e5f60718-aaaaaaaa.execute-api.us-east-1.vpce.amazonaws.com"

// Requests that arrive in another region, and through another endpoint.
var (
	elsewhere = arrivalOf{From: internet.From, To: internet.To, Region: "eu-west-1"}
	other     = arrivalOf{From: endpoint.From, To: endpoint.To, Region: "us-east-1", Endpoint: "vpce-0fffffffffffffff0",
		VPC: endpoint.VPC}
)

// namedRequests are requests, and the APIs that answer them.
var namedRequests = []struct {
	a           arrivalOf
	url         string
	headers     []string
	answer, why string // The API that answers, or nothing.
}{
	{endpoint, base("private001") + "/v1/hello", nil, "private001", "private DNS"},
	{endpoint, vpce + "/v1/hello", []string{"Host", "private001.execute-api.us-east-1.amazonaws.com"},
		"private001", "Host"},
	{
		endpoint, vpce + "/v1/hello", []string{"Host", "PRIVATE001.execute-api.us-east-1.amazonaws.com:443"},
		"private001",
		"a name's case and port do not matter",
	},
	{endpoint, vpce + "/v1/hello", []string{"x-apigw-api-id", "private001"}, "private001", "x-apigw-api-id"},
	{endpoint, vpce + "/v1/hello", nil, "", "an endpoint's own name alone says nothing"},
	{endpoint, base("alias00001-vpce-0a1b2c3d4e5f60718") + "/v1/hello", nil, "alias00001", "the alias"},
	{endpoint, base("private001-vpce-0a1b2c3d4e5f60718") + "/v1/hello", nil, "",
		"an alias without an association when the deployment was cut"},
	{internet, base("alias00001-vpce-0a1b2c3d4e5f60718") + "/v1/hello", nil, "", "a private API is not public"},
	{internet, base("private001") + "/v1/hello", nil, "", "a private API is not public"},
	{internet, base("regional01") + "/v1/hello", nil, "regional01", "a regional API is"},
	{internet, base("regional01") + "/v1/hello", []string{"x-apigw-api-id", "orders0001"}, "regional01",
		"its name wins"},
	{endpoint, base("regional01") + "/v1/hello", nil, "", "an endpoint leads to private APIs only, as AWS says"},
	{endpoint, vpce + "/v1/hello", []string{"x-apigw-api-id", "regional01"}, "",
		"an endpoint leads to private APIs only"},
	{internet, "https://other.example.com/v1/hello", []string{"x-apigw-api-id", "orders0001"}, "",
		"only endpoints read it"},
	{internet, base("closed0001") + "/v1/hello", nil, "", "the default endpoint is disabled"},
	{internet, base("regional01") + "/v2/hello", nil, "", "no such stage"},
	{internet, base("regional01") + "/", nil, "", "no stage at all"},
	{internet, base("missing001") + "/v1/hello", nil, "", "no such API"},
	{
		internet, "https://regional01.execute-api.eu-west-1.amazonaws.com/v1/hello", nil, "",
		"the name of another region",
	},
	{internet, "https://api.example.com/hello", nil, "regional01", "a custom domain"},
	{internet, "https://api.example.com/orders/hello", nil, "orders0001", "the longest base path wins"},
	{internet, "https://api.example.com/staged/v1/hello", nil, "orders0001", "a mapping without a stage"},
	{internet, "https://api.example.com/ordershello", nil, "regional01", "a base path ends with its segment"},
	{endpoint, "https://api.example.com/hello", nil, "", "a public domain of a regional API through an endpoint"},
	{
		endpoint, vpce + "/hello", []string{"Host", "old.example.com"}, "private001",
		"a public domain of a private API through an endpoint",
	},
	{internet, "https://old.example.com/hello", nil, "", "a public domain of a private API from the internet"},
	{endpoint, "https://inside.example.com/hello", nil, "private001", "a private domain"},
	{other, "https://inside.example.com/hello", nil, "", "a private domain without an access association"},
	{internet, "https://inside.example.com/hello", nil, "regional01", "a public domain of the same name"},
	{
		elsewhere, "https://regional01.execute-api.eu-west-1.amazonaws.com/v1/hello", nil, "",
		"an API of another region",
	},
	{elsewhere, "https://api.example.com/hello", nil, "", "a custom domain of another region"},
}

func TestTheNameDecidesWhichAPIAnswers(t *testing.T) {
	w := newWorld(t, role+shared+domains+api("alias00001", "PRIVATE", helloPath, onlyVPC)+
		api("closed0001", "REGIONAL", helloPath, "", "disableExecuteApiEndpoint: true"), func(o *Options) {
		o.Functions = functions(named)
	})
	associated := map[string]any{"types": "PRIVATE", "vpcEndpointIds": []any{"vpce-0a1b2c3d4e5f60718"}}
	cut := w.gateway.inv.Where(deploymentType, "restApi", "alias00001")[0].Private.Object("snapshot")
	cut["endpointConfiguration"] = associated
	w.gateway.inv.Find(restAPIType, "private001").Out["endpointConfiguration"] = associated
	for _, row := range namedRequests {
		t.Run(row.why, func(t *testing.T) {
			got := w.get(row.a, row.url, row.headers...)
			switch {
			case row.answer == "":
				assert.Equal(t, 403, got.status)
				assert.Equal(t, notFound, got.body)
				assert.Equal(t, "ForbiddenException", got.header.Get("x-amzn-ErrorType"))
			case row.why == "a base path ends with its segment":
				assert.Equal(t, 403, got.status)
				assert.Contains(t, got.body, "Missing Authentication Token", "of regional01")
			default:
				assert.Equal(t, 200, got.status, got.body)
				assert.Contains(t, got.body, row.answer)
			}
		})
	}
}

func TestAnHTTPAPIHasNoRoutesAndIsNotBehindEndpoints(t *testing.T) {
	w := newWorld(t, shared, nil)
	got := w.get(internet, base("h1t2t3p4a5")+"/orders")
	assert.Equal(t, 404, got.status)
	assert.Equal(t, `{"message":"Not Found"}`, got.body)
	assert.NotEmpty(t, got.header.Get("apigw-requestid"))
	got = w.get(endpoint, base("h1t2t3p4a5")+"/orders")
	assert.Equal(t, 403, got.status, "the endpoint of execute-api leads to private APIs only")
	assert.Equal(t, notFound, got.body)
}

func TestTheMostSpecificMethodAnswers(t *testing.T) {
	methods := func(all ...string) cloud.Props {
		var list []any
		for i := 0; i < len(all); i += 2 {
			list = append(list, map[string]any{"method": all[i], "path": all[i+1]})
		}
		return cloud.Props{"methods": list}
	}
	served := methods("GET", "/", "GET", "/hello", "ANY", "/hello", "POST", "/users", "ANY", "/{proxy+}",
		"GET", "/users/{id}", "GET", "/users/me", "GET", "/users/{id}/books/{book}", "PUT", "/files/{path+}")
	for _, row := range []struct {
		method, path, want string
		params             map[string]string
		why                string
	}{
		{"GET", "/", "GET /", nil, "the root"},
		{"GET", "/hello", "GET /hello", nil, "a named method comes before ANY"},
		{"GET", "/hello/", "GET /hello", nil, "a final slash"},
		{"DELETE", "/hello", "ANY /hello", nil, "ANY"},
		{"GET", "/users/me", "GET /users/me", nil, "a literal comes before a parameter"},
		{"GET", "/users/7", "GET /users/{id}", map[string]string{"id": "7"}, "a parameter"},
		{
			"GET", "/users/7/books/a%2Fb", "GET /users/{id}/books/{book}", map[string]string{"id": "7",
				"book": "a%2Fb"},
			"two parameters",
		},
		{"GET", "/other/a/b", "ANY /{proxy+}", map[string]string{"proxy": "other/a/b"},
			"a greedy parameter takes the rest"},
		{"GET", "/users/7/x", "ANY /{proxy+}", map[string]string{"proxy": "users/7/x"},
			"nothing more specific matches"},
		{"GET", "/users", "", nil, "the resource exists, but not with this method"},
		{"GET", "/files/a", "", nil, "the greedy resource has only PUT"},
		{"GET", "/HELLO", "ANY /{proxy+}", map[string]string{"proxy": "HELLO"}, "case matters"},
		{"PUT", "/files", "ANY /{proxy+}", map[string]string{"proxy": "files"},
			"a greedy parameter takes one segment or more"},
	} {
		t.Run(row.why, func(t *testing.T) {
			got, params := route(served, row.method, row.path)
			if row.want == "" {
				assert.Nil(t, got)
				return
			}
			assert.Equal(t, row.want, got.String("method")+" "+got.String("path"))
			for name, value := range row.params {
				assert.Equal(t, value, params[name])
			}
		})
	}
}

func TestAMissingMethodIsAMissingToken(t *testing.T) {
	w := privateWorld(t, nil)
	for _, path := range []string{"/v1/missing", "/v1", "/v1/"} {
		got := w.get(endpoint, base(private)+path)
		assert.Equal(t, 403, got.status)
		assert.Equal(t, `{"message":"Missing Authentication Token"}`, got.body)
		assert.Equal(t, "MissingAuthenticationTokenException", got.header.Get("x-amzn-ErrorType"))
	}
}
