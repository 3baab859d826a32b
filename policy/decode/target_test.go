package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
)

// TestATargetMayBeTheAddressOfALoadBalancer finds the load balancer from which a program has looked up an address.
func TestATargetMayBeTheAddressOfALoadBalancer(t *testing.T) {
	for _, c := range []struct {
		why  string
		from []string
		want bool
	}{
		{"the lookup asks for the load balancer", []string{"alb"}, true},
		{"it asks for a subnet too", []string{"alb", "subnet-a"}, true},
		{"the subnet comes from a VPC of awsx", []string{"alb", "net", "vpc", "subnet-a", "subnet-b"}, true},
		{"either load balancer may have the address", []string{"alb", "other"}, false},
		{"an endpoint may have the address", []string{"alb", "endpoint"}, false},
		{"something outside the stack may have it", []string{"alb", "elsewhere"}, false},
		{"a subnet alone names no load balancer", []string{"subnet-a"}, false},
	} {
		const lb = "aws:lb/loadBalancer:LoadBalancer"
		target := "aws:lb/targetGroupAttachment:TargetGroupAttachment"
		stack := decodeAll(append(network(target, "targetId", c.from...),
			fixture.Resource{Name: "alb", Type: lb}, fixture.Resource{Name: "other", Type: lb},
			fixture.Resource{Name: "endpoint", Type: "aws:ec2/vpcEndpoint:VpcEndpoint"},
		)...)
		of, certain := stack.Targets[0].AddressOf.Sole()
		assert.Equal(t, c.want, certain && of.Name == "alb", c.why)
	}
}
