package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "private-api-blueprints/policy"

// TestLayering checks that imports go one way: pack, decode and rules, rule,
// trace, iam, model. The rules, the trace and the model import nothing of Pulumi.
func TestLayering(t *testing.T) {
	const pulumi, yaml = "github.com/pulumi/", "go.yaml.in/yaml/v3"
	allowed := map[string][]string{
		"/model":          {},
		"/iam":            {module + "/model"},
		"/rule":           {module + "/model"},
		"/rules":          {module + "/iam", module + "/model", module + "/rule", module + "/trace"},
		"/decode":         {module + "/model", pulumi, yaml},
		"/decode/fixture": {pulumi, yaml, "golang.org/x/tools/txtar"},
		"/pack": {
			module + "/decode", module + "/model", module + "/rule", module + "/secrets", pulumi,
			"github.com/blang/semver", "google.golang.org/",
		},
		"": {module + "/pack", module + "/rules", yaml},
		"/designs": {
			module + "/decode", module + "/rule", module + "/rules", pulumi, yaml,
		},
		"/mutation": {
			module + "/decode", module + "/model", module + "/pack", module + "/rules", module + "/state",
			module + "/trace", pulumi, yaml, "google.golang.org/protobuf",
		},
		"/newrule":      {module + "/rule", module + "/rules"},
		"/propertylist": {},
		"/secrets":      {pulumi, yaml},
		"/state":        {module + "/decode", pulumi},
		"/trace":        {module + "/iam", module + "/model"},
		"/tracer": {
			module + "/decode", module + "/model", module + "/rule", module + "/rules", module + "/secrets",
			module + "/state", module + "/trace",
		},
		"/report": {
			module + "/rule", module + "/rules", pulumi, "github.com/owenrumney/go-sarif/v3/",
		},
		"/ruledocs": {module + "/decode", module + "/rule", module + "/rules", yaml},
	}
	imports := goList(t, "{{.ImportPath}} {{join .Imports \" \"}}", "./...")
	require.Len(t, imports, len(allowed), "each package has a row here: %v", imports)
	for _, line := range imports {
		fields := strings.Fields(line)
		rows, listed := allowed[strings.TrimPrefix(fields[0], module)]
		require.True(t, listed, "%s has no row here", fields[0])
		for _, path := range fields[1:] {
			assert.True(t, isStandard(path) || hasAnyPrefix(path, rows), "%s imports %s", fields[0], path)
		}
	}
}

func TestNoAWSSDKIsLinked(t *testing.T) {
	for _, path := range goList(t, "{{.ImportPath}}", "-deps", ".") {
		assert.False(t, hasAnyPrefix(path, []string{"github.com/aws/", "github.com/pulumi/pulumi-aws"}), path)
	}
}

func goList(t *testing.T, format string, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-f", format}, args...)...).Output()
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// isStandard reports whether a package is in the standard library: its path has
// no dot in the first element.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "private-api-blueprints"
}

func hasAnyPrefix(path string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if path == prefix || strings.HasPrefix(path, strings.TrimSuffix(prefix, "/")+"/") {
			return true
		}
	}
	return false
}
