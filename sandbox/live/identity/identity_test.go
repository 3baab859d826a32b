package identity

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/livetest"
	"private-api-blueprints/sandbox/policyeval"
)

// caller is a role in YAML, with more of its inputs.
func caller(inputs string) string {
	return `
- type: aws:iam/role:Role
  id: caller
  inputs:
    name: caller
    assumeRolePolicy: >-
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},
      "Action":"sts:AssumeRole"}]}
` + inputs
}

const callerARN = "arn:aws:iam::123456789012:role/caller"

func find(t *testing.T, inv *inventory.Inventory) *Caller {
	t.Helper()
	found := OfRole(inv, callerARN)
	require.NotNil(t, found)
	return found
}

func TestAKeyBelongsToTheUserOrToARole(t *testing.T) {
	inv := livetest.Open(t, caller(""))
	user, secret := Find(inv, "AKIAIOSFODNN7EXAMPLE", "")
	require.NotNil(t, user)
	assert.Equal(t, "arn:aws:iam::123456789012:user/sandbox", user.ARN)
	assert.Equal(t, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", secret.SecretAccessKey, "as AWS's documentation has it")
	role, secret := Find(inv, Role(callerARN).AccessKeyID, "")
	require.NotNil(t, role)
	assert.Equal(t, Role(callerARN), secret)
	assert.Equal(t, []string{"arn:aws:sts::123456789012:assumed-role/caller/sandbox", callerARN, "123456789012"},
		role.Names)
	assert.Regexp(t, `^ASIA[A-Z2-7]{16}$`, secret.AccessKeyID)
	assert.Len(t, secret.SecretAccessKey, 40)
	assert.NotEqual(t, Role(callerARN), Role(callerARN+"2"))
	nobody, secret := Find(inv, "AKIAEXAMPLEOFNOBODY1", "")
	assert.Nil(t, nobody)
	assert.Zero(t, secret)
	assert.Nil(t, OfRole(inv, callerARN+"2"))
}

func TestTheStrangerIsOfAnAccountThatTheAPIAdmits(t *testing.T) {
	inv := livetest.Open(t, "[]")
	for _, row := range []struct{ why, policy, want string }{
		{"no policy", "", "111122223333"},
		{"its own account", statement("Allow", `{"AWS": "arn:aws:iam::123456789012:root"}`), "111122223333"},
		{"everybody", statement("Allow", `"*"`), "111122223333"},
		{"an ARN", statement("Allow", `{"AWS": "arn:aws:iam::999999999999:root"}`), "999999999999"},
		{"an ID", statement("Allow", `{"AWS": ["123456789012", "999999999999"]}`), "999999999999"},
		{"a statement that denies", `[` + statement("Deny", `{"AWS": "222222222222"}`) + `, ` +
			statement("Allow", `{"AWS": "999999999999"}`) + `]`, "999999999999"},
	} {
		stranger, _ := Find(inv, Stranger().AccessKeyID, `{"Statement": `+row.policy+`}`)
		assert.Equal(t, row.want, stranger.Account, row.why)
	}
}

// statement returns a statement of a policy.
func statement(effect, principal string) string {
	return `{"Effect": "` + effect + `", "Principal": ` + principal + `, "Action": "*", "Resource": "*"}`
}

func TestARoleMayWhatItsPoliciesSay(t *testing.T) {
	const api = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/v1/GET/hello"
	policy := func(effect string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"` + effect +
			`","Action":"execute-api:Invoke","Resource":"` + api + `"}}`
	}
	attached := `
- type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
  id: attached
  inputs: {role: caller, policyArn: "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"}
`
	inside := func(effect string) string {
		return `
- type: aws:iam/rolePolicy:RolePolicy
  id: caller:inside
  inputs: {name: inside, role: caller, policy: '` + policy(effect) + "'}\n"
	}
	for _, row := range []struct {
		objects string
		want    policyeval.Verdict
		why     string
	}{
		{caller(""), policyeval.ImplicitDeny, "a role without policies"},
		{caller("") + inside("Allow"), policyeval.Allow, "a policy of its own"},
		{caller("    inlinePolicies: [{name: a, policy: '" + policy("Allow") + "'}]\n"), policyeval.Allow,
			"an inline policy"},
		{caller("") + attached, policyeval.Allow, "a managed policy"},
		{caller("") + attached + inside("Deny"), policyeval.Deny, "a deny wins"},
	} {
		t.Run(row.why, func(t *testing.T) {
			inv := livetest.Open(t, row.objects)
			got, err := find(t, inv).May(inv, policyeval.Request{Action: "execute-api:Invoke", Resource: api})
			require.NoError(t, err)
			assert.Equal(t, row.want, got)
			again, err := find(t, inv).May(inv, policyeval.Request{Action: "execute-api:Invoke", Resource: api})
			require.NoError(t, err)
			assert.Equal(t, row.want, again, "the account is as before")
			other, err := find(t, inv).May(inv, policyeval.Request{Action: "s3:GetObject",
				Resource: "arn:aws:s3:::a/b"})
			require.NoError(t, err)
			assert.Equal(t, policyeval.ImplicitDeny, other)
		})
	}
}

func TestTheUserIsAnAdministrator(t *testing.T) {
	inv := livetest.Open(t)
	user, _ := Find(inv, User().AccessKeyID, "")
	got, err := user.May(inv, policyeval.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b"})
	require.NoError(t, err)
	assert.Equal(t, policyeval.Allow, got)
}
