package components

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/pulumitest"
)

// newWebServers registers web servers in two zones.
func newWebServers(ctx *pulumi.Context, proxyProtocol bool) (*WebServers, error) {
	return NewWebServers(ctx, "web", &WebServersArgs{
		VpcId:         pulumi.String("vpc-1"),
		Subnets:       subnetsOf("private", privates),
		ServerName:    "h2.example.com",
		InstanceType:  "t4g.micro",
		ProxyProtocol: proxyProtocol,
		Clients:       []Peer{{Name: "nlb", SecurityGroupId: pulumi.String("sg-nlb")}},
	})
}

// deployWebServers deploys web servers in two zones.
func deployWebServers(t *testing.T, proxyProtocol bool) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		_, err := newWebServers(ctx, proxyProtocol)
		return err
	})
}

func TestWebServersAreOneTargetPerSubnet(t *testing.T) {
	deploy(t, func(ctx *pulumi.Context) error {
		servers, err := newWebServers(ctx, false)
		if err != nil {
			return err
		}
		require.Len(t, servers.Targets, 2)
		assert.Equal(t, zones, []string{servers.Targets[0].Name, servers.Targets[1].Name})
		outputs := pulumi.All(servers.Targets[1].Id, servers.SecurityGroupId)
		ctx.Export("check", outputs.ApplyT(func(got []any) string {
			assert.Equal(t, []any{pulumi.ID("web-us-east-1b.id"), "web-sg.id"}, got)
			return ""
		}))
		return nil
	})
}

func TestWebServersAreReachableByTheirClientsOnly(t *testing.T) {
	stack := deployWebServers(t, false)
	instance := stack.Inputs(t, "web-us-east-1b")
	assert.Equal(t, []any{"private-b", "t4g.micro"}, pick(instance, "subnetId", "instanceType"))
	assert.Equal(t, []any{"web-sg.id"}, instance["vpcSecurityGroupIds"])
	assert.Equal(t, false, instance["associatePublicIpAddress"], "whatever the default of the subnet is")
	assert.Equal(t, "required", instance["metadataOptions"].(map[string]any)["httpTokens"])
	assert.Equal(t, map[string]any{"encrypted": true}, instance["rootBlockDevice"])
	assert.Equal(t, httpsRule("securityGroupId", "web-sg.id", "referencedSecurityGroupId", "sg-nlb"),
		stack.Inputs(t, "web-from-nlb"))
	assert.Equal(t, httpsRule("securityGroupId", "web-sg.id", "cidrIpv4", "0.0.0.0/0"),
		stack.Inputs(t, "web-to-anywhere"), "packages come from repositories")
}

func TestWebServersAreReplacedForAnotherScriptButNotForAnotherImage(t *testing.T) {
	stack := deployWebServers(t, false)
	instance := stack.Inputs(t, "web-us-east-1b")
	assert.Equal(t, "value of /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", instance["ami"])
	assert.Equal(t, []string{"ami"}, stack.Request(t, "web-us-east-1b").IgnoreChanges,
		"the parameter changes every few days")
	assert.Equal(t, true, instance["userDataReplaceOnChange"], "a running server does not run the script again")
}

// TestUserDataIsThatOfDeployedServers has the hashes of the scripts that deployed
// stacks run. Any other script replaces their servers.
func TestUserDataIsThatOfDeployedServers(t *testing.T) {
	for proxyProtocol, want := range map[bool]string{
		false: "e5f17d9c4f5fead9626b5a6b43d32ec6424137091ac7cd4b445a63ead5a47181",
		true:  "b2bb1045d70cf0c5ad8160ab781be4cb74081f74ac8acb3d57597623a63fedc5",
	} {
		script := deployWebServers(t, proxyProtocol).Inputs(t, "web-us-east-1a")["userData"].(string)
		assert.Equal(t, want, digest(script), "PROXY protocol: %t", proxyProtocol)
	}
}

func TestWebServersSpeakHttp2(t *testing.T) {
	for _, row := range []struct {
		proxyProtocol bool
		listen        string
	}{
		{false, "\n    listen 443 ssl http2;\n"},
		{true, "\n    listen 443 ssl http2 proxy_protocol;\n"},
	} {
		script := deployWebServers(t, row.proxyProtocol).Inputs(t, "web-us-east-1a")["userData"].(string)
		assert.Regexp(t, "^#!/bin/bash\n", script, "cloud-init runs only a script")
		assert.Contains(t, script, "\nuntil dnf install -y nginx openssl; do",
			"the route to the internet may come later than the instance")
		assert.Contains(t, script, ` -addext "subjectAltName=DNS:h2.example.com" `)
		assert.Contains(t, script, row.listen)
		assert.Regexp(t, `return 200 ".*\$server_protocol.*"`, script)
		assert.Equal(t, row.proxyProtocol, strings.Contains(script, "$proxy_protocol_addr"),
			"the client's address, if the header tells it")
		assert.Contains(t, script, "\nsystemctl enable --now nginx\n")
	}
}
