package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestRegionsAreComparedIfTheStackStatesThem(t *testing.T) {
	here, there, later := model.Of("us-east-1"), model.Of("us-west-2"), model.Unknown[string]()
	type placement = model.Placement
	for _, c := range []struct {
		why  string
		a, b placement
		want model.Truth
	}{
		{"both leave it to one provider", placement{Provider: "p"}, placement{Provider: "p"}, model.True},
		{
			"both leave it to one provider whose region is not known yet",
			placement{Provider: "p", ProviderRegion: later},
			placement{Provider: "p", ProviderRegion: later},
			model.True,
		},
		{"two providers take it from the environment", placement{Provider: "p"}, placement{Provider: "q"}, model.Maybe},
		{
			"two providers state one region",
			placement{Provider: "p", ProviderRegion: here}, placement{Provider: "q", ProviderRegion: here}, model.True,
		},
		{
			"two providers state two regions",
			placement{Provider: "p", ProviderRegion: here},
			placement{Provider: "q", ProviderRegion: there},
			model.False,
		},
		{
			"one provider serves two regions",
			placement{Provider: "p", OwnRegion: here}, placement{Provider: "p", OwnRegion: there}, model.False,
		},
		{
			"a resource's own region goes before the provider's",
			placement{Provider: "p", ProviderRegion: here},
			placement{Provider: "p", ProviderRegion: here, OwnRegion: there},
			model.False,
		},
		{
			"a resource states the region that its provider has, which another resource states itself",
			placement{Provider: "p", ProviderRegion: here}, placement{Provider: "q", OwnRegion: here}, model.True,
		},
		{
			"the provider's region is not known, and one resource has its own",
			placement{Provider: "p"}, placement{Provider: "p", OwnRegion: here}, model.Maybe,
		},
		{
			"two resources get their own regions from elsewhere",
			placement{Provider: "p", OwnRegion: later}, placement{Provider: "p", OwnRegion: later}, model.Maybe,
		},
		{
			"a resource's own region is not known, whatever its provider's is",
			placement{Provider: "p", ProviderRegion: here, OwnRegion: later},
			placement{Provider: "p", ProviderRegion: here},
			model.Maybe,
		},
		{
			"a hosted zone is in all regions",
			placement{Provider: "p", ProviderRegion: here, Global: true}, placement{ProviderRegion: there}, model.True,
		},
		{"two unnamed providers may differ", placement{}, placement{}, model.Maybe},
	} {
		t.Run(c.why, func(t *testing.T) {
			assert.Equal(t, c.want, c.a.SameRegion(c.b))
			assert.Equal(t, c.want, c.b.SameRegion(c.a))
		})
	}
}
