package tests

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/config"
)

// TestTagsReachEveryResource deploys each example with tags in both ways. Every resource that takes tags shows all of
// its tags in tagsAll.
func TestTagsReachEveryResource(t *testing.T) {
	tags := []string{"blueprint:tags.owner=edge", "aws:defaultTags.tags.stage=dev"}
	for _, blueprint := range config.Blueprints() {
		t.Run(blueprint.Name, func(t *testing.T) {
			s := newExample(t, blueprint.Name, tags...)
			s.up()
			s.assertTagged()
		})
	}
	t.Run("the consumer's account", func(t *testing.T) {
		role := "blueprint:consumer.roleArn=arn:aws:iam::111122223333:role/consumer"
		principal := `blueprint:service.allowedPrincipals[0]=arn:aws:iam::111122223333:root`
		s := newExample(t, "h2-endpoint-service", append(tags, role, principal)...)
		s.up()
		assert.Contains(t, s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "h2-consumer-vpce").Provider, "::consumer::")
		s.assertTagged()
	})
}

// assertTagged asserts that each resource that takes tags has those of the test.
func (s *stack) assertTagged() {
	s.t.Helper()
	tagged := 0
	for _, r := range s.state() {
		tags, takesTags := r.Outputs["tagsAll"].(map[string]any)
		if !takesTags || r.External {
			continue
		}
		tagged++
		maps.DeleteFunc(tags, func(name string, _ any) bool { return name != "owner" && name != "stage" })
		assert.Equal(s.t, map[string]any{"owner": "edge", "stage": "dev"}, tags, r.URN)
	}
	assert.Greater(s.t, tagged, 10, "resources that take tags")
}
