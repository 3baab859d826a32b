package components

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/pulumitest"
)

// setConfiguration sets the stack's configuration, as the engine passes it to a program.
func setConfiguration(t *testing.T, values map[string]string, secret ...string) {
	t.Helper()
	for name, value := range map[string]any{pulumi.EnvConfig: values, pulumi.EnvConfigSecretKeys: secret} {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		t.Setenv(name, string(text))
	}
}

func TestProviderOfARoleHasTheSettingsOfTheStacksProvider(t *testing.T) {
	setConfiguration(t, map[string]string{
		"aws:region": "us-east-1", "aws:assumeRole": `{"roleArn":"arn:aws:iam::123456789012:role/ci"}`,
		"aws:profile": "company", "aws:secretKey": "example", "aws:maxRetries": "7", "aws:useFipsEndpoint": "true",
		"aws:allowedAccountIds": `["123456789012",111122223333]`,
		"aws:defaultTags":       `{"tags":{"owner":"edge"}}`,
		"aws:ignoreTags":        `{"keyPrefixes":["scanner:"],"keys":["cost"]}`,
		"aws:endpoints":         `[{"ec2":"https://ec2.example.com"}]`,
		"aws:assumeRoleWithWebIdentity": `{"roleArn":"arn:aws:iam::123456789012:role/ci",` +
			`"webIdentityTokenFile":"/var/run/token"}`,
	}, "aws:secretKey", "aws:endpoints")
	const role = "arn:aws:iam::111122223333:role/consumer"
	stack := pulumitest.NewEcho()
	require.NoError(t, stack.Run(func(ctx *pulumi.Context) error {
		_, err := NewRoleProvider(ctx, "consumer", role, "us-east-1")
		return err
	}))
	inputs := stack.Providers()["consumer"].Inputs
	for _, key := range []resource.PropertyKey{"secretKey", "endpoints"} {
		assert.True(t, inputs[key].IsSecret(), "%s stays secret", key)
		delete(inputs, key)
	}
	assert.Equal(t, map[string]any{
		"region": "us-east-1", "profile": "company", "maxRetries": 7.0, "useFipsEndpoint": true,
		"allowedAccountIds": []any{"123456789012", "111122223333"},
		"assumeRole":        map[string]any{"roleArn": role},
		"defaultTags":       map[string]any{"tags": map[string]any{"owner": "edge"}},
		"ignoreTags":        map[string]any{"keyPrefixes": []any{"scanner:"}, "keys": []any{"cost"}},
		"assumeRoleWithWebIdentity": map[string]any{
			"roleArn": "arn:aws:iam::123456789012:role/ci", "webIdentityTokenFile": "/var/run/token",
			"policyArns": []any{},
		},
		"skipCredentialsValidation": false, "skipRegionValidation": true, // Defaults of the SDK.
	}, inputs.Mappable(), "a key that is absent is left to the provider")
}

func TestProviderOfARoleRefusesSettingsThatItCannotRead(t *testing.T) {
	for _, row := range []struct{ key, value, shown string }{
		{"aws:maxRetries", "many", `"many"`},
		{"aws:allowedAccountIds", "123456789012", `"123456789012"`},
		{"aws:defaultTags", "owner", `"[secret]"`},
	} {
		t.Run(row.key, func(t *testing.T) {
			setConfiguration(t, map[string]string{row.key: row.value}, "aws:defaultTags")
			err := pulumitest.NewEcho().Run(func(ctx *pulumi.Context) error {
				_, err := NewRoleProvider(ctx, "consumer", "arn:aws:iam::111122223333:role/r", "us-east-1")
				return err
			})
			assert.ErrorContains(t, err, row.key+" = "+row.shown+": want ")
		})
	}
}
