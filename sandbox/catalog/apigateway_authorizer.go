package catalog

import (
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const authorizerType = "aws:apigateway/authorizer:Authorizer"

// authorizerSource is the provider's source, which checks an authorizer before
// AWS does.
const authorizerSource = "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/" +
	"apigateway/authorizer.go"

func authorizerKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   authorizerType,
		Replace: words("restApi"),
		Sets:    words("providerArns"),
		Constraints: []cloud.Constraint{
			cloud.OneOf("type", "TOKEN", "REQUEST", "COGNITO_USER_POOLS"),
			cloud.Between("authorizerResultTtlInSeconds", 0, 3600),
		},
		Defaults: cloud.Props{
			"authorizerResultTtlInSeconds": 300, "type": "TOKEN",
			"identitySource": "method.request.header.Authorization",
		},
		Autoname:   cloud.Autoname{Property: "name", MaxLen: 128},
		ID:         cloud.CodeID(6),
		NotFound:   gatewayNotFound("Authorizer"),
		References: map[string]string{"restApi": restAPIType},
		Check:      checkAuthorizer,
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", gatewayARN(r, "restapis/"+r.Inputs.String("restApi")+"/authorizers/"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name: "authorizer",
			Inputs: cloud.Props{
				"authorizerUri": "${function.invokeArn}", "name": "tokens", "restApi": "${api}", "type": "TOKEN",
			},
		},
	}
}

func checkAuthorizer(r *cloud.Request) error {
	kind, uri := r.Inputs.String("type"), r.Inputs.String("authorizerUri")
	switch {
	case kind == "COGNITO_USER_POOLS" && len(r.Inputs.Strings("providerArns")) == 0:
		return badRequest("provider_arns must be set non-empty when authorizer type is %s",
			authorizerSource).With(kind)
	case kind != "COGNITO_USER_POOLS" && uri == "":
		return badRequest("authorizer_uri must be set non-empty when authorizer type is %s",
			authorizerSource).With(kind)
	case uri != "" && !strings.Contains(uri, ":lambda:path/"):
		return badRequest("Invalid Authorizer URI: %s. Authorizer URI should be a valid API Gateway ARN that "+
			"represents a Lambda function invocation.",
			"https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html").With(uri)
	}
	return nil
}
