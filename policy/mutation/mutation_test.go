package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThePackCatchesWhatThePageSays judges every mutant of every blueprint, and
// compares the result with the committed page. The policy folder is also
// published alone, without pages that could be stale.
func TestThePackCatchesWhatThePageSays(t *testing.T) {
	scores, tables, err := judgeAll(".")
	require.NoError(t, err)
	assert.Len(t, scores, 10, "five blueprints in two views")
	for _, c := range tables.classes {
		assert.NotZero(t, c.used, "classes.yaml: no mutant is of the class %+v", *c)
	}
	checkMissed(t, scores)
	if _, err := os.Stat("../../Pulumi.yaml"); errors.Is(err, fs.ErrNotExist) {
		return
	}
	committed, err := os.ReadFile("../../docs/mutants.md")
	require.NoError(t, err)
	assert.Equal(t, page(scores), string(committed),
		"docs/mutants.md is stale: run `go run ./mutation` in the policy folder")
}

// floors are the lowest scores that pass, in percent. Raise them with the scores.
var floors = map[string]int{firstPreview: 97, deployed: 100}

// checkMissed compares the missed mutants with the committed list, and the scores
// with their floors. Whoever writes the list again cannot hide a worse score.
func checkMissed(t *testing.T, scores []score) {
	t.Helper()
	committed, err := os.ReadFile(missedFile)
	require.NoError(t, err)
	before := strings.Split(string(committed), "\n")
	var worse []string
	for _, name := range namesOfMissed(scores) {
		if !slices.Contains(before, name) {
			worse = append(worse, name)
		}
	}
	assert.Empty(t, worse, "regression: the pack misses mutants that it did not miss before")
	for view, floor := range floors {
		n := totalOf(scores, view)
		assert.GreaterOrEqual(t, scoreOf(n), floor, "%s: the score is too low; newly missed: %s", view,
			strings.Join(worse, "\n"))
	}
}

// TestANewlyMissedMutantHasAName shows that a regression is told by name.
func TestANewlyMissedMutantHasAName(t *testing.T) {
	r := result{mutant: mutant{
		Type: "aws:lb/listener:Listener", Name: "front", Change: removed, Says: "removed",
	}, verdict: missed}
	scores := []score{{&stack{blueprint: "one", view: deployed}, []result{r, {verdict: caught}, {verdict: harmless}}}}
	assert.Equal(t, []string{"one, deployed: resource removed: aws:lb/listener:Listener front: : removed"},
		namesOfMissed(scores))
	assert.Equal(t, 50, scoreOf(totalOf(scores, deployed)), "harmless mutants do not count")
}

// aStack is a security group with a rule, and another group.
func aStack() *stack {
	group := func(name string) plugin.AnalyzerStackResource {
		return plugin.AnalyzerStackResource{AnalyzerResource: plugin.AnalyzerResource{
			URN: resource.URN("urn:pulumi:s::p::aws:ec2/securityGroup:SecurityGroup::" + name), Name: name,
			Type:       "aws:ec2/securityGroup:SecurityGroup",
			Properties: resource.NewPropertyMapFromMap(map[string]any{"id": "sg-" + name}),
		}}
	}
	one, other := group("one"), group("other")
	rule := plugin.AnalyzerStackResource{AnalyzerResource: plugin.AnalyzerResource{
		URN:  "urn:pulumi:s::p::aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::rule",
		Type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", Name: "rule",
		Properties: resource.NewPropertyMapFromMap(map[string]any{
			"securityGroupId": "sg-one", "fromPort": 443, "toPort": 443, "ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/8",
		}),
	}}
	rule.Dependencies = []resource.URN{one.URN}
	rule.PropertyDependencies = map[resource.PropertyKey][]resource.URN{"securityGroupId": {one.URN}}
	s := &stack{view: deployed, resources: []plugin.AnalyzerStackResource{one, other, rule}}
	s.index = map[resource.URN]int{one.URN: 0, other.URN: 1, rule.URN: 2}
	return s
}

// TestAMutantDiffersInOneThing shows what each kind of change does to a stack.
func TestAMutantDiffersInOneThing(t *testing.T) {
	tables, err := readTables(".")
	require.NoError(t, err)
	s := aStack()
	says := map[string]mutant{}
	for _, m := range s.mutants(tables) {
		says[m.Name+" "+m.Property+" "+m.Says] = m
	}
	removal := says["one  removed"]
	assert.Equal(t, []string{"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule securityGroupId"},
		removal.needed,
		"the rule needs its group")
	assert.Len(t, removal.build(), 2)

	turn := says["rule securityGroupId other instead of one"].build()[2]
	assert.Equal(t, "sg-other", turn.Properties["securityGroupId"].StringValue())
	assert.Equal(t, []resource.URN{s.resources[1].URN}, turn.PropertyDependencies["securityGroupId"])
	assert.Equal(t, []resource.URN{s.resources[1].URN}, turn.Dependencies)

	port := says["rule fromPort 443 → 80"].build()[2]
	assert.Equal(t, 80.0, port.Properties["fromPort"].NumberValue())
	assert.Equal(t, 80.0, port.Properties["toPort"].NumberValue(), "a range of one port stays one")
	assert.Contains(t, says, "rule ipProtocol tcp → udp")
	assert.Contains(t, says, "rule cidrIpv4 10.0.0.0/8 → 0.0.0.0/0")
	assert.Equal(t, "sg-one", s.resources[2].Properties["securityGroupId"].StringValue(), "the stack is as before")
}

func TestAPolicyIsEditedStatementByStatement(t *testing.T) {
	texts := map[string]string{}
	for _, e := range policyMutants(`{"Statement":[{"Effect":"Deny","Action":"a","Condition":` +
		`{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}},` +
		`{"Effect":"Allow","Resource":"arn:aws:execute-api:r:1:api/*"}]}`) {
		texts[e.says] = e.text
	}
	assert.NotContains(t, texts["statement 1: removed"], "Deny")
	assert.Contains(t, texts["statement 1: Effect Allow"], `"Effect":"Allow"`)
	assert.Contains(t, texts["statement 1: condition StringEquals"], `"StringEquals":{"aws:SourceVpc":"vpc-1"}`)
	assert.Contains(t, texts["statement 1: condition on aws:SourceVpce"], `{"aws:SourceVpce":"vpc-1"}`)
	assert.Contains(t, texts["statement 2: POST only"], "arn:aws:execute-api:r:1:api/*/POST/*")
	assert.Contains(t, texts, "denies everyone")
	assert.NotContains(t, texts, "statement 2: without conditions")
}

func TestClassesMatchByPattern(t *testing.T) {
	for _, row := range []struct {
		pattern, text string
		want          bool
		why           string
	}{
		{"", "any", true, "an empty pattern matches everything"},
		{"a|b", "b", true, "either"},
		{"aws:s3/*", "aws:s3/bucket:Bucket", true, "a prefix"},
		{"*-logs", "a-logs-b", false, "the end must match"},
		{"a*b*c", "a-b-c", true, "two gaps"},
		{"ab*ba", "aba", false, "the ends may not overlap"},
		{"* → [*]", "one → *", true, "an asterisk in the text"},
		{"* → [*]", "* → two", false, "another text instead of the asterisk"},
		{"[*]", "*", true, "nothing but an asterisk"},
	} {
		assert.Equal(t, row.want, like(row.pattern, row.text), row.why)
	}
}
