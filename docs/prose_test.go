package docs_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// functionWord matches words that end the phrase before them, such as "and". Before a noun, the phrase is fine:
// "outputs of its own object".
const functionWord = `(and|or|but|so|that|which|who|in|on|at|to|for|from|with|as|is|are|was|has|because|if|when|by)\b`

// avoided lists the words and phrases that have a plainer equivalent. A space in a pattern matches a line break too.
var avoided = []struct {
	pattern, write string
}{
	{`besides?`, "next to; in addition to"},
	{`anew`, "again; new"},
	{`mend(s|ed|ing)?`, "fix; repair"},
	{`(or|and|would|will|which|that|it|they|is|are) else|else (it|they|the|a|an|is|are|would)`, "otherwise"},
	{`of (its|his|her|their|one's|our|your|my) own(\s*[.,;:)]|\s+` + functionWord + `)|one's own`, "its own; separate"},
	{`at the most|(one|two|three|four|five|\d+) at (least|most)`, "at most two; up to two; at least two"},
	{`sound (stack|twin|network|program|case|fixture|one)s?`, "compliant"},
	{`but for`, "except; except for"},
	{`in the place of|as against`, "instead of"},
	{`(say|says|said) nothing of`, "says nothing about"},
	{`[a-z]*[a-oq-z]\(s\)`, "the plural that fits the number"},
	{`licences?|catalogues?|cancell(ed|ing)|optimis(e|es|ed|ing|ation)`, "the American spelling"}, //nolint:misspell
}

// capital matches the beginning of a word in the name of a test.
var capital = regexp.MustCompile(`[A-Z]`)

// TestProseUsesPlainWords reads the comments, texts and test names of all Go files, the pages outside of code, and all
// other files that people write.
func TestProseUsesPlainWords(t *testing.T) {
	list := exec.Command("git", "ls-files", "-z", "*.go", "*.md", "*.txtar", "*.yaml", "*.yml", "Makefile", ".ci")
	list.Dir = repository
	files, err := list.Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.TrimRight(string(files), "\x00"), "\x00") {
		source, err := os.ReadFile(filepath.Join(repository, name))
		if os.IsNotExist(err) {
			continue // Deleted, but not yet committed.
		}
		require.NoError(t, err)
		prose := source
		switch filepath.Ext(name) {
		case ".md":
			prose = withoutCode(source)
		case ".go":
			texts := name != "docs/prose_test.go" // Its texts are the words to avoid.
			prose, err = proseOf(source, texts)
			require.NoError(t, err)
		}
		for _, problem := range problemsOf(prose) {
			t.Errorf("%s:%s", name, problem)
		}
		for _, test := range testFunc.FindAllSubmatch(source, -1) {
			for _, problem := range problemsOf(capital.ReplaceAll(test[1], []byte(" $0"))) {
				t.Errorf("%s: %s: %s", name, test[1], problem)
			}
		}
	}
}

func TestProseIsFoundAcrossLinesAndReportedByLine(t *testing.T) {
	source := []byte("package x\n\n// A gateway of its\n// own, anew.\nvar besides = \"anew\"\n")
	comments, err := proseOf(source, false)
	require.NoError(t, err)
	assert.Equal(t, []string{
		`4: "anew": write again; new`, `3: "of its own,": write its own; separate`,
	}, problemsOf(comments))
	texts, err := proseOf(source, true)
	require.NoError(t, err)
	assert.Contains(t, problemsOf(texts), `5: "anew": write again; new`)
	page := withoutCode([]byte("# Title\n\n```\nelse it\n```\n\nUse `anew`, [besides](anew.md) or\n2 at least.\n"))
	assert.Equal(t, []string{
		`7: "besides": write next to; in addition to`, `8: "2 at least": write at most two; up to two; at least two`,
	}, problemsOf(page))
}

// problemsOf returns a line number and a message for each avoided word in the prose.
func problemsOf(prose []byte) (problems []string) {
	for _, word := range avoided {
		pattern := regexp.MustCompile(`(?i)\b(?:` + strings.ReplaceAll(word.pattern, " ", `\s+`) + `)`)
		for _, found := range pattern.FindAllIndex(prose, -1) {
			if next := found[1]; next < len(prose) && regexp.MustCompile(`\w`).Match(prose[next:next+1]) {
				continue // The beginning of a longer word.
			}
			line := 1 + bytes.Count(prose[:found[0]], []byte("\n"))
			text := strings.Join(strings.Fields(string(prose[found[0]:found[1]])), " ")
			problems = append(problems, fmt.Sprintf("%d: %q: write %s", line, text, word.write))
		}
	}
	return problems
}

// proseOf returns the source of a Go file with everything except comments and, if wanted, texts and names of tests
// replaced by spaces.
func proseOf(source []byte, texts bool) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	prose := blank(source, 0, len(source))
	keep := func(from, to token.Pos) {
		start, end := files.Position(from).Offset, files.Position(to).Offset
		copy(prose[start:end], source[start:end])
	}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			keep(comment.Pos()+token.Pos(len("//")), comment.End())
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if text, ok := node.(*ast.BasicLit); ok && texts && text.Kind == token.STRING {
			keep(text.Pos()+1, text.End()-1)
		}
		return true
	})
	return prose, nil
}

// code matches the parts of a page that are no prose: blocks and spans of code, the targets of links, URLs, and
// quotations.
var code = regexp.MustCompile("(?s:```.*?```)|(?m:^    .*$)|`[^`]*`|\\]\\([^)]*\\)|https?://\\S+|" +
	`"[^"]*"`)

// withoutCode returns a page with everything except prose replaced by spaces.
func withoutCode(page []byte) []byte {
	prose := bytes.Clone(page)
	for _, found := range code.FindAllIndex(page, -1) {
		copy(prose[found[0]:found[1]], blank(page, found[0], found[1]))
	}
	return prose
}

// blank returns as many spaces as a part of the text has bytes. It keeps the line breaks.
func blank(text []byte, from, to int) []byte {
	spaces := bytes.Repeat([]byte(" "), to-from)
	for i, b := range text[from:to] {
		if b == '\n' {
			spaces[i] = '\n'
		}
	}
	return spaces
}
