package docs_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// developerPages are the pages for people who change the code.
var developerPages = []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/aws-facts.md"}

var (
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
	filePath = regexp.MustCompile(`^\w[\w.*-]*(?:/[\w.*-]+)*(?:/|\.(?:go|md|yaml|json|golden))$`)
	goFolder = regexp.MustCompile(`go (?:run|generate|test) \./([a-z/]+[a-z])`)
	makeRun  = regexp.MustCompile("(?m)(?:^|`)make ([a-z -]+[a-z])")
	testName = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`)
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// A page may name a file by its path from the repository or from the policy module. It may name a file by its name
// alone if the sentence names the folder.
func TestDeveloperPagesNameFilesThatExist(t *testing.T) {
	var names []string
	require.NoError(t, fs.WalkDir(os.DirFS(repository), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && skipped(name) {
			return fs.SkipDir
		}
		names = append(names, name, strings.TrimPrefix(name, "policy/"), path.Base(name))
		return err
	}))
	exists := func(pattern string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			matches, err := path.Match(strings.TrimSuffix(pattern, "/"), name)
			return err == nil && matches
		})
	}
	for _, page := range developerPages {
		text := readText(t, page)
		for _, span := range codeSpan.FindAllStringSubmatch(text, -1) {
			if filePath.MatchString(span[1]) && !exists(span[1]) {
				t.Errorf("%s: `%s`: want a file or folder of the repository", page, span[1])
			}
		}
		for _, command := range goFolder.FindAllStringSubmatch(text, -1) {
			if !exists(command[1]) {
				t.Errorf("%s: %s: want a folder of the repository", page, command[0])
			}
		}
	}
}

func TestDeveloperPagesNameTargetsOfTheMakefile(t *testing.T) {
	makefile := readText(t, "Makefile")
	for _, page := range developerPages {
		for _, command := range makeRun.FindAllStringSubmatch(readText(t, page), -1) {
			for _, target := range strings.Fields(command[1]) {
				if !strings.Contains(makefile, "\n"+target+":") {
					t.Errorf("%s: %s: want a target of the Makefile", page, target)
				}
			}
		}
	}
}

// A page may name a group of tests by what their names begin with.
func TestDeveloperPagesNameTestsThatExist(t *testing.T) {
	var tests []string
	require.NoError(t, walk(os.DirFS(repository), ".go", func(_ string, source []byte) {
		for _, function := range testFunc.FindAllStringSubmatch(string(source), -1) {
			tests = append(tests, function[1])
		}
	}))
	for _, page := range developerPages {
		for _, name := range testName.FindAllString(readText(t, page), -1) {
			if !slices.ContainsFunc(tests, func(test string) bool { return strings.HasPrefix(test, name) }) {
				t.Errorf("%s: %s: want a test that exists", page, name)
			}
		}
	}
}

// readText returns the text of a file, by its path in the repository.
func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(os.DirFS(repository), name)
	require.NoError(t, err)
	return string(text)
}
