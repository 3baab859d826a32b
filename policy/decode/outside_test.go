package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

func TestATargetGroupIsSharedWithWhoeverHasItsARN(t *testing.T) {
	type properties = map[string]any
	const scaling, command = "aws:autoscaling/group:Group", "command:local:Command"
	stackWith := func(output any) fixture.Resource {
		return fixture.Resource{Name: "dev", Type: "pulumi:pulumi:Stack", Properties: properties{"out": output}}
	}
	byProperty := map[string][]string{"targetGroupArns": {"tg"}, "environment": {"tg"}}
	for _, c := range []struct {
		why      string
		other    fixture.Resource
		want     model.Truth
		byOutput bool
	}{
		{"an Auto Scaling group registers its instances", fixture.Resource{Name: "asg", Type: scaling,
			Properties: properties{"targetGroupArns": []any{fixture.Unknown}}, Dependencies: byProperty},
			model.True, false},
		{"a resource of AWS that only waits for the group", fixture.Resource{Name: "f",
			Type: "aws:lambda/function:Function", Properties: properties{"role": fixture.Unknown},
			Dependencies: map[string][]string{"role": {"other"}}, DependsOn: []string{"tg"}}, model.False, false},
		{"a command that waits for the group", fixture.Resource{Name: "register", Type: command,
			Properties: properties{"create": "register web"}, DependsOn: []string{"tg"}}, model.True, false},
		{"an output that is not known yet", stackWith(fixture.Unknown), model.Maybe, true},
		{"an output of the stack is something else", stackWith("https://api.example.com"), model.False, false},
	} {
		s := decodeAll(
			fixture.Resource{Name: "vpc", Type: "aws:ec2/vpc:Vpc", Properties: properties{"id": fixture.Unknown}},
			fixture.Resource{Name: "tg", Type: "aws:lb/targetGroup:TargetGroup",
				Properties:   properties{"arn": fixture.Unknown, "vpcId": fixture.Unknown},
				Dependencies: map[string][]string{"vpcId": {"vpc"}}},
			fixture.Resource{Name: "other", Type: "aws:iam/role:Role", Properties: properties{}}, c.other)
		require.Len(t, s.TargetGroups, 1, c.why)
		tg := s.TargetGroups[0]
		assert.Equal(t, c.want, tg.Shared, c.why)
		assert.Equal(t, c.byOutput, tg.SharedByOutput, c.why)
		assert.Equal(t, c.want == model.True, tg.HasOthers() == model.True, c.why)
	}
}
