package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/trace"
)

// symptom is a failure that an article reports.
type symptom struct {
	name, why string
	blueprint string
	// before makes the stack that works, from that of the blueprint. It may be nil.
	before func(*edition)
	// change makes the mistake of the article in the stack. It is nil if the mistake is in the request.
	change  func(*edition)
	request model.Request
	// works is the request that is delivered. If it has no URL, request is, before the change.
	works model.Request
	// want is how the request ends, and by is the beginning of the name of the element that decides.
	want trace.Disposition
	by   string
	// sees are parts of what people see: of the last step, of an earlier one or of the symptom.
	sees []string
	// others is how many ways are delivered all the same.
	others int
}

// The names of API Gateway in the recordings.
const (
	privateAPI = "https://${shared-vpc-private-api}.execute-api.us-east-1.amazonaws.com/prod/hello"
	publicAPI  = "https://${shared-vpc-regional-api}.execute-api.us-east-1.amazonaws.com/prod/hello"
	linkedAPI  = "https://${link-api}.execute-api.us-east-1.amazonaws.com/prod/any/path"
)

// symptoms are the failures of the five articles, in the order of the way.
var symptoms = []symptom{
	{
		name: "the client's group lets no IPv6 out", blueprint: "ipv6-front",
		why: "a rule for 0.0.0.0/0 lets out IPv4 only, and the name has no other address that the client can reach",
		change: func(e *edition) {
			for _, rule := range []string{"ipv6-clients-to-us-east-1a", "ipv6-clients-to-us-east-1b"} {
				e.add(rule, "cidrIpv6", "cidrIpv4", resource.NewProperty("0.0.0.0/0"))
				e.drop(rule, "cidrIpv6")
			}
		},
		request: model.Request{From: "ipv6-client-function", URL: "https://ipv6.example.com/prod/hello", IPVersion: 6,
			Headers: map[string]string{"Host": "${ipv6-api}.execute-api.us-east-1.amazonaws.com"}},
		want: trace.DeniedBySecurityGroup, by: "ipv6-client-function",
		sees: []string{"a time-out", "no outbound rule of the security groups of function ipv6-client-function"},
	},
	{
		name: "NXDOMAIN without private DNS", blueprint: "shared-vpc-apis",
		why:    "nslookup of a private API finds nothing before the endpoint has private DNS",
		before: privateDNS(true), change: privateDNS(false),
		request: model.Request{From: "shared-vpc-vpc-private-1", URL: privateAPI, Signed: true},
		want:    trace.NameNotResolved, by: "shared-vpc-private-api",
		sees: []string{"Could not resolve host", "NXDOMAIN", "resolves only where an endpoint's private DNS is on"},
	},
	{
		name: "403 by the private-DNS trap", blueprint: "shared-vpc-apis",
		why:     "with private DNS, the names of public APIs lead to the endpoint too",
		change:  privateDNS(true),
		request: model.Request{From: "shared-vpc-vpc-private-1", URL: publicAPI, Signed: true},
		want:    trace.APINotFound, by: "shared-vpc-endpoint-vpce",
		sees: []string{`HTTP 403 {"message":"Forbidden"}`, "its private DNS takes the names of public APIs too"},
	},
	{
		name: "the endpoint's name from outside", blueprint: "shared-vpc-apis",
		why:     "the endpoint's own name resolves everywhere, but to private addresses",
		request: byHeader("internet", "https://${shared-vpc-endpoint-vpce}/prod/hello"),
		works:   byHeader("shared-vpc-vpc-private-1", "https://${shared-vpc-endpoint-vpce}/prod/hello"),
		want:    trace.NoRoute, by: "shared-vpc-endpoint-vpce",
		sees: []string{"a time-out", "has no public address"},
	},
	{
		name: "API Gateway by HTTP", blueprint: "shared-vpc-apis",
		why: "API Gateway answers by HTTPS only",
		before: func(e *edition) {
			e.set("shared-vpc-endpoint-from-10.4.0.0/16", "fromPort", resource.NewProperty(80.0))
		},
		request: byHeader("shared-vpc-vpc-private-1", "http://${shared-vpc-endpoint-vpce}/prod/hello"),
		works:   byHeader("shared-vpc-vpc-private-1", "https://${shared-vpc-endpoint-vpce}/prod/hello"),
		want:    trace.NotListening, by: "shared-vpc-endpoint-vpce",
		sees: []string{"Connection refused", "answers on port 443 only, and not on port 80"},
	},
	{
		name: "403 by an endpoint's ID in the policy", blueprint: "static-ip-apigw",
		why: "aws:SourceVpc wants the ID of the VPC, and the console's template invites to give the endpoint's",
		change: func(e *edition) {
			vpc, endpoint := e.get("static-ip-endpoint-vpce", "vpcId"), e.get("static-ip-endpoint-vpce", "id")
			e.replace("static-ip-policy", "policy", vpc.StringValue(), endpoint.StringValue())
		},
		request: model.Request{From: "internet 192.0.2.5", URL: "https://api.example.com/hello"},
		want:    trace.DeniedByPolicy, by: "static-ip-policy",
		sees: []string{"HTTP 403", "not authorized to perform: execute-api:Invoke", "explicit deny", "aws:SourceVpc"},
	},
	{
		name: "a zonal name after its zone is lost", blueprint: "static-ip-apigw",
		why: "the alias must lead to the name of all zones, not to that of one",
		before: func(e *edition) {
			e.replace("static-ip-dns-inside-a", "aliases", ".execute-api.", "-us-east-1b.execute-api.")
		},
		change: func(e *edition) {
			for _, key := range []resource.PropertyKey{"subnetIds", "subnetConfigurations", "dnsEntries"} {
				e.shorten("static-ip-endpoint-vpce", key)
			}
		},
		request: model.Request{From: "static-ip-vpc-private-1", Groups: []string{"static-ip-sg"},
			URL: "https://api.example.com/hello"},
		want: trace.NameNotResolved, by: "static-ip-endpoint-vpce",
		sees: []string{"Could not resolve host", "has no address in zone us-east-1b"},
	},
	{
		name: "one of two addresses timing out", blueprint: "static-ip-apigw",
		why:     "each node of a public load balancer needs a public subnet",
		change:  func(e *edition) { e.remove("static-ip-vpc-public-2", "destinationCidrBlock") },
		request: model.Request{From: "internet 192.0.2.5", URL: "https://api.example.com/hello"},
		want:    trace.NoRoute, by: "static-ip-vpc-public-2", others: 1,
		sees: []string{"a time-out", "static-ip-vpc-public-2"},
	},
	{
		name: "the endpoint's own name with the service's certificate", blueprint: "h2-endpoint-service",
		why:     "nobody has a certificate for the name that AWS gives to an endpoint",
		request: model.Request{From: "h2-consumer-vpc-private-1", URL: "https://${h2-consumer-vpce}/"},
		works:   model.Request{From: "h2-consumer-vpc-private-1", URL: "https://h2.example.com/"},
		want:    trace.TLSNameMismatch, by: "h2-listener",
		sees: []string{"no alternative certificate subject name matches target host name 'vpce-", "h2.example.com"},
	},
	{
		name: "PKIX", blueprint: "vpclink-https-backend",
		why: "API Gateway trusts no private authority and no self-signed certificate",
		change: func(e *edition) {
			e.add("link-simulated-certificate", "validationMethod", "certificateAuthorityArn", resource.NewProperty(
				"arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/own"))
		},
		request: model.Request{From: "internet", URL: linkedAPI, Signed: true},
		want:    trace.TLSUntrusted, by: "link-simulated-listener",
		sees: []string{"HTTP 500", "Execution failed due to configuration error: PKIX path building failed"},
	},
	{
		name: "host name mismatch", blueprint: "vpclink-https-backend",
		why: "the URI of the integration must have a name of the backend's certificate",
		change: func(e *edition) {
			name := e.get("link-nlb", "dnsName").StringValue()
			e.replace("link-integration", "uri", "backend.example.com", name)
		},
		request: model.Request{From: "internet", URL: linkedAPI, Signed: true},
		want:    trace.TLSNameMismatch, by: "link-simulated-listener",
		sees: []string{
			"Execution failed due to configuration error: Host name 'link-nlb-", ".elb.us-east-1.amazonaws.com'",
			"does not match the certificate subject provided by the peer (CN=backend.example.com)",
		},
	},
	{
		name: "HTTP/1.1 where h2 was wanted", blueprint: "h2-endpoint-service",
		why:     "a listener without an ALPN policy agrees on no protocol",
		change:  func(e *edition) { e.set("h2-listener", "alpnPolicy", resource.NewProperty("None")) },
		request: model.Request{From: "h2-consumer-vpc-private-1", URL: "https://h2.example.com/", Protocol: "h2"},
		want:    trace.Delivered, by: "h2-web-us-east-1",
		sees: []string{"the server does not agree on a protocol (ALPN policy None)", "http/1.1"},
	},
}

// privateDNS turns the private DNS of the endpoint on or off.
func privateDNS(on bool) func(*edition) {
	return func(e *edition) { e.set("shared-vpc-endpoint-vpce", "privateDnsEnabled", resource.NewProperty(on)) }
}

// byHeader returns a request that names the private API in a header.
func byHeader(from, url string) model.Request {
	return model.Request{From: from, URL: url, Signed: true,
		Headers: map[string]string{"x-apigw-api-id": "${shared-vpc-private-api}"}}
}

// TestEachFailureOfTheArticlesIsToldByItsSymptom follows the request of each failure
// through the stack of a blueprint.
func TestEachFailureOfTheArticlesIsToldByItsSymptom(t *testing.T) {
	stacks, err := readStacks("testdata")
	require.NoError(t, err)
	for _, s := range symptoms {
		t.Run(s.name, func(t *testing.T) {
			i := slices.IndexFunc(stacks,
				func(r *stack) bool { return r.blueprint == s.blueprint && r.view == deployed })
			require.GreaterOrEqual(t, i, 0, s.blueprint)
			e := &edition{t, slices.Clone(stacks[i].resources)}
			if s.before != nil {
				s.before(e)
			}
			if s.works.URL == "" {
				s.works = s.request
			}
			for _, way := range e.follow(s.works) {
				require.Equal(t, trace.Delivered, way.Disposition, told(way))
			}
			if s.change != nil {
				s.change(e)
			}
			s.check(t, e.follow(s.request))
		})
	}
}

// check compares the ways of the request with what the article reports.
func (s symptom) check(t *testing.T, ways []trace.Trace) {
	t.Helper()
	others := 0
	for _, way := range ways {
		if way.Disposition != s.want {
			require.Equal(t, trace.Delivered, way.Disposition, told(way))
			others++
			continue
		}
		assert.True(t, strings.HasPrefix(way.By.NameInProgram, s.by), "by %s: %s", way.By.Name, told(way))
		assert.Equal(t, s.want == trace.Delivered, way.Fix == "", "the fix is %q", way.Fix)
		for _, text := range s.sees {
			assert.Contains(t, told(way), text, s.why)
		}
	}
	assert.Equal(t, s.others, others, "ways that are delivered")
	assert.Greater(t, len(ways), others, "no way ends as %s", s.want)
}

// told returns what people see of a way: its steps and its symptom.
func told(way trace.Trace) string {
	text := string(way.Disposition) + ": " + way.Symptom() + "\n"
	for _, hop := range way.Hops {
		for _, step := range hop.Steps {
			text += step.Text + "\n"
		}
	}
	return text + "over " + way.Protocol
}

// edition is a recorded stack that a test changes.
type edition struct {
	t         *testing.T
	resources []plugin.AnalyzerStackResource
}

// follow follows a request through the stack.
func (e *edition) follow(r model.Request) []trace.Trace {
	e.t.Helper()
	ways, err := trace.New(decode.Stack(e.resources)).Trace(r)
	require.NoError(e.t, err)
	return ways
}

// find returns the index of the only resource with a name and one of its properties.
func (e *edition) find(name string, key resource.PropertyKey) int {
	e.t.Helper()
	found := -1
	for i, r := range e.resources {
		if _, has := r.Properties[key]; has && r.URN.Name() == name && strings.HasPrefix(string(r.Type), "aws:") {
			require.Negative(e.t, found, "two resources have the name %s and the property %s", name, key)
			found = i
		}
	}
	require.GreaterOrEqual(e.t, found, 0, "%s: %s", name, key)
	return found
}

// get returns a property of a resource.
func (e *edition) get(name string, key resource.PropertyKey) resource.PropertyValue {
	e.t.Helper()
	return e.resources[e.find(name, key)].Properties[key]
}

// set gives a property of a resource another value.
func (e *edition) set(name string, key resource.PropertyKey, value resource.PropertyValue) {
	e.t.Helper()
	e.add(name, key, key, value)
}

// add gives a value to a property that the resource may not have yet. has is one of
// its other properties.
func (e *edition) add(name string, has, key resource.PropertyKey, value resource.PropertyValue) {
	e.t.Helper()
	i := e.find(name, has)
	e.resources[i] = copyOf(e.resources[i])
	e.resources[i].Properties[key] = value
}

// drop removes a property of a resource that the test has changed already.
func (e *edition) drop(name string, key resource.PropertyKey) {
	e.t.Helper()
	r := e.resources[e.find(name, key)]
	delete(r.Properties, key)
	delete(r.PropertyDependencies, key)
}

// replace replaces a text in a property of a resource.
func (e *edition) replace(name string, key resource.PropertyKey, old, text string) {
	e.t.Helper()
	changed := rewrite(e.get(name, key), func(was string) string { return strings.ReplaceAll(was, old, text) })
	require.False(e.t, changed.DeepEquals(e.get(name, key)), "%s: %s has no %q", name, key, old)
	e.set(name, key, changed)
}

// shorten removes the last element of a list.
func (e *edition) shorten(name string, key resource.PropertyKey) {
	e.t.Helper()
	e.set(name, key, withoutElement(e.get(name, key), len(e.get(name, key).ArrayValue())-1))
}

// remove removes the resource with a name and one of its properties.
func (e *edition) remove(name string, key resource.PropertyKey) {
	e.t.Helper()
	i := e.find(name, key)
	e.resources = slices.Delete(slices.Clone(e.resources), i, i+1)
}
