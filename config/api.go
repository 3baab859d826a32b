package config

import (
	"slices"
	"strings"

	"private-api-blueprints/internal/openapi"
	"private-api-blueprints/internal/settings"
)

// LogRole says who lets API Gateway write logs.
type LogRole struct {
	// CloudwatchRole says who lets API Gateway write logs, which is one setting of
	// the whole account and region. create: this stack, and the setting goes when
	// the stack does. existing: somebody did already, as for every further stack.
	CloudwatchRole string `config:"cloudwatchRole" unless:"existing" enum:"create,existing" example:"create"`
}

// Stage holds the REST API settings that all blueprints with an API share.
type Stage struct {
	// StageName is the name of the API's stage.
	StageName string `config:"stageName" default:"prod" format:"stageName"`
	// Authorization says who may call the API. NONE: everybody who reaches it.
	// AWS_IAM: callers who sign their requests and have the permission
	// execute-api:Invoke; a private API admits its own account only, unless callers
	// names others. API_KEY: everybody who sends the API key that the stack creates.
	// TOKEN: everybody whose token the authorizer accepts.
	Authorization string `config:"authorization" unless:"existing,openApi" enum:"NONE,API_KEY,TOKEN,AWS_IAM"`
	// Callers are the roles and users that may call the routes with AWS_IAM, and nobody
	// else may. Without it, AWS_IAM admits everyone in the account whom the account's own
	// policies allow execute-api:Invoke. Those of other accounts need this permission
	// there too.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
	Callers []string `config:"callers" list:"callers" format:"callerArn"`
	// Authorizer describes what decides about tokens.
	Authorizer *Authorizer `config:"authorizer"`
	// Cors says which pages of other origins may call the API from a browser.
	// vpclink-https-backend has its server say so.
	Cors *Cors `config:"cors"`
	// LoggingLevel is the level of execution logs.
	LoggingLevel string `config:"loggingLevel" default:"ERROR" enum:"OFF,ERROR,INFO"`
	// LogRetentionDays is how long CloudWatch Logs keeps access and execution logs,
	// in days.
	LogRetentionDays int `config:"logRetentionDays" default:"30" format:"logRetention"`
	// LogKmsKeyArn is the ARN of the KMS key that encrypts the log groups of the API and
	// its functions. Its policy must let CloudWatch Logs of the region use it. Without
	// it, CloudWatch Logs encrypts with its own keys.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
	LogKmsKeyArn string `config:"logKmsKeyArn" computed:"none: the keys of CloudWatch Logs" format:"kmsKeyArn"`
	// Tracing records how long each part of some requests took, in AWS X-Ray: API
	// Gateway, and the function behind it. It costs per trace.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html
	Tracing bool `config:"tracing" default:"false"`
	// Throttling limits how many requests the stage serves.
	Throttling Throttling `config:"throttling"`
	// Quota limits how many requests the API key admits. Without it there is no limit.
	Quota *Quota `config:"quota"`
	// WebAclArn is the ARN of a web ACL of AWS WAF that protects the stage. The API sees
	// the addresses of a load balancer in front of it as those of all clients, so rules
	// about addresses and rates do not tell these apart. AWS WAF bills each million
	// requests that a web ACL inspects.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
	WebAclArn string `config:"webAclArn" computed:"none" format:"webAclArn"`

	tokenHeader string // Of an OpenAPI document.
}

// check refuses callers of an API that admits them by other means, a quota of one
// that no API key opens, and answers to browsers, which the server gives.
func (s *Stage) check(c settings.Section) {
	if s.Cors != nil {
		c.Reject("cors", nil, "want it without: the server itself answers browsers that ask whether a page may call, "+
			"and adds the headers to its answers. Their OPTIONS requests have no credentials, so authorization "+
			"NONE lets them pass")
	}
	s.checkCallers(c, s.Route("", ""))
	s.checkQuota(c, s.Authorization == "API_KEY")
}

// TokenHeader returns the header that has the token, or nothing if no route wants
// one.
func (s *Stage) TokenHeader() string {
	if s.Authorizer == nil {
		return s.tokenHeader
	}
	return s.Authorizer.Header
}

// checkQuota refuses a quota unless callers need an API key.
func (s *Stage) checkQuota(c settings.Section, keyRequired bool) {
	if s.Quota != nil && !keyRequired {
		c.Reject("quota", nil, "want it with an API key, to which it belongs: authorization API_KEY")
	}
}

// checkCallers refuses callers unless a route wants signatures, and an authorizer
// unless a route wants tokens.
func (s *Stage) checkCallers(c settings.Section, routes ...Route) {
	wants := func(authorization string) bool {
		return slices.ContainsFunc(routes, func(r Route) bool { return r.Authorization == authorization })
	}
	switch tokens := wants("TOKEN"); {
	case tokens && s.Authorizer == nil:
		c.Reject("authorizer", nil, "required with authorization TOKEN: functionArn or cognitoUserPoolArns")
	case !tokens && s.Authorizer != nil:
		c.Reject("authorizer", nil, "want it with authorization TOKEN only: no route asks it")
	}
	s.checkSigned(c, routes)
}

// checkSigned refuses callers unless a route wants signatures.
func (s *Stage) checkSigned(c settings.Section, routes []Route) {
	signed := slices.ContainsFunc(routes, func(r Route) bool { return r.Authorization == "AWS_IAM" })
	if len(s.Callers) > 0 && !signed {
		c.Reject("callers", nil, "want it with authorization AWS_IAM: without signatures, the API cannot know "+
			"its callers")
	}
}

// Throttling limits the requests to each method of a stage, of all callers
// together. API Gateway answers 429 to further ones. Without such limits, one
// caller can use up those of the account, which all of its APIs in the region
// share: 10,000 requests a second and a burst of 5,000, or less in some regions.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
type Throttling struct {
	// RateLimit is how many requests per second each method serves in the long run.
	RateLimit int `config:"rateLimit" default:"100" range:"1..1000000"`
	// BurstLimit is how many requests each method serves at a peak, before
	// rateLimit holds.
	BurstLimit int `config:"burstLimit" default:"200" range:"1..1000000"`
}

// Api describes the first REST API of a stack.
type Api struct {
	RestApi
	LogRole
}

// LinkApi describes a REST API that passes everything on to one server.
type LinkApi struct {
	Stage
	LogRole
}

// RestApi describes a REST API.
type RestApi struct {
	Stage
	// Existing names a private REST API that exists, instead of all other keys of
	// this group. The stack then makes the way to the API, and nothing of the API.
	Existing *ExistingApi `config:"existing"`
	// Path is the path of the only route: one segment.
	Path string `config:"path" default:"hello" format:"pathSegment"`
	// HttpMethod is the method of the only route.
	HttpMethod string `config:"httpMethod" default:"GET" enum:"GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS,ANY"`
	// OpenApi is the path of an OpenAPI document, relative to the project's folder, that
	// describes the API instead of routes: version 3.0, with what answers each operation
	// in x-amazon-apigateway-integration. There, the URI ${function} is that of the
	// function in the group function, and ${functions.NAME} that of one in functions.
	// Each operation says in security who may call it: a security scheme with
	// x-amazon-apigateway-authtype: awsSigv4, the API key in x-api-key, user pools, or a
	// function that decides about tokens.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
	OpenApi string `config:"openApi" format:"openApi"`
	// Routes describes the routes, if there are several, or if path is not enough.
	// The outputs url and curl are about the first one. On a deployed stack, add
	// routes at the end: a resource of API Gateway cannot move to a place that
	// another one still has.
	Routes []Route `config:"routes" computed:"one route, with path and httpMethod"`

	// Document is what OpenApi names. It is nil until somebody takes it.
	Document *openapi.Document
}

// check refuses routes that API Gateway cannot have.
func (s *RestApi) check(c settings.Section) {
	if s.Existing != nil {
		s.StageName = s.Existing.StageName
		s.checkAlone(c)
		return
	}
	if s.OpenApi != "" {
		s.checkWithoutRoutes(c)
		return
	}
	checkReserved(c, "path", s.Path, s.Path)
	s.checkQuota(c, s.needsKey())
	s.checkRoutes(c)
	s.checkCallers(c, s.AllRoutes()...)
	if s.Cors != nil {
		s.Cors.checkRoutes(s.AllRoutes(), func(i int) (settings.Section, string) {
			if len(s.Routes) == 0 {
				return c, "httpMethod"
			}
			return c.Group(settings.Item("routes", i)), "method"
		})
	}
}

// ExistingApi names a private REST API of the stack's account and region, and one
// of its stages. Its resource policy must admit the endpoint or its VPC.
type ExistingApi struct {
	// RestApiId is the ID of the API.
	RestApiId string `config:"restApiId" required:"true" format:"apiId"`
	// StageName is the name of the stage that clients call.
	StageName string `config:"stageName" required:"true" format:"stageName"`
}

// checkAlone refuses keys that say how to create an API, if it exists.
func (s *RestApi) checkAlone(c settings.Section) {
	for _, key := range c.Keys() {
		if key != "existing" && key != "cloudwatchRole" { // LogRole is for all APIs.
			c.Reject(key, nil, "want it without existing: the API exists, and its owner decides")
		}
	}
}

// checkWithoutRoutes refuses keys about routes, which an OpenAPI document has.
func (s *RestApi) checkWithoutRoutes(c settings.Section) {
	for key, where := range map[string]string{
		"path": "paths", "httpMethod": "paths", "routes": "paths", "authorization": "the security of its operations",
		"authorizer": "securitySchemes", "cors": "the OPTIONS of its paths and x-amazon-apigateway-gateway-responses",
	} {
		if c.Given(key) {
			c.Reject(key, nil, "want it without openApi: the document says it, in %s", where)
		}
	}
}

// TakeDocument takes over the routes of the OpenAPI document. It refuses those that
// API Gateway cannot have, or that contradict other keys.
func (s *RestApi) TakeDocument(c settings.Section, d *openapi.Document) {
	s.Document, s.tokenHeader = d, d.TokenHeader
	for _, o := range d.Operations {
		s.Routes = append(s.Routes, Route{
			Path: strings.TrimPrefix(o.Path, "/"), Method: o.Method, Function: o.Function, Backend: o.Backend,
			Authorization: o.Authorization, ApiKeyRequired: o.ApiKeyRequired,
		})
	}
	for i := range s.Routes {
		checkReserved(c, "openApi", s.OpenApi, s.Routes[i].Path)
		for j := range i {
			reason := contradiction(&s.Routes[j], &s.Routes[i])
			if reason == "" {
				reason = mixed(&s.Routes[j], &s.Routes[i])
			}
			if reason != "" {
				c.Reject("openApi", s.OpenApi, "%s of paths./%s %s", s.Routes[i].Method, s.Routes[i].Path, reason)
			}
		}
	}
	s.checkQuota(c, s.needsKey())
	s.checkSigned(c, s.Routes)
}

// Route returns the route of a path and a method with the authorization of the
// stage.
func (s *Stage) Route(path, method string) Route {
	return Route{
		Path: path, Method: method, Authorization: s.Authorization, ApiKeyRequired: s.Authorization == "API_KEY",
	}
}

// AllRoutes returns the routes of the API with everything filled in. There is at
// least one.
func (s *RestApi) AllRoutes() []Route {
	if s.Existing != nil || s.OpenApi != "" && s.Document == nil { // Only the owner or the document knows the routes.
		return []Route{{Method: "GET", Authorization: "NONE"}}
	}
	if len(s.Routes) == 0 {
		return []Route{s.Route(s.Path, s.HttpMethod)}
	}
	routes := slices.Clone(s.Routes)
	for i := range routes {
		r := &routes[i]
		if r.Authorization == "" {
			r.Authorization = s.Authorization
		}
		r.ApiKeyRequired = r.ApiKeyRequired || r.Authorization == "API_KEY"
	}
	return routes
}

// FunctionNames returns the names of the functions of the routes, and of those that decide
// about tokens in an OpenAPI document, each once and in order.
func (s *RestApi) FunctionNames() []string {
	var names []string
	if s.Existing != nil {
		return nil
	}
	for _, r := range s.AllRoutes() {
		if r.Backend == openapi.Function {
			names = append(names, r.Function)
		}
	}
	if s.Document != nil {
		names = append(names, s.Document.Authorizers...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// needsKey reports whether callers of a route need the API key.
func (s *RestApi) needsKey() bool {
	return slices.ContainsFunc(s.AllRoutes(), func(r Route) bool { return r.ApiKeyRequired })
}

// checkRoutes refuses routes that contradict each other or the short form.
func (s *RestApi) checkRoutes(c settings.Section) {
	if len(s.Routes) == 0 {
		return
	}
	for _, key := range []string{"path", "httpMethod"} {
		if c.Given(key) {
			c.Reject(key, nil, "want it without routes: it is the short form of a single route")
		}
	}
	all := s.AllRoutes()
	for i := range all {
		for j := range i {
			if reason := contradiction(&all[j], &all[i]); reason != "" {
				c.Group(settings.Item("routes", i)).Reject("path", all[i].Path, "%s", reason)
			} else if reason := mixed(&all[j], &all[i]); reason != "" {
				c.Group(settings.Item("routes", i)).Reject("authorization", all[i].Authorization, "%s", reason)
			}
		}
	}
}
