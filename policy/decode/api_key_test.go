package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

func TestAStageHasAKeyThroughAUsagePlan(t *testing.T) {
	type properties = map[string]any
	for _, c := range []struct {
		why            string
		key, plan, has properties
		want           model.Truth
	}{
		{"an enabled key is in a plan of the stage", properties{}, properties{"apiId": "a1", "stage": "prod"},
			properties{"keyId": "k1", "usagePlanId": "p1"}, model.True},
		{"the key is disabled", properties{"enabled": false}, properties{"apiId": "a1", "stage": "prod"},
			properties{"keyId": "k1", "usagePlanId": "p1"}, model.False},
		{"it is not known whether the key is enabled", properties{"enabled": fixture.Unknown},
			properties{"apiId": "a1", "stage": "prod"}, properties{"keyId": "k1", "usagePlanId": "p1"}, model.Maybe},
		{"the plan has another stage", properties{}, properties{"apiId": "a1", "stage": "test"},
			properties{"keyId": "k1", "usagePlanId": "p1"}, model.False},
		{"the plan is for another API", properties{}, properties{"apiId": "b1", "stage": "prod"},
			properties{"keyId": "k1", "usagePlanId": "p1"}, model.False},
		{"the key is from elsewhere", properties{}, properties{"apiId": "a1", "stage": "prod"},
			properties{"keyId": "other", "usagePlanId": "p1"}, model.Maybe},
		{"no key is in the plan", properties{}, properties{"apiId": "a1", "stage": "prod"}, nil, model.False},
	} {
		c.key["id"] = "k1"
		stack := []fixture.Resource{
			{Name: "stage", Type: restStage, Properties: properties{"restApi": "a1", "stageName": "prod"}},
			{Name: "key", Type: "aws:apigateway/apiKey:ApiKey", Properties: c.key},
			{Name: "plan", Type: "aws:apigateway/usagePlan:UsagePlan",
				Properties: properties{"id": "p1", "apiStages": []any{c.plan}}},
		}
		if c.has != nil {
			stack = append(stack, fixture.Resource{
				Name: "in", Type: "aws:apigateway/usagePlanKey:UsagePlanKey", Properties: c.has})
		}
		s := decodeAll(stack...)
		assert.Equal(t, c.want, s.HasKeyFor(s.Stages[0]), c.why)
	}
}
