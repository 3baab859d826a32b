package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/config"
)

// readmeLimit is the size in bytes that a stranger still reads.
const readmeLimit = 12 << 10

// sections are the headings of every blueprint's page, in their order.
var sections = []string{
	"When", "When not", "What it creates", "What a client sees", "Know before you deploy", "What the stack promises",
	"Outputs", "Cost", "Verify", "Tear down", "Symptoms", "Rules",
}

// read returns the text of a file, by its path in the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", name))
	require.NoError(t, err)
	return string(text)
}

// blueprintNames returns the names of the blueprints, sorted.
func blueprintNames() []string {
	var names []string
	for _, blueprint := range config.Blueprints() {
		names = append(names, blueprint.Name)
	}
	return names
}

// blueprintPage returns the path of a blueprint's page.
func blueprintPage(name string) string { return "docs/blueprints/" + name + ".md" }

// userPages returns the paths of the pages that people write for users.
func userPages(t *testing.T) []string {
	t.Helper()
	names := []string{
		"README.md", "docs/README.md", "docs/start.md", "docs/aws.md", "docs/policies.md", "docs/symptoms.md",
		"docs/upgrade.md",
	}
	for _, name := range blueprintNames() {
		names = append(names, blueprintPage(name))
	}
	return names
}

// matches returns the first group of every match in a text.
func matches(pattern, text string) []string {
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

// base returns the names of files without folder and extension.
func base(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", pattern))
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	}
	return names
}

func TestReadmeIsShort(t *testing.T) {
	assert.LessOrEqual(t, len(read(t, "README.md")), readmeLimit, "bytes; move some of it to a page in docs")
}

func TestEveryBlueprintHasAPageAndAPlaceInEveryList(t *testing.T) {
	readme, index, project := read(t, "README.md"), read(t, "docs/README.md"), read(t, "Pulumi.yaml")
	// `pulumi new` leaves the section out.
	_, template, isTemplate := strings.Cut(project, "\ntemplate:\n")
	names := blueprintNames()
	for _, name := range names {
		assert.Contains(t, readme, "\n| ["+name+"]("+blueprintPage(name)+") |", "the table of blueprints")
		assert.Contains(t, index, "["+name+"](blueprints/"+name+".md)", "the index of the pages")
		if isTemplate {
			assert.Contains(t, template, name, "what `pulumi new` offers")
		}
		page := read(t, blueprintPage(name))
		assert.True(t, strings.HasPrefix(page, "# "+name+"\n"), "%s: the title", name)
		assert.Equal(t, sections, matches(`(?m)^## (.*)$`, page), "%s: the sections", name)
		assert.Contains(t, page, "](../configuration.md#"+name+")", "%s: its keys", name)
		assert.Regexp(t, `\]\(\.\./\.\./Pulumi\.[a-z0-9-]+\.yaml\)`, page, "%s: its example", name)
	}
	assert.ElementsMatch(t, names, base(t, "docs/blueprints/*.md"), "pages of blueprints that exist")
}

func TestBlueprintPagesListTheOutputsOfTheProgram(t *testing.T) {
	exported := exports(t)
	for _, name := range blueprintNames() {
		_, section, _ := strings.Cut(read(t, blueprintPage(name)), "\n## Outputs\n")
		section, _, _ = strings.Cut(section, "\n## ")
		require.NotEmpty(t, exported[name], name)
		assert.ElementsMatch(t, exported[name], matches("(?m)^\\| `(\\w+)` \\|", section), name)
	}
}

// The golden graph has a line for each resource of the example, and for each
// provider, which Pulumi does not count.
func TestBlueprintPagesCountTheResourcesOfTheExample(t *testing.T) {
	for _, name := range blueprintNames() {
		count := 0
		for line := range strings.Lines(read(t, "tests/testdata/"+name+".golden")) {
			if !strings.HasPrefix(line, "pulumi:providers:") {
				count++
			}
		}
		assert.Contains(t, read(t, blueprintPage(name)), strconv.Itoa(count)+" resources in Pulumi", name)
	}
}

// exports returns the names of the outputs of each blueprint, read from the
// calls of outputs.export in the files whose names begin with the blueprint's. What
// other files export, every blueprint does.
func exports(t *testing.T) map[string][]string {
	t.Helper()
	names, exported := blueprintNames(), map[string][]string{}
	files, err := filepath.Glob("../blueprints/*.go")
	require.NoError(t, err)
	for _, file := range files {
		i := slices.IndexFunc(names, func(name string) bool {
			return strings.HasPrefix(filepath.Base(file), strings.ReplaceAll(name, "-", "_"))
		})
		owners := names
		if i >= 0 {
			owners = names[i : i+1]
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(source, func(node ast.Node) bool {
			if output, found := exportedName(node); found {
				for _, name := range owners {
					exported[name] = append(exported[name], output)
				}
			}
			return true
		})
	}
	return exported
}

// exportedName returns the name in a call such as outputs.export("url", …).
func exportedName(node ast.Node) (string, bool) {
	call, isCall := node.(*ast.CallExpr)
	if !isCall || len(call.Args) != 2 {
		return "", false
	}
	function, isSelector := call.Fun.(*ast.SelectorExpr)
	literal, isLiteral := call.Args[0].(*ast.BasicLit)
	if !isSelector || !isLiteral || function.Sel.Name != "export" {
		return "", false
	}
	name, err := strconv.Unquote(literal.Value)
	return name, err == nil
}

func TestPagesNameKeysThatExist(t *testing.T) {
	keys := matches("(?m)^\\| `([A-Za-z0-9.]+)` \\|", read(t, "docs/configuration.md"))
	var groups []string
	for _, key := range keys {
		if group, _, nested := strings.Cut(key, "."); nested {
			groups = append(groups, group)
		}
	}
	require.NotEmpty(t, groups)
	for _, name := range userPages(t) {
		for _, key := range matches("`(?:blueprint:)?([a-z][A-Za-z]*\\.[A-Za-z0-9.]+)(?:: [^`]*)?`", read(t, name)) {
			group, _, _ := strings.Cut(key, ".")
			exists := slices.ContainsFunc(keys, func(k string) bool {
				return k == key || strings.HasPrefix(k, key+".")
			})
			if slices.Contains(groups, group) && !exists {
				t.Errorf("%s: %s: want a key of docs/configuration.md", name, key)
			}
		}
	}
}

func TestPagesNameRulesByTheirIDs(t *testing.T) {
	ids := slices.DeleteFunc(base(t, "docs/rules/*.md"), func(name string) bool { return name == "README" })
	require.NotEmpty(t, ids)
	renamed := matches("(?m)^\\| `([a-z0-9-]+)` \\| `[a-z0-9-]+` \\|$", read(t, "policy/CHANGELOG.md"))
	require.NotEmpty(t, renamed)
	toRule := regexp.MustCompile(`\[([^\]]+)\]\([a-z./]*rules/([a-z0-9-]+)\.md\)`)
	for _, name := range userPages(t) {
		page := read(t, name)
		for _, link := range toRule.FindAllStringSubmatch(page, -1) {
			assert.Equal(t, link[2], link[1], "%s: a link to a rule has its ID as text", name)
			assert.True(t, slices.Contains(ids, link[2]), "%s: %s: want the ID of a rule", name, link[2])
		}
		for _, old := range renamed {
			assert.NotRegexp(t, `[^a-z0-9-]`+old+`[^a-z0-9-]`, page, "%s: an ID that has changed", name)
		}
	}
	symptoms := matches(`\]\(rules/([a-z0-9-]+)\.md\)`, read(t, "docs/symptoms.md"))
	for _, id := range ids {
		assert.True(t, slices.Contains(symptoms, id), "docs/symptoms.md: what do people see who break %s?", id)
	}
	assert.Contains(t, read(t, "README.md"), "\n- "+strconv.Itoa(len(ids))+" [rules](docs/rules/README.md)",
		"README.md counts the rules: want the number of pages in docs/rules")
}

// TestNumbersOfFaultsAreThoseOfTheirPage compares ARCHITECTURE.md with the sums
// of the two tables of docs/faults.md.
func TestNumbersOfFaultsAreThoseOfTheirPage(t *testing.T) {
	sums := regexp.MustCompile(`\*\*seen\*\* \|  \| \*\*(\d+) of (\d+)\*\* \| \*\*(\d+) of `).
		FindAllStringSubmatch(read(t, "docs/faults.md"), -1)
	require.Len(t, sums, 2)
	var all [3]int // Seen in an existing network, faults, seen in a created network.
	for _, sum := range sums {
		for i := range all {
			n, err := strconv.Atoi(sum[i+1])
			require.NoError(t, err)
			all[i] += n
		}
	}
	warned := sums[0]
	page := read(t, "ARCHITECTURE.md")
	const form = "%v of %v in a created network, %v of %v in an existing one"
	assert.Contains(t, page, "warn of, seen at a first preview | "+
		fmt.Sprintf(form, warned[3], warned[2], warned[1], warned[2]))
	assert.Contains(t, page, "all faults of tests/faults, seen at a first preview | "+
		fmt.Sprintf(form, all[2], all[1], all[0], all[1]))
}

func TestTheViolationOnTheFrontPageIsTheRules(t *testing.T) {
	const want = "want authorization, an API key, or the clients' ranges only"
	assert.Contains(t, read(t, "policy/rules/public_load_balancer_authorization.go"), want)
	for _, name := range []string{"README.md", "docs/start.md"} {
		words := strings.Fields(strings.NewReplacer(">", "").Replace(read(t, name)))
		assert.Contains(t, strings.Join(words, " "), want, name)
	}
}

func TestPagesNameTargetsOfTheMakefile(t *testing.T) {
	targets := matches(`(?m)^([a-z-]+):`, read(t, "Makefile"))
	for _, name := range userPages(t) {
		for _, target := range matches("(?:`| {4}|&& )make ([a-z-]+)", read(t, name)) {
			assert.True(t, slices.Contains(targets, target), "%s: make %s: want a target of the Makefile", name, target)
		}
	}
	for _, target := range []string{"up", "preview", "destroy", "test", "lint"} {
		assert.Contains(t, read(t, "README.md"), "make "+target, "README.md")
	}
}

func TestPagesNameTheVersionsThatAreBuilt(t *testing.T) {
	module, tools := read(t, "go.mod"), read(t, "tools/go.mod")
	version := func(pattern, file string) string {
		found := matches(pattern, file)
		require.NotEmpty(t, found, pattern)
		return found[0]
	}
	compiler := version(`(?m)^go (\S+)$`, module)
	for _, name := range []string{"README.md", "docs/start.md", "docs/policies.md"} {
		assert.Contains(t, read(t, name), "Go "+compiler+" or later", name)
	}
	upgrade := read(t, "docs/upgrade.md")
	assert.Contains(t, upgrade, "| Go | "+compiler+" or later |")
	cli := version(`pulumi/pkg/v3 v(\S+)`, tools)
	assert.Contains(t, upgrade, "otherwise "+cli+" is built")
	assert.Contains(t, read(t, "docs/start.md"), "builds "+cli+" from pinned sources")
	aws, awsx := version(`pulumi-aws/sdk/v6 v(\S+)`, module), version(`pulumi-awsx/sdk/v2 v(\S+)`, module)
	assert.Contains(t, upgrade, "| pulumi-aws, pulumi-awsx | "+aws+", "+awsx+" |")
}

// longLine matches a line that may be long: a row of a table, or a link that cannot be broken.
var longLine = regexp.MustCompile(`^\||\]\(https://\S{80,}`)

func TestLinesOfPagesFitAScreen(t *testing.T) {
	for _, name := range userPages(t) {
		for i, line := range strings.Split(read(t, name), "\n") {
			if utf8.RuneCountInString(line) > 120 && !longLine.MatchString(line) {
				t.Errorf("%s:%d: want at most 120 columns", name, i+1)
			}
		}
	}
}
