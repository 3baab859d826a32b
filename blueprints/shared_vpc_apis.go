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
	apis        []*comparedApi     // That of the group api first.
	allowInvoke pulumi.StringArray // Commands for the owner of a function of another account.

	// These are commands. The first two call the private API: by the endpoint's name
	// with the API's name in the Host header, and by the endpoint's name with the
	// API's ID in x-apigw-api-id.
	curlByHostHeader  pulumi.StringOutput
	curlByApiIdHeader pulumi.StringOutput
	curlRegional      pulumi.StringInput
	curlEdge          pulumi.StringInput // Nil without an edge-optimized API.
	// curls has, for each API of the settings, a command for each route of the private
	// API, by the alias, and then for each route of each public API.
	curls pulumi.StringArray
	// invokeClient is a command that runs the test client; nil if there is none.
	invokeClient pulumi.StringInput
}

// comparedApi is an API of the settings as each kind of REST API.
type comparedApi struct {
	config.NamedApi
	private  *components.PrivateRestApi
	regional *components.RegionalRestApi
	edge     *components.RegionalRestApi // Nil without edge-optimized APIs.
}

// deploySharedVpcApis looks up what the settings name, registers the blueprint
// and exports its outputs.
func deploySharedVpcApis(l *lookup, s *config.SharedVpcApis) error {
	args, err := l.sharedVpcApis(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newSharedVpcApis(l, l.prefix(sharedVpcPrefix), args)
	if err != nil {
		return err
	}
	l.outputs.export("curlByAlias", bp.curls[0])
	l.outputs.export("curlByApiIdHeader", bp.curlByApiIdHeader)
	l.outputs.export("curlByHostHeader", bp.curlByHostHeader)
	l.outputs.export("curlRegional", bp.curlRegional)
	if bp.curlEdge != nil {
		l.outputs.export("curlEdge", bp.curlEdge)
	}
	if len(args.Api.AllRoutes()) > 1 || len(args.Apis) > 0 {
		l.outputs.export("curlRoutes", bp.curls)
	}
	l.outputs.export("dig", bp.digs(l.environment))
	l.outputs.export("endpointId", bp.endpoint.EndpointId)
	groups := pulumi.StringArray{}
	for _, api := range bp.apis {
		groups = append(groups, api.private.AccessLogGroup, api.regional.AccessLogGroup)
		if api.edge != nil {
			groups = append(groups, api.edge.AccessLogGroup)
		}
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
	if err := runSteps(b, args, bp.registerApis, bp.registerCallers, bp.registerClient, bp.registerAlarms); err != nil {
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
	backends, err := b.newBackends(&args.Functions, args.AllApis(), nil)
	if err != nil {
		return err
	}
	logRole, err := b.newLogRole(&args.Api.LogRole)
	if err != nil {
		return err
	}
	var arns []pulumi.StringInput
	for _, api := range args.AllApis() {
		compared := &comparedApi{NamedApi: api}
		at := b.part(apiPart(api.Name))
		routes, stage := b.routesOf(api.RestApi, backends), stageOf(&api.Stage, logRole)
		if err := bp.registerApi(at, compared, args.EdgeApi, routes, stage); err != nil {
			return err
		}
		bp.apis, arns = append(bp.apis, compared), append(arns, compared.private.InvokeArn)
		bp.allowInvoke = append(bp.allowInvoke, backends.of(api.RestApi).allowInvoke(compared.invokables()...)...)
	}
	_, err = b.newEndpointPolicy(&args.Endpoint, bp.endpoint, arns...)
	return err
}

// registerApi registers an API as each kind of REST API.
func (bp *sharedVpcApis) registerApi(
	b builder, api *comparedApi, edgeApi bool, routes components.RoutesArgs, stage components.StageArgs,
) (err error) {
	api.private, err = components.NewPrivateRestApi(b.ctx, b.name+"-private", &components.PrivateRestApiArgs{
		Environment: b.environment, VpcId: bp.network.VpcId, EndpointId: bp.endpoint.EndpointId,
		RoutesArgs: routes, Stage: stage,
	}, b.child)
	if err != nil {
		return err
	}
	public := components.RegionalRestApiArgs{Environment: b.environment, RoutesArgs: routes, Stage: stage}
	api.regional, err = components.NewRegionalRestApi(b.ctx, b.name+"-regional", &public, b.child)
	if err != nil || !edgeApi {
		return err
	}
	edge := public
	edge.EdgeOptimized = true
	api.edge, err = components.NewRegionalRestApi(b.ctx, b.name+"-edge", &edge, b.child)
	return err
}

// invokables returns what invokes the functions.
func (api *comparedApi) invokables() []invokable {
	list := []invokable{
		{api.private.ApiId, api.private.InvokeArn}, {api.regional.ApiId, api.regional.InvokeArn},
	}
	if api.edge != nil {
		list = append(list, invokable{api.edge.ApiId, api.edge.InvokeArn})
	}
	return list
}

// registerCallers fills in the commands that call the APIs. It registers API keys if
// callers need them.
func (bp *sharedVpcApis) registerCallers(b builder, _ *resolvedSharedVpcApis) error {
	for i, api := range bp.apis {
		at := b.part(apiPart(api.Name))
		if err := bp.registerPrivateCaller(at.part("-private"), api, i == 0); err != nil {
			return err
		}
		regional, err := bp.registerPublicCaller(at.part("-regional"), api, api.regional)
		if err != nil {
			return err
		}
		var edge pulumi.StringInput
		if api.edge != nil {
			if edge, err = bp.registerPublicCaller(at.part("-edge"), api, api.edge); err != nil {
				return err
			}
		}
		if i == 0 {
			bp.curlRegional, bp.curlEdge = regional, edge
		}
	}
	return nil
}

// registerPrivateCaller adds the commands that call a private API. For the first one, it
// fills in those that call the API by other ways.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (bp *sharedVpcApis) registerPrivateCaller(b builder, compared *comparedApi, first bool) error {
	routes, private := compared.AllRoutes(), compared.private
	caller, err := b.newCaller(&compared.Stage, private.ApiId, private.StageName, routes...)
	if err != nil {
		return err
	}
	suffix := pulumi.Sprintf("execute-api.%s.%s", b.environment.Region, b.environment.DnsSuffix)
	bp.curls = append(bp.curls, caller.curls(compared.RestApi, func(path string) pulumi.StringOutput {
		return pulumi.Sprintf("https://%s-%s.%s/%s/%s", private.ApiId, bp.endpoint.EndpointId, suffix,
			private.StageName, path)
	})...)
	if first {
		byEndpoint := pulumi.Sprintf("https://%s/%s/%s", bp.endpoint.DnsName, private.StageName, routes[0].Example())
		byHost := pulumi.Sprintf("%s -H \"Host: %s.%s\"", byEndpoint, private.ApiId, suffix)
		bp.curlByHostHeader = caller.curl(routes[0], byHost)
		byId := pulumi.Sprintf("%s -H \"x-apigw-api-id: %s\"", byEndpoint, private.ApiId)
		bp.curlByApiIdHeader = caller.curl(routes[0], byId)
	}
	return nil
}

// registerPublicCaller adds the commands that call a public API, and returns the one
// that calls its first route.
func (bp *sharedVpcApis) registerPublicCaller(
	b builder, compared *comparedApi, api *components.RegionalRestApi,
) (pulumi.StringInput, error) {
	caller, err := b.newCaller(&compared.Stage, api.ApiId, api.StageName, compared.AllRoutes()...)
	if err != nil {
		return nil, err
	}
	curls := caller.curls(compared.RestApi, func(path string) pulumi.StringOutput {
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
	arns := pulumi.StringArray{}
	for _, api := range bp.apis[0].invokables() {
		arns = append(arns, api.invokeArn)
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
		"REQUESTS": pulumi.JSONMarshal(bp.requests(b.environment)), "IP_VERSION": pulumi.String("4"),
	})
	if err != nil {
		return err
	}
	bp.invokeClient = b.invokeClient(client)
	return nil
}

// requests returns what the test client sends: a GET to each kind of the API of the group
// api, by each of its names.
func (bp *sharedVpcApis) requests(e components.Environment) pulumi.Array {
	api := bp.apis[0]
	route := api.AllRoutes()[0]
	suffix := pulumi.Sprintf("execute-api.%s.%s", e.Region, e.DnsSuffix)
	path := pulumi.Sprintf("%s/%s", api.private.StageName, route.Example())
	request := func(url pulumi.StringOutput, more pulumi.Map) pulumi.Map {
		more["url"], more["sign"] = url, pulumi.Bool(route.Authorization == "AWS_IAM")
		return more
	}
	alias := pulumi.Sprintf("%s-%s.%s", api.private.ApiId, bp.endpoint.EndpointId, suffix)
	byEndpoint := pulumi.Sprintf("https://%s/%s", bp.endpoint.DnsName, path)
	list := pulumi.Array{
		request(pulumi.Sprintf("https://%s/%s", alias, path), pulumi.Map{}),
		request(byEndpoint, pulumi.Map{"host": pulumi.Sprintf("%s.%s", api.private.ApiId, suffix)}),
		request(byEndpoint, pulumi.Map{"header": pulumi.StringMap{"x-apigw-api-id": api.private.ApiId}}),
		request(pulumi.Sprintf("%s/%s", api.regional.InvokeUrl, route.Example()), pulumi.Map{}),
	}
	if api.edge != nil {
		list = append(list, request(pulumi.Sprintf("%s/%s", api.edge.InvokeUrl, route.Example()), pulumi.Map{}))
	}
	return list
}

// digs returns commands that show which name leads where, in the VPC: a private
// API's own name nowhere, because private DNS is off, its alias to the endpoint, and
// the names of the public APIs to the internet.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (bp *sharedVpcApis) digs(e components.Environment) pulumi.StringArray {
	suffix := pulumi.Sprintf("execute-api.%s.%s", e.Region, e.DnsSuffix)
	digs := pulumi.StringArray{}
	for _, api := range bp.apis {
		digs = append(digs,
			pulumi.Sprintf("dig +short %s.%s", api.private.ApiId, suffix),
			pulumi.Sprintf("dig +short %s-%s.%s", api.private.ApiId, bp.endpoint.EndpointId, suffix),
			pulumi.Sprintf("dig +short %s.%s", api.regional.ApiId, suffix),
		)
		if api.edge != nil {
			digs = append(digs, pulumi.Sprintf("dig +short %s.%s", api.edge.ApiId, suffix))
		}
	}
	return digs
}

// registerAlarms registers the alarms of the APIs, if the settings ask for them.
func (bp *sharedVpcApis) registerAlarms(b builder, args *resolvedSharedVpcApis) error {
	s := args.Alarms
	if s == nil {
		return nil
	}
	var stages []components.AlarmedStage
	for _, api := range bp.apis {
		part := apiPart(api.Name)
		stages = append(stages,
			alarmedStage(&s.ApiAlarms, part+"-private", api.private.Metrics),
			alarmedStage(&s.ApiAlarms, part+"-regional", api.regional.Metrics),
		)
		if api.edge != nil {
			stages = append(stages, alarmedStage(&s.ApiAlarms, part+"-edge", api.edge.Metrics))
		}
	}
	return b.newAlarms(&s.AlarmTopic, &components.AlarmsArgs{Stages: stages})
}
