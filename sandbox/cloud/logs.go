package cloud

const logGroupType = "aws:cloudwatch/logGroup:LogGroup"

func logsKinds() []*Kind { return []*Kind{logGroupKind()} }

func logGroupKind() *Kind {
	return &Kind{
		Token:     logGroupType,
		Optional:  words("kmsKeyId logGroupClass name namePrefix retentionInDays skipDestroy tags"),
		Computed:  words("arn logGroupClass namePrefix"),
		Replace:   words("logGroupClass name namePrefix"),
		Defaults:  props{"retentionInDays": 0.0, "skipDestroy": false},
		Autoname:  Autoname{Property: "name", MaxLen: 512},
		id:        logGroupID,
		duplicate: Refusal{"ResourceAlreadyExistsException", "The specified log group already exists", logsErrors},
		missing:   Refusal{"ResourceNotFoundException", "The specified log group does not exist: %s", logsErrors},
		fills:     props{"logGroupClass": "STANDARD", "namePrefix": ""},
		check:     logGroupCheck,
		born: func(c *call) error {
			c.set("arn", c.arn("logs", "log-group:"+c.obj.ID))
			return nil
		},
	}
}

func logGroupCheck(c *call) error { return nil }

func logGroupID(c *call) string {
	if prefix := c.in().str("namePrefix"); prefix != "" {
		c.set("name", prefix+c.hex(26))
	}
	return c.lbName()
}
