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
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// Deploy deploys the blueprint that the stack's configuration selects. values
// holds the whole configuration of the stack by full key, as the engine passes
// it to a program. If anything is wrong with the configuration, Deploy
// registers nothing and returns all problems.
func Deploy(ctx *pulumi.Context, values map[string]string) error {
	selected, problems := config.Parse(values, ctx.IsConfigSecret)
	l := &lookup{ctx: ctx, values: values, problems: problems}
	if selected == nil {
		return problems.Err()
	}
	everywhere := selected.Selected()
	if err := tagEverything(ctx, everywhere.Tags); err != nil {
		return err
	}
	if err := components.BoundRoles(ctx, everywhere.PermissionsBoundaryArn); err != nil {
		return err
	}
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
