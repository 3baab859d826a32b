package blueprints

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/configtest"
	"private-api-blueprints/internal/pulumitest"
)

// promisesOf returns the promises that the component of a blueprint registers.
func promisesOf(t *testing.T, account *pulumitest.Recorder) []map[string]any {
	t.Helper()
	var promises []map[string]any
	for token, component := range account.ByType() {
		if strings.HasPrefix(token, typeToken("")) {
			for _, p := range component.Inputs["promises"].ArrayValue() {
				promises = append(promises, p.ObjectValue().Mappable())
			}
		}
	}
	require.NotEmpty(t, promises)
	return promises
}

// line returns a promise as one line: who asks what, and how it must end. It
// shortens AWS's names.
func line(p map[string]any) string {
	text := fmt.Sprint(p["from"])
	for _, key := range []string{"groups", "private", "ipVersion"} {
		if value, found := p[key]; found {
			text += fmt.Sprintf(" %v", value)
		}
	}
	text += fmt.Sprintf(": %s", p["request"])
	headers, _ := p["headers"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		text += fmt.Sprintf(", %s: %s", name, headers[name])
	}
	for _, key := range []string{"connectTo", "server", "serverMethod", "protocol", "signed", "foreign", "apiKey"} {
		if value, found := p[key]; found {
			text += fmt.Sprintf(", %s %v", key, value)
		}
	}
	text += fmt.Sprintf(" → %s", p["expect"])
	if by, found := p["by"]; found {
		text += fmt.Sprintf(" by %s", by)
	}
	return strings.ReplaceAll(text, ".execute-api.us-east-1.amazonaws.com", ".aws")
}

// linesOf returns the promises of a configuration as lines.
func linesOf(t *testing.T, configuration map[string]any) []string {
	t.Helper()
	account, err := deploy(t, configuration)
	require.NoError(t, err)
	var lines []string
	for _, p := range promisesOf(t, account) {
		lines = append(lines, line(p))
	}
	return lines
}

// eachStack runs a test for each acceptable configuration of the test cases.
func eachStack(t *testing.T, test func(t *testing.T, configuration map[string]any)) {
	eachBlueprint(t, func(t *testing.T, file *configtest.File) {
		for name, stack := range file.Stacks {
			t.Run(name, func(t *testing.T) { test(t, stack) })
		}
		for _, c := range file.Deployed {
			t.Run(c.Why, func(t *testing.T) { test(t, file.Configuration(t, c)) })
		}
	})
}

// registeredTypes returns the types of the resources with a name. awsx registers
// the subnets of a VPC in the engine, and the stack only reads existing ones.
func registeredTypes(account *pulumitest.Recorder) map[string]string {
	types := map[string]string{}
	for name, r := range account.Resources() {
		types[name] = r.Request.Type
		if r.Request.Type != "awsx:ec2:Vpc" {
			continue
		}
		for i := range r.Inputs["availabilityZoneNames"].ArrayValue() {
			for _, tier := range []string{"private", "public"} {
				types[fmt.Sprintf("%s-%s-%d", name, tier, i+1)] = subnetType
			}
		}
	}
	return types
}

const (
	subnetType   = "aws:ec2/subnet:Subnet"
	functionType = "aws:lambda/function:Function"
)

// typesNamedBy says what may be named by which part of a promise.
var typesNamedBy = map[string][]string{
	"from":      {subnetType, functionType, "aws:ec2/instance:Instance"},
	"groups":    {"aws:ec2/securityGroup:SecurityGroup"},
	"connectTo": {"aws:lb/loadBalancer:LoadBalancer", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/instance:Instance"},
	"by":        {functionType, "aws:apigateway/restApi:RestApi"},
	"${}":       {"aws:apigateway/restApi:RestApi", "aws:ec2/vpcEndpoint:VpcEndpoint"},
}

var (
	placeholder      = regexp.MustCompile(`\$\{([^}]*)}`)
	existingSubnetId = regexp.MustCompile(`^subnet-[0-9a-f]{17}$`)
)

// namesIn returns the names of resources in a promise, with the part that names
// them.
func namesIn(p map[string]any) map[string]string {
	names := map[string]string{}
	for _, match := range placeholder.FindAllStringSubmatch(fmt.Sprint(p["request"], p["headers"]), -1) {
		names[match[1]] = "${}"
	}
	for _, key := range []string{"connectTo", "by"} {
		if name, found := p[key]; found && name != internet {
			names[name.(string)] = key
		}
	}
	groups, _ := p["groups"].([]any)
	for _, group := range groups {
		names[group.(string)] = "groups"
	}
	from := p["from"].(string)
	_, err := netip.ParseAddr(strings.TrimPrefix(from, internet+" "))
	if from != internet && from != anotherVpc.from && err != nil && !existingSubnetId.MatchString(from) {
		names[from] = "from"
	}
	return names
}

func TestAPromiseNamesRegisteredResources(t *testing.T) {
	eachStack(t, func(t *testing.T, configuration map[string]any) {
		account, err := deploy(t, configuration)
		require.NoError(t, err)
		types := registeredTypes(account)
		for _, p := range promisesOf(t, account) {
			for name, part := range namesIn(p) {
				assert.Contains(t, typesNamedBy[part], types[name], "%s of %s", name, line(p))
			}
		}
	})
}

func TestNoPromiseIsMadeTwice(t *testing.T) {
	eachStack(t, func(t *testing.T, configuration map[string]any) {
		lines := linesOf(t, configuration)
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(lines))), len(lines), "%q", lines)
	})
}

// A promise that was unknown at a first preview could not be checked before the
// resources exist.
func TestPromisesAreTheSameAtAFirstPreview(t *testing.T) {
	eachStack(t, func(t *testing.T, configuration map[string]any) {
		deployed := linesOf(t, configuration)
		values, account := configtest.Values(t, configuration), pulumitest.NewAccount()
		require.NoError(t, account.Preview(func(ctx *pulumi.Context) error { return Deploy(ctx, values) }))
		var planned []string
		for _, p := range promisesOf(t, account) {
			planned = append(planned, line(p))
		}
		assert.Equal(t, deployed, planned)
	})
}
