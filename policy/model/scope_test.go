package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestAComponentMeansTheNearestResourceWithAName(t *testing.T) {
	const (
		root  = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
		first = "urn:pulumi:dev::shop::shop:index:Front::first"
		other = "urn:pulumi:dev::shop::shop:index:Front::other"
		part  = "urn:pulumi:dev::shop::shop:index:Front$shop:index:Part::first-part"
		api   = "urn:pulumi:dev::shop::shop:index:Front$shop:index:Part$aws:apigateway/restApi:RestApi::api"
		twin  = "urn:pulumi:dev::shop::shop:index:Front$aws:apigateway/restApi:RestApi::api"
		alone = "urn:pulumi:dev::shop::aws:apigateway/restApi:RestApi::api"
		stage = "urn:pulumi:dev::shop::aws:apigateway/stage:Stage::api"
	)
	s := &model.Stack{}
	for urn, parent := range map[string]string{
		root: "", first: root, other: root, part: first, api: part, twin: other, alone: root, stage: root,
		"cycle 1": "cycle 2", "cycle 2": "cycle 1",
	} {
		s.AddOrder(urn, parent, nil)
	}
	all := []string{api, twin, alone}
	assert.ElementsMatch(t, all, s.Namesakes(api), "a stage has another type")
	assert.Equal(t, []string{api}, s.Nearest(first, all), "inside a part of the component")
	assert.Equal(t, []string{twin}, s.Nearest(other, all))
	assert.Equal(t, []string{alone}, s.Nearest(first, []string{alone}), "outside the component")
	assert.Equal(t, all, s.Nearest(root, all), "all are inside the stack")
	assert.Equal(t, all, s.Nearest("", all), "no component asks")
	assert.Equal(t, all, s.Nearest("cycle 1", all), "a cycle ends")
}
