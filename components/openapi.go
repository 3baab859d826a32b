package components

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/openapi"
)

// Document is an OpenAPI document that describes an API, instead of resources for
// its routes. All fields are required.
type Document struct {
	*openapi.Document
	Functions map[string]Backend // The functions that it names.
}

// describe completes the arguments of an API with the document. endpoint is what the
// API is associated with, or nil.
//
// The import overwrites the API, because operations that the document no longer has
// would stay otherwise. It takes away the resource policy too. The provider puts back
// the one that the API itself has as an argument, and it puts back an old one if the
// policy is in the document or in a separate resource.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/apigateway/rest_api.go
func (d *Document) describe(args *apigateway.RestApiArgs, endpoint pulumi.StringInput, policy pulumi.StringInput) {
	names := slices.Sorted(maps.Keys(d.Functions))
	uris := pulumi.StringArray{}
	for _, name := range names {
		integration := &apigateway.IntegrationArgs{}
		d.Functions[name].integrate("", integration)
		uris = append(uris, integration.Uri.ToStringPtrOutput().Elem())
	}
	if endpoint == nil {
		endpoint = pulumi.String("")
	}
	args.Body = pulumi.All(uris, endpoint).ApplyT(func(known []any) string {
		byName := map[string]string{}
		for i, uri := range known[0].([]string) {
			byName[names[i]] = uri
		}
		return d.JSON(byName, known[1].(string))
	}).(pulumi.StringOutput).ToStringPtrOutput()
	args.PutRestApiMode = pulumi.String("overwrite")
	args.Policy = policy.ToStringOutput().ToStringPtrOutput()
}

// prepare registers what the API needs to invoke the functions, and returns it.
func (d *Document) prepare(s scope, api *apigateway.RestApi) ([]pulumi.Resource, error) {
	var ready []pulumi.Resource
	for _, name := range slices.Sorted(maps.Keys(d.Functions)) {
		part := "-function"
		if name != "" {
			part = "-fn-" + name
		}
		resources, err := d.Functions[name].prepare(s.named(part), api)
		if err != nil {
			return nil, fmt.Errorf("backend: %w", err)
		}
		ready = append(ready, resources...)
	}
	return ready, nil
}

// snapshot returns what a deployment of the API contains. The texts come from the API,
// so that a deployment comes after the API has them.
func (d *Document) snapshot(api *apigateway.RestApi) map[string]pulumi.StringInput {
	return map[string]pulumi.StringInput{"document": api.Body.Elem(), "policy": api.Policy}
}

// executionArns returns the start of the ARNs of everything that the APIs of an account
// and region serve. In the policy of an API, it stands for that API alone, whose ID is
// not known when the policy is made.
func executionArns(e Environment) string {
	return fmt.Sprintf("arn:%s:execute-api:%s:%s:*", e.Partition, e.Region, e.AccountId)
}
