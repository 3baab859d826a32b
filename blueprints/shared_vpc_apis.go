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
//	       ├──────────── {api}.execute-api…, public DNS ──▶ NAT, internet ──▶ regional REST API
//	       └──────────── {api}.execute-api…, public DNS ──▶ NAT, CloudFront ──▶ edge-optimized REST API, if asked for
//
// Private DNS stays off. It would lead the names of the public APIs to the endpoint
// too, where AWS answers 403.
type sharedVpcApis struct {
	pulumi.ResourceState

	network     *components.Network
	endpoint    *components.ExecuteApiEndpoint
	private     *components.PrivateRestApi
	allowInvoke pulumi.StringArray // Commands for the owner of a function of another account.
	regional    *components.RegionalRestApi
	edge        *components.RegionalRestApi // Nil without an edge-optimized API.

	// These are commands. The first two call the private API: by the endpoint's name
	// with the API's name in the Host header, and by the endpoint's name with the
	// API's ID in x-apigw-api-id.
	curlByHostHeader  pulumi.StringOutput
	curlByApiIdHeader pulumi.StringOutput
	curlRegional      pulumi.StringInput
	curlEdge          pulumi.StringInput // Nil without an edge-optimized API.
	// curls has a command for each route of the private API, by the alias, and then
	// for each route of each public API.
	curls pulumi.StringArray
	// invokeClient is a command that runs the test client; nil if there is none.
	invokeClient pulumi.StringInput
}

// deploySharedVpcApis looks up what the settings name, registers the blueprint
// and exports its outputs.
func deploySharedVpcApis(l *lookup, s *config.SharedVpcApis) error {
	args, err := l.sharedVpcApis(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newSharedVpcApis(l, l.prefix("shared-vpc"), args)
	if err != nil {
		return err
	}
	l.outputs.export("curlByAlias", bp.curls[0])
	l.outputs.export("curlByApiIdHeader", bp.curlByApiIdHeader)
	l.outputs.export("curlByHostHeader", bp.curlByHostHeader)
	l.outputs.export("curlRegional", bp.curlRegional)
	if bp.edge != nil {
		l.outputs.export("curlEdge", bp.curlEdge)
	}
	if len(args.Api.AllRoutes()) > 1 {
		l.outputs.export("curlRoutes", bp.curls)
	}
	l.outputs.export("dig", bp.digs(l.environment))
	l.outputs.export("endpointId", bp.endpoint.EndpointId)
	groups := pulumi.StringArray{bp.private.AccessLogGroup, bp.regional.AccessLogGroup}
	if bp.edge != nil {
		groups = append(groups, bp.edge.AccessLogGroup)
	}
	l.outputs.export("accessLogGroups", groups)
	l.outputs.export("queries", insightsQueries())
	if bp.invokeClient != nil {
		l.outputs.export("invokeClient", bp.invokeClient)
	}
	if len(bp.allowInvoke) > 0 {
		l.outputs.export("allowInvoke", bp.allowInvoke)
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
	if err := runSteps(b, args, bp.registerApis, bp.registerPrivateCaller, bp.registerPublicCallers,
		bp.registerClient, bp.registerAlarms); err != nil {
		return nil, err
	}
	outputs := pulumi.Map{"curlByAlias": bp.curls[0], "curlRegional": bp.curlRegional, "promises": promises}
	return bp, l.ctx.RegisterResourceOutputs(bp, outputs)
}

// registerApis registers the network, the endpoint with its policy, the APIs and
// their function. Nobody calls the public APIs through the endpoint, so the policy
// does not name them.
func (bp *sharedVpcApis) registerApis(b builder, args *resolvedSharedVpcApis) error {
	network, err := b.newNetwork(&args.Network, args.place.network)
	if err != nil {
		return err
	}
	bp.network = network
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
	return bp.registerPublicApis(b, args, backends, stage)
}

// registerPublicApis registers the regional API, and the edge-optimized one if the
// settings ask for it.
func (bp *sharedVpcApis) registerPublicApis(
	b builder, args *resolvedSharedVpcApis, backends apiBackends, stage components.StageArgs,
) (err error) {
	api := components.RegionalRestApiArgs{
		Environment: b.environment, RoutesArgs: b.routesOf(&args.Api, backends), Stage: stage,
	}
	bp.regional, err = components.NewRegionalRestApi(b.ctx, b.name+"-regional", &api, b.child)
	if err != nil {
		return err
	}
	invokables := []invokable{
		{bp.private.ApiId, bp.private.InvokeArn}, {bp.regional.ApiId, bp.regional.InvokeArn},
	}
	if args.EdgeApi {
		edge := api
		edge.EdgeOptimized = true
		if bp.edge, err = components.NewRegionalRestApi(b.ctx, b.name+"-edge", &edge, b.child); err != nil {
			return err
		}
		invokables = append(invokables, invokable{bp.edge.ApiId, bp.edge.InvokeArn})
	}
	bp.allowInvoke = backends.allowInvoke(invokables...)
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

// registerPublicCallers fills in the commands that call the public APIs. It registers
// API keys if callers need them.
func (bp *sharedVpcApis) registerPublicCallers(b builder, args *resolvedSharedVpcApis) (err error) {
	if bp.curlRegional, err = bp.registerPublicCaller(b.part("-regional"), args, bp.regional); err != nil {
		return err
	}
	if bp.edge != nil {
		bp.curlEdge, err = bp.registerPublicCaller(b.part("-edge"), args, bp.edge)
	}
	return err
}

// registerPublicCaller adds the commands that call a public API, and returns the one
// that calls its first route.
func (bp *sharedVpcApis) registerPublicCaller(
	b builder, args *resolvedSharedVpcApis, api *components.RegionalRestApi,
) (pulumi.StringInput, error) {
	caller, err := b.newCaller(&args.Api.Stage, api.ApiId, api.StageName, args.Api.AllRoutes()...)
	if err != nil {
		return nil, err
	}
	curls := caller.curls(&args.Api, func(path string) pulumi.StringOutput {
		return pulumi.Sprintf("%s/%s", api.InvokeUrl, path)
	})
	bp.curls = append(bp.curls, curls...)
	return curls[0], nil
}

// registerClient registers the test client in the private subnets, if the settings
// ask for it.
func (bp *sharedVpcApis) registerClient(b builder, args *resolvedSharedVpcApis) error {
	if !args.Client.Create {
		return nil
	}
	b = b.part("-client")
	arns := pulumi.StringArray{bp.private.InvokeArn, bp.regional.InvokeArn}
	if bp.edge != nil {
		arns = append(arns, bp.edge.InvokeArn)
	}
	role, err := components.NewVpcCallerRole(b.ctx, b.name, b.environment.Partition, arns, b.child)
	if err != nil {
		return err
	}
	group, err := components.NewSecurityGroup(b.ctx, b.name, &components.SecurityGroupArgs{
		VpcId:       bp.network.VpcId,
		Description: "Test client: HTTPS to APIs, private and public",
		Egress:      []components.Peer{{Name: "anywhere", CidrIpv4: pulumi.String("0.0.0.0/0")}},
		DependsOn:   []pulumi.Resource{role.Policy},
	}, b.child)
	if err != nil {
		return err
	}
	client, err := b.newClient(testClient{
		args.Client.Archive, args.Client.Architecture, callerTimeoutSeconds, args.Function.LogRetentionDays,
		args.Api.LogKmsKeyArn,
	}, &components.FunctionNetwork{
		Subnets: bp.network.Private, SecurityGroupId: group.Id, Role: role, DependsOn: []pulumi.Resource{bp.endpoint},
	}, map[string]pulumi.StringInput{
		"REQUESTS": pulumi.JSONMarshal(bp.requests(b.environment, &args.Api)), "IP_VERSION": pulumi.String("4"),
	})
	if err != nil {
		return err
	}
	bp.invokeClient = b.invokeClient(client)
	return nil
}

// requests returns what the test client sends: a GET to each API by each of its
// names.
func (bp *sharedVpcApis) requests(e components.Environment, s *config.Api) pulumi.Array {
	route := s.AllRoutes()[0]
	suffix := pulumi.Sprintf("execute-api.%s.%s", e.Region, e.DnsSuffix)
	path := pulumi.Sprintf("%s/%s", bp.private.StageName, route.Example())
	request := func(url pulumi.StringOutput, more pulumi.Map) pulumi.Map {
		more["url"], more["sign"] = url, pulumi.Bool(route.Authorization == "AWS_IAM")
		return more
	}
	alias := pulumi.Sprintf("%s-%s.%s", bp.private.ApiId, bp.endpoint.EndpointId, suffix)
	byEndpoint := pulumi.Sprintf("https://%s/%s", bp.endpoint.DnsName, path)
	list := pulumi.Array{
		request(pulumi.Sprintf("https://%s/%s", alias, path), pulumi.Map{}),
		request(byEndpoint, pulumi.Map{"host": pulumi.Sprintf("%s.%s", bp.private.ApiId, suffix)}),
		request(byEndpoint, pulumi.Map{"header": pulumi.StringMap{"x-apigw-api-id": bp.private.ApiId}}),
		request(pulumi.Sprintf("%s/%s", bp.regional.InvokeUrl, route.Example()), pulumi.Map{}),
	}
	if bp.edge != nil {
		list = append(list, request(pulumi.Sprintf("%s/%s", bp.edge.InvokeUrl, route.Example()), pulumi.Map{}))
	}
	return list
}

// digs returns commands that show which name leads where, in the VPC: the private
// API's own name nowhere, because private DNS is off, its alias to the endpoint, and
// the names of the public APIs to the internet.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (bp *sharedVpcApis) digs(e components.Environment) pulumi.StringArray {
	suffix := pulumi.Sprintf("execute-api.%s.%s", e.Region, e.DnsSuffix)
	digs := pulumi.StringArray{
		pulumi.Sprintf("dig +short %s.%s", bp.private.ApiId, suffix),
		pulumi.Sprintf("dig +short %s-%s.%s", bp.private.ApiId, bp.endpoint.EndpointId, suffix),
		pulumi.Sprintf("dig +short %s.%s", bp.regional.ApiId, suffix),
	}
	if bp.edge != nil {
		digs = append(digs, pulumi.Sprintf("dig +short %s.%s", bp.edge.ApiId, suffix))
	}
	return digs
}

// registerAlarms registers the alarms of the APIs, if the settings ask for them.
func (bp *sharedVpcApis) registerAlarms(b builder, args *resolvedSharedVpcApis) error {
	s := args.Alarms
	if s == nil {
		return nil
	}
	stages := []components.AlarmedStage{
		alarmedStage(&s.ApiAlarms, "-private", bp.private.Metrics),
		alarmedStage(&s.ApiAlarms, "-regional", bp.regional.Metrics),
	}
	if bp.edge != nil {
		stages = append(stages, alarmedStage(&s.ApiAlarms, "-edge", bp.edge.Metrics))
	}
	return b.newAlarms(&s.AlarmTopic, &components.AlarmsArgs{Stages: stages})
}
