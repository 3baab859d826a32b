package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPathOfAResourceContainsThatOfItsParent(t *testing.T) {
	w := newWorld(t)
	child, err := w.create("resource",
		props{"restApi": w.id("api"), "parentId": w.id("resource"), "pathPart": "{proxy+}"})
	require.NoError(t, err)
	assert.Equal(t, "/hello/{proxy+}", find(w.account, apiResourceType, child).Output("path"))
}

func TestPrivateDomainNameHasAnID(t *testing.T) {
	w := newWorld(t)
	id := w.out("private domain", "domainNameId")
	assert.Equal(t, "api.example.com/"+id, w.id("private domain"))
	assert.Equal(t, "arn:aws:apigateway:us-east-1:123456789012:/domainnames/api.example.com+"+id,
		w.arn("private domain"))
	assert.Empty(t, w.out("private domain", "regionalDomainName"))
	assert.Regexp(t, `^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$`,
		w.out("domain", "regionalDomainName"))
}

func TestPrivateDomainNameTakesACertificateInEitherInput(t *testing.T) {
	w := newWorld(t)
	_, err := w.create("private domain",
		w.changed("private domain", props{"certificateArn": nil, "regionalCertificateArn": existingCertificate}))
	assert.NoError(t, err)
	w.id("private domain")
}

func TestKeyMayBelongToTwoUsagePlans(t *testing.T) {
	w := newWorld(t)
	w.id("plan key")
	second, err := w.create("plan", w.changed("plan", props{"name": "second"}))
	require.NoError(t, err)
	_, err = w.create("plan key", w.changed("plan key", props{"usagePlanId": second}))
	require.NoError(t, err)
	_, err = w.create("plan key", w.changed("plan key", props{"usagePlanId": second}))
	assert.ErrorContains(t, err, "already exists")
}

// TestDeletingTheAccountResourceKeepsTheLogRole has two stacks that set the same
// setting of the account.
func TestDeletingTheAccountResourceKeepsTheLogRole(t *testing.T) {
	w := newWorld(t)
	first := w.id("account")
	second, err := w.create("account", w.changed("account", nil))
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.NoError(t, w.delete("account"), "the first stack is deleted")
	_, _, ok := w.account.Read("us-east-1", gatewayAccountType, second)
	assert.True(t, ok, "the second stack still uses it")
	require.NoError(t, w.delete("account"))
	_, err = w.create("stage", w.changed("stage", logs("$context.requestId")))
	assert.NoError(t, err, "logging still works")
}

func TestResetOnDeleteRemovesTheLogRole(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("account", w.changed("account", props{"resetOnDelete": true}))
	require.NoError(t, err)
	w.ids["account"] = id
	require.NoError(t, w.delete("account"))
	_, err = w.create("stage", w.changed("stage", logs("$context.requestId")))
	assert.ErrorContains(t, err, "CloudWatch Logs role ARN must be set")
	_, outputs, ok := w.account.Read("us-east-1", gatewayAccountType, id)
	assert.True(t, ok, "every account has this setting")
	assert.Equal(t, "", outputs["cloudwatchRoleArn"].StringValue())
}

func TestInterruptedCommandKeepsTheLogRole(t *testing.T) {
	w := newWorld(t)
	w.id("account")
	_, err := w.account.Retain("dev", map[string][]string{})
	require.NoError(t, err)
	assert.NotEmpty(t, w.out("account", "cloudwatchRoleArn"))
}

func TestVPCLinkOfADeployedStageIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	w.id("linked stage")
	// The API now uses another link, but its old deployment still uses the old one.
	require.NoError(t,
		w.update("private integration", w.changed("private integration", props{"connectionId": w.id("second link")})))
	err := w.delete("link")
	assertRefused(t, err, "BadRequestException")
	assert.ErrorContains(t, err, "is referenced in [ANY:"+w.id("proxy")+":v1]")
	require.NoError(t, w.delete("second link"), "a link that was never deployed blocks nothing")

	next, err := w.create("linked deployment", w.changed("linked deployment", nil))
	require.NoError(t, err)
	require.NoError(t, w.update("linked stage", w.changed("linked stage", props{"deployment": next})))
	assert.NoError(t, w.delete("link"))
}

func TestVPCLinkOfAStageVariableIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	w.ids["private integration"], _ = w.create("private integration",
		w.changed("private integration", props{"connectionId": "${stageVariables.link}"}))
	variables := props{"variables": map[string]any{"link": w.id("link")}}
	require.NoError(t, w.update("linked stage", w.changed("linked stage", variables)))
	assertRefused(t, w.delete("link"), "BadRequestException")
}

// servedBy returns the methods that a deployment serves, and its policy.
func servedBy(w *world, deployment string) (methods []string, policy string) {
	snapshot := find(w.account, deploymentType, deployment).Private.Object("snapshot")
	for _, m := range snapshot.Objects("methods") {
		methods = append(methods, m.String("method")+" "+m.String("path")+" "+m.Object("integration").String("type"))
	}
	return methods, snapshot.String("policy")
}

func TestADeploymentServesWhatTheApiHadWhenItWasCut(t *testing.T) {
	w := newWorld(t)
	w.id("private integration")
	w.id("api policy")
	first := w.id("deployment")
	want := []string{"GET / AWS_PROXY", "ANY /{proxy+} HTTP_PROXY"}
	methods, policy := servedBy(w, first)
	assert.Equal(t, want, methods)
	assert.Contains(t, policy, "execute-api:Invoke")

	require.NoError(t, w.delete("private integration"))
	require.NoError(t, w.delete("proxy method"))
	methods, _ = servedBy(w, first)
	assert.Equal(t, want, methods, "a deleted route is served until the next deployment")
	next, err := w.create("deployment", w.changed("deployment", nil))
	require.NoError(t, err)
	methods, _ = servedBy(w, next)
	assert.Equal(t, want[:1], methods)
}

func TestADeploymentServesTheOperationsOfADocument(t *testing.T) {
	w := newWorld(t)
	methods, policy := servedBy(w, w.id("document deployment"))
	assert.Equal(t, []string{"GET / MOCK"}, methods)
	assert.NotEmpty(t, policy)
}
