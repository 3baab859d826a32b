package blueprints

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// StageSettings describes a REST API as far as every blueprint with one has it.
type StageSettings struct {
	StageName        string `config:"stageName"`
	Authorization    string `config:"authorization"`    // NONE, AWS_IAM or API_KEY; no default.
	LoggingLevel     string `config:"loggingLevel"`     // Of execution logs: OFF, ERROR or INFO.
	LogRetentionDays int    `config:"logRetentionDays"` // Of access logs.
	// CloudwatchRole says who lets API Gateway write logs, which is a setting
	// of the account and region: create (this stack) or existing (someone did).
	CloudwatchRole string `config:"cloudwatchRole"`
}

// ApiSettings describes a REST API with one route.
type ApiSettings struct {
	StageSettings
	Path       string `config:"path"`
	HttpMethod string `config:"httpMethod"`
}

const apiKey = namespace + ":api"

func defaultStage() StageSettings {
	return StageSettings{StageName: "prod", LoggingLevel: "ERROR", LogRetentionDays: 30}
}

func defaultApi() ApiSettings {
	return ApiSettings{StageSettings: defaultStage(), Path: "hello", HttpMethod: "GET"}
}

func (s *StageSettings) check(problems *settings.Problems) {
	c := checks{problems, apiKey + "."}
	c.text("stageName", s.StageName, stageName)
	c.choice("authorization", s.Authorization, "NONE", "AWS_IAM", "API_KEY")
	c.choice("loggingLevel", s.LoggingLevel, "OFF", "ERROR", "INFO")
	c.choice("cloudwatchRole", s.CloudwatchRole, "create", "existing")
	c.retention("logRetentionDays", s.LogRetentionDays)
}

func (s *ApiSettings) check(problems *settings.Problems) {
	s.StageSettings.check(problems)
	c := checks{problems, apiKey + "."}
	c.text("path", s.Path, pathSegment)
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
	if slices.Contains([]string{"ping", "sping"}, s.Path) {
		c.Add(c.at("path"), s.Path, "is reserved by API Gateway; want another path")
	}
	c.choice("httpMethod", s.HttpMethod, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY")
}

// route is a route of an API with the settings' authorization.
func (s *StageSettings) route(path, httpMethod string) components.Route {
	route := components.Route{Path: path, HttpMethod: httpMethod, Authorization: components.Authorization(s.Authorization)}
	if s.Authorization == "API_KEY" {
		route.Authorization, route.ApiKeyRequired = components.AuthorizationNone, true
	}
	return route
}

func (s *ApiSettings) route() components.Route { return s.StageSettings.route(s.Path, s.HttpMethod) }

// stage describes the stage of an API, and registers what it needs to log: the
// account's setting, unless someone did. That one belongs to no blueprint: a
// stack that changes its blueprint would else delete it after making it.
func (s *StageSettings) stage(ctx *pulumi.Context, partition string) (components.StageArgs, error) {
	stage := components.StageArgs{
		StageName:        s.StageName,
		LoggingLevel:     components.LoggingLevel(s.LoggingLevel),
		LogRetentionDays: s.LogRetentionDays,
	}
	if s.CloudwatchRole == "existing" {
		return stage, nil
	}
	account, err := components.NewApiAccount(ctx, "apigateway", &components.ApiAccountArgs{Partition: partition})
	stage.DependsOn = []pulumi.Resource{account}
	return stage, err
}

// registerKey registers an API key where the route requires one; else it is
// nil.
func (s *StageSettings) registerKey(ctx *pulumi.Context, name string, apiId, stageName pulumi.StringInput, child pulumi.ResourceOption) (*components.ApiKey, error) {
	if s.Authorization != "API_KEY" {
		return nil, nil
	}
	return components.NewApiKey(ctx, name, &components.ApiKeyArgs{RestApiId: apiId, StageName: stageName}, child)
}

// curl is a command that calls the API's route.
func (s *ApiSettings) curl(url pulumi.StringInput, region string, key *components.ApiKey) pulumi.StringOutput {
	switch s.HttpMethod {
	case "GET", "ANY":
		return s.StageSettings.curl("", url, region, key)
	case "HEAD":
		return s.StageSettings.curl("--head ", url, region, key)
	}
	return s.StageSettings.curl("-X "+s.HttpMethod+" ", url, region, key)
}

// curl is a command, with options, that calls an API as its authorization
// demands. The key is nil where none is required.
func (s *StageSettings) curl(options string, url pulumi.StringInput, region string, key *components.ApiKey) pulumi.StringOutput {
	switch {
	case key != nil:
		return pulumi.Sprintf("curl %s-H \"x-api-key: $(aws apigateway get-api-key --region %s --api-key %s --include-value --query value --output text)\" %s", options, region, key.Id, url)
	case s.Authorization == "AWS_IAM":
		return pulumi.Sprintf("curl %s--aws-sigv4 aws:amz:%s:execute-api --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" -H \"x-amz-security-token: $AWS_SESSION_TOKEN\" %s", options, region, url)
	default:
		return pulumi.Sprintf("curl %s%s", options, url)
	}
}
