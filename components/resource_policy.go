package components

import (
	"fmt"

	"private-api-blueprints/internal/policydoc"
)

// ResourcePolicyLimit is how many characters the resource policy of an API may have,
// unless AWS has raised this quota for the account.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const ResourcePolicyLimit = 8192

// PrivatePolicySize returns how many characters the resource policy of a private API with
// these routes has. It takes IDs of the usual length.
func (args *RoutesArgs) PrivatePolicySize(e Environment) int {
	return len(args.privatePolicy(e, args.usualArn(e), "vpc-0123456789abcdef0"))
}

// PublicPolicySize is like PrivatePolicySize for a public API. It returns 0 if the API has
// no resource policy.
func (args *RoutesArgs) PublicPolicySize(e Environment) int {
	if !args.hasPublicPolicy() {
		return 0
	}
	return len(args.publicPolicy(e, args.usualArn(e)))
}

// usualArn returns the ARN of an API whose ID is not known yet.
func (args *RoutesArgs) usualArn(e Environment) string {
	if args.Document != nil {
		return executionArns(e)
	}
	return fmt.Sprintf("arn:%s:execute-api:%s:%s:a1b2c3d4e5", e.Partition, e.Region, e.AccountId)
}

// privatePolicy returns the resource policy of a private API, which admits a VPC.
func (args *RoutesArgs) privatePolicy(e Environment, executionArn, vpcId string) string {
	account := policydoc.Account(e.Partition, e.AccountId)
	return policydoc.InvokeFromVpc(executionArn, vpcId, args.grants(account)...).JSON()
}

// hasPublicPolicy reports whether a public API has a resource policy. With an OpenAPI
// document, it always has one.
func (args *RoutesArgs) hasPublicPolicy() bool { return len(args.Callers) > 0 || args.Document != nil }

// publicPolicy returns the resource policy of a public API.
func (args *RoutesArgs) publicPolicy(e Environment, executionArn string) string {
	var signers any
	if args.Document != nil {
		signers = policydoc.Account(e.Partition, e.AccountId)
	}
	return policydoc.Invoke(executionArn, args.grants(signers)...).JSON()
}
