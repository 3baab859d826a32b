package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// TestSomebodyHasToAcceptAPeeringConnection changes one thing at a time of two VPCs of a stack and their connection.
func TestSomebodyHasToAcceptAPeeringConnection(t *testing.T) {
	type properties = map[string]any
	for _, c := range []struct {
		why        string
		connection properties
		acceptance properties // Nil for none.
		want       model.Truth
	}{
		{"it accepts itself", properties{"autoAccept": true}, nil, model.True},
		{"nobody accepts it, and both VPCs are in the stack", properties{}, nil, model.False},
		{"another account may accept it", properties{"peerVpcId": "vpc-other"}, nil, model.Maybe},
		{"its flag is not known yet", properties{"autoAccept": fixture.Unknown}, nil, model.Maybe},
		{"it is active, whoever accepted it", properties{"acceptStatus": "active"}, nil, model.True},
		{"it waits although both VPCs are in the stack", properties{"acceptStatus": "pending-acceptance"}, nil,
			model.False},
		{"it waited at the last refresh", properties{"acceptStatus": "pending-acceptance", "peerVpcId": "vpc-other"},
			nil,
			model.Maybe},
		{"the accepter accepts it", properties{}, properties{"autoAccept": true}, model.True},
		{"the accepter accepts it after the last refresh", properties{"acceptStatus": "pending-acceptance"},
			properties{"autoAccept": true}, model.True},
		{"the accepter does not accept", properties{}, properties{}, model.False},
	} {
		stack := decodeAll(peered(c.connection, c.acceptance)...)
		assert.Equal(t, c.want, stack.Peerings[0].Accepted, c.why)
	}
}

// peered returns two VPCs with a peering connection that has the given properties in addition.
func peered(connection, acceptance map[string]any) []fixture.Resource {
	const vpc = "aws:ec2/vpc:Vpc"
	properties := map[string]any{"vpcId": fixture.Unknown, "peerVpcId": fixture.Unknown}
	from := map[string][]string{"vpcId": {"one"}, "peerVpcId": {"two"}}
	for key, v := range connection {
		properties[key] = v
	}
	if properties["peerVpcId"] != fixture.Unknown {
		delete(from, "peerVpcId")
	}
	all := []fixture.Resource{
		{Name: "one", Type: vpc}, {Name: "two", Type: vpc},
		{Name: "link", Type: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", Properties: properties,
			Dependencies: from},
	}
	if acceptance == nil {
		return all
	}
	acceptance["vpcPeeringConnectionId"] = fixture.Unknown
	return append(all, fixture.Resource{
		Name: "accepter", Type: "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
		Properties: acceptance, Dependencies: map[string][]string{"vpcPeeringConnectionId": {"link"}},
	})
}
