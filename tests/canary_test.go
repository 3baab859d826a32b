package tests

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// canaries are the values that are set as secrets, by the place where they are. They show nowhere. Each has a part in
// ASCII that canaryText finds in every encoding.
var canaries = map[string]string{
	"tag": "canary-tag-7f3a", "vpc": "canary-vpc-7f3a", "subnet": "canary-subnet-7f3a", "zone": "canary-zone-7f3a",
	"comment": "canary-comment-7f3a", "endpoint": "canary-endpoint-7f3a", "group": "canary-group-7f3a",
	"description": "canary-description-7f3a", "api": "canary-api-7f3a", "policy": "canary-policy-7f3a",
	"role": "canary-role-7f3a", "function": "canary-function-7f3a", "variable": "canary-variable-7f3a",
	"document": `{"password": "canary-document-7f3a", "list": ["canary-item-7f3a"]}`, "output": "canary-output-7f3a",
	"umlaut": "\u00c4-Canary-umlaut-7f3a \u00d6",
}

// canaryText matches a canary in text in lower case.
var canaryText = regexp.MustCompile(`canary-[a-z]+-7f3a`)

// assertNoCanary asserts that no canary shows in a text.
func assertNoCanary(t *testing.T, text string, why ...any) {
	t.Helper()
	lower := strings.ToLower(text)
	for _, at := range canaryText.FindAllStringIndex(lower, 3) {
		assert.Fail(t, "a secret shows", "%s\n%v", lower[max(0, at[0]-200):min(len(lower), at[1]+80)], why)
	}
}

// token returns the canary of a place as a secret.
func token(place string) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(canaries[place])).(pulumi.StringOutput)
}

// secretTags returns the tags of the VPC.
func secretTags() pulumi.StringMap {
	return pulumi.StringMap{"Token": token("tag"), "Name": token("vpc"), "Umlaut": token("umlaut")}
}

// holdsSecrets is a program that sets the canaries in the inputs of resources, and exports some. It promises a request
// from a place that does not exist: the error lists the VPC and the subnet with their secret names.
func holdsSecrets(ctx *pulumi.Context, _ map[string]string) error {
	vpc, err := ec2.NewVpc(ctx, "vpc", &ec2.VpcArgs{
		CidrBlock: pulumi.String("10.0.0.0/16"), EnableDnsHostnames: pulumi.Bool(true), Tags: secretTags(),
	})
	if err != nil {
		return err
	}
	_, inSubnet := ec2.NewSubnet(ctx, "subnet", &ec2.SubnetArgs{
		VpcId: vpc.ID(), CidrBlock: pulumi.String("10.0.0.0/24"), AvailabilityZone: pulumi.String("us-east-1a"),
		Tags: pulumi.StringMap{"Name": token("subnet")},
	})
	_, inZone := route53.NewZone(ctx, "zone", &route53.ZoneArgs{
		Name: pulumi.Sprintf("%s.example.com", token("zone")), Comment: token("comment"),
		Vpcs: route53.ZoneVpcArray{&route53.ZoneVpcArgs{VpcId: vpc.ID()}},
	})
	_, inEndpoint := ec2.NewVpcEndpoint(ctx, "endpoint", &ec2.VpcEndpointArgs{
		VpcId: vpc.ID(), ServiceName: pulumi.String("com.amazonaws.us-east-1.s3"), Policy: secretPolicy("endpoint"),
	})
	_, inGroup := ec2.NewSecurityGroup(ctx, "group", &ec2.SecurityGroupArgs{
		VpcId: vpc.ID(), Description: token("description"), Name: pulumi.Sprintf("group-%s", token("group")),
	})
	_, inApi := apigateway.NewRestApi(ctx, "api", &apigateway.RestApiArgs{
		Name: token("api"), Policy: secretPolicy("policy"),
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{Types: pulumi.String("PRIVATE")},
	})
	var promising pulumi.ResourceState
	inPromise := ctx.RegisterComponentResourceV2("canary:index:Promising", "promising", pulumi.Map{
		"promises": pulumi.MapArray{pulumi.Map{
			"from": pulumi.String("nonsense"), "request": pulumi.String("GET https://api.example.com/"),
			"expect": pulumi.String("delivered"),
		}},
	}, &promising)
	ctx.Export("token", token("output"))
	ctx.Export("vpcTags", vpc.Tags)
	return errors.Join(inSubnet, inZone, inEndpoint, inGroup, inApi, inPromise, holdsSecretFunction(ctx))
}

// secretPolicy returns a resource policy that names the canary of a place.
func secretPolicy(place string) pulumi.StringOutput {
	return pulumi.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Sid": "x", "Effect": "Allow", "Principal": "*",
		"Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "%s"}}}]}`, token(place))
}

// holdsSecretFunction registers a function and its role, with secrets.
func holdsSecretFunction(ctx *pulumi.Context) error {
	role, err := iam.NewRole(ctx, "role", &iam.RoleArgs{
		AssumeRolePolicy: pulumi.String(policydoc.Trust("lambda.amazonaws.com").JSON()), Description: token("role"),
	})
	if err != nil {
		return err
	}
	_, err = lambda.NewFunction(ctx, "function", &lambda.FunctionArgs{
		Role: role.Arn, PackageType: pulumi.String("Image"), Description: token("function"),
		ImageUri: pulumi.String("123456789012.dkr.ecr.us-east-1.amazonaws.com/hello:1"),
		Environment: &lambda.FunctionEnvironmentArgs{Variables: pulumi.StringMap{
			"TOKEN": token("variable"), "SETTINGS": token("document"),
		}},
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

// shows runs a command of the sandbox in this process. It returns what is printed, in which no canary must be.
func (s secretive) shows(command func(context.Context, *sandbox.Sandbox) error) (string, error) {
	s.t.Helper()
	printed, err := s.run(command)
	assertNoCanary(s.t, printed)
	s.assertNoFileHasACanary()
	return printed, err
}

// prints runs another command. It returns what is printed, in which no canary must be.
func (s secretive) prints(cmd *exec.Cmd) string {
	s.t.Helper()
	printed, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(s.t, err)
	}
	assert.NotEmpty(s.t, printed, cmd.Args)
	assertNoCanary(s.t, string(printed), cmd.Args)
	s.assertNoFileHasACanary()
	return string(printed)
}

// reads runs a command of the policy module.
func (s secretive) reads(name string, args ...string) string {
	s.t.Helper()
	folder, err := readers()
	require.NoError(s.t, err)
	return s.prints(exec.Command(filepath.Join(folder, name), args...))
}

// assertNoFileHasACanary asserts that no file of the sandbox has a canary, and no name of one, except that of the
// simulated account: AWS knows the values of its resources.
func (s secretive) assertNoFileHasACanary() {
	s.t.Helper()
	texts, err := textsBelow(s.options.StateDir)
	require.NoError(s.t, err)
	for path, text := range texts {
		if filepath.Base(path) != "aws.json" {
			assertNoCanary(s.t, path+"\n"+text)
		}
	}
}

// textsBelow returns the contents of the files in a folder by path. Archives are unpacked.
func textsBelow(folder string) (map[string]string, error) {
	texts := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			texts[path] = ""
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		texts[path], err = unpacked(content)
		return err
	})
	return texts, err
}

// unpacked returns the content of a file. Of a gzip or zip archive, it returns the names and contents of its files.
func unpacked(content []byte) (string, error) {
	switch {
	case bytes.HasPrefix(content, []byte("\x1f\x8b")):
		archive, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(archive)
		return string(text), err
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return "", err
		}
		var all strings.Builder
		for _, member := range archive.File {
			file, err := member.Open()
			if err != nil {
				return "", err
			}
			fmt.Fprintln(&all, member.Name)
			if _, err := io.Copy(&all, file); err != nil {
				return "", err
			}
		}
		return all.String(), nil
	default:
		return string(content), nil
	}
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
	assertNoCanary(t, events.String())
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
	assertAllCanaries(s.t, open)
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

// assertAllCanaries asserts that whoever asks for the secrets gets them.
func assertAllCanaries(t *testing.T, text string) {
	t.Helper()
	found := canaryText.FindAllString(strings.ToLower(text), -1)
	for place, canary := range canaries {
		for _, part := range canaryText.FindAllString(strings.ToLower(canary), -1) {
			assert.Contains(t, found, part, place)
		}
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
	place, host := string(s.find("aws:ec2/subnet:Subnet", "subnet").ID), "x."+canaries["zone"]+".example.com"
	s.prints(s.start("list"))
	for _, args := range [][]string{
		{"call", "--from", place, "https://" + host}, {"call", "--json", "--from", place, "https://" + host},
		{"dig", "--from", place, host}, {"dig", "--json", "--from", place, host},
		{"call", "--from", canaries["vpc"], "https://" + host}, {"call"}, {"call", "--json"}, {"serve"},
		{"serve", "--from", place, "--from", "nonsense"},
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
			Tags: secretTags(),
		}, pulumi.Import(pulumi.ID(vpc.ID)))
		return errors.Join(err, holdsSecrets(ctx, config))
	}
	printed, err := s.shows(up)
	require.NoError(s.t, err, printed)
	assert.Contains(s.t, printed, "imported")
	_, err = os.Stat(lock)
	require.Error(s.t, err, "the next command repairs the state")
}

func TestTheSearchForSecretsFindsThemInNamesAndArchives(t *testing.T) {
	const text = "\u00c4-Canary-umlaut-7f3a"
	var zipped, compressed bytes.Buffer
	archive := zip.NewWriter(&zipped)
	member, err := archive.Create("member.txt")
	require.NoError(t, err)
	packed := gzip.NewWriter(&compressed)
	for _, w := range []io.Writer{member, packed} {
		_, err := io.WriteString(w, text)
		require.NoError(t, err)
	}
	require.NoError(t, errors.Join(archive.Close(), packed.Close()))
	folder := t.TempDir()
	for name, content := range map[string]string{
		"plain": text, "a.zip": zipped.String(), "a.gz": compressed.String(), text: "", "clean": "text",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
	}
	texts, err := textsBelow(folder)
	require.NoError(t, err)
	var found []string
	for path, content := range texts {
		if canaryText.MatchString(strings.ToLower(path + content)) {
			found = append(found, filepath.Base(path))
		}
	}
	assert.ElementsMatch(t, []string{"plain", "a.zip", "a.gz", text}, found)
}

func TestAnErrorQuotesNoSecret(t *testing.T) {
	for _, row := range []struct{ why, property, value string }{
		{"the provider refuses a value", "instanceTenancy", canaries["tag"]},
		{"AWS refuses a value", "cidrBlock", "10.0.0.0/8 " + canaries["tag"]},
		{"a value becomes an ID", "", ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			s := newSecretive(t)
			s.options.NoPolicy = true
			s.options.Program = func(ctx *pulumi.Context, _ map[string]string) error {
				if row.property == "" {
					_, err := cloudwatch.NewLogGroup(ctx, "group", &cloudwatch.LogGroupArgs{Name: token("tag")})
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
	const key = "canary-key-7f3a"
	s.options.Config = []string{"aws:accessKey=" + key, "aws:secretKey=" + key, "aws:token=" + key}
	s.options.Program = func(ctx *pulumi.Context, config map[string]string) error {
		assert.Equal(t, key, config["aws:secretKey"], "the program gets what it would get on AWS")
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

// TestSecretsInTheConfigurationShowNowhere runs main.go with a plain pulumi, which alone encrypts any key.
func TestSecretsInTheConfigurationShowNowhere(t *testing.T) {
	s := newSecretive(t)
	path := languageHost(t)
	const ofProvider = `set -e; pulumi() { "$0" "$@" --non-interactive; }
		pulumi config set --secret aws:secretKey canary-key-7f3a
		pulumi config set --secret aws:defaultTags '{"tags": {"Owner": "canary-owner-7f3a"}}'
		`
	plain := func(script string) (string, error) {
		return s.shows(func(ctx context.Context, box *sandbox.Sandbox) error {
			return box.Exec(ctx, "env", path, "sh", "-c", ofProvider+script, box.CLI())
		})
	}
	printed, err := plain(`pulumi config set --secret --path blueprint:domain.name canary-key-7f3a; pulumi preview`)
	require.Error(t, err)
	assert.Contains(t, printed, "want a value that is not a secret")
	printed, err = plain("pulumi up --yes --skip-preview")
	require.NoError(t, err, printed)
	open, err := s.run(s.plain("stack", "export", "--show-secrets"))
	require.NoError(t, err)
	found := canaryText.FindAllString(open, -1)
	assert.Contains(t, found, "canary-key-7f3a")
	assert.Greater(t, len(found), 20, "the tag is in the outputs of many resources")
}

// refreshed is the command refresh, for run.
func refreshed(ctx context.Context, box *sandbox.Sandbox) error {
	_, err := box.Refresh(ctx)
	return err
}
