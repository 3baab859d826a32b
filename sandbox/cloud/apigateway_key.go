package cloud

func apiKeyKind() *Kind {
	return &Kind{
		Token:    apiKeyType,
		Optional: words("customerId description enabled name tags value"),
		Computed: words("arn createdDate lastUpdatedDate value"),
		Replace:  words("value"),
		Defaults: props{"description": "Managed by Pulumi", "enabled": true},
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       code(10),
		missing:  gatewayNotFound("API Key"),
		born: func(c *call) error {
			c.set("arn", c.gatewayARN("apikeys/"+c.obj.ID))
			c.set("createdDate", now())
			c.fill("value", code(40)(c))
			return nil
		},
		derive: func(c *call) error {
			c.set("lastUpdatedDate", now())
			return nil
		},
	}
}

func usagePlanKind() *Kind {
	return &Kind{
		Token:    usagePlanType,
		Optional: words("apiStages description name productCode quotaSettings tags throttleSettings"),
		Computed: words("arn"),
		Sets:     words("apiStages"),
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       code(6),
		missing:  gatewayNotFound("Usage Plan"),
		refs:     map[string]string{"apiStages[].apiId": restApiType},
		check:    usagePlanCheck,
		born: func(c *call) error {
			c.set("arn", c.gatewayARN("usageplans/"+c.obj.ID))
			return nil
		},
	}
}

func usagePlanCheck(c *call) error {
	for _, s := range c.in().objects("apiStages") {
		if c.stage(s.str("apiId"), s.str("stage")) == nil {
			return Refusal{"NotFoundException", "API Stage not found: %s:%s", gatewayErrors}.with(s.str("apiId"), s.str("stage"))
		}
	}
	return nil
}

func usagePlanKeyKind() *Kind {
	return &Kind{
		Token:    usagePlanKeyType,
		Required: words("keyId keyType usagePlanId"),
		Computed: words("name value"),
		Replace:  words("keyId keyType usagePlanId"),
		// as it is imported; the provider's own id is the key's, in every plan
		id:        func(c *call) string { return c.in().str("usagePlanId") + "/" + c.in().str("keyId") },
		duplicate: gatewayConflict("Usage Plan Key %s already exists"),
		refs:      map[string]string{"keyId": apiKeyType, "usagePlanId": usagePlanType},
		born: func(c *call) error {
			key := c.find(apiKeyType, c.in().str("keyId"), c.region)
			c.set("name", key.out("name"))
			c.set("value", key.out("value"))
			return nil
		},
	}
}
