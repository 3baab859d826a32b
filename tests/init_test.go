package tests

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/config"
	"private-api-blueprints/sandbox"
)

// freshProject returns the folder of a project without stack files.
func freshProject(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, file := range []string{"Pulumi.yaml", "tools/go.mod", "tools/oldest/go.mod"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, file)), 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(read(t, file)), 0o600))
	}
	return folder
}

// init runs `sandbox init` for the stack fresh of a project, with answers that \n ends, and returns what it printed.
func (s *stack) init(project, answers string, args ...string) string {
	s.t.Helper()
	cmd := s.start(append([]string{"init", "--stack", "fresh"}, args...)...)
	cmd.Dir, cmd.Stdin = project, strings.NewReader(strings.ReplaceAll(answers, `\n`, "\n"))
	cmd.Env = append(cmd.Env, pathWith(os.Getenv("PATH"), filepath.Dir(s.options.CLI)))
	printed, err := cmd.CombinedOutput()
	require.NoError(s.t, err, string(printed))
	return string(printed)
}

// initOnAWS runs `sandbox init --aws`. The provider of its environment is the simulated one.
func (s *stack) initOnAWS(project, answers string, args ...string) string {
	s.t.Helper()
	path, err := command()
	require.NoError(s.t, err)
	script := `cd "$1" && shift && printf '` + answers + `' | "$@"`
	args = append([]string{"sh", "-c", script, "sh", project, path, "init", "--aws", "--stack", "fresh"}, args...)
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error { return box.Exec(ctx, args...) })
	require.NoError(s.t, err, printed)
	return printed
}

// useFileIn lets the commands that follow work on the stack fresh of a project.
func (s *stack) useFileIn(project string) {
	s.close()
	s.options.Stack, s.options.ConfigFile = "fresh", filepath.Join(project, "Pulumi.fresh.yaml")
	s.options.Repeatable = false
}

// create creates an object in the account, as another stack would, and returns its outputs.
func (s *stack) create(token string, inputs map[string]any) (outputs resource.PropertyMap) {
	s.t.Helper()
	printed, err := s.run(func(_ context.Context, box *sandbox.Sandbox) (err error) {
		_, outputs, err = box.Account().Create("us-east-1", "urn:pulumi:other::other::"+token+"::other", token,
			resource.NewPropertyMapFromMap(inputs))
		return err
	})
	require.NoError(s.t, err, printed)
	return outputs
}

// ownSettings are what nobody can propose to a stack of a blueprint.
var ownSettings = map[string][]string{
	"static-ip-apigw": {"--config", "blueprint:front.allowedCidrs[0]=192.0.2.0/24"},
	"vpclink-https-backend": {
		"--config", "blueprint:backend.hostName=b.example.com",
		"--config", "blueprint:backend.ipv4Addresses[0]=10.0.0.50",
	},
}

// TestANewStackFilePreviewsCleanWithPolicies writes the file of each blueprint from proposals, and from what nobody
// can propose.
func TestANewStackFilePreviewsCleanWithPolicies(t *testing.T) {
	for _, blueprint := range config.Blueprints() {
		t.Run(blueprint.Name, func(t *testing.T) {
			s, project := newStack(t), freshProject(t)
			s.init(project, "", append(ownSettings[blueprint.Name], "--yes", "--blueprint", blueprint.Name)...)
			s.useFileIn(project)
			s.preview()
		})
	}
}

// TestADraftsPreviewNamesTheKeysThatItLists compares the two lists.
func TestADraftsPreviewNamesTheKeysThatItLists(t *testing.T) {
	s, project := newStack(t), freshProject(t)
	s.init(project, "", "--yes", "--draft", "--blueprint", "vpclink-https-backend")
	written := read(t, filepath.Join(project, "Pulumi.fresh.yaml"))
	s.useFileIn(project)
	refused := s.fails(preview)
	assert.Contains(t, refused, "the stack configuration has 2 problems; nothing was created or changed on AWS")
	for _, key := range []string{"blueprint:backend: required", "blueprint:backend.hostName: required"} {
		assert.Contains(t, written, "# - "+key)
		assert.Contains(t, refused, "- "+key)
	}
}

// TestInitOffersWhatTheAccountHolds makes a zone, an address in use and a free one, and the account's role for logs.
// It reads them as those of the simulated account and, through the same simulated provider, as those of AWS.
func TestInitOffersWhatTheAccountHolds(t *testing.T) {
	s := newStack(t)
	s.up()
	free := s.create("aws:ec2/eip:Eip", nil)["publicIp"].StringValue()
	zone := s.create("aws:route53/zone:Zone", map[string]any{"name": "shop.example"})["zoneId"].StringValue()
	for why, run := range map[string]func(project, answers string, args ...string) string{
		"the simulated account": s.init, "AWS": s.initOnAWS,
	} {
		project := freshProject(t)
		printed := run(project, `\n\n\n\napi.shop.example\n\n`, "--blueprint", "static-ip-apigw",
			"--config", "aws:region=us-east-1", "--config", "blueprint:front.allowedCidrs[0]=192.0.2.0/24",
			"--config", "blueprint:api.authorization=NONE", "--config", "blueprint:domain.endpointType=regional")
		assert.Contains(t, printed, "The account has 3 here, and these are free: "+free+"\n", why)
		assert.Contains(t, printed, "1. existing: the account has a role for the logs of API Gateway", why)
		assert.Contains(t, printed, "1. api.example.com\n    2. api.shop.example\n", why)
		written := read(t, filepath.Join(project, "Pulumi.fresh.yaml"))
		assert.Contains(t, written, "publicZoneId: "+zone, why)
		assert.Contains(t, written, "cidrBlock: 10.1.0.0/16", "the deployed stack has 10.0.0.0/16")
		assert.Contains(t, written, "cloudwatchRole: existing", why)
	}
}
