package sandbox

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStackFileIsReadWithoutItsSecretsProvider(t *testing.T) {
	const file = `secretsprovider: awskms://alias/example
encryptedkey: AAAA
encryptionsalt: v1:AAAA
environment: [prod]
config:
  aws:region: us-east-1
  aws:allowedAccountIds: [012345678901]
`
	own, err := ownCopy([]byte(file), nil)
	require.NoError(t, err)
	assert.Equal(t, "config:\n    aws:region: us-east-1\n    aws:allowedAccountIds: [012345678901]\n", string(own))
}

func TestAnEncryptedValueIsRefusedUnlessItIsReplaced(t *testing.T) {
	const file = `config:
  aws:secretKey: {secure: AAAA}
  blueprint:domain: {name: api.example.com, other: [{secure: BBBB}]}
`
	_, err := ownCopy([]byte(file), nil)
	assert.ErrorContains(t, err, "aws:secretKey is encrypted, and the sandbox has no key")
	assert.ErrorContains(t, err, "blueprint:domain.other[0] is encrypted")
	assert.NotContains(t, err.Error(), "AAAA")

	own, err := ownCopy([]byte(file), []string{"aws:secretKey=none", "blueprint:domain={}"})
	require.NoError(t, err)
	assert.YAMLEq(t, `{"config": {}}`, string(own), "the settings are added later")
}

func TestCredentialsOfTheProviderAreEncrypted(t *testing.T) {
	for setting, want := range map[string]string{
		"aws:accessKey=a":       "--secret",
		"aws:secretKey=a=b":     "--secret",
		"aws:token=a":           "--secret",
		`["aws:secretKey"]=a`:   "--secret",
		"aws:config:token=a":    "--secret",
		"aws:httpsProxy=http:/": "--secret",
		"aws:assumeRoleWithWebIdentity.webIdentityToken=a": "--secret",
		"aws:region=us-east-1":                             "--plaintext",
		"blueprint:token=a":                                "--plaintext",
		"secretKey=a":                                      "--plaintext",
		"[=a":                                              "--plaintext",
		"":                                                 "--plaintext",
	} {
		assert.Equal(t, want, flagOf(setting), setting)
	}
}

func TestAFileThatIsNoYAMLIsLeftToPulumi(t *testing.T) {
	for _, text := range []string{"", "config: ["} {
		own, err := ownCopy([]byte(text), nil)
		require.NoError(t, err)
		assert.Equal(t, text, string(own))
	}
}
