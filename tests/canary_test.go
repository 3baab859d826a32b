package tests

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/policydoc"
	"private-api-blueprints/sandbox"
)

// canary is a value that is set as a secret. It shows nowhere.
const canary = "canary-7f3a"

// token returns the canary as a secret.
func token() pulumi.StringOutput { return pulumi.ToSecret(pulumi.String(canary)).(pulumi.StringOutput) }

// holdsSecrets is a program that sets the canary in the inputs of resources, and exports it. It promises a request to a
// secret host.
func holdsSecrets(ctx *pulumi.Context, _ map[string]string) error {
	vpc, err := ec2.NewVpc(ctx, "vpc", &ec2.VpcArgs{
		CidrBlock: pulumi.String("10.0.0.0/16"), EnableDnsHostnames: pulumi.Bool(true),
		Tags: pulumi.StringMap{"Token": token(), "Name": token()},
	})
	if err != nil {
		return err
	}
	_, inSubnet := ec2.NewSubnet(ctx, "subnet", &ec2.SubnetArgs{
		VpcId: vpc.ID(), CidrBlock: pulumi.String("10.0.0.0/24"), AvailabilityZone: pulumi.String("us-east-1a"),
		Tags: pulumi.StringMap{"Name": token()},
	})
	_, inZone := route53.NewZone(ctx, "zone", &route53.ZoneArgs{
		Name: pulumi.Sprintf("%s.example.com", token()), Comment: token(),
		Vpcs: route53.ZoneVpcArray{&route53.ZoneVpcArgs{VpcId: vpc.ID()}},
	})
	_, inEndpoint := ec2.NewVpcEndpoint(ctx, "endpoint", &ec2.VpcEndpointArgs{
		VpcId: vpc.ID(), ServiceName: pulumi.String("com.amazonaws.us-east-1.s3"), Policy: secretPolicy(),
	})
	_, inGroup := ec2.NewSecurityGroup(ctx, "group", &ec2.SecurityGroupArgs{
		VpcId: vpc.ID(), Description: token(), Name: pulumi.Sprintf("group-%s", token()),
	})
	_, inApi := apigateway.NewRestApi(ctx, "api", &apigateway.RestApiArgs{
		Name: token(), Policy: secretPolicy(),
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{Types: pulumi.String("PRIVATE")},
	})
	ctx.Export("token", token())
	ctx.Export("vpcTags", vpc.Tags)
	return errors.Join(inSubnet, inZone, inEndpoint, inGroup, inApi, holdsSecretFunction(ctx))
}

// secretPolicy returns a resource policy that names the canary.
func secretPolicy() pulumi.StringOutput {
	return pulumi.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Sid": "x", "Effect": "Allow", "Principal": "*",
		"Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "%s"}}}]}`, token())
}

// holdsSecretFunction registers a function and its role, with secrets.
func holdsSecretFunction(ctx *pulumi.Context) error {
	role, err := iam.NewRole(ctx, "role", &iam.RoleArgs{
		AssumeRolePolicy: pulumi.String(policydoc.Trust("lambda.amazonaws.com").JSON()), Description: token(),
	})
	if err != nil {
		return err
	}
	_, err = lambda.NewFunction(ctx, "function", &lambda.FunctionArgs{
		Role: role.Arn, PackageType: pulumi.String("Image"), Description: token(),
		ImageUri:    pulumi.String("123456789012.dkr.ecr.us-east-1.amazonaws.com/hello:1"),
		Environment: &lambda.FunctionEnvironmentArgs{Variables: pulumi.StringMap{"TOKEN": token()}},
	})
	return err
}

// readers builds the commands of the policy module that read what Pulumi writes, once. It returns their folder.
var readers = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "readers")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", folder, "./tracer", "./report")
	build.Dir = "policy"
	text, err := build.CombinedOutput()
	if err != nil {
		return "", errors.New(string(text))
	}
	return folder, nil
})

// secretive is a stack with secrets, and what its commands print.
type secretive struct{ *stack }

// newSecretive returns a stack of the program with secrets.
func newSecretive(t *testing.T) secretive {
	s := secretive{newStack(t)}
	s.options.Program = holdsSecrets
	return s
}

// shows runs a command of the sandbox in this process. It returns what is printed, in which the canary must not be.
func (s secretive) shows(command func(context.Context, *sandbox.Sandbox) error) (string, error) {
	s.t.Helper()
	printed, err := s.run(command)
	assert.NotContains(s.t, strings.ToLower(printed), canary)
	s.assertNoFileHasTheCanary()
	return printed, err
}

// prints runs another command. It returns what is printed, in which the canary must not be.
func (s secretive) prints(cmd *exec.Cmd) string {
	s.t.Helper()
	printed, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(s.t, err)
	}
	assert.NotEmpty(s.t, printed, cmd.Args)
	assert.NotContains(s.t, strings.ToLower(string(printed)), canary, cmd.Args)
	s.assertNoFileHasTheCanary()
	return string(printed)
}

// reads runs a command of the policy module.
func (s secretive) reads(name string, args ...string) string {
	s.t.Helper()
	folder, err := readers()
	require.NoError(s.t, err)
	return s.prints(exec.Command(filepath.Join(folder, name), args...))
}

// assertNoFileHasTheCanary asserts that no file of the sandbox has the canary, except that of the simulated account:
// AWS knows the values of its resources.
func (s secretive) assertNoFileHasTheCanary() {
	s.t.Helper()
	require.NoError(s.t, filepath.WalkDir(s.options.StateDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || entry.Name() == "aws.json" {
			return err
		}
		content, err := os.ReadFile(path)
		before, after, found := bytes.Cut(bytes.ToLower(content), []byte(canary))
		assert.False(s.t, found, "%s: %s%s%s", path, before[max(0, len(before)-200):], canary,
			after[:min(80, len(after))])
		return err
	}))
}

// file writes a file for a command to read.
func (s secretive) file(text string) string {
	path := filepath.Join(s.t.TempDir(), "file")
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestASecretShowsNowhere(t *testing.T) {
	s := newSecretive(t)
	var events bytes.Buffer
	s.options.Events, s.options.NoPolicy = &events, true
	printed, err := s.shows(preview)
	require.NoError(t, err, printed)
	s.close()
	s.options.NoPolicy = false
	printed, err = s.shows(preview)
	require.Error(t, err, "policies object")
	_, violations, _ := strings.Cut(printed, "Policies:")
	assert.Contains(t, violations, "[secret]", "messages of policies quote values")
	assert.NotContains(t, strings.ToLower(events.String()), canary)
	for _, format := range []string{"--markdown", "--sarif", "--junit", "--graph"} {
		s.reads("report", format, "-", s.file(events.String()))
	}
	printed, err = s.shows(up)
	require.Error(t, err, "policies object, after everything is created")
	assert.Contains(t, printed, "aws:route53:Zone zone created")
	printed, err = s.shows(refreshed)
	require.NoError(t, err, printed)
	s.looksAtState()
	s.asksWhatIsDeployed()
	s.recoversAndImports()
	printed, err = s.shows(destroy)
	require.NoError(t, err, printed)
}

// looksAtState runs the commands that read the state.
func (s secretive) looksAtState() {
	s.t.Helper()
	exported, err := s.shows(func(ctx context.Context, box *sandbox.Sandbox) error { return box.Export(ctx) })
	require.NoError(s.t, err)
	assert.Contains(s.t, exported, "ciphertext")
	open, err := s.run(s.plain("stack", "export", "--show-secrets"))
	require.NoError(s.t, err)
	require.Contains(s.t, open, canary, "whoever asks for the secrets gets them")
	file := s.file(open)
	printed, _ := s.shows(s.plain("policy", "analyze", "--file", file, "--policy-pack", "bin/policy"))
	assert.Contains(s.t, printed, "Policies:")
	s.reads("tracer", "--state", file, "--from", "internet", "https://api.example.com/")
	api := string(s.find("aws:apigateway/restApi:RestApi", "api").URN)
	s.reads("tracer", "--state", s.file(exported), "explain", "resource-policy-source-vpc", api)
	for _, args := range [][]string{{"stack", "output", "--json"}, {"refresh", "--yes", "--diff"}} {
		printed, err := s.shows(s.plain(args...))
		assert.NoError(s.t, err, "%s: %s", args, printed)
		assert.NotEmpty(s.t, printed)
	}
}

// plain returns a plain Pulumi command as a command of the sandbox.
func (s secretive) plain(args ...string) func(context.Context, *sandbox.Sandbox) error {
	return func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append([]string{"pulumi"}, args...)...)
	}
}

// asksWhatIsDeployed runs the commands that need no open sandbox. The VPC and the zone have secret names.
func (s secretive) asksWhatIsDeployed() {
	s.t.Helper()
	place, host := string(s.find("aws:ec2/subnet:Subnet", "subnet").ID), "x."+canary+".example.com"
	s.prints(s.start("list"))
	for _, args := range [][]string{
		{"call", "--from", place, "https://" + host}, {"call", "--json", "--from", place, "https://" + host},
		{"dig", "--from", place, host}, {"dig", "--json", "--from", place, host},
		{"call", "--from", canary, "https://" + host},
	} {
		assert.Contains(s.t, s.prints(s.start(args...)), "[secret]", args)
	}
}

// recoversAndImports interrupts a command, and lets another resource import the VPC.
func (s secretive) recoversAndImports() {
	s.t.Helper()
	vpc := s.find("aws:ec2/vpc:Vpc", "vpc")
	s.close()
	lock := filepath.Join(s.options.StateDir, "state", ".pulumi", "locks", "organization", string(vpc.URN.Project()),
		s.options.Stack, "lock.json")
	require.NoError(s.t, os.MkdirAll(filepath.Dir(lock), 0o700))
	require.NoError(s.t, os.WriteFile(lock, []byte("{}"), 0o600))
	s.options.NoPolicy = true
	s.options.Program = func(ctx *pulumi.Context, config map[string]string) error {
		_, err := ec2.NewVpc(ctx, "imported", &ec2.VpcArgs{
			CidrBlock: pulumi.String("10.0.0.0/16"), EnableDnsHostnames: pulumi.Bool(true),
			Tags: pulumi.StringMap{"Token": token(), "Name": token()},
		}, pulumi.Import(pulumi.ID(vpc.ID)))
		return errors.Join(err, holdsSecrets(ctx, config))
	}
	printed, err := s.shows(up)
	require.NoError(s.t, err, printed)
	assert.Contains(s.t, printed, "imported")
	_, err = os.Stat(lock)
	require.Error(s.t, err, "the next command repairs the state")
}

func TestAnErrorQuotesNoSecret(t *testing.T) {
	for _, row := range []struct{ why, property, value string }{
		{"the provider refuses a value", "instanceTenancy", canary},
		{"AWS refuses a value", "cidrBlock", "10.0.0.0/8 " + canary},
		{"a value becomes an ID", "", ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			s := newSecretive(t)
			s.options.NoPolicy = true
			s.options.Program = func(ctx *pulumi.Context, _ map[string]string) error {
				if row.property == "" {
					_, err := cloudwatch.NewLogGroup(ctx, "group", &cloudwatch.LogGroupArgs{Name: token()})
					return err
				}
				var vpc ec2.Vpc
				inputs := pulumi.Map{"cidrBlock": pulumi.String("10.0.0.0/16")}
				inputs[row.property] = pulumi.ToSecret(pulumi.String(row.value))
				return ctx.RegisterResource("aws:ec2/vpc:Vpc", "vpc", inputs, &vpc)
			}
			printed, err := s.shows(up)
			require.Error(t, err)
			assert.Contains(t, printed, "secret", row.why)
		})
	}
}

func TestACredentialOfTheProviderIsEncryptedInTheCopyOfTheFile(t *testing.T) {
	s := newSecretive(t)
	s.options.NoPolicy = true
	s.options.Config = []string{"aws:accessKey=" + canary, "aws:secretKey=" + canary, "aws:token=" + canary}
	s.options.Program = func(ctx *pulumi.Context, config map[string]string) error {
		assert.Equal(t, canary, config["aws:secretKey"], "the program gets what it would get on AWS")
		_, err := ec2.NewVpc(ctx, "vpc", &ec2.VpcArgs{CidrBlock: pulumi.String("10.0.0.0/16")})
		return err
	}
	for range 2 { // The second command finds the stack and its key for secrets.
		printed, err := s.shows(preview)
		require.NoError(t, err, printed)
		printed, err = s.shows(up)
		require.NoError(t, err, printed)
		s.close()
	}
	assert.Contains(t, read(t, filepath.Join(s.options.StateDir, "project", "Pulumi.static-ip-apigw.yaml")), "secure:")
}

// refreshed is the command refresh, for run.
func refreshed(ctx context.Context, box *sandbox.Sandbox) error {
	_, err := box.Refresh(ctx)
	return err
}
