// Package docs_test checks the repository's Markdown pages, those of the policy module too.
package docs_test

import (
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// repository is the folder that links may not leave.
const repository = ".."

func TestEveryLinkInAPageLeadsToAFileAndAHeading(t *testing.T) {
	pages, err := readPages(os.DirFS(repository))
	require.NoError(t, err)
	for _, name := range []string{"README.md", "policy/README.md", "docs/rules/README.md"} {
		require.Contains(t, pages, name, "the pages are read")
	}
	problems, err := checkPages(os.DirFS(repository))
	require.NoError(t, err)
	for _, problem := range problems {
		t.Error(problem)
	}
}

func TestLinksAreCheckedAsGitHubFollowsThem(t *testing.T) {
	const noFile = "want a file of the repository"
	files := fstest.MapFS{
		"README.md": {Data: []byte("# Title\n")},
		"docs/rules/a.md": {Data: []byte("# What `a` is: a rule\n\n## Fix\n\n## Fix\n\n" +
			"<a id=\"by-hand\"></a>\n\n# Ünder_scored 2.0\n")},
		"docs/diagram.go": {Data: []byte("package docs\n")},
		"bin/built.md":    {Data: []byte("# Built\n")},
	}
	for _, row := range []struct{ link, want, why string }{
		{"[x](rules/a.md)", "", "a page is relative to the page that links to it"},
		{"[x](../README.md#title)", "", "a heading is an anchor"},
		{"[x](rules)", "", "GitHub shows a folder"},
		{"[x](diagram.go)", "", "a link may lead to code"},
		{"[x](rules/a.md#what-a-is-a-rule)", "", "code spans are text, punctuation goes, spaces become hyphens"},
		{"[x](rules/a.md#fix-1)", "", "the second heading with the same text has a number"},
		{"[x](rules/a.md#by-hand)", "", "raw HTML names anchors too"},
		{"[x](rules/a.md#%C3%BCnder_scored-20)", "", "letters of all scripts and underscores stay"},
		{"[x](https://example.com/nowhere)", "", "pages elsewhere are not asked for"},
		{"<mailto:someone@example.com>", "", "an address is no file"},
		{"`[x](missing.md)`", "", "code is not a link"},
		{"[x](#here)\n\n## Here", "", "a page links to its own headings"},
		{"[x][1]\n\n[1]: rules/a.md", "", "a reference is a link"},

		{"[x](missing.md)", "1: missing.md: " + noFile, "a missing file"},
		{"one\ntwo [x](missing.md)", "2: missing.md: " + noFile, "the line is that of the link"},
		{"- one\n- ![x](missing.png)", "2: missing.png: " + noFile, "an image is a file"},
		{"| a |\n| --- |\n| [x](missing.md) |", "3: missing.md: " + noFile, "a table has links"},
		{"[x][1]\n\n[1]: missing.md", "1: missing.md: " + noFile, "a reference can be wrong"},
		{"one\n\n[x][two], `[x][two]`", "3: [x][two]: want a definition of the reference", "an undefined reference"},
		{"<a href=\"missing.md\">x</a>", "1: missing.md: " + noFile, "raw HTML has links"},
		{"[x](rules/a.md#fix-2)", "1: rules/a.md#fix-2: want a heading of docs/rules/a.md", "a missing anchor"},
		{"[x](#there)", "1: #there: want a heading of docs/page.md", "a missing anchor of the same page"},
		{"[x](diagram.go#L1)", "1: diagram.go#L1: want no anchor: lines of code move", "an anchor in code"},
		{"[x](/README.md)", "1: /README.md: want a path relative to the page", "an absolute path"},
		{"[x](//README.md)", "1: //README.md: want a path relative to the page", "a URL without scheme"},
		{"[x](../../elsewhere/README.md)", "1: ../../elsewhere/README.md: " + noFile, "a link out of the repository"},
		{"[x](file:///etc/hosts)", "1: file:///etc/hosts: want https or mailto", "a file of one machine"},
		{"[x](../bin/built.md)", "1: ../bin/built.md: " + noFile, "the repository does not hold built files"},
	} {
		t.Run(row.why, func(t *testing.T) {
			pages := maps.Clone(files)
			pages["docs/page.md"] = &fstest.MapFile{Data: []byte(row.link + "\n")}
			problems, err := checkPages(pages)
			require.NoError(t, err)
			want := row.want
			if want != "" {
				want = "docs/page.md:" + want
			}
			assert.Equal(t, want, strings.Join(problems, "\n"))
		})
	}
}

// mention matches a page that a comment names, with an anchor or without.
var mention = regexp.MustCompile(`(?:^|[\s("])([A-Za-z0-9_./-]+\.md(?:#[A-Za-z0-9_-]+)?)`)

// A comment may name a page by its path from the comment's folder, from the module or from the repository.
func TestPagesThatCommentsNameExist(t *testing.T) {
	root := os.DirFS(repository)
	pages, err := readPages(root)
	require.NoError(t, err)
	require.NoError(t, walk(root, ".go", func(name string, source []byte) {
		for i, line := range strings.Split(string(source), "\n") {
			_, comment, found := strings.Cut(line, "// ")
			if !found {
				continue
			}
			for _, named := range mention.FindAllStringSubmatch(comment, -1) {
				link, anchor, _ := strings.Cut(named[1], "#")
				if path.Base(link) == "ID.md" { // Stands for any rule.
					continue
				}
				if !slices.ContainsFunc([]string{path.Dir(name), "policy", "."}, func(dir string) bool {
					page, exists := pages[path.Join(dir, link)]
					return exists && (anchor == "" || page.anchors[anchor])
				}) {
					t.Errorf("%s:%d: %s: want a page, or a heading of it", name, i+1, named[1])
				}
			}
		}
	}))
}

// machinePath matches a path that exists on one machine only.
var machinePath = regexp.MustCompile("(?:^|[\\s\"'(`<=])(?:/(?:home|Users|root|tmp|work|var/folders)/|[A-Z]:\\\\)")

func TestNoPageNamesAPathOfAMachine(t *testing.T) {
	require.NoError(t, walk(os.DirFS(repository), ".md", func(name string, source []byte) {
		for i, line := range strings.Split(string(source), "\n") {
			if machinePath.MatchString(line) {
				t.Errorf("%s:%d: want no path of a machine: %s", name, i+1, line)
			}
		}
	}))
}
