package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// TestAnElementHasTheIDThatAWSGave wants the ID of a resource to be unknown until it exists.
func TestAnElementHasTheIDThatAWSGave(t *testing.T) {
	type properties = map[string]any
	for _, c := range []struct {
		why        string
		properties properties
		want       model.Known[string]
	}{
		{"after the deployment", properties{"id": "vpc-1"}, model.Of("vpc-1")},
		{"the engine sends an unknown", properties{"id": "<unknown>"}, model.Unknown[string]()},
		{"the engine sends nothing", properties{"cidrBlock": "10.0.0.0/16"}, model.Unknown[string]()},
		{"a secret that cannot be read", properties{"id": "[secret]"}, model.Unknown[string]()},
	} {
		stack := decodeAll(fixture.Resource{Name: "vpc", Type: "aws:ec2/vpc:Vpc", Properties: c.properties})
		assert.Equal(t, c.want, stack.VPCs[0].ID, c.why)
	}
}

// decodeAll decodes a stack of the given resources.
func decodeAll(stack ...fixture.Resource) *model.Stack {
	return Stack(fixture.Case{Stack: stack}.Resources())
}
