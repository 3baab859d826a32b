package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestZonesOfSubnets(t *testing.T) {
	a, b, c := inZone("a"), inZone("b"), inZone("c")
	inA, inB, inC := subnetRef(a), subnetRef(b), subnetRef(c)
	aOrB, any3 := subnetRef(a, b), subnetRef(a, b, c)
	anywhere := model.UnknownRef[model.Subnet]()
	someNumber := model.Refs[model.Subnet]{Rest: &anywhere}
	for _, row := range []struct {
		why         string
		left, right model.Refs[model.Subnet]
		// Whether left spans two zones, whether right has all of its zones, and the other way round.
		two, within, contains model.Truth
		apart                 model.Truth // Whether they have no zone in common.
	}{
		{"the same subnets", subnets(inA, inB), subnets(inB, inA), model.True, model.True, model.True, model.False},
		{"one zone differs", subnets(inA, inB), subnets(inA, inC), model.True, model.False, model.False, model.False},
		{
			"two subnets in one zone are one zone",
			subnets(inA, subnetRef(inZone("a"))), subnets(inA), model.False, model.True, model.True, model.False,
		},
		{"one zone more", subnets(inA, inB), subnets(inA), model.True, model.False, model.True, model.False},
		{
			"as many subnets as zones",
			subnets(aOrB, aOrB), subnets(inA, inB), model.Maybe, model.True, model.True, model.False,
		},
		{
			"fewer subnets than zones",
			subnets(any3, any3), subnets(inA, inB), model.Maybe, model.Maybe, model.Maybe, model.Maybe,
		},
		{
			"a zone that the other cannot have",
			subnets(inC, anywhere), subnets(aOrB, aOrB), model.Maybe, model.False, model.Maybe, model.Maybe,
		},
		{
			"nothing is known",
			subnets(anywhere, anywhere), subnets(inA, inB), model.Maybe, model.Maybe, model.Maybe, model.Maybe,
		},
		{
			"more subnets than the other",
			subnets(anywhere, anywhere), subnets(anywhere), model.Maybe, model.False, model.Maybe, model.Maybe,
		},
		{"no subnet", subnets(), subnets(inA), model.False, model.True, model.False, model.True},
		{"an unknown number of subnets", someNumber, subnets(inA), model.Maybe, model.Maybe, model.Maybe, model.Maybe},
	} {
		t.Run(row.why, func(t *testing.T) {
			left, right := model.ZonesOf(row.left), model.ZonesOf(row.right)
			assert.Equal(t, row.two, left.AtLeast(2), "spans two zones")
			assert.Equal(t, row.apart, left.Apart(right), "no zone in common")
			assert.Equal(t, row.apart, right.Apart(left), "no zone in common, the other way round")
			assert.Equal(t, row.within, left.Within(right), "right has all zones of left")
			assert.Equal(t, row.contains, right.Within(left), "left has all zones of right")
		})
	}
}

func subnets(items ...model.Ref[model.Subnet]) model.Refs[model.Subnet] {
	return model.Refs[model.Subnet]{Items: items}
}
