package blueprints

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// apiWith returns an API with a number of routes, of which only one wants no signature.
func apiWith(routes int) *config.RestApi {
	api := &config.RestApi{}
	api.Authorization = "AWS_IAM"
	for i := range routes {
		api.Routes = append(api.Routes, config.Route{Path: fmt.Sprintf("resource-%03d", i), Method: "GET"})
	}
	api.Routes[0].Authorization = "NONE"
	return api
}

func TestALongResourcePolicyIsWarnedOf(t *testing.T) {
	e := components.Environment{Partition: "aws", Region: "us-east-1", AccountId: "123456789012"}
	size := func(routes int) int {
		args := builder{environment: e}.routesOf(apiWith(routes), apiBackends{})
		return args.PrivatePolicySize(e)
	}
	assert.Empty(t, longPolicy("api", size(90)))
	assert.Contains(t, longPolicy("blueprint:apis.billing", size(130)), fmt.Sprintf("blueprint:apis.billing: the "+
		"resource policy has %d characters. API Gateway refuses more than 8192", size(130)))
}

func TestAPublicApiHasAPolicyOnlyForItsCallers(t *testing.T) {
	e := components.Environment{Partition: "aws", Region: "us-east-1", AccountId: "123456789012"}
	api := apiWith(100)
	args := builder{environment: e}.routesOf(api, apiBackends{})
	assert.Zero(t, args.PublicPolicySize(e))
	api.Callers = []string{"arn:aws:iam::123456789012:role/orders"}
	args = builder{environment: e}.routesOf(api, apiBackends{})
	assert.NotEmpty(t, longPolicy("api", args.PublicPolicySize(e)))
}
