package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

// deployGatedServers deploys web servers with a gate, as targets of a listener.
func deployGatedServers(t *testing.T) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		_, err := newGatedBackend(ctx, &ServerGateArgs{Partition: "aws", Archive: "client.zip"})
		return err
	})
}

func TestGateAsksTheServersAndTheirTargetsWaitForIt(t *testing.T) {
	stack := deployGatedServers(t)
	invocation := stack.Inputs(t, "far-web-gate-passed")
	assert.Equal(t, "far-web-gate-function.name", invocation["functionName"])
	assert.JSONEq(t, `{
		"servers": [
			{"id": "far-web-us-east-1a.id", "address": "far-web-us-east-1a.privateIp"},
			{"id": "far-web-us-east-1b.id", "address": "far-web-us-east-1b.privateIp"}
		],
		"serverName": "backend.example.com", "proxyProtocol": false
	}`, invocation["input"].(string), "other servers are asked again")
	for _, zone := range zones {
		assert.Contains(t, stack.Dependencies(t, "far-target-"+zone), "far-web-gate-passed")
	}
}

func TestGateHasTheTimeThatTheServersNeedToInstallPackages(t *testing.T) {
	function := deployGatedServers(t).Inputs(t, "far-web-gate-function")
	assert.Equal(t, []any{600.0, "bootstrap"}, pick(function, "timeout", "handler"))
	assert.Equal(t, map[string]any{
		"subnetIds": []any{"far-a", "far-b"}, "securityGroupIds": []any{"far-web-gate-sg.id"},
		"ipv6AllowedForDualStack": false,
	}, function["vpcConfig"])
}

func TestGateConnectsToTheServersOnly(t *testing.T) {
	stack := deployGatedServers(t)
	assert.Equal(t, httpsRule("securityGroupId", "far-web-gate-sg.id", "referencedSecurityGroupId", "far-web-sg.id"),
		stack.Inputs(t, "far-web-gate-to-servers"))
	assert.Equal(t, httpsRule("securityGroupId", "far-web-sg.id", "referencedSecurityGroupId", "far-web-gate-sg.id"),
		stack.Inputs(t, "far-web-from-gate"))
	assert.Contains(t, stack.Dependencies(t, "far-web-gate-sg"), "far-web-gate-policy",
		"Lambda needs the policy until its interfaces in the group are gone")
}

func TestServersWithoutAGateHaveNone(t *testing.T) {
	stack := deploySimulatedBackend(t)
	assert.Empty(t, stack.Names("aws:lambda/function:Function"))
	assert.NotContains(t, stack.Dependencies(t, "far-target-us-east-1a"), "far-web-gate-passed")
}
