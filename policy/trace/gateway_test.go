package trace

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
)

// world is a stack with a private API that a client calls through an endpoint, and
// the request of that client.
type world struct {
	stack    *model.Stack
	vpc      *model.VPC
	other    *model.VPC
	endpoint *model.Endpoint
	api      *model.RestAPI
	policy   *model.ResourcePolicy
	method   *model.Method
	backend  *model.Integration
	deployed *model.Deployment
	stage    *model.Stage
	call     call
	via      *model.Endpoint
}

// Names of the world's API and endpoint.
const (
	defaultName = "a1b2c3.execute-api.eu-west-1.amazonaws.com"
	aliasName   = "a1b2c3-vpce-0abc.execute-api.eu-west-1.amazonaws.com"
	vpceName    = "vpce-0abc-xyz.execute-api.eu-west-1.vpce.amazonaws.com"
)

// element returns an element that exists.
func element(name, id string) model.Element {
	return model.Element{
		Origin: model.Origin{URN: "urn:" + name}, Name: name, NameInProgram: name, ID: model.Of(id),
		Placement: model.Placement{ProviderRegion: model.Of("eu-west-1")},
	}
}

// newWorld returns a world in which the request arrives.
func newWorld() *world {
	w := &world{stack: &model.Stack{}}
	w.vpc = &model.VPC{Element: element("vpc", "vpc-1")}
	w.other = &model.VPC{Element: element("other", "vpc-2")}
	w.endpoint = &model.Endpoint{
		Element: element("endpoint", "vpce-0abc"), VPC: refTo(w.vpc), PrivateDNS: model.True,
		Service: model.Of("com.amazonaws.eu-west-1.execute-api"), Type: model.Of(model.EndpointInterface),
		DNSNames: model.List[model.EndpointName]{Items: []model.Known[model.EndpointName]{
			model.Of(model.EndpointName{Host: vpceName}),
		}},
	}
	w.api = &model.RestAPI{
		Element: element("hello", "a1b2c3"), Type: model.Of(model.APIPrivate), Document: model.False,
		Endpoints: model.Refs[model.Endpoint]{Items: []model.Ref[model.Endpoint]{refTo(w.endpoint)}},
	}
	w.policy = &model.ResourcePolicy{
		Element: element("policy", "a1b2c3"), API: refTo(w.api), Set: model.True,
		Document: fence("aws:SourceVpc", "vpc-1"),
		From:     model.Sources{AWS: []string{w.vpc.URN, w.api.URN}}, Networks: model.NetworkSources{VPC: model.True},
	}
	w.method = &model.Method{
		Element: element("get-hello", "m1"), API: refTo(w.api), Verb: model.Of("GET"), Path: model.Of("/hello"),
		Authorization: model.Of(model.AuthorizationNone), KeyRequired: model.Of(false),
	}
	w.backend = &model.Integration{
		Element: element("mock", "i1"), API: refTo(w.api), Method: refTo(w.method), Path: model.Of("/hello"),
		Type: model.Of(model.IntegrationMock), Connection: model.Of(model.ConnectionInternet), HasResponse: model.True,
	}
	w.method.Integration = refTo(w.backend)
	w.deployed = &model.Deployment{Element: element("deployment", "d1"), API: refTo(w.api)}
	w.stage = &model.Stage{
		Element: element("prod", "s1"), API: refTo(w.api), StageName: model.Of("prod"), Deployment: refTo(w.deployed),
		RefusesCalls: model.False,
	}
	w.stack.VPCs = []*model.VPC{w.vpc, w.other}
	w.stack.Endpoints = []*model.Endpoint{w.endpoint}
	w.stack.RestAPIs = []*model.RestAPI{w.api}
	w.stack.ResourcePolicies = []*model.ResourcePolicy{w.policy}
	w.stack.Methods = []*model.Method{w.method}
	w.stack.Integrations = []*model.Integration{w.backend}
	w.stack.Deployments = []*model.Deployment{w.deployed}
	w.stack.Stages = []*model.Stage{w.stage}
	client := place{what: "a client", element: element("client", "i-1"), vpc: refTo(w.vpc), open: true,
		address: model.Of(netip.MustParseAddr("10.0.1.5"))}
	w.via = w.endpoint
	w.call = call{
		request: model.Request{From: "subnet", URL: "https://" + defaultName + "/prod/hello"},
		from:    client, client: client, tls: true, sni: defaultName, verifies: true,
		alpn: []string{http2, http1}, port: 443,
		host: defaultName, path: "/prod/hello", headers: map[string]string{},
	}
	return w
}

// fence returns a policy that denies everyone whose condition key has another value,
// and allows the rest.
func fence(key, value string) *model.PolicyDocument {
	every := model.Principals{Values: []model.Principal{{ID: "*"}}}
	call := model.Patterns{Values: []string{"execute-api:Invoke"}}
	all := model.Patterns{Values: []string{"execute-api:/*"}}
	return &model.PolicyDocument{Version: "2012-10-17", Statements: []model.Statement{
		{Effect: model.Deny, Principals: every, Actions: call, Resources: all, Conditions: []model.Condition{
			{Operator: "StringNotEquals", Key: key, Values: []string{value}},
		}},
		{Effect: model.Allow, Principals: every, Actions: call, Resources: all},
	}}
}

// walkTo follows the world's request from API Gateway on.
func (w *world) walkTo() []Trace {
	return walk{Tracer: New(w.stack)}.atGateway(w.call, w.via)
}

// ask turns the request to a host, in the TLS handshake and in the Host header.
func (w *world) ask(host string) { w.call.sni, w.call.host = host, host }

// fromInternet lets the request come from the internet.
func (w *world) fromInternet() {
	w.via = nil
	w.call.from = internetPlace()
	w.call.client = w.call.from
}

// row is a change of the world, and how the request ends then.
type row struct {
	name   string
	why    string
	change func(*world)
	want   Disposition
	by     string // The name of the element that answers or stops.
	text   string // Part of the last step.
}

// runRows follows the request in each changed world.
func runRows(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			w := newWorld()
			r.change(w)
			traces := w.walkTo()
			require.Len(t, traces, 1, r.why)
			got := traces[0]
			assert.Equal(t, r.want, got.Disposition, "%s: %s", r.why, lastStep(got))
			if r.want != InsufficientInfo {
				assert.Equal(t, r.by, got.By.Name, "%s: %s", r.why, lastStep(got))
			}
			assert.Contains(t, lastStep(got), r.text, r.why)
			stopped := got.Disposition != Delivered && got.Disposition != InsufficientInfo
			assert.Equal(t, stopped, got.Fix != "", "a stop has a fix, and nothing else has: %q", got.Fix)
		})
	}
}

// lastStep returns the text of the last step of a trace.
func lastStep(t Trace) string {
	hop := t.Hops[len(t.Hops)-1]
	return hop.Steps[len(hop.Steps)-1].Text
}

func TestARequestAgreesOnTLSWithAPIGateway(t *testing.T) {
	runRows(t, []row{
		{"the default name", "its certificate is API Gateway's own",
			func(*world) {}, Delivered, "hello", "answers"},
		{"plain HTTP", "API Gateway speaks TLS only",
			func(w *world) { w.call.tls = false }, TLSFailed, "endpoint", "plain HTTP"},
		{"another port", "API Gateway listens on 443 only",
			func(w *world) { w.call.port = 8443 }, NotListening, "endpoint", "port 8443"},
		{"the endpoint's own name with Host", "the certificate is valid for vpce names",
			func(w *world) { w.call.sni = vpceName }, Delivered, "hello", ""},
		{"a name of the user's own", "no custom domain has the name, so API Gateway has no certificate",
			func(w *world) { w.call.sni = "api.example.com" }, TLSNameMismatch, "endpoint", "no certificate"},
		{"a name that nobody checks", "a load balancer that ended TLS does not verify the next certificate",
			func(w *world) { w.call.sni, w.call.verifies = "api.example.com", false }, Delivered, "hello", ""},
		{"an address", "no certificate is for an address",
			func(w *world) { w.call.sni = "10.0.1.9" }, TLSNameMismatch, "endpoint", "10.0.1.9"},
	})
}

func TestTheClientSpeaksTheProtocolThatItsTLSAgreesOn(t *testing.T) {
	for _, c := range []struct {
		why, before, want string
		offers            []string
	}{
		{"API Gateway prefers HTTP/2", "", http2, []string{http2, http1}},
		{"a client that offers only HTTP/1.1 gets it", "", http1, []string{http1}},
		{"a load balancer ended the client's TLS before", http1, http1, []string{http2, http1}},
	} {
		w := newWorld()
		w.call.alpn = c.offers
		traces := walk{Tracer: New(w.stack), protocol: c.before}.atGateway(w.call, w.via)
		assert.Equal(t, c.want, traces[0].Protocol, c.why)
	}
}

func TestARequestFindsItsAPI(t *testing.T) {
	runRows(t, []row{
		{"by header", "x-apigw-api-id names the API behind the endpoint's own name", func(w *world) {
			w.ask(vpceName)
			w.call.headers[apiIDHeader] = "a1b2c3"
		}, Delivered, "hello", ""},
		{"by no header", "the endpoint's own name says nothing about the API", func(w *world) {
			w.ask(vpceName)
		}, APINotFound, "endpoint", "endpoint's own name"},
		{"by alias", "AWS makes a name for each API and associated endpoint", func(w *world) {
			w.ask(aliasName)
		}, Delivered, "hello", ""},
		{"by alias without association", "the name exists for associated endpoints only", func(w *world) {
			w.ask(aliasName)
			w.api.Endpoints = model.Refs[model.Endpoint]{}
		}, APINotFound, "hello", "not associated"},
		{"by default name without association", "Host leads to any private API", func(w *world) {
			w.api.Endpoints = model.Refs[model.Endpoint]{}
		}, Delivered, "hello", ""},
		{"the private DNS trap", "the endpoint's private DNS takes the names of public APIs", func(w *world) {
			w.api.Type = model.Of(model.APIRegional)
		}, APINotFound, "endpoint", "private DNS takes the names of public APIs"},
		{"a public API through an endpoint by Host", "endpoints lead to private APIs only", func(w *world) {
			w.api.Type = model.Of(model.APIRegional)
			w.call.sni = vpceName
		}, APINotFound, "hello", "private APIs only"},
		{"a private API from the internet", "it is reachable through endpoints only", func(w *world) {
			w.fromInternet()
		}, APINotFound, "hello", "does not come through an endpoint"},
		{"a public API from the internet", "its default name is public", func(w *world) {
			w.fromInternet()
			w.api.Type = model.Of(model.APIRegional)
			w.stack.ResourcePolicies = nil
		}, Delivered, "hello", ""},
		{"a public API by header", "only requests through an endpoint may name it so", func(w *world) {
			w.fromInternet()
			w.ask("www.example.com")
			w.call.verifies = false
			w.call.headers[apiIDHeader] = "a1b2c3"
		}, APINotFound, "", "no default name"},
		{"the default endpoint disabled", "then the API answers to custom domains only", func(w *world) {
			w.api.DefaultNameOff = model.Of(true)
		}, APINotFound, "hello", "default endpoint disabled"},
		{"another region", "an endpoint leads to the APIs of its region", func(w *world) {
			w.ask("a1b2c3.execute-api.us-east-1.amazonaws.com")
			w.call.verifies = false
		}, APINotFound, "endpoint", "another region"},
		{"an API of another stack", "its type and policy are not known", func(w *world) {
			w.ask("zzzzzz.execute-api.eu-west-1.amazonaws.com")
		}, InsufficientInfo, "", "not in the stack"},
		{"an API that does not exist yet", "a placeholder stands for its ID", func(w *world) {
			w.api.ID = model.Unknown[string]()
			w.ask("${hello}.execute-api.eu-west-1.amazonaws.com")
		}, Delivered, "hello", ""},
		{"a type that is not known", "the API may be public", func(w *world) {
			w.api.Type = model.Unknown[model.APIType]()
		}, InsufficientInfo, "", ""},
	})
}

func TestAPathLeadsToAStageAndAMethod(t *testing.T) {
	runRows(t, []row{
		{"no stage", "the path must begin with a stage", func(w *world) {
			w.call.path = "/"
		}, StageNotFound, "hello", "does not begin with"},
		{"another stage", "the API has no such stage", func(w *world) {
			w.call.path = "/v1/hello"
		}, StageNotFound, "hello", "no stage v1"},
		{"no stage left", "the stage is removed", func(w *world) {
			w.stack.Stages = nil
		}, StageNotFound, "hello", "no stage prod"},
		{"a stage that a deployment creates", "before v7 a deployment may do so", func(w *world) {
			w.stack.Stages = nil
			w.deployed.StageName = model.Of("prod")
		}, Delivered, "hello", ""},
		{"a stage with another name that is not known", "it may be the one", func(w *world) {
			w.stage.StageName = model.Unknown[string]()
		}, InsufficientInfo, "", ""},
		{"a stage that refuses calls", "its limit is 0", func(w *world) {
			w.stage.RefusesCalls = model.True
		}, Throttled, "prod", "limit of 0"},
		{"another path", "the API has no such method", func(w *world) {
			w.call.path = "/prod/goodbye"
		}, MethodNotFound, "hello", "no method for GET /goodbye"},
		{"another verb", "the API has no such method", func(w *world) {
			w.call.request.Method = "POST"
		}, MethodNotFound, "hello", "no method for POST /hello"},
		{"ANY", "it is for all verbs", func(w *world) {
			w.call.request.Method = "POST"
			w.method.Verb = model.Of("ANY")
		}, Delivered, "hello", ""},
		{"a parameter", "it takes one segment", func(w *world) {
			w.method.Path = model.Of("/{name}")
		}, Delivered, "hello", ""},
		{"a greedy parameter", "it takes all segments", func(w *world) {
			w.method.Path = model.Of("/{proxy+}")
			w.call.path = "/prod/a/b/c"
		}, Delivered, "hello", ""},
		{"the root with a greedy parameter", "that takes at least one segment", func(w *world) {
			w.method.Path = model.Of("/{proxy+}")
			w.call.path = "/prod"
		}, MethodNotFound, "hello", "no method for GET /"},
		{"a document that is not known", "it may have the method", func(w *world) {
			w.api.Document = model.True
			w.call.path = "/prod/goodbye"
		}, InsufficientInfo, "", "document"},
		{"a document that is not known, and a signature", "the policy may be for signed calls only", func(w *world) {
			w.api.Document, w.call.request.Signed = model.True, true
			w.call.path = "/prod/goodbye"
			account := model.Principal{Kind: "AWS", ID: "123456789012"}
			w.policy.Document.Statements[1].Principals = model.Principals{Values: []model.Principal{account}}
		}, InsufficientInfo, "", "document"},
		{"a document that is not known, and another account", "the policy may be for that account", func(w *world) {
			w.admit("999999999999")
			w.api.Document, w.call.request.Foreign = model.True, true
			w.call.path = "/prod/goodbye"
		}, InsufficientInfo, "", "document"},
		{"a document next to a greedy method", "it may have a method that fits better", func(w *world) {
			w.api.Document = model.Maybe
			w.method.Path = model.Of("/{proxy+}")
		}, InsufficientInfo, "", ""},
		{"a method that waits for the deployment", "the deployment cannot have it", func(w *world) {
			w.deployed.ID = model.Unknown[string]()
			w.method.ID = model.Unknown[string]()
			w.stack.AddOrder(w.deployed.URN, "", nil)
			w.stack.AddOrder(w.method.URN, "", []string{w.deployed.URN})
		}, MethodNotFound, "deployment", "waits for deployment"},
		{"a method that may come after the deployment", "chance decides", func(w *world) {
			w.method.ID = model.Unknown[string]()
		}, InsufficientInfo, "", ""},
	})
}

// withKey changes a world so that its method wants an API key, which the request
// has, and that a usage plan has the stage.
func withKey(w *world) (*model.APIKey, *model.UsagePlanKey) {
	w.method.KeyRequired, w.call.request.APIKey = model.Of(true), true
	plan := &model.UsagePlan{Element: element("plan", "p1"), StagesComplete: true, Stages: []model.PlanStage{
		{API: refTo(w.api), StageName: model.Of("prod")},
	}}
	key := &model.APIKey{Element: element("key", "k1"), Enabled: model.Of(true)}
	of := &model.UsagePlanKey{Element: element("plan-key", "pk1"), Key: refTo(key), Plan: refTo(plan)}
	w.stack.UsagePlans, w.stack.UsagePlanKeys = []*model.UsagePlan{plan}, []*model.UsagePlanKey{of}
	return key, of
}

func TestAMethodWantsAValidKey(t *testing.T) {
	runRows(t, []row{
		{"a key of a plan", "the key is enabled, and the plan has the stage",
			func(w *world) { withKey(w) }, Delivered, "hello", ""},
		{"no key", "the request has none", func(w *world) {
			withKey(w)
			w.call.request.APIKey = false
		}, DeniedByAuthorization, "get-hello", "the request has none"},
		{"a disabled key", "API Gateway does not accept it", func(w *world) {
			key, _ := withKey(w)
			key.Enabled = model.Of(false)
		}, DeniedByAuthorization, "get-hello", "no key is valid"},
		{"a key of another plan", "the plan of the stage may get its keys elsewhere", func(w *world) {
			_, of := withKey(w)
			of.Plan = refTo(&model.UsagePlan{StagesComplete: true})
		}, InsufficientInfo, "", ""},
		{"a key of the only plan, which has another stage", "it is not valid for this stage", func(w *world) {
			withKey(w)
			w.stack.UsagePlans[0].Stages[0].StageName = model.Of("test")
		}, DeniedByAuthorization, "get-hello", "no key is valid"},
		{"a plan without keys", "the keys may be created elsewhere", func(w *world) {
			withKey(w)
			w.stack.UsagePlanKeys = nil
		}, InsufficientInfo, "", ""},
		{"no plan", "no key is valid for the stage", func(w *world) {
			withKey(w)
			w.stack.UsagePlans, w.stack.UsagePlanKeys = nil, nil
		}, DeniedByAuthorization, "get-hello", "no key is valid"},
	})
}
