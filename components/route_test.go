package components

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTriggersDoNotDependOnResourcesThatAreDeletedFirst(t *testing.T) {
	stack := deployApi(t, unchanged)
	urns := stack.Request(t, "api-deployment").PropertyDependencies["triggers"].GetUrns()
	assert.NotEmpty(t, urns)
	for _, urn := range urns {
		assert.NotRegexp(t, "Method|Integration", urn,
			"the deployment would be deleted with it, which AWS refuses while a stage uses the deployment")
	}
	assert.True(t, stack.Request(t, "api-method").DeleteBeforeReplace)
}

func TestRouteKeepsItsTextInTriggers(t *testing.T) {
	route := Route{Path: "hello", HttpMethod: "GET", Authorization: AuthorizationNone}
	assert.Equal(t, "{Path:hello HttpMethod:GET Authorization:NONE ApiKeyRequired:false}", fmt.Sprintf("%+v", route),
		"with another text, every deployed stack would cut a new deployment")
}
