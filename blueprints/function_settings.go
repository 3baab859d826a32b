package blueprints

import (
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// FunctionSettings describes the hello function.
type FunctionSettings struct {
	Archive          string `config:"archive"`    // Path, from the project's folder.
	MemorySize       int    `config:"memorySize"` // MiB.
	TimeoutSeconds   int    `config:"timeoutSeconds"`
	LogRetentionDays int    `config:"logRetentionDays"`
}

const functionKey = namespace + ":function"

// maxIntegrationSeconds is how long API Gateway waits for a function, unless
// the account's quota has been raised.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const maxIntegrationSeconds = 29

func defaultFunction() FunctionSettings {
	return FunctionSettings{Archive: "bin/hello.zip", MemorySize: 128, TimeoutSeconds: 10, LogRetentionDays: 30}
}

func (s *FunctionSettings) check(problems *settings.Problems) {
	c := checks{problems, functionKey + "."}
	c.between("memorySize", s.MemorySize, 128, 10240)
	c.between("timeoutSeconds", s.TimeoutSeconds, 1, maxIntegrationSeconds)
	c.retention("logRetentionDays", s.LogRetentionDays)
	c.archive(s.Archive)
}

// archive requires the zip of a function.
func (c checks) archive(path string) {
	if c.Any(c.at("archive")) {
		return
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		c.Add(c.at("archive"), path, "there is no such file; `make lambda` builds bin/hello.zip and bin/client.zip")
	}
}

// register registers the function, in a network unless that is nil.
func (s *FunctionSettings) register(ctx *pulumi.Context, name, partition string, network *components.FunctionNetwork, child pulumi.ResourceOption) (*components.Function, error) {
	return newFunction(ctx, name, components.FunctionArgs{
		Partition:        partition,
		Archive:          s.Archive,
		MemorySize:       s.MemorySize,
		TimeoutSeconds:   s.TimeoutSeconds,
		LogRetentionDays: s.LogRetentionDays,
		Network:          network,
	}, child)
}

// newFunction registers a function. Its archive's path becomes absolute: the
// engine does not run in the project's folder as the program does.
func newFunction(ctx *pulumi.Context, name string, args components.FunctionArgs, child pulumi.ResourceOption) (*components.Function, error) {
	archive, err := filepath.Abs(args.Archive)
	if err != nil {
		return nil, err
	}
	args.Archive = archive
	return components.NewFunction(ctx, name, &args, child)
}

// ClientSettings describes a function that calls the API over IPv6.
type ClientSettings struct {
	Create  bool   `config:"create"`
	Archive string `config:"archive"` // Path, from the project's folder.
}

const clientKey = namespace + ":client"

// clientTimeoutSeconds is more than the function itself waits for an answer.
const clientTimeoutSeconds = 15

// check refuses a client that the API would turn away: it sends a plain GET.
func (s *ClientSettings) check(api *ApiSettings, problems *settings.Problems) {
	if !s.Create {
		return
	}
	c := checks{problems, clientKey + "."}
	c.archive(s.Archive)
	if api.Authorization != "NONE" || api.HttpMethod != "GET" && api.HttpMethod != "ANY" {
		c.Add(c.at("create"), true, "want it with api.authorization NONE and api.httpMethod GET or ANY: it sends a GET without signature or key, to which the API would answer 403")
	}
}

// register registers the function, which calls url with host in the Host
// header.
func (s *ClientSettings) register(ctx *pulumi.Context, name, partition string, logRetentionDays int, network *components.FunctionNetwork, url, host pulumi.StringInput, child pulumi.ResourceOption) (*components.Function, error) {
	return newFunction(ctx, name, components.FunctionArgs{
		Partition:        partition,
		Archive:          s.Archive,
		MemorySize:       128,
		TimeoutSeconds:   clientTimeoutSeconds,
		LogRetentionDays: logRetentionDays,
		Network:          network,
		Environment:      map[string]pulumi.StringInput{"URL": url, "HOST": host},
	}, child)
}
