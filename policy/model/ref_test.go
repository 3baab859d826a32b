package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestARefAnswersForAllItsCandidates(t *testing.T) {
	a, b := inZone("a"), inZone("b")
	inA := func(s *model.Subnet) model.Truth { return s.Zone.Equals("a") }
	for _, c := range []struct {
		name      string
		ref       model.Ref[model.Subnet]
		names, is model.Truth
	}{
		{"certainly a", subnetRef(a), model.True, model.True},
		{"certainly b", subnetRef(b), model.False, model.False},
		{"a or b", subnetRef(a, b), model.Maybe, model.Maybe},
		{"a, or another subnet in the same zone", subnetRef(a, inZone("a")), model.Maybe, model.True},
		{
			"a subnet outside the stack", model.Ref[model.Subnet]{Value: model.Of("subnet-1"), Open: true},
			model.False, model.Maybe,
		},
		{"any subnet", model.UnknownRef[model.Subnet](), model.Maybe, model.Maybe},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.names, c.ref.Names(a))
			assert.Equal(t, c.is, c.ref.Ask(inA))
		})
	}
}

func inZone(zone string) *model.Subnet { return &model.Subnet{Zone: model.Of(zone)} }

func subnetRef(candidates ...*model.Subnet) model.Ref[model.Subnet] {
	return model.Ref[model.Subnet]{Value: model.Unknown[string](), Candidates: candidates}
}
