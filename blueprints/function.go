package blueprints

import (
	"net/netip"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// checkFunction refuses a function that does not exist, or whose archive does not.
// What exists in another account is not asked for: the account's owner would have
// to allow that too.
func (l *lookup) checkFunction(c settings.Section, s *config.Function) {
	if s.ImageUri != "" {
		l.checkImage(c, s.ImageUri)
		return
	}
	if s.Arn == "" {
		l.checkArchive(c, "archive", s.Archive)
		return
	}
	if c.Any("arn") {
		return
	}
	existing := components.ExistingFunction{Environment: l.environment, Arn: s.Arn}
	if region := strings.Split(s.Arn, ":")[3]; region != l.environment.Region {
		c.Reject("arn", s.Arn, "want a function in the stack's region %s", l.environment.Region)
	} else if !existing.Foreign() {
		l.checkExists(c, "arn", s.Arn)
	}
}

// checkExists refuses the ARN of a function, an alias or a version of the stack's
// account and region that does not exist.
func (l *lookup) checkExists(c settings.Section, key, arn string) {
	if err := components.LookupFunction(l.ctx, arn, l.options...); err != nil {
		c.Reject(key, arn, "want a function that exists, with an alias or a version that exists: %v", err)
	}
}

// functionNetwork registers what a function needs to run in a network.
type functionNetwork func(b builder, description string) (*components.FunctionNetwork, error)

// checkAuthorizer refuses a function that does not exist, or that the stack may not
// let the API invoke, and user pools of another region.
func (l *lookup) checkAuthorizer(c settings.Section, s *config.Stage) {
	if s.Authorizer == nil {
		return
	}
	arn := s.Authorizer.FunctionArn
	for i, pool := range s.Authorizer.CognitoUserPoolArns {
		if item := settings.Item("cognitoUserPoolArns", i); !c.Any(item) &&
			strings.Split(pool, ":")[3] != l.environment.Region {
			c.Reject(item, pool, "want a user pool of the stack's region %s", l.environment.Region)
		}
	}
	if arn == "" || c.Any("functionArn") {
		return
	}
	existing := components.ExistingFunction{Environment: l.environment, Arn: arn}
	if existing.Foreign() || strings.Split(arn, ":")[3] != l.environment.Region {
		c.Reject("functionArn", arn, "want a function of the stack's account %s and region %s",
			l.environment.AccountId, l.environment.Region)
	} else {
		l.checkExists(c, "functionArn", arn)
	}
}

// checkImage refuses an image of another region, which Lambda does not take.
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
func (l *lookup) checkImage(c settings.Section, uri string) {
	if c.Any("imageUri") {
		return
	}
	if region := strings.Split(uri, ".")[3]; region != l.environment.Region {
		c.Reject("imageUri", uri, "want an image in the stack's region %s", l.environment.Region)
	}
}

// stringInputs returns texts as inputs.
func stringInputs(texts map[string]string) map[string]pulumi.StringInput {
	inputs := map[string]pulumi.StringInput{}
	for name, text := range texts {
		inputs[name] = pulumi.String(text)
	}
	return inputs
}

// newBackend returns a function behind an API. It registers the function unless it
// exists. If network is not nil, a registered function runs in it.
func (b builder) newBackend(
	s *config.Function, api *config.Stage, network functionNetwork, description string,
) (components.Backend, error) {
	if s.Arn != "" {
		return &components.ExistingFunction{Environment: b.environment, Arn: s.Arn}, nil
	}
	var in *components.FunctionNetwork
	if network != nil {
		var err error
		if in, err = network(b, description); err != nil {
			return nil, err
		}
	}
	return b.newApiFunction(s, api, in)
}

// functionName returns the name of the resource of a function, or nothing if the
// stack does not create it. name is the prefix of the function's resource names.
func functionName(s *config.Function, name string) string {
	if s.Arn != "" {
		return ""
	}
	return name + "-function"
}

// newApiFunction registers a function behind an API. If network is not nil, the
// function runs in it.
func (b builder) newApiFunction(
	s *config.Function, api *config.Stage, network *components.FunctionNetwork,
) (*components.Function, error) {
	return b.newFunction(components.FunctionArgs{
		Tracing:          api.Tracing,
		Archive:          s.Archive,
		ImageUri:         s.ImageUri,
		Runtime:          s.Runtime,
		Handler:          s.Handler,
		Architecture:     s.Architecture,
		Environment:      stringInputs(s.Variables(api.Cors)),
		MemorySize:       s.MemorySize,
		TimeoutSeconds:   s.TimeoutSeconds,
		LogRetentionDays: s.LogRetentionDays,
		LogKmsKeyArn:     api.LogKmsKeyArn,
		Network:          network,

		ReservedConcurrency: s.ReservedConcurrency,
	})
}

// clientTimeoutSeconds is longer than the client itself waits for an answer.
// callerTimeoutSeconds is longer than it waits for one from each API by each name.
const clientTimeoutSeconds, callerTimeoutSeconds = 15, 60

// checkAdmitted refuses a test client in private subnets that are not in the admitted
// ranges of clients, which have a key.
func (l *lookup) checkAdmitted(c settings.Section, in *components.Network, admitted []netip.Prefix, key string) {
	for _, s := range in.Private {
		if inside, known := (subnet{cidr: s.CidrBlock}).within(admitted); !inside || !known {
			c.Reject("create", true, "want its subnet %s in %s, which have %v", s.CidrBlock, key, admitted)
		}
	}
}

// testClient describes a test client.
type testClient struct {
	archive, architecture string
	timeoutSeconds        int
	logRetentionDays      int
	logKmsKeyArn          string
}

// newClient registers a test client, a function that sends requests. environment
// holds the variables that lambda/client reads.
func (b builder) newClient(
	s testClient, network *components.FunctionNetwork, environment map[string]pulumi.StringInput,
) (*components.Function, error) {
	return b.newFunction(components.FunctionArgs{
		Archive:          s.archive,
		Runtime:          "provided.al2023",
		Handler:          "bootstrap",
		Architecture:     s.architecture,
		MemorySize:       128,
		TimeoutSeconds:   s.timeoutSeconds,
		LogRetentionDays: s.logRetentionDays,
		LogKmsKeyArn:     s.logKmsKeyArn,
		Network:          network,
		Environment:      environment,
	})
}

// invokeClient returns a command that runs a test client.
func (b builder) invokeClient(client *components.Function) pulumi.StringOutput {
	return pulumi.Sprintf("aws lambda invoke --region %s --function-name %s /dev/stdout",
		b.environment.Region, client.Name)
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
