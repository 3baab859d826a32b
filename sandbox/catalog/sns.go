package catalog

import (
	"fmt"

	"private-api-blueprints/sandbox/cloud"
)

const (
	topicType             = "aws:sns/topic:Topic"
	topicSubscriptionType = "aws:sns/topicSubscription:TopicSubscription"
)

// snsErrors is the page that most refusals of this service come from.
const snsErrors = "https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html"

func topicKind() *cloud.Kind {
	return &cloud.Kind{
		Token:    topicType,
		Replace:  words("fifoTopic name namePrefix"),
		Defaults: cloud.Props{"contentBasedDeduplication": false, "fifoTopic": false},
		Autoname: cloud.Autoname{Property: "name", MaxLen: 256},
		Upsert:   true, // CreateTopic returns the topic that exists.
		ID:       func(r *cloud.Request) string { return r.ARN("sns", r.Name()) },
		NotFound: cloud.NewRefusal("NotFound", "Topic does not exist: %s", snsErrors),
		OutputDefaults: cloud.Props{
			"beginningArchiveTime": "", "fifoThroughputScope": "", "namePrefix": "", "signatureVersion": 0,
			"tracingConfig": "",
		},
		NotSimulated: words("policy"),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.Object.ID)
			r.Set("owner", cloud.AccountID)
			return nil
		},
		Example: cloud.Example{Name: "topic", Inputs: cloud.Props{"name": "alarms"}},
	}
}

func topicSubscriptionKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   topicSubscriptionType,
		Replace: words("endpoint protocol topic"),
		Defaults: cloud.Props{
			"confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": false, "rawMessageDelivery": false,
		},
		ID: func(r *cloud.Request) string {
			return fmt.Sprintf("%s:%s-%s-%s-%s-%s", r.Inputs.String("topic"), r.Hex(8), r.Hex(4), r.Hex(4), r.Hex(4),
				r.Hex(12))
		},
		NotFound:       cloud.NewRefusal("NotFound", "Subscription does not exist: %s", snsErrors),
		References:     map[string]string{"topic": topicType},
		ARNPaths:       words("topic"),
		OutputDefaults: cloud.Props{"confirmationWasAuthenticated": false, "filterPolicyScope": ""},
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.Object.ID)
			r.Set("ownerId", cloud.AccountID)
			r.Set("pendingConfirmation", r.Inputs.String("protocol") == "email")
			return nil
		},
		Example: cloud.Example{
			Name: "subscription",
			Inputs: cloud.Props{
				"topic": "${topic}", "protocol": "email", "endpoint": "alarms@example.com",
			},
		},
	}
}
