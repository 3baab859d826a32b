package blueprints

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// newLogRole registers the account's setting that lets stages write logs, unless it
// exists. It returns what stages wait for. The setting is not a child of the
// blueprint. Otherwise a stack that changes its blueprint would delete it after
// creating it.
func (b builder) newLogRole(s *config.LogRole) ([]pulumi.Resource, error) {
	if s.CloudwatchRole == "existing" {
		return nil, nil
	}
	args := &components.ApiAccountArgs{Partition: b.environment.Partition}
	account, err := components.NewApiAccount(b.ctx, b.account.name, args, b.account.options...)
	return []pulumi.Resource{account}, err
}

// stageOf returns the arguments of an API's stage, which waits for what lets it write
// logs.
func stageOf(s *config.Stage, logRole []pulumi.Resource) components.StageArgs {
	return components.StageArgs{
		StageName:        s.StageName,
		LoggingLevel:     components.LoggingLevel(s.LoggingLevel),
		LogRetentionDays: s.LogRetentionDays,
		RateLimit:        s.Throttling.RateLimit,
		BurstLimit:       s.Throttling.BurstLimit,
		Tracing:          s.Tracing,
		WebAclArn:        s.WebAclArn,
		LogKmsKeyArn:     s.LogKmsKeyArn,
		DependsOn:        logRole,
	}
}

// newExistingApi registers a private API that exists.
func (b builder) newExistingApi(s *config.ExistingApi) (*components.PrivateRestApi, error) {
	args := &components.ExistingPrivateRestApiArgs{RestApiId: s.RestApiId, StageName: s.StageName}
	return components.NewExistingPrivateRestApi(b.ctx, b.name, args, b.child)
}

// routesOf returns the routes of an API and who may call them.
func (b builder) routesOf(s *config.RestApi, backends apiBackends) components.RoutesArgs {
	args := components.RoutesArgs{
		Routes: backends.routes(s), Callers: s.Callers, Authorizer: b.authorizerOf(&s.Stage),
	}
	if s.Document != nil {
		args.Document = &components.Document{Document: s.Document, Functions: backends.of(s)}
	}
	if s.Cors != nil {
		args.Cors = &components.Cors{
			Origins:       s.Cors.Origins,
			Headers:       s.Cors.AllHeaders(s.AllRoutes(), s.TokenHeader()),
			MaxAgeSeconds: s.Cors.MaxAgeSeconds,
		}
	}
	return args
}

// proxyOf returns the only route of an API, which passes everything on to a backend.
func (b builder) proxyOf(s *config.Stage, backend components.Backend) components.RoutesArgs {
	return components.RoutesArgs{
		Routes: []components.ServedRoute{{
			Route: routeOf(s.Route(components.ProxyPath, "ANY")), Backend: backend,
		}},
		Callers:    s.Callers,
		Authorizer: b.authorizerOf(s),
	}
}

// authorizerOf returns the authorizer of the settings, or nil.
func (b builder) authorizerOf(s *config.Stage) *components.AuthorizerArgs {
	a := s.Authorizer
	if a == nil {
		return nil
	}
	args := &components.AuthorizerArgs{UserPools: a.CognitoUserPoolArns, Header: a.Header, CacheSeconds: a.CacheSeconds}
	if a.FunctionArn != "" {
		args.Function = &components.ExistingFunction{Environment: b.environment, Arn: a.FunctionArn}
	}
	return args
}

// caller describes how clients call an API.
type caller struct {
	region string
	key    *components.ApiKey // Nil if no route requires one.
	header string             // The header that has the token; empty if no route wants one.
}

// newCaller returns a caller of an API with some routes. It registers an API key
// if callers need one.
func (b builder) newCaller(
	s *config.Stage, apiId, stageName pulumi.StringInput, routes ...config.Route,
) (caller, error) {
	c := caller{region: b.environment.Region, header: s.TokenHeader()}
	if !slices.ContainsFunc(routes, func(r config.Route) bool { return r.ApiKeyRequired }) {
		return c, nil
	}
	var err error
	args := &components.ApiKeyArgs{RestApiId: apiId, StageName: stageName}
	if s.Quota != nil {
		args.Quota = &components.Quota{Requests: s.Quota.Requests, Period: s.Quota.Period}
	}
	c.key, err = components.NewApiKey(b.ctx, b.name, args, b.child)
	return c, err
}

// curl returns a command that sends a request of a route to a URL.
func (c caller) curl(r config.Route, url pulumi.StringInput) pulumi.StringOutput {
	command := pulumi.Sprintf("curl ")
	switch r.Method {
	case "GET", "ANY":
	case "HEAD":
		command = pulumi.Sprintf("curl --head ")
	default:
		command = pulumi.Sprintf("curl -X %s ", r.Method)
	}
	if r.ApiKeyRequired {
		command = pulumi.Sprintf("%s-H \"x-api-key: $(aws apigateway get-api-key --region %s --api-key %s "+
			"--include-value --query value --output text)\" ", command, c.region, c.key.Id)
	}
	if r.Authorization == "AWS_IAM" {
		command = pulumi.Sprintf("%s--aws-sigv4 aws:amz:%s:execute-api "+
			"--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" "+
			"-H \"x-amz-security-token: $AWS_SESSION_TOKEN\" ", command, c.region)
	}
	if r.Authorization == "TOKEN" {
		command = pulumi.Sprintf("%s-H \"%s: $TOKEN\" ", command, c.header)
	}
	return pulumi.Sprintf("%s%s", command, url)
}

// curls returns a command for each route of an API. url returns the URL of a path,
// with further options.
func (c caller) curls(api *config.RestApi, url func(path string) pulumi.StringOutput) pulumi.StringArray {
	commands := pulumi.StringArray{}
	for _, r := range api.AllRoutes() {
		commands = append(commands, c.curl(r, url(r.Example())))
	}
	return commands
}
