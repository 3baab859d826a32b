package components

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AuthorizerArgs describes what decides about the tokens of an API's callers:
// either a function or user pools.
type AuthorizerArgs struct {
	Function     *ExistingFunction // Of the stack's account; nil if UserPools decide.
	UserPools    []string          // The ARNs of user pools of Cognito.
	Header       string            // The header that has the token.
	CacheSeconds int               // How long an answer is kept; 0 for not at all.
}

// kind returns what methods call the authorization by the authorizer.
func (args *AuthorizerArgs) kind() string {
	if args.Function == nil {
		return "COGNITO_USER_POOLS"
	}
	return "CUSTOM"
}

// fingerprint returns a text that changes whenever the authorizer does.
func (args *AuthorizerArgs) fingerprint() string {
	by := strings.Join(args.UserPools, " ")
	if args.Function != nil {
		by = args.Function.Arn
	}
	return fmt.Sprintf("%s in %s for %d s", by, args.Header, args.CacheSeconds)
}

// newAuthorizer registers the authorizer of an API, and the permission to invoke
// its function. It returns what must exist before the API is deployed, the
// authorizer first.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions-lambda-authorizer.html
func newAuthorizer(
	s scope, api *apigateway.RestApi, args *AuthorizerArgs,
) (*apigateway.Authorizer, []pulumi.Resource, error) {
	settings := &apigateway.AuthorizerArgs{
		RestApi:                      api.ID(),
		Type:                         pulumi.String("COGNITO_USER_POOLS"),
		IdentitySource:               pulumi.String("method.request.header." + args.Header),
		AuthorizerResultTtlInSeconds: pulumi.Int(args.CacheSeconds),
	}
	if args.Function == nil {
		settings.ProviderArns = pulumi.ToStringArray(args.UserPools)
	} else {
		settings.Type = pulumi.String("TOKEN")
		settings.AuthorizerUri = pulumi.String(args.Function.invokeArn())
	}
	authorizer, err := apigateway.NewAuthorizer(s.ctx, s.name+"-authorizer", settings, s.child)
	if err != nil || args.Function == nil {
		return authorizer, []pulumi.Resource{authorizer}, err
	}
	permission, err := lambda.NewPermission(s.ctx, s.name+"-authorizer-permission",
		args.Function.permission(pulumi.Sprintf("%s/authorizers/%s", api.ExecutionArn, authorizer.ID())), s.child)
	return authorizer, []pulumi.Resource{authorizer, permission}, err
}
