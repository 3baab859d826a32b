package tests

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/config"
	"private-api-blueprints/sandbox"
)

// pluginFolder holds the plugin of the Pulumi package. TestMain adds it to PATH, where Pulumi looks for plugins.
const pluginFolder = "bin/plugin"

// packagePlugin builds the plugin of the Pulumi package, once.
var packagePlugin = sync.OnceValue(func() error {
	plugin := filepath.Join(pluginFolder, "pulumi-resource-"+packName)
	text, err := exec.Command("go", "build", "-o", plugin, "./provider").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, text)
	}
	return nil
})

// newConsumer returns a stack of a program of others, which uses the package.
func newConsumer(t *testing.T, program sandbox.Program) *stack {
	require.NoError(t, packagePlugin())
	s := newStack(t)
	s.options.Program = program
	project := filepath.Join(s.options.StateDir, "project")
	require.NoError(t, os.MkdirAll(project, 0o750))
	require.NoError(t, os.Symlink(absolute(t, "bin"), filepath.Join(project, "bin"))) // For the functions' archives.
	return s
}

// consumer returns a program that reads no configuration.
func consumer(program func(ctx *pulumi.Context) error) sandbox.Program {
	return func(ctx *pulumi.Context, _ map[string]string) error { return program(ctx) }
}

// component is a component of the package as a program sees it.
type component struct {
	pulumi.ResourceState
	EndpointId pulumi.StringOutput `pulumi:"endpointId"`
	VpcLinkId  pulumi.StringOutput `pulumi:"vpcLinkId"`
}

// newComponent registers a component of the package as its SDKs do.
func newComponent(
	ctx *pulumi.Context, blueprint, name string, inputs pulumi.Map, options ...pulumi.ResourceOption,
) (*component, error) {
	for _, known := range config.Blueprints() {
		if known.Name == blueprint {
			c := &component{}
			return c, ctx.RegisterRemoteComponentResource(blueprints.Token(known), name, inputs, c, options...)
		}
	}
	return nil, fmt.Errorf("no blueprint %s", blueprint)
}

// inputsOf returns the configuration of an example as the inputs of a component, with some of them replaced. Nil leaves
// one out.
func inputsOf(t *testing.T, blueprint string, change map[string]any) pulumi.Map {
	t.Helper()
	var file struct{ Config map[string]any }
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "Pulumi."+blueprint+".yaml")), &file))
	inputs := map[string]any{}
	for key, value := range file.Config {
		if name, ours := strings.CutPrefix(key, config.Namespace+":"); ours && name != "name" {
			inputs[name] = value
		}
	}
	maps.Copy(inputs, change)
	maps.DeleteFunc(inputs, func(_ string, value any) bool { return value == nil })
	return pulumi.ToMap(inputs)
}

// inStack are the names that the blueprints' components have in a stack of the program.
var inStack = map[string]string{
	"h2-endpoint-service": "h2", "ipv6-front": "ipv6", "shared-vpc-apis": "shared-vpc", "static-ip-apigw": "static-ip",
	"vpclink-https-backend": "link",
}

// TestAComponentDeploysWhatTheProgramDoes deploys each example with the program, destroys it, and deploys it as a
// component under the name that the program gives it. In an empty account, both get the same IDs.
func TestAComponentDeploysWhatTheProgramDoes(t *testing.T) {
	for _, blueprint := range config.Blueprints() {
		t.Run(blueprint.Name, func(t *testing.T) {
			name, inputs := inStack[blueprint.Name], inputsOf(t, blueprint.Name, nil)
			s := newConsumer(t, blueprints.Deploy)
			s.options.Stack, s.options.ConfigFile = blueprint.Name, absolute(t, "Pulumi."+blueprint.Name+".yaml")
			outputs := s.up().Outputs
			want := s.plainInputs()
			s.destroy()
			s.close()
			s.options.Program = consumer(func(ctx *pulumi.Context) error {
				c, err := newComponent(ctx, blueprint.Name, name, inputs)
				ctx.Export("endpointId", c.EndpointId)
				ctx.Export("vpcLinkId", c.VpcLinkId)
				return err
			})
			s.preview()
			for name, output := range s.up().Outputs { // A component without it has an empty text.
				assert.Equal(t, fmt.Sprint(cmp.Or(outputs[name].Value, any(""))), output.Value, name)
			}
			program := inComponent(golden(t, blueprint.Name+".golden"), name)
			assert.Equal(t, program, inComponent(describe(s.state()), name))
			assert.Equal(t, want, s.plainInputs())
		})
	}
}

// inComponent returns the lines of a stack's resources as they are in a component: the setting that lets APIs write
// logs is its child, and has its name. It leaves out providers and the stack.
func inComponent(lines []string, name string) []string {
	var list []string
	for _, line := range lines {
		if strings.HasPrefix(line, "pulumi:") {
			continue
		}
		line = strings.ReplaceAll(line, " apigateway", " "+name+"-apigateway")
		line = strings.ReplaceAll(line, "parent=apigateway", "parent="+name+"-apigateway")
		if strings.HasPrefix(line, "private-api-blueprints:components:ApiAccount ") {
			line = strings.Replace(line, "parent=-", "parent="+name, 1)
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return list
}

// plainInputs returns the inputs of each resource as JSON, by type and name. It leaves out the setting that lets APIs
// write logs, and the folder of archives, which is that of the program.
func (s *stack) plainInputs() map[string]string {
	s.t.Helper()
	folders := strings.NewReplacer(filepath.Join(s.options.StateDir, "project"), "", s.options.Root, "")
	all := map[string]string{}
	for _, r := range s.state() {
		if r.Type.Package() != "pulumi" && !strings.Contains(r.URN.Name(), "apigateway") {
			text, err := json.Marshal(r.Inputs)
			require.NoError(s.t, err)
			all[string(r.Type)+" "+r.URN.Name()] = folders.Replace(string(text))
		}
	}
	return all
}

// The first component is in another region than the stack.
func TestAProgramMayHaveAComponentTwiceAndGiveItAProvider(t *testing.T) {
	shared := map[string]any{"tags": map[string]any{"CostCenter": "42"}}
	west := maps.Clone(shared)
	west["network"] = map[string]any{
		"create": map[string]any{
			"cidrBlock": "10.4.0.0/16", "availabilityZones": []any{"us-west-2a", "us-west-2b"}, "natGateways": "Single",
		},
	}
	first, second := inputsOf(t, "shared-vpc-apis", west), inputsOf(t, "shared-vpc-apis", shared)
	s := newConsumer(t, consumer(func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String("us-west-2")})
		if err != nil {
			return err
		}
		if _, err := newComponent(ctx, "shared-vpc-apis", "first", first, pulumi.Providers(provider)); err != nil {
			return err
		}
		_, err = newComponent(ctx, "shared-vpc-apis", "second", second)
		return err
	}))
	s.up()
	count := map[string]int{}
	for _, r := range s.state() {
		name, _, _ := strings.Cut(r.URN.Name(), "-")
		if !r.Custom || r.Type.Package() != "aws" {
			continue
		}
		count[name]++
		assert.Equal(t, name == "first", strings.Contains(r.Provider, "::west::"), "%s: its provider", r.URN)
		if tags, ok := r.Inputs["tags"].(map[string]any); ok {
			assert.Equal(t, "42", tags["CostCenter"], r.URN)
		}
	}
	assert.Equal(t, count["first"], count["second"])
	assert.Len(t, count, 2, "every name begins with that of a component")
	s.assertUpChangesNothing()
	s.destroy()
	s.assertNothingLeft()
}

// TestAComponentNamesEveryInputThatIsWrong previews a program in which some inputs are wrong, and others are not known
// before the first component exists.
func TestAComponentNamesEveryInputThatIsWrong(t *testing.T) {
	good := inputsOf(t, "shared-vpc-apis", nil)
	bad := inputsOf(t, "static-ip-apigw", map[string]any{
		"front": map[string]any{"allowedCidrs": []any{"10.0.0.1/8"}}, "hue": 1,
		"function": map[string]any{"environment": map[string]any{"TOKEN": 7}},
	})
	s := newConsumer(t, consumer(func(ctx *pulumi.Context) error {
		first, err := newComponent(ctx, "shared-vpc-apis", "first", good)
		if err != nil {
			return err
		}
		bad["endpoint"] = pulumi.Map{"apiIds": pulumi.Array{pulumi.String("abcdefghij"), first.EndpointId}}
		bad["permissionsBoundaryArn"] = pulumi.ToSecret(pulumi.String("sesame"))
		bad["domain"] = pulumi.Map{
			"name": first.EndpointId, "endpointType": pulumi.String("regional"),
			"publicZoneId": pulumi.String("Z0123456789EXAMPLE01"), "createCertificate": pulumi.Bool(true),
		}
		_, err = newComponent(ctx, "static-ip-apigw", "bad", bad)
		return err
	}))
	printed := s.fails(preview)
	assert.Contains(t, printed, "the inputs of bad have 6 problems; nothing was created or changed on AWS:")
	for _, want := range []string{
		"- domain.name: want a value that is known at preview",
		"- endpoint.apiIds[1]: want a value that is known at preview",
		`- front.allowedCidrs[0] = 10.0.0.1/8: want a range without host bits, such as 10.0.0.0/8`,
		"- function.environment.TOKEN = 7: want a string",
		"- hue: unknown key",
		"- permissionsBoundaryArn: want a value that is not a secret",
	} {
		assert.Contains(t, printed, want)
	}
	assert.NotContains(t, printed, "sesame")
	assert.NotContains(t, printed, " bad create", "nothing of the component is registered")
	assert.NotContains(t, printed, " bad-")
}
