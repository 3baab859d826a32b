package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func TestLinkStaysWhileAStageWasDeployedWithIt(t *testing.T) {
	w := newWorld(t)
	w.id("linked stage")
	// Another link takes its place, and the old deployment still knows the old.
	require.NoError(t,
		w.update("private integration", w.changed("private integration", props{"connectionId": w.id("second link")})))
	err := w.delete("link")
	assertRefused(t, err, "BadRequestException")
	assert.ErrorContains(t, err, "is referenced in [ANY:"+w.id("proxy")+":v1]")
	require.NoError(t, w.delete("second link"), "what was never deployed holds nothing")

	next, err := w.create("linked deployment", w.changed("linked deployment", nil))
	require.NoError(t, err)
	require.NoError(t, w.update("linked stage", w.changed("linked stage", props{"deployment": next})))
	assert.NoError(t, w.delete("link"))
}

func TestLinkOfAStageVariableStays(t *testing.T) {
	w := newWorld(t)
	w.ids["private integration"], _ = w.create("private integration",
		w.changed("private integration", props{"connectionId": "${stageVariables.link}"}))
	variables := props{"variables": map[string]any{"link": w.id("link")}}
	require.NoError(t, w.update("linked stage", w.changed("linked stage", variables)))
	assertRefused(t, w.delete("link"), "BadRequestException")
}

func TestFunctionSaysWhichVpcItIsIn(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, w.id("vpc"), w.object("vpc function").Outputs().Object("vpcConfig").String("vpcId"))
	require.NoError(t, w.update("vpc function", w.changed("vpc function", props{"vpcConfig": nil})))
	assert.NotContains(t, w.object("vpc function").Outputs(), "vpcConfig")
}

func TestInlinePolicyLetsAFunctionIntoAVpc(t *testing.T) {
	w := newWorld(t)
	inputs := w.changed("vpc function", nil)
	require.NoError(t, w.delete("vpc access"))
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:CreateNetwork*","Resource":"*"}]}`
	require.NoError(
		t,
		w.update("role",
			w.changed("role", props{"inlinePolicies": []any{map[string]any{"name": "eni", "policy": policy}}})),
	)
	_, err := w.create("vpc function", inputs)
	assert.NoError(t, err)
}

func TestInstanceAddresses(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "10.0.1.30", w.out("instance", "privateIp"))
	assert.Equal(t, "ip-10-0-1-30.ec2.internal", w.out("instance", "privateDns"))
	assert.Empty(t, w.out("instance", "publicIp"))
	assert.Len(t, w.object("dual instance").Outputs().Strings("ipv6Addresses"), 1)
	assert.Regexp(t, `^ec2-\d+-\d+-\d+-\d+\.compute-1\.amazonaws\.com$`, w.out("public instance", "publicDns"))
}

func TestProtectedInstanceStaysUntilProtectionIsTurnedOff(t *testing.T) {
	w := newWorld(t)
	w.id("kept instance")
	assertRefused(t, w.delete("kept instance"), "OperationNotPermitted")
	require.NoError(t, w.update("kept instance", w.changed("kept instance", props{"disableApiTermination": false})))
	assert.NoError(t, w.delete("kept instance"))
}

func TestHealthChecksByKindOfTarget(t *testing.T) {
	w := newWorld(t)
	check := func(thing string) props { return w.object(thing).Outputs().Object("healthCheck") }
	assert.Equal(t, "TCP", check("tcp targets").String("protocol"))
	assert.Equal(t, "HTTP", check("http targets").String("protocol"))
	assert.Equal(t, "200", check("http targets").String("matcher"))
	assert.False(t, check("lambda targets").Bool("enabled"))
}

func TestApplicationLoadBalancerWithoutSecurityGroupHasTheDefaultOne(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, []string{w.out("vpc", "defaultSecurityGroupId")},
		w.object("alb").Outputs().Strings("securityGroups"))
	assert.Empty(t, w.object("nlb").Outputs().Strings("securityGroups"), "a network load balancer has none")
}

func TestAddressesOfALoadBalancerAreFoundByItsDescription(t *testing.T) {
	w := newWorld(t)
	w.id("nlb")
	found, err := w.account.Invoke(
		cloud.Caller{Region: "us-east-1"},
		"aws:ec2/getNetworkInterfaces:getNetworkInterfaces",
		engine(
			props{"filters": filters("description", "ELB "+w.out("alb", "arnSuffix"), "subnet-id", w.id("subnet b"))}),
	)
	require.NoError(t, err)
	ids := known(found).Strings("ids")
	require.Len(t, ids, 1)
	one, err := w.account.Invoke(cloud.Caller{Region: "us-east-1"}, "aws:ec2/getNetworkInterface:getNetworkInterface",
		engine(props{"id": ids[0]}))
	require.NoError(t, err)
	assert.Equal(t, w.object("alb").Interfaces[1].IPv4, known(one).String("privateIp"))
	assert.Equal(t, "interface", known(one).String("interfaceType"))
}

func TestInstanceIsReplacedForItsUserDataOnlyIfToldSo(t *testing.T) {
	assert.Empty(t, instanceReplaceIf(nil, engine(props{"userData": "b", "userDataReplaceOnChange": false})))
	assert.Contains(t, instanceReplaceIf(nil, engine(props{"userData": "b", "userDataReplaceOnChange": true})),
		"userData")
}
