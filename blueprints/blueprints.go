// Package blueprints deploys the blueprint that a stack's configuration selects.
// A blueprint is a ComponentResource that composes components and registers no
// other resource.
//
// Each blueprint x has three files. x_lookup.go asks AWS about the resources that
// the settings name. x_promises.go says which requests must arrive and which must
// not. x.go asks, registers components in steps, and exports outputs. The other
// files hold what blueprints share, with one file per group of settings. Methods
// of lookup ask AWS about a group. Methods of builder register its components.
package blueprints

import (
	"cmp"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// unnamedRegion stands for a region that neither a key nor a variable names, such as that of a profile or of the
// provider of a component.
const unnamedRegion = "the region"

// Deploy deploys the blueprint that the stack's configuration selects. values
// holds the whole configuration of the stack by full key, as the engine passes
// it to a program. If anything is wrong with the configuration, Deploy
// registers nothing, except the provider of another account, and returns all problems.
func Deploy(ctx *pulumi.Context, values map[string]string) error {
	selected, problems := config.Parse(values, ctx.IsConfigSecret)
	for _, key := range config.CheckOthers(values, ctx.Project(), problems) {
		_ = ctx.Log.Warn(key+": this program does not read the key", nil)
	}
	config.CheckEnvironment(values, os.Getenv, problems)
	if selected == nil {
		return problems.Err()
	}
	l := &lookup{
		ctx: ctx, values: values, namespace: config.Namespace, problems: problems, outputs: outputs{},
		regionSource: cmp.Or(config.RegionSource(values, os.Getenv), unnamedRegion),
	}
	if err := l.deploy(selected); err != nil {
		return err
	}
	for _, text := range l.deletions() {
		l.warn(text)
	}
	for name, value := range l.outputs {
		ctx.Export(name, value)
	}
	return nil
}

// Instance describes the component of a blueprint in a program of others.
type Instance struct {
	Blueprint string // The name of one of config.Blueprints.
	// Name is the component's name. The names of all resources begin with it.
	Name   string
	Inputs map[string]string // By key, as Deploy takes them, without the namespace.
	// Problems holds what is wrong with the inputs already.
	Problems *settings.Problems
	// Options are those of the component. Its resources and all lookups use its
	// provider of aws.
	Options pulumi.ResourceOption
}

// Construct registers the component of a blueprint. It returns the component, and
// the outputs that a stack of the blueprint has. If anything is wrong with the
// inputs, Construct registers nothing, except the provider of another account, and
// returns all problems.
func Construct(ctx *pulumi.Context, i Instance) (pulumi.ComponentResource, pulumi.Map, error) {
	options, err := pulumi.NewResourceOptions(i.Options)
	if err != nil {
		return nil, nil, err
	}
	l := &lookup{
		ctx: ctx, values: i.Inputs, problems: i.Problems, outputs: outputs{}, regionSource: unnamedRegion,
		remote: &remote{name: i.Name, component: i.Options, parent: pulumi.Parent(options.Parent)},
	}
	if provider := components.AwsProvider(options.Providers); provider != nil {
		l.options = []pulumi.InvokeOption{pulumi.Provider(provider)}
	}
	err = l.deploy(config.ParseInputs(i.Blueprint, i.Inputs, i.Problems))
	return l.component, pulumi.Map(l.outputs), err
}

// deploy looks up what the settings of a blueprint name, and registers the blueprint.
func (l *lookup) deploy(selected config.Settings) error {
	everywhere := selected.Selected()
	l.registered = registered{}
	l.everywhere = pulumi.Transformations([]pulumi.ResourceTransformation{
		l.registered.record(), tagEverything(everywhere.Tags), components.BoundRoles(everywhere.PermissionsBoundaryArn),
	})
	switch s := selected.(type) {
	case *config.H2EndpointService:
		return deployH2EndpointService(l, s)
	case *config.Ipv6Front:
		return deployIpv6Front(l, s)
	case *config.SharedVpcApis:
		return deploySharedVpcApis(l, s)
	case *config.StaticIpApigw:
		return deployStaticIpApigw(l, s)
	case *config.VpclinkHttpsBackend:
		return deployVpclinkHttpsBackend(l, s)
	default:
		return fmt.Errorf("no blueprint takes %T", s)
	}
}
