package catalog

import "private-api-blueprints/sandbox/cloud"

func apiKeyKind() *cloud.Kind {
	return &cloud.Kind{
		Token:    apiKeyType,
		Replace:  words("value"),
		Defaults: cloud.Props{"description": "Managed by Pulumi", "enabled": true},
		Autoname: cloud.Autoname{Property: "name", MaxLen: 255},
		ID:       cloud.CodeID(10),
		NotFound: gatewayNotFound("API Key"),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", gatewayARN(r, "apikeys/"+r.Object.ID))
			r.Set("createdDate", now())
			r.SetDefault("value", r.Code(40))
			return nil
		},
		Compute: func(r *cloud.Request) error {
			r.Set("lastUpdatedDate", now())
			return nil
		},
		Example: cloud.Example{
			Name:   "key",
			Inputs: cloud.Props{"name": "key"},
		},
	}
}

func usagePlanKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      usagePlanType,
		Sets:       words("apiStages"),
		Autoname:   cloud.Autoname{Property: "name", MaxLen: 255},
		ID:         cloud.CodeID(6),
		NotFound:   gatewayNotFound("Usage Plan"),
		References: map[string]string{"apiStages[].apiId": restAPIType},
		Constraints: []cloud.Constraint{
			cloud.OneOf("quotaSettings.period", "DAY", "WEEK", "MONTH"),
		},
		Check: cloud.InOrder(checkUsagePlan, checkQuota),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", gatewayARN(r, "usageplans/"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name:   "plan",
			Inputs: cloud.Props{"apiStages": []any{cloud.Props{"apiId": "${api}", "stage": "v1"}}, "name": "plan"},
			After:  []string{"stage"},
		},
	}
}

func checkUsagePlan(r *cloud.Request) error {
	for _, s := range r.Inputs.Objects("apiStages") {
		if findStage(r, s.String("apiId"), s.String("stage")) == nil {
			return cloud.NewRefusal("NotFoundException", "API Stage not found: %s:%s",
				gatewayErrors).With(s.String("apiId"), s.String("stage"))
		}
	}
	return nil
}

// checkQuota refuses a quota of no requests, and an offset beyond the period. The
// provider checks the offset itself.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/apigateway/usage_plan.go
func checkQuota(r *cloud.Request) error {
	quota := r.Inputs.Object("quotaSettings")
	if quota == nil {
		return nil
	}
	last := map[string]int{"DAY": 0, "WEEK": 6, "MONTH": 27}[quota.String("period")]
	switch offset := quota.Int("offset"); {
	case quota.Int("limit") < 1:
		return badRequest("Usage Plan quota limit must be greater than zero", gatewayErrors).With()
	case last == 0 && offset != 0:
		return badRequest("Usage Plan quota offset must be zero in the DAY period", gatewayErrors).With()
	case offset < 0 || offset > last:
		return badRequest("Usage Plan quota offset must be between 0 and %d inclusive in the %s period",
			gatewayErrors).With(last, quota.String("period"))
	}
	return nil
}

func usagePlanKeyKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   usagePlanKeyType,
		Replace: words("keyId keyType usagePlanId"),
		// As it is imported. The provider's own ID is that of the key, the same in every plan.
		ID: func(r *cloud.Request) string {
			return r.Inputs.String("usagePlanId") + "/" + r.Inputs.String("keyId")
		},
		Duplicate:  gatewayConflict("Usage Plan Key %s already exists"),
		References: map[string]string{"keyId": apiKeyType, "usagePlanId": usagePlanType},
		OnCreate: func(r *cloud.Request) error {
			key := r.Find(apiKeyType, r.Inputs.String("keyId"), r.Region)
			r.Set("name", key.Output("name"))
			r.Set("value", key.Output("value"))
			return nil
		},
		Example: cloud.Example{
			Name:   "plan key",
			Inputs: cloud.Props{"keyId": "${key}", "keyType": "API_KEY", "usagePlanId": "${plan}"},
		},
	}
}
