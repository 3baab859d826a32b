package trace

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestAMethodCallsItsBackend(t *testing.T) {
	runRows(t, []row{
		{"no integration", "nothing answers", func(w *world) {
			w.method.Integration = model.UnknownRef[model.Integration]()
			w.stack.Integrations = nil
		}, IntegrationFailed, "get-hello", "no integration"},
		{"an integration whose method is not known", "it may be that of the method", func(w *world) {
			w.method.Integration = model.UnknownRef[model.Integration]()
			w.backend.Method = model.UnknownRef[model.Method]()
		}, InsufficientInfo, "", ""},
		{"an integration of another path", "it is that of another method", func(w *world) {
			w.method.Integration = model.UnknownRef[model.Integration]()
			w.backend.Method, w.backend.Path = model.UnknownRef[model.Method](), model.Of("/other")
		}, IntegrationFailed, "get-hello", "no integration"},
		{"a URI that is not known", "the stack does not say where the server is", func(w *world) {
			w.backend.Type, w.backend.URI = model.Of(model.IntegrationHTTPProxy), model.Unknown[string]()
		}, InsufficientInfo, "", "URI"},
		{"a method in the resource of another API", "AWS refuses it", func(w *world) {
			w.method.Misplaced = true
		}, MethodNotFound, "get-hello", "its resource is of another API"},
		{"an integration in the resource of another API", "it is not that of the method", func(w *world) {
			w.method.Integration = model.UnknownRef[model.Integration]()
			w.backend.Misplaced = true
		}, IntegrationFailed, "get-hello", "no integration"},
		{"a stage with the deployment of another API", "AWS refuses it", func(w *world) {
			w.deployed.API = refTo(&model.RestAPI{Element: element("other", "zzz")})
		}, StageNotFound, "prod", "is of another API"},
		{"no integration response", "API Gateway cannot answer for it", func(w *world) {
			w.backend.HasResponse = model.False
		}, IntegrationFailed, "mock", "no integration response"},
		{"an integration response that is not certain", "another part of the stack may have it", func(w *world) {
			w.backend.HasResponse = model.Maybe
		}, InsufficientInfo, "", ""},
		{"the ARN of a function for an HTTP integration", "AWS refuses it", func(w *world) {
			w.backend.Type = model.Of(model.IntegrationHTTPProxy)
			w.backend.URI = model.Of("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations")
		}, IntegrationFailed, "mock", "wants an address"},
		{"an address for a Lambda integration", "AWS refuses it", func(w *world) {
			w.backend.Type, w.backend.URI = model.Of(model.IntegrationAWSProxy), model.Of("https://www.example.com/")
		}, IntegrationFailed, "mock", "wants an ARN"},
		{"a VPC link to nothing", "an integration without a load balancer cannot be called", func(w *world) {
			w.backend.Type, w.backend.URI = model.Of(model.IntegrationHTTPProxy), model.Of("https://www.example.com/")
			w.backend.Connection = model.Of(model.ConnectionVPCLink)
			w.backend.Link = refTo(&model.VPCLink{Element: element("link", "l1"), V2: true})
		}, IntegrationFailed, "link", "no load balancer"},
	})
}

func TestAnIntegrationCallsItsServerWithTheMethodOfThePromise(t *testing.T) {
	for verb, want := range map[model.Known[string]]Disposition{
		model.Of("ANY"): NameNotInStack, model.Of("GET"): NameNotInStack, model.Of("POST"): IntegrationFailed,
		model.Unknown[string](): NameNotInStack,
	} {
		w := newWorld()
		w.backend.Type, w.backend.URI = model.Of(model.IntegrationHTTPProxy), model.Of("https://www.example.com/")
		w.backend.Verb, w.call.request.ServerMethod = verb, "GET"
		traces := w.walkTo()
		assert.Equal(t, want, traces[0].Disposition, "%v", verb)
		assert.Equal(t, verb.IsUnknown(), traces[0].Doubtful, "%v", verb)
	}
}

func TestABackendIsWhereTheURILeads(t *testing.T) {
	for _, c := range []struct {
		uri, path string
		want      call
	}{
		{"https://www.example.com/base", "/orders/5", call{tls: true, sni: "www.example.com", host: "www.example.com",
			port: 443, path: "/base"}},
		{"http://WWW.example.com:8080/{proxy}", "/orders/5", call{sni: "www.example.com", host: "www.example.com",
			port: 8080, path: "/orders/5"}},
		{"https://www.example.com", "/", call{tls: true, sni: "www.example.com", host: "www.example.com",
			port: 443, path: "/"}},
	} {
		v := visit{call: call{path: c.path, headers: map[string]string{"host": "a", "x-one": "1"}}}
		got, fine := v.toServer(backend{uri: model.Of(c.uri), skips: model.False})
		assert.True(t, fine, c.uri)
		assert.True(t, got.verifies && !got.trustsAll, "API Gateway verifies certificates")
		assert.Equal(t, map[string]string{"x-one": "1"}, got.headers, "Host is the backend's own")
		assert.Equal(t, c.want, call{tls: got.tls, sni: got.sni, host: got.host, port: got.port, path: got.path}, c.uri)
	}
	skipping, _ := visit{}.toServer(backend{uri: model.Of("https://www.example.com"), skips: model.True})
	assert.True(t, skipping.verifies && skipping.trustsAll, "only the authority does not matter")
	for _, uri := range []string{"https://${stageVariables.host}/", "arn:aws:lambda:eu-west-1:1234:function:f", ""} {
		_, fine := visit{}.toServer(backend{uri: model.Of(uri)})
		assert.False(t, fine, "%q names no server", uri)
	}
}

// httpWorld returns a world with a public HTTP API, which a request from the
// internet reaches.
func httpWorld(w *world) *model.Route {
	w.fromInternet()
	api := &model.HTTPAPI{Element: element("orders", "h1h2h3"), Protocol: model.Of(model.APIProtocolHTTP),
		Document: model.False}
	i := &model.HTTPIntegration{
		Element: element("answer", "i2"), API: refTo(api), Type: model.Of(model.IntegrationMock),
	}
	route := &model.Route{
		Element: element("list", "r1"), API: refTo(api), Key: model.Of("GET /orders"),
		Authorization: model.Of(model.AuthorizationNone), Integration: refTo(i),
	}
	w.stack.HTTPAPIs, w.stack.Routes = []*model.HTTPAPI{api}, []*model.Route{route}
	for _, name := range []string{"$default", "v1"} {
		w.stack.Stages = append(w.stack.Stages, &model.Stage{Element: element("stage-"+name, name), HTTPAPI: refTo(api),
			StageName: model.Of(name), RefusesCalls: model.False, AutoDeploys: model.Of(true)})
	}
	w.ask("h1h2h3.execute-api.eu-west-1.amazonaws.com")
	w.call.path = "/orders"
	return route
}

func TestAnHTTPAPIFindsARoute(t *testing.T) {
	runRows(t, []row{
		{"the default stage", "the path does not begin with its name", func(w *world) {
			httpWorld(w)
		}, Delivered, "orders", ""},
		{"a stage by name", "a stage takes paths that begin with its name", func(w *world) {
			httpWorld(w)
			w.call.path = "/v1/orders"
		}, Delivered, "orders", ""},
		{"the default stage removed", "the path begins with no stage", func(w *world) {
			httpWorld(w)
			w.stack.Stages = w.stack.Stages[2:]
		}, StageNotFound, "orders", "no stage"},
		{"an API with a target", "API Gateway creates its default stage, too", func(w *world) {
			r := httpWorld(w)
			r.Origin = w.stack.HTTPAPIs[0].At("target")
			w.stack.Stages = nil
		}, Delivered, "orders", ""},
		{"a stage without a deployment", "it has no routes to serve", func(w *world) {
			httpWorld(w)
			w.stack.Stages[1].AutoDeploys = model.Of(false)
		}, MethodNotFound, "stage-$default", "no deployment"},
		{"through an endpoint", "HTTP APIs are never private", func(w *world) {
			httpWorld(w)
			w.via = w.endpoint
		}, APINotFound, "endpoint", "public"},
		{"another verb", "no route is for it", func(w *world) {
			httpWorld(w)
			w.call.request.Method = "POST"
		}, MethodNotFound, "orders", "no route for POST /orders"},
		{"the default route", "it takes what no other route takes", func(w *world) {
			httpWorld(w).Key = model.Of(model.RouteDefault)
			w.call.request.Method = "POST"
		}, Delivered, "orders", ""},
		{"no integration", "a route without a target has no backend", func(w *world) {
			httpWorld(w).Integration = model.Ref[model.HTTPIntegration]{}
		}, IntegrationFailed, "list", "no integration"},
		{"JWT without a token", "the authorizer refuses it", func(w *world) {
			httpWorld(w).Authorization = model.Of(model.AuthorizationJWT)
		}, DeniedByAuthorization, "list", "no token"},
	})
}

func TestTheMostSpecificPathWins(t *testing.T) {
	for _, c := range []struct {
		why, first, second string
	}{
		{"a literal before a parameter", "/orders/new", "/orders/{id}"},
		{"a parameter before a greedy one", "/orders/{id}", "/orders/{proxy+}"},
		{"the first segment that differs decides", "/orders/{proxy+}", "/{kind}/new"},
	} {
		v := visit{call: call{path: "/orders/new"}}
		fits := func(pattern, name string) match[string] {
			return fit(name, model.True, model.Of("GET"), model.Of(pattern), v)
		}
		options := best([]match[string]{fits(c.second, "second"), fits(c.first, "first")})
		assert.Equal(t, []option[string]{{"first", model.True}, {"second", model.True}}, options, c.why)
	}
}

func TestAVPCLinkV2CallsFromItsSubnets(t *testing.T) {
	w := newWorld()
	subnet := &model.Subnet{Element: element("subnet", "subnet-1"), VPC: refTo(w.vpc)}
	link := &model.VPCLink{Element: element("link", "l1"), V2: true,
		Subnets: model.Refs[model.Subnet]{Items: []model.Ref[model.Subnet]{refTo(subnet), refTo(subnet)}}}
	w.backend.Type, w.backend.URI = model.Of(model.IntegrationHTTPProxy), model.Of("https://www.example.com/")
	w.backend.Connection, w.backend.Link = model.Of(model.ConnectionVPCLink), refTo(link)
	w.backend.Target = refTo(&model.LoadBalancer{Element: element("front", "lb")})
	traces := w.walkTo()
	assert.Len(t, traces, 2, "one way from each subnet")
	for _, got := range traces {
		assert.Equal(t, http2, got.Protocol, "the protocol is the client's, not the one behind API Gateway")
		assert.Equal(t, "load balancer front", got.Hops[len(got.Hops)-1].Node, "the load balancer is the next hop")
	}
}
