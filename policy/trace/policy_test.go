package trace

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
)

// made makes the policy's text unknown. It is made from some elements.
func (w *world) made(from ...model.Element) {
	w.policy.Document, w.policy.From = nil, model.Sources{}
	w.policy.Networks = model.NetworkSources{VPC: model.False}
	for _, e := range from {
		w.policy.From.AWS = append(w.policy.From.AWS, e.URN)
		switch e.Name {
		case "vpc", "other":
			w.policy.Networks.VPC = model.True
		case "endpoint":
			w.policy.Networks.Endpoints = []string{"endpoint"}
		}
	}
}

func TestTheResourcePolicyDecides(t *testing.T) {
	runRows(t, []row{
		{"another VPC", "the fence denies every other VPC", func(w *world) {
			w.policy.Document = fence("aws:SourceVpc", "vpc-2")
		}, DeniedByPolicy, "policy", "aws:SourceVpc"},
		{"an endpoint's ID as a VPC", "no VPC has that ID, so everyone is denied", func(w *world) {
			w.policy.Document = fence("aws:SourceVpc", "vpce-0abc")
		}, DeniedByPolicy, "policy", "aws:SourceVpc"},
		{"the endpoint", "the request comes through it", func(w *world) {
			w.policy.Document = fence("aws:SourceVpce", "vpce-0abc")
		}, Delivered, "hello", ""},
		{"the sender's address", "a private API sees the address of the connection to the endpoint", func(w *world) {
			w.policy.Document = fence("aws:VpcSourceIp", "10.0.1.5")
		}, Delivered, "hello", ""},
		{"the sender's public address", "a request through an endpoint has no aws:SourceIp", func(w *world) {
			w.policy.Document = fence("aws:SourceIp", "10.0.1.5")
		}, DeniedByPolicy, "policy", ""},
		{"no policy", "a private API without one refuses every call", func(w *world) {
			w.stack.ResourcePolicies = nil
		}, DeniedByPolicy, "hello", "without a resource policy"},
		{"an unknown text from the caller's VPC", "the text may say anything about the VPC", func(w *world) {
			w.made(w.vpc.Element, w.api.Element)
		}, InsufficientInfo, "", ""},
		{"an unknown text from another VPC", "the policy admits others", func(w *world) {
			w.made(w.other.Element, w.api.Element)
		}, DeniedByPolicy, "policy", "another network"},
		{"an unknown text from both VPCs", "it may admit both", func(w *world) {
			w.made(w.vpc.Element, w.other.Element)
		}, InsufficientInfo, "", ""},
		{"an unknown text from another VPC and the caller's", "the client is in the other VPC", func(w *world) {
			w.made(w.other.Element)
			w.call.client.vpc = refTo(w.other)
		}, InsufficientInfo, "", ""},
		{"an unknown text from the API alone", "it names no network of the stack", func(w *world) {
			w.made(w.api.Element)
		}, InsufficientInfo, "", ""},
		{"an unknown text from another VPC and something else", "that may give any ID", func(w *world) {
			w.made(w.other.Element, element("subnet", "subnet-1"))
		}, InsufficientInfo, "", ""},
		{"a policy that may be in force", "it denies the call, and so does a private API without one", func(w *world) {
			w.policy.Set = model.Maybe
			w.policy.Document = fence("aws:SourceVpc", "vpc-2")
		}, DeniedByPolicy, "policy", ""},
		{"a policy that may be in force and allows the call", "a private API without one refuses it", func(w *world) {
			w.policy.Set = model.Maybe
		}, InsufficientInfo, "", ""},
		{"IDs that are not known yet", "the VPC has no ID before it exists", func(w *world) {
			w.vpc.ID = model.Unknown[string]()
		}, InsufficientInfo, "", ""},
		{"a secret text", "no message may quote it", func(w *world) {
			w.policy.Document, w.policy.Secret = fence("aws:SourceVpc", "vpc-2"), true
		}, DeniedByPolicy, "policy", "secret"},
	})
}

func TestTheEndpointPolicyDecides(t *testing.T) {
	onlyFor := func(w *world, resource string) {
		document := fence("aws:SourceVpc", "vpc-1")
		document.Statements = document.Statements[1:]
		document.Statements[0].Resources.Values = []string{resource}
		w.stack.AddEndpointPolicy(&model.EndpointPolicy{
			Element: element("endpoint-policy", "vpce-0abc"), Endpoint: refTo(w.endpoint), Set: model.True,
			Document: document,
		})
	}
	runRows(t, []row{
		{"another API", "the endpoint lets calls of that API pass only", func(w *world) {
			onlyFor(w, "arn:aws:execute-api:eu-west-1:123456789012:zzzzzz/*")
		}, DeniedByEndpoint, "endpoint-policy", "does not allow"},
		{"this API", "its ARN matches, whatever the account", func(w *world) {
			onlyFor(w, "arn:aws:execute-api:eu-west-1:*:a1b2c3/*")
		}, Delivered, "hello", ""},
		{"another verb", "the ARN of a call ends with the verb and the path", func(w *world) {
			onlyFor(w, "arn:aws:execute-api:eu-west-1:*:a1b2c3/prod/POST/*")
		}, DeniedByEndpoint, "endpoint-policy", ""},
		{"an account that is not known", "the stack does not say the account", func(w *world) {
			onlyFor(w, "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*")
		}, InsufficientInfo, "", ""},
		{"an API of another stack", "the policy names only ours, whatever that API is", func(w *world) {
			onlyFor(w, "arn:aws:execute-api:eu-west-1:*:a1b2c3/*")
			w.ask("zzzzzz.execute-api.eu-west-1.amazonaws.com")
		}, DeniedByEndpoint, "endpoint-policy", ""},
		{"a policy that may be in force", "without it, the endpoint lets every call pass", func(w *world) {
			onlyFor(w, "arn:aws:execute-api:eu-west-1:*:zzzzzz/*")
			w.stack.EndpointPolicies(w.endpoint)[0].Set = model.Maybe
		}, InsufficientInfo, "", ""},
		{"a text that is not known", "it may allow the call", func(w *world) {
			w.stack.AddEndpointPolicy(&model.EndpointPolicy{
				Element: element("endpoint-policy", "vpce-0abc"), Endpoint: refTo(w.endpoint), Set: model.True,
			})
		}, InsufficientInfo, "", ""},
	})
}

func TestAMethodWantsCredentials(t *testing.T) {
	key := func(w *world) { w.method.KeyRequired, w.call.request.APIKey = model.Of(true), true }
	runRows(t, []row{
		{"no signature", "AWS_IAM wants one", func(w *world) {
			w.method.Authorization = model.Of(model.AuthorizationIAM)
		}, DeniedByAuthorization, "get-hello", "signature"},
		{"a signature", "an identity of the account has signed", func(w *world) {
			w.method.Authorization, w.call.request.Signed = model.Of(model.AuthorizationIAM), true
		}, Delivered, "hello", ""},
		{"a signature of another account", "the policy admits everyone in the VPC", func(w *world) {
			w.method.Authorization, w.call.request.Foreign = model.Of(model.AuthorizationIAM), true
		}, Delivered, "hello", ""},
		{"a signature of an account that the policy names", "the policy admits all of its identities", func(w *world) {
			w.method.Authorization, w.call.request.Foreign = model.Of(model.AuthorizationIAM), true
			w.admit("arn:aws:iam::999999999999:root")
		}, Delivered, "hello", ""},
		{"a signature of an account that the policy does not name", "the policy admits the API's own", func(w *world) {
			w.method.Authorization, w.call.request.Foreign = model.Of(model.AuthorizationIAM), true
			w.admit("123456789012")
		}, DeniedByPolicy, "policy", ""},
		{"a signature of an account with a role that the policy names", "it may be the role's", func(w *world) {
			w.method.Authorization, w.call.request.Foreign = model.Of(model.AuthorizationIAM), true
			w.admit("arn:aws:iam::999999999999:role/caller")
		}, InsufficientInfo, "", ""},
		{"a signature of an account as a whole", "the policy admits it, and a role of another", func(w *world) {
			w.method.Authorization, w.call.request.Foreign = model.Of(model.AuthorizationIAM), true
			w.admit("999999999999", "arn:aws:iam::888888888888:role/caller")
		}, Delivered, "hello", ""},
		{"no token", "a user pool wants one", func(w *world) {
			w.method.Authorization = model.Of(model.AuthorizationCognito)
		}, DeniedByAuthorization, "get-hello", "token"},
		{"a token", "the user pool decides", func(w *world) {
			w.method.Authorization = model.Of(model.AuthorizationCognito)
			w.call.headers["authorization"] = "t"
		}, InsufficientInfo, "", ""},
		{"no key", "the method requires one", func(w *world) {
			w.method.KeyRequired = model.Of(true)
		}, DeniedByAuthorization, "get-hello", "API key"},
		{"a key without a plan", "no key is valid for the stage", key, DeniedByAuthorization, "get-hello",
			"usage plan"},
	})
}

func TestAPolicySeesTheAddressOfTheConnection(t *testing.T) {
	w := newWorld()
	w.call.from.address = model.Known[netip.Addr]{}
	subnet := &model.Subnet{Element: element("subnet", "subnet-1")}
	subnet.Range = model.Of(netip.MustParsePrefix("10.0.1.0/24"))
	w.call.from.subnet = refTo(subnet)
	for block, want := range map[string]Disposition{
		"10.0.0.0/16": Delivered, "10.0.2.0/24": DeniedByPolicy, "10.0.1.0/28": InsufficientInfo,
	} {
		w.policy.Document = fence("aws:VpcSourceIp", block)
		w.policy.Document.Statements[0].Conditions[0].Operator = "NotIpAddress"
		assert.Equal(t, want, w.walkTo()[0].Disposition, "the sender is in 10.0.1.0/24, the policy admits %s", block)
	}
}

func TestAPolicyForSomeAddressesDoesNotAdmitEveryone(t *testing.T) {
	public := func(change func(*world)) func(*world) {
		return func(w *world) {
			w.fromInternet()
			w.api.Type = model.Of(model.APIRegional)
			w.policy.Document = fence("aws:SourceIp", "198.51.100.0/24")
			w.policy.Document.Statements[0].Conditions[0].Operator = "NotIpAddress"
			change(w)
		}
	}
	runRows(t, []row{
		{"everyone", "somebody on the internet has another address", public(func(*world) {}),
			DeniedByPolicy, "policy", ""},
		{"an address of the range", "the policy admits it", public(func(w *world) {
			w.call.from.everyone, w.call.from.address = false, model.Of(netip.MustParseAddr("198.51.100.7"))
		}), Delivered, "hello", ""},
		{"everyone except some", "another address is admitted", public(func(w *world) {
			w.policy.Document.Statements[0].Conditions[0].Operator = "IpAddress"
		}), Delivered, "hello", ""},
	})
}

// TestAnAdmittedCallIsPastThePolicyOfItsEndpoint asks whether a request certainly does not end at an endpoint's policy,
// if its end is not known. A backend may be behind another endpoint, with another policy.
func TestAnAdmittedCallIsPastThePolicyOfItsEndpoint(t *testing.T) {
	for _, c := range []struct {
		why    string
		change func(*world)
		want   Disposition
	}{
		{"the method is not known yet", func(w *world) {
			w.stack.Methods, w.api.Document = nil, model.Maybe
		}, DeniedByEndpoint},
		{"a function is not known yet", func(w *world) {
			w.backend.Type = model.Of(model.IntegrationAWSProxy)
			w.backend.Function = model.UnknownRef[model.Function]()
		}, DeniedByEndpoint},
		{"the address of the backend is not known yet", func(w *world) {
			w.backend.Type, w.backend.URI = model.Of(model.IntegrationHTTPProxy), model.Unknown[string]()
		}, ""},
		{"the load balancer of a link is not known yet", func(w *world) {
			w.backend.Type, w.backend.URI = model.Of(model.IntegrationHTTPProxy), model.Of("https://b.example.com/")
			w.backend.Connection = model.Of(model.ConnectionVPCLink)
			w.backend.Link = refTo(&model.VPCLink{Target: model.UnknownRef[model.LoadBalancer]()})
		}, ""},
		{"the type of the integration is not known yet", func(w *world) {
			w.backend.Type = model.Unknown[model.IntegrationType]()
		}, ""},
		{"the integration is not known yet", func(w *world) {
			w.method.Integration = model.UnknownRef[model.Integration]()
		}, ""},
	} {
		w := newWorld()
		c.change(w)
		traces := w.walkTo()
		require.Len(t, traces, 1, c.why)
		assert.Equal(t, InsufficientInfo, traces[0].Disposition, c.why)
		assert.Equal(t, c.want, traces[0].Past, c.why)
	}
}

// admit lets some principals of AWS call the API, which is in the account 123456789012.
func (w *world) admit(ids ...string) {
	w.api.ExecutionARN = model.Of("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3")
	w.policy.Document = fence("aws:SourceVpc", "vpc-1")
	for i, s := range w.policy.Document.Statements {
		if s.Effect == model.Allow {
			w.policy.Document.Statements[i].Principals.Values = nil
			for _, id := range ids {
				admitted := &w.policy.Document.Statements[i].Principals.Values
				*admitted = append(*admitted, model.Principal{Kind: "AWS", ID: id})
			}
		}
	}
}
