package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// routeOf returns a route with the authorization from the settings.
func routeOf(s *config.Stage, path, httpMethod string) components.Route {
	route := components.Route{
		Path: path, HttpMethod: httpMethod, Authorization: components.Authorization(s.Authorization),
	}
	if s.Authorization == "API_KEY" {
		route.Authorization, route.ApiKeyRequired = components.AuthorizationNone, true
	}
	return route
}

// newStage returns the arguments of an API's stage. It first registers the
// account's setting that lets the stage write logs, unless the setting exists.
// The setting is not a child of the blueprint. Otherwise a stack that changes
// its blueprint would delete it after creating it.
func (b builder) newStage(s *config.Stage) (components.StageArgs, error) {
	stage := components.StageArgs{
		StageName:        s.StageName,
		LoggingLevel:     components.LoggingLevel(s.LoggingLevel),
		LogRetentionDays: s.LogRetentionDays,
		RateLimit:        s.Throttling.RateLimit,
		BurstLimit:       s.Throttling.BurstLimit,
		Tracing:          s.Tracing,
		WebAclArn:        s.WebAclArn,
	}
	if s.CloudwatchRole == "existing" {
		return stage, nil
	}
	args := &components.ApiAccountArgs{Partition: b.environment.Partition}
	account, err := components.NewApiAccount(b.ctx, "apigateway", args)
	stage.DependsOn = []pulumi.Resource{account}
	return stage, err
}

// newPrivateApi registers a private API behind an endpoint.
func (b builder) newPrivateApi(
	s *config.Api, stage components.StageArgs, endpoint *components.ExecuteApiEndpoint,
	vpcId pulumi.StringInput, backend components.Backend,
) (*components.PrivateRestApi, error) {
	return components.NewPrivateRestApi(b.ctx, b.name, &components.PrivateRestApiArgs{
		Environment: b.environment,
		VpcId:       vpcId,
		EndpointId:  endpoint.EndpointId,
		Route:       routeOf(&s.Stage, s.Path, s.HttpMethod),
		Backend:     backend,
		Stage:       stage,
	}, b.child)
}

// caller describes how clients call an API with the authorization that it
// requires.
type caller struct {
	authorization string
	region        string
	key           *components.ApiKey // Nil if the API requires none.
}

// newCaller returns a caller of an API. It registers an API key if callers need
// one.
func (b builder) newCaller(s *config.Stage, apiId, stageName pulumi.StringInput) (caller, error) {
	c := caller{authorization: s.Authorization, region: b.environment.Region}
	if s.Authorization != "API_KEY" {
		return c, nil
	}
	var err error
	args := &components.ApiKeyArgs{RestApiId: apiId, StageName: stageName}
	c.key, err = components.NewApiKey(b.ctx, b.name, args, b.child)
	return c, err
}

// curl returns a command that sends a request with an HTTP method to a URL.
func (c caller) curl(httpMethod string, url pulumi.StringInput) pulumi.StringOutput {
	options := ""
	switch httpMethod {
	case "GET", "ANY":
	case "HEAD":
		options = "--head "
	default:
		options = "-X " + httpMethod + " "
	}
	switch {
	case c.key != nil:
		return pulumi.Sprintf("curl %s-H \"x-api-key: $(aws apigateway get-api-key --region %s --api-key %s "+
			"--include-value --query value --output text)\" %s", options, c.region, c.key.Id, url)
	case c.authorization == "AWS_IAM":
		return pulumi.Sprintf("curl %s--aws-sigv4 aws:amz:%s:execute-api "+
			"--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" "+
			"-H \"x-amz-security-token: $AWS_SESSION_TOKEN\" %s", options, c.region, url)
	default:
		return pulumi.Sprintf("curl %s%s", options, url)
	}
}
