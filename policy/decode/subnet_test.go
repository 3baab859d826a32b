package decode

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A subnet that a program reads may have associations that the stack does not
// show. The state has no dependencies for it.
func TestASubnetThatIsOnlyReadMayHaveOtherAssociations(t *testing.T) {
	subnet := plugin.AnalyzerStackResource{}
	subnet.URN = "urn:pulumi:dev::p::aws:ec2/subnet:Subnet::a"
	subnet.Type, subnet.Name = subnet.URN.Type(), "a"
	subnet.Properties = resource.NewPropertyMapFromMap(map[string]any{"id": "subnet-1", "vpcId": "vpc-1"})
	read := Stack([]plugin.AnalyzerStackResource{subnet})
	require.Len(t, read.Subnets, 1)
	assert.False(t, read.Subnets[0].AssociationsComplete)

	subnet.PropertyDependencies = map[resource.PropertyKey][]resource.URN{
		"vpcId": {"urn:pulumi:dev::p::aws:ec2/vpc:Vpc::vpc"},
	}
	made := Stack([]plugin.AnalyzerStackResource{subnet})
	assert.True(t, made.Subnets[0].AssociationsComplete)
}
