package components

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serve registers web servers in two zones.
func serve(t *testing.T, proxyProtocol bool) *tape {
	return record(t, func(ctx *pulumi.Context) error {
		servers, err := NewWebServers(ctx, "web", &WebServersArgs{
			VpcId: pulumi.String("vpc-1"), Subnets: subnetsOf("private", privates), ServerName: "h2.example.com", InstanceType: "t4g.micro",
			ProxyProtocol: proxyProtocol, Clients: []Peer{{Name: "nlb", SecurityGroupId: pulumi.String("sg-nlb")}},
		})
		if err != nil {
			return err
		}
		require.Len(t, servers.Targets, 2, "one per subnet")
		assert.Equal(t, []string{"us-east-1a", "us-east-1b"}, []string{servers.Targets[0].Name, servers.Targets[1].Name})
		ctx.Export("check", pulumi.All(servers.Targets[1].Id, servers.SecurityGroupId).ApplyT(func(got []any) string {
			assert.Equal(t, []any{pulumi.ID("web-us-east-1b.id"), "web-sg.id"}, got)
			return ""
		}))
		return nil
	})
}

func TestWebServers(t *testing.T) {
	tp := serve(t, false)
	instance := tp.inputs(t, "web-us-east-1b")
	assert.Equal(t, "private-b", instance["subnetId"])
	assert.Equal(t, "t4g.micro", instance["instanceType"])
	assert.Equal(t, []any{"web-sg.id"}, instance["vpcSecurityGroupIds"])
	assert.Equal(t, false, instance["associatePublicIpAddress"], "whatever the subnet does")
	assert.Equal(t, "required", instance["metadataOptions"].(map[string]any)["httpTokens"])
	assert.Equal(t, map[string]any{"encrypted": true}, instance["rootBlockDevice"])

	assert.Equal(t, "value of /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", instance["ami"])
	assert.Equal(t, []string{"ami"}, tp.resources["web-us-east-1b"].rpc.IgnoreChanges, "the parameter moves every few days")
	assert.Equal(t, true, instance["userDataReplaceOnChange"], "a server that runs does not read it again")

	https := map[string]any{"securityGroupId": "web-sg.id", "ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0}
	assert.Equal(t, merge(https, "referencedSecurityGroupId", "sg-nlb"), tp.inputs(t, "web-from-nlb"))
	assert.Equal(t, merge(https, "cidrIpv4", "0.0.0.0/0"), tp.inputs(t, "web-to-anywhere"), "packages come from repositories")
}

func TestWebServersSpeakHttp2(t *testing.T) {
	for proxyProtocol, listen := range map[bool]string{false: "\n    listen 443 ssl http2;\n", true: "\n    listen 443 ssl http2 proxy_protocol;\n"} {
		script := serve(t, proxyProtocol).inputs(t, "web-us-east-1a")["userData"].(string)
		assert.Regexp(t, "^#!/bin/bash\n", script, "cloud-init runs it as a script")
		assert.Contains(t, script, "\nuntil dnf install -y nginx openssl; do", "the way to the internet may come later than the instance")
		assert.Contains(t, script, ` -addext "subjectAltName=DNS:h2.example.com" `)
		assert.Contains(t, script, listen)
		assert.Regexp(t, `return 200 ".*\$server_protocol.*"`, script)
		assert.Equal(t, proxyProtocol, strings.Contains(script, "$proxy_protocol_addr"), "the client's address, where it is told")
		assert.Contains(t, script, "\nsystemctl enable --now nginx\n")
	}
}
