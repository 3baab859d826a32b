package decode

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
)

// TestMessagesTellResourcesOfOneNameApart gives resources names that repeat, and
// reads the names that messages use.
func TestMessagesTellResourcesOfOneNameApart(t *testing.T) {
	const stack = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
	type given struct{ parent, token, name string }
	for _, c := range []struct {
		why  string
		same []given
		want []string
	}{
		{"two names are told apart by themselves",
			[]given{{stack, "aws:ec2/vpc:Vpc", "a"}, {stack, "aws:ec2/vpc:Vpc", "b"}},
			[]string{"a", "b"}},
		{"one name for two types",
			[]given{
				{stack, "aws:apigateway/restApi:RestApi", "a"}, {stack, "aws:apigateway/deployment:Deployment", "a"},
			},
			[]string{"a (RestApi)", "a (Deployment)"}},
		{"one name for one type in two components",
			[]given{{"blue", "aws:ec2/vpc:Vpc", "a"}, {"green", "aws:ec2/vpc:Vpc", "a"}},
			[]string{"a (Vpc in blue)", "a (Vpc in green)"}},
		{"only one of them is in a component",
			[]given{{stack, "aws:ec2/vpc:Vpc", "a"}, {"green", "aws:ec2/vpc:Vpc", "a"}},
			[]string{"a (Vpc)", "a (Vpc in green)"}},
		{"two services with a type of one name",
			[]given{{stack, "aws:apigateway/stage:Stage", "a"}, {stack, "aws:apigatewayv2/stage:Stage", "a"}},
			[]string{"a (aws:apigateway/stage:Stage)", "a (aws:apigatewayv2/stage:Stage)"}},
		{"a third resource shares the name only",
			[]given{
				{"blue", "aws:ec2/vpc:Vpc", "a"}, {"green", "aws:ec2/vpc:Vpc", "a"}, {"green", "aws:ec2/eip:Eip", "a"},
			},
			[]string{"a (Vpc in blue)", "a (Vpc in green)", "a (Eip)"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			in := newInput([]plugin.AnalyzerStackResource{
				{AnalyzerResource: plugin.AnalyzerResource{URN: stack, Type: stackType, Name: "p-dev"}},
				{AnalyzerResource: plugin.AnalyzerResource{URN: "blue", Type: "x:index:Network", Name: "blue"}},
				{AnalyzerResource: plugin.AnalyzerResource{URN: "green", Type: "x:index:Network", Name: "green"}},
			}, nil)
			var nodes []*node
			for _, g := range c.same {
				r := plugin.AnalyzerStackResource{Parent: resource.URN(g.parent)}
				r.Type, r.Name = tokens.Type(g.token), g.name
				nodes = append(nodes, newNode(in, r))
			}
			nameNodes(nodes)
			for i, n := range nodes {
				e := n.element()
				assert.Equal(t, c.want[i], e.Name)
				assert.Equal(t, c.same[i].name, e.NameInProgram)
			}
		})
	}
}
