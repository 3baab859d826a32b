package config

import (
	"maps"
	"slices"
	"strings"

	"private-api-blueprints/internal/settings"
)

// Function describes a function behind an API: the hello function, unless the
// keys name another one.
type Function struct {
	// Arn is the ARN of a function that exists, with or without an alias or a
	// version. The stack then creates no function, and only lets its APIs invoke
	// this one. The owner of a function of another account must allow this: run the
	// commands in the output allowInvoke there. The function must answer as a
	// Lambda proxy integration expects.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-cross-account-lambda-integrations.html
	Arn string `config:"arn" format:"functionArn"`
	// Archive is the path of the function's zip file, or of a folder with its files,
	// relative to the project's folder. `make lambda` builds the zip file of the hello
	// function, for each architecture.
	Archive string `config:"archive" computed:"bin/hello.zip, or bin/hello-x86_64.zip" format:"archive"`
	// ImageUri is the URI of a container image in ECR, in the stack's region, instead
	// of an archive.
	// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
	ImageUri string `config:"imageUri" format:"imageUri"`
	// Runtime is the runtime of an archive.
	Runtime string `config:"runtime" default:"provided.al2023" format:"runtime" example:"python3.13"`
	// Handler is what the runtime calls in an archive. The hello function is one
	// executable with this name.
	Handler string `config:"handler" default:"bootstrap" format:"handler" example:"orders.handler"`
	// Architecture is the instruction set of the archive or the image. A few regions
	// have no arm64.
	// https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
	Architecture string `config:"architecture" default:"arm64" enum:"arm64,x86_64"`
	// Environment adds environment variables. Whoever may read the function sees
	// them, and so does whoever reads the stack's state, so they must not be secrets.
	Environment map[string]string `config:"environment" names:"variableName" example:"{TABLE: orders}"`
	// MemorySize is the memory of the function, in MiB.
	MemorySize int `config:"memorySize" default:"128" range:"128..10240"`
	// TimeoutSeconds is how long the function may run. API Gateway waits at most 29
	// seconds for it, unless the account's quota has been raised.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
	TimeoutSeconds int `config:"timeoutSeconds" default:"10" range:"1..29"`
	// LogRetentionDays is how long CloudWatch Logs keeps the function's logs, in
	// days.
	LogRetentionDays int `config:"logRetentionDays" default:"30" format:"logRetention"`
	// ReservedConcurrency is how many requests the function serves at once, at most.
	// Lambda keeps this much of the account's concurrency for it, and answers further
	// requests with an error, which clients see as a server error. 0 reserves nothing.
	// At least 100 of the account's concurrency must stay unreserved; new accounts
	// have less.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
	ReservedConcurrency int `config:"reservedConcurrency" default:"0" range:"0..100000"`
}

// check fills in the archive. It refuses keys that say how to create a function, if
// it exists, and those about archives, if it has an image.
func (s *Function) check(c settings.Section) {
	reason := ""
	switch {
	case s.Arn != "":
		reason = "arn: the function exists, and its owner decides"
	case s.ImageUri != "":
		reason = "imageUri: the image says what it runs"
	case s.Archive == "" && (c.Given("runtime") || c.Given("handler")):
		c.Reject("archive", nil, "required with runtime or handler: the path of a zip file that they are for")
	case s.Archive == "":
		s.Archive = archiveOf("hello", s.Architecture)
	}
	for _, key := range c.Keys() {
		archive := slices.Contains([]string{"archive", "runtime", "handler"}, key)
		if s.Arn != "" && key != "arn" || s.Arn == "" && s.ImageUri != "" && archive {
			c.Reject(key, nil, "want it without %s", reason)
		}
	}
	for _, name := range reservedVariables {
		if _, found := s.Environment[name]; found {
			c.Group("environment").Reject(name, nil, "is reserved by Lambda; want another name")
		}
	}
}

// Variables returns the environment variables of the function. With cors, they name
// the origins of the pages that may call.
func (s *Function) Variables(cors *Cors) map[string]string {
	if cors == nil {
		return s.Environment
	}
	variables := map[string]string{CorsVariable: strings.Join(cors.Origins, ",")}
	maps.Copy(variables, s.Environment)
	return variables
}

// archiveOf returns the path of an archive that `make lambda` builds.
func archiveOf(command, architecture string) string {
	if architecture == "x86_64" {
		return "bin/" + command + "-x86_64.zip"
	}
	return "bin/" + command + ".zip"
}

// reservedVariables are the environment variables that Lambda itself sets, without
// those that begin with an underscore.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
var reservedVariables = strings.Fields(`AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
	AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE
	AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR`)

// Client describes a function that calls the API over IPv6.
type Client struct {
	// Create adds a function to the load balancer's network that calls the API over
	// IPv6 with a plain GET. Run it with the command in the output invokeClient.
	Create bool `config:"create" default:"false"`
	// Archive is the path of the client's zip file, relative to the project's
	// folder. `make lambda` builds it, for each architecture.
	Archive string `config:"archive" computed:"bin/client.zip, or bin/client-x86_64.zip" format:"clientArchive"`
	// Architecture is the instruction set of the client.
	Architecture string `config:"architecture" default:"arm64" enum:"arm64,x86_64"`
}

// check fills in the archive.
func (s *Client) check(settings.Section) {
	if s.Archive == "" {
		s.Archive = archiveOf("client", s.Architecture)
	}
}

// checkApi refuses a client that the API would turn away.
func (s *Client) checkApi(api *RestApi, c settings.Section) {
	if s.Create && api.Existing != nil {
		c.Reject("create", true, "want it without api.existing: it does not know what to call there")
	}
	r := api.AllRoutes()[0]
	if s.Create && (r.Authorization != "NONE" || r.ApiKeyRequired || r.Method != "GET" && r.Method != "ANY") {
		c.Reject("create", true, "want it with api.authorization NONE and api.httpMethod GET or ANY: "+
			"it sends a GET without signature or key to the first route, which would answer 403")
	}
}
