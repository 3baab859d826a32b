package components

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// HttpsBackend is an HTTPS server behind a VPC link.
type HttpsBackend struct {
	Link *VpcLink
	// HostName is the name in the server's certificate. API Gateway sends it in
	// the Host header and compares the certificate with it. It never resolves
	// the name: the link alone decides where requests go.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html
	HostName            string
	TimeoutMilliseconds int // More than 29000 needs a raised quota.
	// PrivateCa says that no public CA that API Gateway knows issued the
	// certificate. API Gateway still checks the certificate's name, its dates and
	// that it has a root.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html
	PrivateCa bool
	DependsOn []pulumi.Resource // The way from the load balancer to the server, such as routes.
}

var _ Backend = (*HttpsBackend)(nil)

// fingerprint returns a text that contains the link's ID: AWS does not delete a
// link while a stage serves a deployment that was made with it.
// https://github.com/hashicorp/terraform-provider-aws/issues/12195
func (b *HttpsBackend) fingerprint() pulumi.StringOutput {
	uri := b.uri(ProxyPath)
	return pulumi.Sprintf("%s by %s in %d ms, private CA: %t", uri, b.Link.Id, b.TimeoutMilliseconds, b.PrivateCa)
}

// uri returns the server's URL for a path of the API.
func (b *HttpsBackend) uri(path string) string {
	if path == ProxyPath {
		path = "{proxy}"
	}
	return "https://" + b.HostName + "/" + path
}

// integrate makes the integration an HTTP proxy through the link.
func (b *HttpsBackend) integrate(path string, integration *apigateway.IntegrationArgs) {
	integration.Type = pulumi.String("HTTP_PROXY")
	integration.IntegrationHttpMethod = pulumi.String("ANY")
	integration.ConnectionType = pulumi.String("VPC_LINK")
	integration.ConnectionId = b.Link.Id
	integration.Uri = pulumi.String(b.uri(path))
	integration.TimeoutMilliseconds = pulumi.Int(b.TimeoutMilliseconds)
	// Set in either case, because the provider ignores the removal of the block.
	// https://github.com/hashicorp/terraform-provider-aws/issues/32836
	integration.TlsConfig = &apigateway.IntegrationTlsConfigArgs{InsecureSkipVerification: pulumi.Bool(b.PrivateCa)}
	if path == ProxyPath {
		integration.RequestParameters = pulumi.StringMap{
			"integration.request.path.proxy": pulumi.String("method.request.path.proxy"),
		}
	}
}

// binaryMediaTypes returns all media types. A server may compress any body, and
// API Gateway damages a compressed body that it takes for text.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
func (b *HttpsBackend) binaryMediaTypes() pulumi.StringArrayInput {
	return pulumi.StringArray{pulumi.String("*/*")}
}

// prepare returns the link, its listener and targets, and the way from there to
// the server. The integration itself refers only to the link.
func (b *HttpsBackend) prepare(scope, *apigateway.RestApi) ([]pulumi.Resource, error) {
	return append(slices.Clone(b.DependsOn), b.Link), nil
}
