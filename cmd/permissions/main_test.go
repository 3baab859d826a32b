package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/config"
)

const root = "../.."

func TestPagesAreFresh(t *testing.T) {
	pages, err := generate(root)
	require.NoError(t, err)
	for path, want := range pages {
		got, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "%s is out of date: run `go run ./cmd/permissions`", path)
	}
}

// calls matches the functions of the AWS provider's SDK that register a resource
// or look one up.
var calls = regexp.MustCompile(`\b([a-z0-9]+)\.(New|Lookup|Get)([A-Z][A-Za-z0-9]*?)(?:Output)?\(`)

// sdk matches the modules of the AWS provider's SDK that a file imports.
var sdk = regexp.MustCompile(`"github.com/pulumi/pulumi-aws/sdk/v6/go/aws(?:/([a-z0-9]+))?"`)

// tokensOf returns the types that the components register, and the lookups that
// they make.
func tokensOf(t *testing.T) (types, lookups []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "components", "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var modules []string
		for _, imported := range sdk.FindAllStringSubmatch(string(text), -1) {
			modules = append(modules, imported[1])
		}
		for _, call := range calls.FindAllStringSubmatch(string(text), -1) {
			module, name := call[1], call[3]
			switch {
			case module == "aws" && slices.Contains(modules, ""):
				module = "index"
			case !slices.Contains(modules, module):
				continue
			}
			switch {
			case call[2] != "New":
				lookups = append(lookups, "aws:"+module+"/get"+name+":get"+name)
			case name != "Provider":
				types = append(types, "aws:"+module+"/"+strings.ToLower(name[:1])+name[1:]+":"+name)
			}
		}
	}
	return sorted(types), sorted(lookups)
}

func TestEveryTypeThatTheProgramCanRegisterIsOnAPage(t *testing.T) {
	table, err := readTable(filepath.Join(root, "docs", "permissions.yaml"))
	require.NoError(t, err)
	shown := map[string]bool{}
	for _, blueprint := range config.Blueprints() {
		g, err := readGraph(filepath.Join(root, "tests", "testdata", blueprint.Name+".golden"))
		require.NoError(t, err)
		for _, token := range g.types() {
			shown[token] = true
		}
	}
	for _, s := range table.Settings {
		for _, token := range s.Types {
			shown[token] = true
		}
	}
	types, lookups := tokensOf(t)
	require.Contains(t, types, "aws:ec2/vpcEndpoint:VpcEndpoint")
	for _, token := range types {
		assert.Contains(t, table.Types, token, "want a row in docs/permissions.yaml")
		assert.True(t, shown[token], "%s is in no example: want the setting in docs/permissions.yaml", token)
	}
	for _, token := range lookups {
		assert.Contains(t, table.Lookups, token, "want a row in docs/permissions.yaml")
	}
	for token := range table.Types {
		assert.True(t, shown[token], "%s: no blueprint needs its row", token)
	}
	for token := range table.Lookups {
		assert.Contains(t, lookups, token, "nothing needs its row")
	}
}

func TestTypeWithoutARowIsRefused(t *testing.T) {
	g := graph{"aws:sqs/queue:Queue": {"queue"}, "aws:ec2/vpc:Vpc": {"vpc"}}
	assert.Equal(t, []string{"aws:sqs/queue:Queue"}, (&table{Types: map[string]*row{"aws:ec2/vpc:Vpc": {}}}).missing(g))
}

func TestPoliciesFitIAM(t *testing.T) {
	table, err := readTable(filepath.Join(root, "docs", "permissions.yaml"))
	require.NoError(t, err)
	action := regexp.MustCompile(`^[a-z0-9]+:[A-Z][A-Za-z]+$`)
	for _, blueprint := range config.Blueprints() {
		g, err := readGraph(filepath.Join(root, "tests", "testdata", blueprint.Name+".golden"))
		require.NoError(t, err)
		for _, d := range policies(table, g) {
			assert.LessOrEqual(t, d.size(), policySize, blueprint.Name)
			read := document{}
			require.NoError(t, json.Unmarshal([]byte(d.text()), &read))
			assert.Equal(t, d, read, "the text says the same")
			for _, s := range d.Statement {
				assert.NotEmpty(t, s.Resource)
				for _, a := range s.Action {
					assert.Regexp(t, action, a)
				}
			}
		}
	}
}

// A function is created with a role, and a load balancer with a role of its
// service.
func TestRolesMayBePassedAndLinked(t *testing.T) {
	table, err := readTable(filepath.Join(root, "docs", "permissions.yaml"))
	require.NoError(t, err)
	g := graph{
		functionType: {"hello-function"}, roleType: {"hello-role"}, "aws:lb/loadBalancer:LoadBalancer": {"nlb"},
	}
	assert.Equal(t, []statement{
		{
			Effect: "Allow", Action: []string{"iam:PassRole"},
			Resource: []string{"arn:aws:iam::ACCOUNT:role/hello-role-*"},
			Condition: map[string]map[string][]string{
				"StringEquals": {"iam:PassedToService": {"lambda.amazonaws.com"}},
			},
		},
		{
			Effect: "Allow", Action: []string{"iam:CreateServiceLinkedRole"},
			Resource: []string{"arn:aws:iam::ACCOUNT:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"},
			Condition: map[string]map[string][]string{
				"StringEquals": {"iam:AWSServiceName": {"elasticloadbalancing.amazonaws.com"}},
			},
		},
	}, roles(table, g))
}
