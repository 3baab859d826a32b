package blueprints

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestArnsOutsideAreThoseOfOtherPartitions(t *testing.T) {
	values := map[string]string{
		"aws:assumeRole":                   `{"roleArn":"arn:aws:iam::123456789012:role/deploy"}`,
		"blueprint:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/boundary",
		"blueprint:api":                    `{"callers":["arn:aws-us-gov:iam::1:role/a","arn:aws:iam::1:role/b"]}`,
		"blueprint:function":               `{"environment":{"TOPIC":"arn:aws:sns:us-east-1:1:topic"}}`,
		"blueprint:name":                   "static-ip-apigw",
	}
	assert.Equal(t, []setArn{
		{"blueprint:api.callers[1]", "arn:aws:iam::1:role/b"},
		{"blueprint:permissionsBoundaryArn", "arn:aws:iam::123456789012:policy/boundary"},
	}, arnsOutside("aws-us-gov", "blueprint:", values))
}
