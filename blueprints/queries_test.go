package blueprints

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// words are those of a query that may name a field. Insights finds nothing for a
// field that does not exist, without an error.
var words = regexp.MustCompile(`[a-z][A-Za-z0-9]*`)

func TestQueriesNameFieldsOfTheAccessLog(t *testing.T) {
	source, err := os.ReadFile("../components/api_stage.go")
	require.NoError(t, err)
	known := map[string]bool{}
	for _, field := range regexp.MustCompile(`\{"(\w+)", "[\w.]+"\}`).FindAllStringSubmatch(string(source), -1) {
		known[field[1]] = true
	}
	require.True(t, known["vpceId"])
	for _, word := range strings.Fields("filter in stats count as by sort desc like fields limit timestamp pct bin m " +
		"p50 p99 requests integrationP99") {
		known[word] = true
	}
	for name, query := range insightsQueries() {
		for _, word := range words.FindAllString(string(query.(pulumi.String)), -1) {
			assert.True(t, known[word], "%s: %s is no field of the access log", name, word)
		}
	}
}
