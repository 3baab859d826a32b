package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// stackApi is a private REST API behind an endpoint, with its settings.
type stackApi struct {
	config.NamedApi
	*components.PrivateRestApi
}

// stackApis holds the APIs of a stack, that of the group api first.
type stackApis struct {
	all         []stackApi
	allowInvoke pulumi.StringArray // Commands for the owners of functions of other accounts.
}

// apiPart returns what the names of an API's resources have after the name of the
// blueprint.
func apiPart(name string) string {
	if name == "" {
		return ""
	}
	return "-api-" + name
}

// privateApis describes the private APIs of a stack, and where they are.
type privateApis struct {
	apis      []config.NamedApi
	functions *config.Functions
	logRole   *config.LogRole
	endpoint  *components.ExecuteApiEndpoint
	vpcId     pulumi.StringInput
	// network registers what functions need to run in a network; nil if they run in none.
	network functionNetwork
}

// newPrivateApis registers private APIs with their functions, except those that exist.
func (b builder) newPrivateApis(s privateApis) (*stackApis, error) {
	backends, err := b.newBackends(s.functions, s.apis, s.network)
	if err != nil {
		return nil, err
	}
	logRole, err := b.newLogRole(s.logRole)
	if err != nil {
		return nil, err
	}
	registered := &stackApis{}
	for _, api := range s.apis {
		at := b.part(apiPart(api.Name))
		if api.Existing != nil {
			existing, err := at.newExistingApi(api.Existing)
			if err != nil {
				return nil, err
			}
			registered.all = append(registered.all, stackApi{api, existing})
			continue
		}
		private, err := components.NewPrivateRestApi(b.ctx, at.name, &components.PrivateRestApiArgs{
			Environment: b.environment,
			VpcId:       s.vpcId,
			EndpointId:  s.endpoint.EndpointId,
			RoutesArgs:  b.routesOf(api.RestApi, backends),
			Stage:       stageOf(&api.Stage, logRole),
		}, b.child)
		if err != nil {
			return nil, err
		}
		registered.all = append(registered.all, stackApi{api, private})
		commands := backends.of(api.RestApi).allowInvoke(invokable{private.ApiId, private.InvokeArn})
		registered.allowInvoke = append(registered.allowInvoke, commands...)
	}
	return registered, nil
}

// first returns the API of the group api.
func (s *stackApis) first() stackApi { return s.all[0] }

// named returns the API with a name, which the settings have.
func (s *stackApis) named(name string) stackApi {
	for _, api := range s.all {
		if api.Name == name {
			return api
		}
	}
	panic("blueprints: no API " + name)
}

// invokeArns returns the ARNs of everything that the APIs serve.
func (s *stackApis) invokeArns() []pulumi.StringInput {
	var arns []pulumi.StringInput
	for _, api := range s.all {
		arns = append(arns, api.InvokeArn)
	}
	return arns
}

// resources returns the APIs, for those who wait for them.
func (s *stackApis) resources() []pulumi.Resource {
	var resources []pulumi.Resource
	for _, api := range s.all {
		resources = append(resources, api.PrivateRestApi)
	}
	return resources
}

// ids returns the IDs of the further APIs by their names.
func (s *stackApis) ids() pulumi.StringMap {
	ids := pulumi.StringMap{}
	for _, api := range s.all[1:] {
		ids[api.Name] = api.ApiId
	}
	return ids
}

// accessLogGroups returns the names of the log groups of the APIs that the stack
// creates.
func (s *stackApis) accessLogGroups() pulumi.StringArray {
	var groups pulumi.StringArray
	for _, api := range s.all {
		if api.Existing == nil {
			groups = append(groups, api.AccessLogGroup)
		}
	}
	return groups
}

// newCallers returns a caller of each API, by name. It registers the API keys that
// callers need.
func (b builder) newCallers(s *stackApis) (map[string]caller, error) {
	callers := map[string]caller{}
	for _, api := range s.all {
		var err error
		at := b.part(apiPart(api.Name))
		callers[api.Name], err = at.newCaller(&api.Stage, api.ApiId, api.PrivateRestApi.StageName, api.AllRoutes()...)
		if err != nil {
			return nil, err
		}
	}
	return callers, nil
}
