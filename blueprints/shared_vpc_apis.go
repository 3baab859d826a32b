package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// sharedVpcApis is one VPC whose clients call a private and a regional REST API:
//
//	client in the VPC ── {api}-{vpce}.execute-api…, or the endpoint's name ──▶ execute-api endpoint (no private DNS)
//	       │                 with Host or x-apigw-api-id                            │
//	       │                                                                    private REST API (aws:SourceVpc)
//	       └──────────── {api}.execute-api…, public DNS ──▶ NAT, internet ──▶ regional REST API
//
// Private DNS stays off. It would lead the regional API's name to the endpoint
// too, where AWS answers 403.
type sharedVpcApis struct {
	pulumi.ResourceState

	endpoint    *components.ExecuteApiEndpoint
	private     *components.PrivateRestApi
	allowInvoke pulumi.StringArray // Commands for the owner of a function of another account.
	regional    *components.RegionalRestApi

	// These are commands. The first two call the private API: by the endpoint's name
	// with the API's name in the Host header, and by the endpoint's name with the
	// API's ID in x-apigw-api-id.
	curlByHostHeader  pulumi.StringOutput
	curlByApiIdHeader pulumi.StringOutput
	curlRegional      pulumi.StringInput
	// curls has a command for each route of the private API, by the alias, and then
	// for each route of the regional API.
	curls pulumi.StringArray
}

// deploySharedVpcApis looks up what the settings name, registers the blueprint
// and exports its outputs.
func deploySharedVpcApis(l *lookup, s *config.SharedVpcApis) error {
	args, err := l.sharedVpcApis(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newSharedVpcApis(l, "shared-vpc", args)
	if err != nil {
		return err
	}
	l.ctx.Export("curlByAlias", bp.curls[0])
	l.ctx.Export("curlByApiIdHeader", bp.curlByApiIdHeader)
	l.ctx.Export("curlByHostHeader", bp.curlByHostHeader)
	l.ctx.Export("curlRegional", bp.curlRegional)
	if len(bp.curls) > 2 {
		l.ctx.Export("curlRoutes", bp.curls)
	}
	l.ctx.Export("dig", bp.digs(l.environment))
	l.ctx.Export("endpointId", bp.endpoint.EndpointId)
	l.ctx.Export("accessLogGroups", pulumi.StringArray{bp.private.AccessLogGroup, bp.regional.AccessLogGroup})
	l.ctx.Export("queries", insightsQueries())
	if len(bp.allowInvoke) > 0 {
		l.ctx.Export("allowInvoke", bp.allowInvoke)
	}
	return nil
}

// newSharedVpcApis registers the blueprint. name is the prefix of resource
// names.
func newSharedVpcApis(l *lookup, name string, args *resolvedSharedVpcApis) (*sharedVpcApis, error) {
	bp := &sharedVpcApis{}
	promises := inputOf(args.promises(l.environment, name))
	inputs := pulumi.Map{"path": pulumi.String(args.Api.AllRoutes()[0].Path), "promises": promises}
	b, err := newBuilder(l, typeToken("SharedVpcApis"), name, inputs, bp)
	if err != nil {
		return nil, err
	}
	if err := runSteps(b, args, bp.registerApis, bp.registerPrivateCaller, bp.registerRegionalCaller,
		bp.registerAlarms); err != nil {
		return nil, err
	}
	outputs := pulumi.Map{"curlByAlias": bp.curls[0], "curlRegional": bp.curlRegional, "promises": promises}
	return bp, l.ctx.RegisterResourceOutputs(bp, outputs)
}

// registerApis registers the network, the endpoint with its policy, both APIs and
// their function. Nobody calls the regional API through the endpoint, so the
// policy does not name it.
func (bp *sharedVpcApis) registerApis(b builder, args *resolvedSharedVpcApis) error {
	network, err := b.newNetwork(&args.Network, args.place.network)
	if err != nil {
		return err
	}
	if bp.endpoint, err = b.newEndpoint(&args.Endpoint, args.place, network); err != nil {
		return err
	}
	backends, err := b.newBackends(&args.Functions, &args.Api, nil)
	if err != nil {
		return err
	}
	stage, err := b.newStage(&args.Api.Stage)
	if err != nil {
		return err
	}
	bp.private, err = b.part("-private").newPrivateApi(&args.Api, stage, bp.endpoint, network.VpcId, backends)
	if err != nil {
		return err
	}
	if _, err := b.newEndpointPolicy(&args.Endpoint, bp.endpoint, bp.private.InvokeArn); err != nil {
		return err
	}
	bp.regional, err = components.NewRegionalRestApi(b.ctx, b.name+"-regional", &components.RegionalRestApiArgs{
		Environment: b.environment, RoutesArgs: b.routesOf(&args.Api, backends), Stage: stage,
	}, b.child)
	if err != nil {
		return err
	}
	bp.allowInvoke = backends.allowInvoke(
		invokable{bp.private.ApiId, bp.private.InvokeArn}, invokable{bp.regional.ApiId, bp.regional.InvokeArn})
	return nil
}

// registerPrivateCaller fills in the three commands that call the private API.
// It registers an API key if callers need one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (bp *sharedVpcApis) registerPrivateCaller(b builder, args *resolvedSharedVpcApis) error {
	routes := args.Api.AllRoutes()
	caller, err := b.part("-private").newCaller(&args.Api.Stage, bp.private.ApiId, bp.private.StageName, routes...)
	if err != nil {
		return err
	}
	api, first := bp.private.ApiId, routes[0]
	suffix := pulumi.Sprintf("execute-api.%s.%s", b.environment.Region, b.environment.DnsSuffix)
	byEndpoint := pulumi.Sprintf("https://%s/%s/%s", bp.endpoint.DnsName, bp.private.StageName, first.Example())
	bp.curls = caller.curls(&args.Api, func(path string) pulumi.StringOutput {
		return pulumi.Sprintf("https://%s-%s.%s/%s/%s", api, bp.endpoint.EndpointId, suffix, bp.private.StageName, path)
	})
	bp.curlByHostHeader = caller.curl(first, pulumi.Sprintf("%s -H \"Host: %s.%s\"", byEndpoint, api, suffix))
	bp.curlByApiIdHeader = caller.curl(first, pulumi.Sprintf("%s -H \"x-apigw-api-id: %s\"", byEndpoint, api))
	return nil
}

// registerRegionalCaller fills in the command that calls the regional API. It
// registers an API key if callers need one.
func (bp *sharedVpcApis) registerRegionalCaller(b builder, args *resolvedSharedVpcApis) error {
	routes := args.Api.AllRoutes()
	caller, err := b.part("-regional").newCaller(&args.Api.Stage, bp.regional.ApiId, bp.regional.StageName, routes...)
	if err != nil {
		return err
	}
	curls := caller.curls(&args.Api, func(path string) pulumi.StringOutput {
		return pulumi.Sprintf("%s/%s", bp.regional.InvokeUrl, path)
	})
	bp.curlRegional, bp.curls = curls[0], append(bp.curls, curls...)
	return nil
}

// digs returns commands that show which name leads where, in the VPC: the private
// API's own name nowhere, because private DNS is off, its alias to the endpoint, and
// the regional API's name to the internet.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (bp *sharedVpcApis) digs(e components.Environment) pulumi.StringArray {
	suffix := pulumi.Sprintf("execute-api.%s.%s", e.Region, e.DnsSuffix)
	return pulumi.StringArray{
		pulumi.Sprintf("dig +short %s.%s", bp.private.ApiId, suffix),
		pulumi.Sprintf("dig +short %s-%s.%s", bp.private.ApiId, bp.endpoint.EndpointId, suffix),
		pulumi.Sprintf("dig +short %s.%s", bp.regional.ApiId, suffix),
	}
}

// registerAlarms registers the alarms of both APIs, if the settings ask for them.
func (bp *sharedVpcApis) registerAlarms(b builder, args *resolvedSharedVpcApis) error {
	s := args.Alarms
	if s == nil {
		return nil
	}
	return b.newAlarms(&s.AlarmTopic, &components.AlarmsArgs{Stages: []components.AlarmedStage{
		alarmedStage(&s.ApiAlarms, "-private", bp.private.Metrics),
		alarmedStage(&s.ApiAlarms, "-regional", bp.regional.Metrics),
	}})
}
