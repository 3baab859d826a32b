package decode_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/model"
)

// promising returns a component with promises.
func promising(resourceType string, promises resource.PropertyValue) plugin.AnalyzerStackResource {
	return plugin.AnalyzerStackResource{AnalyzerResource: plugin.AnalyzerResource{
		URN:  resource.NewURN("dev", "test", "", tokens.Type(resourceType), "shop"),
		Type: tokens.Type(resourceType), Name: "shop", Properties: resource.PropertyMap{"promises": promises},
	}}
}

// blueprint is the type of a component of this project.
const blueprint = "private-api-blueprints:index:StaticIpApi"

func promise(members map[string]any) resource.PropertyValue {
	return resource.NewPropertyValue(members)
}

func TestComponentsMakePromises(t *testing.T) {
	good := promise(map[string]any{
		"from": "internet", "request": "GET https://a.example/", "expect": "delivered", "groups": []any{},
		"ipVersion": 4, "by": "",
	})
	unknown := promise(map[string]any{"from": resource.MakeComputed(resource.NewProperty(""))})
	wrong := promise(map[string]any{"from": true})
	list := resource.NewProperty([]resource.PropertyValue{resource.MakeSecret(good), unknown, wrong})

	made := decode.Stack([]plugin.AnalyzerStackResource{promising(blueprint, list)}).Promises
	require.Len(t, made, 3)
	assert.Equal(t, "promises[0]", made[0].Property)
	assert.Equal(t, "shop", made[0].Name)
	made[0].Element = model.Element{}
	assert.Equal(t, model.Promise{
		Request: model.Request{From: "internet", Method: "GET", URL: "https://a.example/", IPVersion: 4},
		Expect:  "delivered",
	}, *made[0], "empty texts are absent")
	assert.True(t, made[1].Unknown)
	assert.Equal(t, "promises[2]: from = true: want a text", made[2].Problem)
}

func TestOtherPropertiesAreNoPromises(t *testing.T) {
	other := resource.NewProperty([]resource.PropertyValue{promise(map[string]any{"to": "love"})})
	assert.Empty(t, decode.Stack([]plugin.AnalyzerStackResource{promising("vows:index:Wedding", other)}).Promises,
		"what another project calls promises")
	good := promise(map[string]any{"from": "internet", "request": "https://a.example/", "expect": "refused"})
	assert.Len(t, decode.Stack([]plugin.AnalyzerStackResource{promising("shop:index:Front", good)}).Promises, 1,
		"one promise instead of a list, of another project's component")
	assert.Empty(t, decode.Stack([]plugin.AnalyzerStackResource{promising("aws:ec2/vpc:Vpc", good)}).Promises)
	unknown := resource.MakeComputed(resource.NewProperty(""))
	assert.Len(t, decode.Stack([]plugin.AnalyzerStackResource{promising(blueprint, unknown)}).Promises, 1)
}
