package blueprints

import (
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// newHello registers the hello function behind an API. If network is not nil, the
// function runs in it.
func (b builder) newHello(
	s *config.Function, api *config.Stage, network *components.FunctionNetwork,
) (*components.Function, error) {
	return b.newFunction(components.FunctionArgs{
		Tracing:          api.Tracing,
		Archive:          s.Archive,
		MemorySize:       s.MemorySize,
		TimeoutSeconds:   s.TimeoutSeconds,
		LogRetentionDays: s.LogRetentionDays,
		Network:          network,

		ReservedConcurrency: s.ReservedConcurrency,
	})
}

// clientTimeoutSeconds is longer than the client itself waits for an answer.
const clientTimeoutSeconds = 15

// newClient registers the test client, a function that calls an API over IPv6.
// environment must hold the variables URL and HOST.
func (b builder) newClient(
	archive string, logRetentionDays int, network *components.FunctionNetwork,
	environment map[string]pulumi.StringInput,
) (*components.Function, error) {
	return b.newFunction(components.FunctionArgs{
		Archive:          archive,
		MemorySize:       128,
		TimeoutSeconds:   clientTimeoutSeconds,
		LogRetentionDays: logRetentionDays,
		Network:          network,
		Environment:      environment,
	})
}

// newVpcFunctionRole registers the role of a function in a VPC, before the security
// group that depends on it.
func (b builder) newVpcFunctionRole() (*components.FunctionRole, error) {
	return components.NewVpcFunctionRole(b.ctx, b.name, b.environment.Partition, b.child)
}

// newFunction registers a function. It makes the path of the archive absolute,
// because the program runs in the project's folder and the engine does not.
func (b builder) newFunction(args components.FunctionArgs) (*components.Function, error) {
	archive, err := filepath.Abs(args.Archive)
	if err != nil {
		return nil, err
	}
	args.Archive, args.Partition = archive, b.environment.Partition
	return components.NewFunction(b.ctx, b.name, &args, b.child)
}
