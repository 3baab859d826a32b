package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHttpsBackendIsCalledByTheNameInItsCertificate(t *testing.T) {
	stack := deployLink(t, asItIs)
	want := map[string]any{
		"restApi": "api-api.id", "resourceId": "api-resource.id", "httpMethod": "ANY",
		"type": "HTTP_PROXY", "integrationHttpMethod": "ANY", "timeoutMilliseconds": 29000.0,
		"connectionType": "VPC_LINK", "connectionId": "link-vpclink.id", "uri": "https://backend.example.com/{proxy}",
		"tlsConfig":         map[string]any{"insecureSkipVerification": false},
		"requestParameters": map[string]any{"integration.request.path.proxy": "method.request.path.proxy"},
	}
	assert.Equal(t, want, stack.Inputs(t, "api-integration"))
	delete(want, "requestParameters")
	want = with(want, "resourceId", "api-api.rootResourceId", "uri", "https://backend.example.com/")
	assert.Equal(t, want, stack.Inputs(t, "api-root-integration"), "the root has no path to pass on")
}

func TestHttpsBackendOfAPrivateCaIsNotFullyVerified(t *testing.T) {
	stack := deployLink(t, func(b *HttpsBackend, _ *Route) { b.PrivateCa = true })
	assert.Equal(t, map[string]any{"insecureSkipVerification": true},
		stack.Inputs(t, "api-integration")["tlsConfig"])
}

func TestBodiesOfAnHttpsBackendPassByteByByte(t *testing.T) {
	stack := deployLink(t, asItIs)
	assert.Equal(t, []any{"*/*"}, stack.Inputs(t, "api-api")["binaryMediaTypes"],
		"otherwise API Gateway damages compressed bodies")
	assert.Equal(t, digest("*/*"), stack.Inputs(t, "api-deployment")["triggers"].(map[string]any)["mediaTypes"],
		"they take effect with a deployment")
	assert.NotContains(t, deployApi(t, unchanged).Inputs(t, "api-api"), "binaryMediaTypes",
		"a function would have to answer in Base64")
}

func TestHttpsBackendOfOnePathIsNotCalledForTheRoot(t *testing.T) {
	stack := deployLink(t, func(_ *HttpsBackend, route *Route) { route.Path = "status" })
	assert.Equal(t, "https://backend.example.com/status", stack.Inputs(t, "api-integration")["uri"])
	assert.NotContains(t, stack.Resources(), "api-root-integration")
}

func TestDeploymentWaitsForTheWayToTheBackend(t *testing.T) {
	stack := deployLink(t, asItIs)
	assert.Subset(t, stack.Dependencies(t, "api-deployment"), []string{
		"between-us-east-1a-to-10.103.0.0/16", "between-us-east-1b-to-10.103.0.0/16",
		"link-vpclink", "link-listener", "link-target-10.103.10.172", "link-target-10.0.11.31",
		"link-to-10.103.10.172/32", "api-integration", "api-root-integration",
	}, "only the integrations lead to the deployment otherwise, and the first requests would fail")
}

func TestDeploymentIsCutAgainWhenTheBackendChanges(t *testing.T) {
	trigger := func(change func(*HttpsBackend, *Route)) any {
		return deployLink(t, change).Inputs(t, "api-deployment")["triggers"].(map[string]any)["route"]
	}
	before := trigger(asItIs)
	require.Equal(t, before, trigger(asItIs), "the same backend has the same hash")
	for _, row := range []struct {
		why    string
		change func(*HttpsBackend, *Route)
	}{
		{"the link differs, and AWS would not delete the old one", func(b *HttpsBackend, _ *Route) {
			b.Link = &VpcLink{Id: pulumi.String("other").ToStringOutput()}
		}},
		{"the name differs", func(b *HttpsBackend, _ *Route) { b.HostName = "other.example.com" }},
		{"the time-out differs", func(b *HttpsBackend, _ *Route) { b.TimeoutMilliseconds = 5000 }},
		{"the CA is private", func(b *HttpsBackend, _ *Route) { b.PrivateCa = true }},
		{"the method differs", func(_ *HttpsBackend, route *Route) { route.HttpMethod = "GET" }},
	} {
		assert.NotEqual(t, before, trigger(row.change), row.why)
	}
	urns := deployLink(t, asItIs).Request(t, "api-deployment").PropertyDependencies["triggers"].GetUrns()
	for _, urn := range urns {
		assert.NotRegexp(t, "Method|Integration", urn, "the deployment would be deleted with it")
	}
}
