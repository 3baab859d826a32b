// Package blueprints holds one ComponentResource per pattern, the table that a
// stack's configuration selects from, and the configuration they take.
//
// A blueprint composes components and registers no other resource.
package blueprints

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/settings"
)

// namespace is where all configuration of this program lies.
const namespace = "blueprint"

// Blueprint is a pattern that `blueprint:name` can select.
type Blueprint struct {
	Name string

	deploy deployFunc
}

// deployFunc checks the stack's configuration, registers the blueprint, and
// exports what a person needs next. It registers nothing when the
// configuration has problems, and then returns all of them.
type deployFunc func(ctx *pulumi.Context, config map[string]string) error

// All lists the blueprints, by name.
func All() []Blueprint {
	return []Blueprint{
		{Name: "h2-endpoint-service", deploy: deployH2EndpointService},
		{Name: "ipv6-front", deploy: deployIpv6Front},
		{Name: "shared-vpc-apis", deploy: deploySharedVpcApis},
		{Name: "static-ip-apigw", deploy: deployStaticIpApigw},
		{Name: "vpclink-https-backend", deploy: deployVpclinkHttpsBackend},
	}
}

// Deploy runs the blueprint that the stack's configuration selects. config
// holds the whole configuration, by full key, as the engine hands it to a
// program.
func Deploy(ctx *pulumi.Context, config map[string]string) error {
	problems := newProblems(ctx)
	key, selected := namespace+":name", config[namespace+":name"]
	if selected == "" {
		problems.Add(key, nil, "required: %s%s", oneOf(blueprintNames()), misspelled(config))
		return problems.Err()
	}
	for _, blueprint := range All() {
		if blueprint.Name == selected {
			return blueprint.deploy(ctx, config)
		}
	}
	problems.Add(key, selected, "want %s", oneOf(blueprintNames()))
	return problems.Err()
}

// misspelled points at a key that was probably meant to be the name.
func misspelled(config map[string]string) string {
	for key, value := range config {
		if slices.Contains(blueprintNames(), value) {
			return fmt.Sprintf("; there is %s = %q", key, value)
		}
	}
	return ""
}

func newProblems(ctx *pulumi.Context) *settings.Problems {
	return &settings.Problems{Secret: ctx.IsConfigSecret}
}

func blueprintNames() []string {
	names := []string{}
	for _, blueprint := range All() {
		names = append(names, blueprint.Name)
	}
	return names
}
