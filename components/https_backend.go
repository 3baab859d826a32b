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
	// the Host header and compares the certificate with it, but never resolves
	// it: the link alone decides where requests go.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html
	HostName            string
	TimeoutMilliseconds int // More than 29000 needs a raised quota.
	// PrivateCa tells that the certificate is not of a public CA that API Gateway
	// knows. Its name, its dates and that it has a root are checked all the same.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html
	PrivateCa bool
	Ready     []pulumi.Resource // What is between the load balancer and the server, such as routes.
}

var _ Backend = (*HttpsBackend)(nil)

// describe names the link: a stage that serves a deployment made with another
// one keeps AWS from deleting that.
// https://github.com/hashicorp/terraform-provider-aws/issues/12195
func (b *HttpsBackend) describe() pulumi.StringOutput {
	return pulumi.Sprintf("%s by %s in %d ms, private CA: %t", b.uri(ProxyPath), b.Link.Id, b.TimeoutMilliseconds, b.PrivateCa)
}

func (b *HttpsBackend) uri(path string) string {
	if path == ProxyPath {
		path = "{proxy}"
	}
	return "https://" + b.HostName + "/" + path
}

func (b *HttpsBackend) integrate(path string, integration *apigateway.IntegrationArgs) {
	integration.Type = pulumi.String("HTTP_PROXY")
	integration.IntegrationHttpMethod = pulumi.String("ANY")
	integration.ConnectionType = pulumi.String("VPC_LINK")
	integration.ConnectionId = b.Link.Id
	integration.Uri = pulumi.String(b.uri(path))
	integration.TimeoutMilliseconds = pulumi.Int(b.TimeoutMilliseconds)
	// Said either way: the provider forgets a block that goes.
	// https://github.com/hashicorp/terraform-provider-aws/issues/32836
	integration.TlsConfig = &apigateway.IntegrationTlsConfigArgs{InsecureSkipVerification: pulumi.Bool(b.PrivateCa)}
	if path == ProxyPath {
		integration.RequestParameters = pulumi.StringMap{"integration.request.path.proxy": pulumi.String("method.request.path.proxy")}
	}
}

// open returns the link, its listener and targets, and the way on from there:
// the integration itself needs none of them but the link.
func (b *HttpsBackend) open(*pulumi.Context, string, *apigateway.RestApi, pulumi.ResourceOption) ([]pulumi.Resource, error) {
	return append(slices.Clone(b.Ready), b.Link), nil
}
