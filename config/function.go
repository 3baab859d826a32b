package config

import "private-api-blueprints/internal/settings"

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
	// Archive is the path of the function's zip file, relative to the project's
	// folder. `make lambda` builds it.
	Archive string `config:"archive" default:"bin/hello.zip" format:"archive"`
	// MemorySize is the memory of the function, in MiB.
	MemorySize int `config:"memorySize" default:"128" range:"128..10240"`
	// TimeoutSeconds is how long the function may run. API Gateway waits at most 29
	// seconds for it, unless the account's quota has been raised.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
	TimeoutSeconds int `config:"timeoutSeconds" default:"10" range:"1..29"`
	// LogRetentionDays is how long CloudWatch Logs keeps the function's logs, in
	// days.
	LogRetentionDays int `config:"logRetentionDays" default:"30" format:"logRetention"`
}

// check refuses keys that say how to create a function, if it exists.
func (s *Function) check(c settings.Section) {
	if s.Arn == "" {
		return
	}
	for _, key := range []string{"archive", "memorySize", "timeoutSeconds", "logRetentionDays"} {
		if c.Given(key) {
			c.Reject(key, nil, "want it without arn: the function exists, and its owner decides")
		}
	}
}

// Client describes a function that calls the API over IPv6.
type Client struct {
	// Create adds a function to the load balancer's network that calls the API over
	// IPv6 with a plain GET. Run it with the command in the output invokeClient.
	Create bool `config:"create" default:"false"`
	// Archive is the path of the client's zip file, relative to the project's
	// folder. `make lambda` builds it.
	Archive string `config:"archive" default:"bin/client.zip" format:"archive" example:"bin/client.zip"`
}

// checkApi refuses a client that the API would turn away.
func (s *Client) checkApi(api *Api, c settings.Section) {
	if s.Create && api.Existing != nil {
		c.Reject("create", true, "want it without api.existing: it does not know what to call there")
	}
	r := api.AllRoutes()[0]
	if s.Create && (r.Authorization != "NONE" || r.ApiKeyRequired || r.Method != "GET" && r.Method != "ANY") {
		c.Reject("create", true, "want it with api.authorization NONE and api.httpMethod GET or ANY: "+
			"it sends a GET without signature or key to the first route, which would answer 403")
	}
}
