package tests

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var placeholder = regexp.MustCompile(`\$\{([^}]*)}`)

// assertPromises checks that a blueprint's component has its promises as input and as output, that they name resources
// of the stack, and that what is deployed keeps them. The engine sends policies the outputs only.
func (s *stack) assertPromises() {
	s.t.Helper()
	t, resources := s.t, s.state()
	var blueprint apitype.ResourceV3
	// A request for no server of the stack connects to the internet, and its client may be in another VPC.
	names := map[string]bool{"internet": true, "another-vpc": true}
	for _, r := range resources {
		names[r.URN.Name()] = true
		if strings.HasPrefix(string(r.Type), "private-api-blueprints:blueprints:") {
			blueprint = r
		}
	}
	promises, _ := blueprint.Outputs["promises"].([]any)
	require.NotEmpty(t, promises, blueprint.URN)
	assert.Equal(t, blueprint.Inputs["promises"], blueprint.Outputs["promises"])
	for _, p := range promises {
		for _, name := range namesIn(p.(map[string]any)) {
			assert.True(t, names[name], "no resource has the name %s, which a promise has: %v", name, p)
		}
	}
	s.assertKept(blueprint.Inputs)
}

// namesIn returns the names of resources in a promise.
func namesIn(promise map[string]any) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(fmt.Sprint(promise["request"], promise["headers"]), -1) {
		names = append(names, match[1])
	}
	for _, key := range []string{"connectTo", "by"} {
		if name, found := promise[key].(string); found {
			names = append(names, name)
		}
	}
	groups, _ := promise["groups"].([]any)
	for _, group := range groups {
		names = append(names, group.(string))
	}
	from := promise["from"].(string)
	existing := regexp.MustCompile(`^subnet-[0-9a-f]{17}$`).MatchString(from) // The ID of a subnet that exists.
	if _, err := netip.ParseAddr(from); err != nil && !strings.HasPrefix(from, "internet") && !existing {
		names = append(names, from)
	}
	return names
}
