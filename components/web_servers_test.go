package components

import (
	"os"
	"os/exec"
	"path/filepath"
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

func TestSessionManagerMayStartSessionsOnServersIfAskedFor(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewWebServers(ctx, "web", &WebServersArgs{
			VpcId: pulumi.String("vpc-1"), Subnets: subnetsOf("private", privates), ServerName: "h2.example.com",
			InstanceType: "t4g.micro", SessionPartition: "aws-us-gov",
		})
		return err
	})
	assert.Equal(t, "web-session-profile.name", stack.Inputs(t, "web-us-east-1a")["iamInstanceProfile"])
	assert.Equal(t, "web-session-role.name", stack.Inputs(t, "web-session-profile")["role"])
	assert.Contains(t, stack.Inputs(t, "web-session-role")["assumeRolePolicy"], `"Service":"ec2.amazonaws.com"`)
	assert.Equal(t, "arn:aws-us-gov:iam::aws:policy/AmazonSSMManagedInstanceCore",
		stack.Inputs(t, "web-session-policy")["policyArn"])
	assert.Contains(t, stack.Dependencies(t, "web-us-east-1b"), "web-session-policy",
		"the agent asks for its permissions when it starts")
	assert.NotContains(t, deployWebServers(t, false).Inputs(t, "web-us-east-1a"), "iamInstanceProfile")
}

// TestUserDataIsThatOfDeployedServers has the hashes of the scripts that deployed
// stacks run. Any other script replaces their servers.
func TestUserDataIsThatOfDeployedServers(t *testing.T) {
	for proxyProtocol, want := range map[bool]string{
		false: "5eeecec28b56841b060e20320ef8878b19734c14a6d4a40efee908c40a262b29",
		true:  "b469d79c83002db050bc791b15c64b900fa32ff079816c50d2b6e6958fa5751b",
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
		assert.Contains(t, script, ` -addext "subjectAltName=DNS:h2.example.com" `)
		assert.Contains(t, script, row.listen)
		assert.Regexp(t, `return 200 ".*\$server_protocol.*"`, script)
		assert.Equal(t, row.proxyProtocol, strings.Contains(script, "$proxy_protocol_addr"),
			"the client's address, if the header tells it")
	}
}

// runScript runs the script of a server with stubs for the commands that it calls,
// and returns what it writes to the console. A stub exits with 1 if its name is
// broken.
func runScript(t *testing.T, proxyProtocol bool, broken string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range map[string]string{
		"dnf": "echo some progress; echo 'Error: no way out'", "openssl": "", "timeout": `shift; exec "$@"`,
		"systemctl": "", "nginx": "echo 'nginx: [emerg] a bad line' >&2", "curl": `echo "curl $*" >&2; echo hello`,
	} {
		if name == broken {
			body += "\nexit 1"
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/bash\n"+body+"\n"), 0o700))
	}
	console := filepath.Join(dir, "console")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "conf.d"), 0o700))
	script := deployWebServers(t, proxyProtocol).Inputs(t, "web-us-east-1a")["userData"].(string)
	here := strings.NewReplacer("/dev/console", console, "/etc/nginx", dir, "SECONDS < 300", "SECONDS < 0")
	cmd := exec.CommandContext(t.Context(), "bash", "-c", here.Replace(script))
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	err := cmd.Run()
	assert.Equal(t, broken == "", err == nil, "the exit status of cloud-init: %v", err)
	said, err := os.ReadFile(console)
	require.NoError(t, err)
	return string(said)
}

func TestAServerSaysOnItsConsoleWhetherItServesAndWhyNot(t *testing.T) {
	for _, row := range []struct{ why, broken, want string }{
		{"no way to the repositories", "dnf",
			"web server: gave up: it cannot install packages: Error: no way out\n"},
		{"nginx refuses its configuration", "systemctl",
			"web server: gave up: nginx does not start: nginx: [emerg] a bad line\n"},
		{"nginx does not answer", "curl",
			"web server: gave up: it does not answer itself: curl -ksSf --retry 5 --retry-connrefused --max-time 10 " +
				"https://127.0.0.1/\nhello\n"},
	} {
		t.Run(row.why, func(t *testing.T) { assert.Equal(t, row.want, runScript(t, false, row.broken)) })
	}
	assert.Contains(t, runScript(t, false, ""), "web server: serves: ")
	assert.Contains(t, runScript(t, true, ""), "curl -ksSf --retry 5 --retry-connrefused --max-time 10 "+
		"--haproxy-protocol https://127.0.0.1/", "otherwise nginx refuses the connection")
}

func TestWebServersConnectOnlyToS3IfItIsTheirOnlyWayOut(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		gateway, err := NewS3Gateway(ctx, "web", &S3GatewayArgs{VpcId: pulumi.String("vpc-1")})
		if err != nil {
			return err
		}
		_, err = NewWebServers(ctx, "web", &WebServersArgs{
			VpcId: pulumi.String("vpc-1"), Subnets: subnetsOf("private", privates),
			S3PrefixListId: gateway.PrefixListId,
		})
		return err
	})
	rule := stack.Inputs(t, "web-to-s3")
	assert.Equal(t, []any{"web-s3.prefixListId", 443.0}, pick(rule, "prefixListId", "toPort"))
	assert.NotContains(t, stack.Resources(), "web-to-anywhere")
}
