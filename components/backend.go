package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Backend is what an API passes requests on to: a Function, an
// ExistingFunction or an HttpsBackend. A preflight is one too, for which API Gateway
// itself answers.
type Backend interface {
	// fingerprint returns a text that changes whenever the integrations would.
	fingerprint() pulumi.StringOutput
	// integrate completes the integration of the method of a path, which is
	// empty for the root.
	integrate(path string, integration *apigateway.IntegrationArgs)
	// binaryMediaTypes returns the media types of bodies that the API passes on
	// byte by byte, or nil. It takes all other bodies for UTF-8 text.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
	binaryMediaTypes() pulumi.StringArrayInput
	// prepare registers what the API needs to call the backend. It returns the
	// resources that must exist before requests arrive.
	prepare(s scope, api *apigateway.RestApi) ([]pulumi.Resource, error)
}

// mockBackend is a Backend for which API Gateway itself answers, with responses that
// the API has.
type mockBackend interface {
	Backend
	// newResponses registers the responses of a method and of its integration. name
	// returns the name of a resource of the method, by its role.
	newResponses(
		s scope, name func(role string) string, method *apigateway.Method, integration *apigateway.Integration,
	) ([]pulumi.Resource, error)
}
