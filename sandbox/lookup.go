package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox/catalog"
)

// lookups is the name of the project and the stack in which LookUp runs a program.
const lookups = "lookups"

// ProviderVersion returns the version of the provider aws that the account simulates.
func ProviderVersion() string { return catalog.New().ProviderVersion }

// LookUp runs a program that only looks things up in the simulated account. It previews the program in a stack that is
// thrown away. config is the configuration of the providers, by full key.
func (s *Sandbox) LookUp(ctx context.Context, config map[string]string, program pulumi.RunFunc) error {
	c := *s.cli
	// Nothing of the stack is at stake.
	c.started, c.ended = func(int) error { return nil }, func() error { return nil }
	return c.lookUp(ctx, config, program)
}

// LookUpOnAWS does what LookUp does, with the real provider and the credentials of the user. It takes the CLI of
// FindCLI, for the repository in the folder root; progress goes to out.
func LookUpOnAWS(
	ctx context.Context, root string, out io.Writer, config map[string]string, program pulumi.RunFunc,
) error {
	path, err := FindCLI(ctx, root, out)
	if err != nil {
		return err
	}
	c := &cli{
		path: path, version: versionOf(ctx, path), environ: os.Environ(),
		started: func(int) error { return nil }, ended: func() error { return nil },
	}
	return c.lookUp(ctx, config, program)
}

// lookUp previews a program in a stack that is thrown away.
func (c *cli) lookUp(ctx context.Context, config map[string]string, program pulumi.RunFunc) (err error) {
	dir, err := os.MkdirTemp("", "sandbox-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	own := *c
	own.environ = append(slices.Clone(c.environ),
		"PULUMI_BACKEND_URL="+(&url.URL{Scheme: "file", Path: dir}).String(),
		"PULUMI_STACK="+lookups,
		"PULUMI_OPTION_CONFIG_FILE="+filepath.Join(dir, "Pulumi."+lookups+".yaml"),
		"PULUMI_CONFIG_PASSPHRASE=", // Nothing of this stack stays.
		"PULUMI_SKIP_UPDATE_CHECK=true",
	)
	work, err := auto.NewLocalWorkspace(ctx, auto.WorkDir(dir), auto.Pulumi(&own), auto.Program(program),
		auto.SecretsProvider("passphrase"), auto.Project(workspace.Project{
			Name: tokens.PackageName(lookups), Runtime: workspace.NewProjectRuntimeInfo("go", nil),
		}))
	if err != nil {
		return err
	}
	stack, err := auto.UpsertStack(ctx, lookups, work)
	if err != nil {
		return err
	}
	values := auto.ConfigMap{}
	for key, value := range config {
		values[key] = auto.ConfigValue{Value: value}
	}
	if err := stack.SetAllConfig(ctx, values); err != nil {
		return err
	}
	var printed bytes.Buffer
	log := newEventLog(&printed)
	_, err = stack.Preview(ctx, optpreview.EventStreams(log.events))
	if logged := log.end(); err == nil {
		return logged
	}
	if reasons := errorsIn(&printed); len(reasons) > 0 {
		return errors.New(strings.Join(reasons, "; "))
	}
	return err
}

// errorsIn returns the errors among the engine's events.
func errorsIn(log io.Reader) (messages []string) {
	for decoder := json.NewDecoder(log); ; {
		var event apitype.EngineEvent
		if err := decoder.Decode(&event); err != nil {
			return messages
		}
		if found := event.DiagnosticEvent; found != nil && found.Severity == "error" {
			messages = append(messages, strings.TrimSpace(colors.Never.Colorize(found.Message)))
		}
	}
}
