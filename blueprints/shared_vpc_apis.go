package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// SharedVpcApisArgs is configuration that has been checked, and what AWS
// answered about it.
type SharedVpcApisArgs struct {
	Settings SharedVpcApisSettings
	Place
}

// SharedVpcApis is one VPC whose clients call a private and a regional REST API:
//
//	client in the VPC ── {api}-{vpce}.execute-api…, or the endpoint's name ──▶ execute-api endpoint ──▶ private REST API
//	       │                 with Host or x-apigw-api-id                        (no private DNS)     (aws:SourceVpc)
//	       └──────────── {api}.execute-api…, public DNS ──▶ NAT, internet ──▶ regional REST API
//
// Private DNS stays off: it would lead the regional API's name to the endpoint
// too, where AWS answers 403.
//
// The README says what it costs, and which rules of the policy pack guard it.
type SharedVpcApis struct {
	pulumi.ResourceState

	CurlByHostHeader  pulumi.StringOutput // The private API, by the endpoint's name and the API's in the Host header.
	CurlByApiIdHeader pulumi.StringOutput // The same by the API's id in x-apigw-api-id.
	CurlByAlias       pulumi.StringOutput // The same by the alias that AWS makes for the API and the endpoint.
	CurlRegional      pulumi.StringOutput
	EndpointId        pulumi.StringOutput
}

const sharedVpcApisType = "private-api-blueprints:blueprints:SharedVpcApis"

// NewSharedVpcApis registers the blueprint. Physical names begin with name.
func NewSharedVpcApis(ctx *pulumi.Context, name string, args *SharedVpcApisArgs, opts ...pulumi.ResourceOption) (*SharedVpcApis, error) {
	bp := &SharedVpcApis{}
	s := &args.Settings
	if err := ctx.RegisterComponentResourceV2(sharedVpcApisType, name, pulumi.Map{"path": pulumi.String(s.Api.Path)}, bp, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(bp)
	network, endpoint, err := args.register(ctx, name, &s.Network, &s.Endpoint, child)
	if err != nil {
		return nil, err
	}
	function, err := s.Function.register(ctx, name+"-hello", args.Environment.Partition, nil, child)
	if err != nil {
		return nil, err
	}
	stage, err := s.Api.stage(ctx, args.Environment.Partition)
	if err != nil {
		return nil, err
	}
	private, err := components.NewPrivateRestApi(ctx, name+"-private", &components.PrivateRestApiArgs{
		Environment: args.Environment, VpcId: network.VpcId, EndpointId: endpoint.EndpointId, Route: s.Api.route(), Backend: function, Stage: stage,
	}, child)
	if err != nil {
		return nil, err
	}
	regional, err := components.NewRegionalRestApi(ctx, name+"-regional", &components.RegionalRestApiArgs{Route: s.Api.route(), Backend: function, Stage: stage}, child)
	if err != nil {
		return nil, err
	}
	if err := bp.describePrivate(ctx, name+"-private", args, endpoint, private, child); err != nil {
		return nil, err
	}
	key, err := s.Api.registerKey(ctx, name+"-regional", regional.ApiId, regional.StageName, child)
	if err != nil {
		return nil, err
	}
	bp.EndpointId = endpoint.EndpointId
	bp.CurlRegional = s.Api.curl(pulumi.Sprintf("%s/%s", regional.InvokeUrl, s.Api.Path), args.Environment.Region, key)
	return bp, ctx.RegisterResourceOutputs(bp, pulumi.Map{"curlByAlias": bp.CurlByAlias, "curlRegional": bp.CurlRegional})
}

// describePrivate fills in the three ways to call the private API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (bp *SharedVpcApis) describePrivate(ctx *pulumi.Context, name string, args *SharedVpcApisArgs, endpoint *components.ExecuteApiEndpoint, api *components.PrivateRestApi, child pulumi.ResourceOption) error {
	s, region := &args.Settings.Api, args.Environment.Region
	key, err := s.registerKey(ctx, name, api.ApiId, api.StageName, child)
	if err != nil {
		return err
	}
	suffix := pulumi.Sprintf("execute-api.%s.%s", region, args.Environment.DnsSuffix)
	path := pulumi.Sprintf("%s/%s", api.StageName, s.Path)
	byEndpoint := pulumi.Sprintf("https://%s/%s", endpoint.DnsName, path)
	bp.CurlByAlias = s.curl(pulumi.Sprintf("https://%s-%s.%s/%s", api.ApiId, endpoint.EndpointId, suffix, path), region, key)
	bp.CurlByHostHeader = s.curl(pulumi.Sprintf("%s -H \"Host: %s.%s\"", byEndpoint, api.ApiId, suffix), region, key)
	bp.CurlByApiIdHeader = s.curl(pulumi.Sprintf("%s -H \"x-apigw-api-id: %s\"", byEndpoint, api.ApiId), region, key)
	return nil
}
