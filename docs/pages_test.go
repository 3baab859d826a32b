package docs_test

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// page holds a page's links, and the anchors that links may lead to.
type page struct {
	anchors map[string]bool
	links   []link
}

// link is a link on a line of a page.
type link struct {
	line int
	to   string
}

// checkPages returns a line for each link in a page that does not work.
func checkPages(root fs.FS) ([]string, error) {
	pages, err := readPages(root)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		for _, l := range pages[name].links {
			if wrong := follow(root, pages, name, l.to); wrong != "" {
				problems = append(problems, fmt.Sprintf("%s:%d: %s: %s", name, l.line, l.to, wrong))
			}
		}
	}
	return problems, nil
}

// follow returns what is wrong with a link of a page, or "".
func follow(root fs.FS, pages map[string]page, from, to string) string {
	u, err := url.Parse(to)
	switch {
	case undefined.MatchString(to):
		return "want a definition of the reference"
	case err != nil:
		return "want a URL"
	case u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto":
		return ""
	case u.Scheme != "":
		return "want https or mailto"
	case u.Host != "" || strings.HasPrefix(u.Path, "/"):
		return "want a path relative to the page"
	}
	name := from
	if u.Path != "" {
		name = path.Join(path.Dir(from), u.Path)
	}
	if _, err := fs.Stat(root, name); err != nil || skipped(name) {
		return "want a file of the repository"
	}
	target, isPage := pages[name]
	switch {
	case u.Fragment == "" || target.anchors[u.Fragment]:
		return ""
	case !isPage:
		return "want no anchor: lines of code move"
	}
	return "want a heading of " + name
}

// skipped reports whether a file is in a folder that Git does not track.
func skipped(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return slices.Contains([]string{".git", ".sandbox", "bin"}, first)
}

// walk calls visit with each file of the repository whose name ends in extension.
func walk(root fs.FS, extension string, visit func(name string, source []byte)) error {
	return fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && skipped(name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != extension:
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		visit(name, source)
		return nil
	})
}

// readPages returns the repository's pages by their paths.
func readPages(root fs.FS) (map[string]page, error) {
	pages := map[string]page{}
	err := walk(root, ".md", func(name string, source []byte) { pages[name] = parse(source) })
	return pages, err
}

var (
	undefined  = regexp.MustCompile(`\[[^\]]+\]\[[^\]]*\]`)
	htmlLink   = regexp.MustCompile(`(?i)\b(?:href|src)\s*=\s*["']([^"']+)["']`)
	htmlAnchor = regexp.MustCompile(`(?i)\b(?:id|name)\s*=\s*["']([^"']+)["']`)
)

// parse returns a page's anchors and links, as GitHub renders them.
func parse(source []byte) page {
	r := reader{source: source, page: page{anchors: map[string]bool{}}, headings: map[string]int{}}
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	// The walk ends with an error only if the function returns one.
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			r.read(n)
		}
		return ast.WalkContinue, nil
	})
	return r.page
}

// reader collects what a page's nodes say.
type reader struct {
	page
	source   []byte
	headings map[string]int // How many headings have this text so far.
}

// read adds a node's links and anchors.
func (r *reader) read(n ast.Node) {
	if n.Type() == ast.TypeBlock {
		r.readUndefined(n)
	}
	switch n := n.(type) {
	case *ast.Heading:
		anchor := anchorOf(plain(r.source, n))
		r.anchors[numbered(anchor, r.headings[anchor])] = true
		r.headings[anchor]++
	case *ast.Link:
		r.add(n, string(n.Destination))
	case *ast.Image:
		r.add(n, string(n.Destination))
	case *ast.AutoLink:
		if n.AutoLinkType == ast.AutoLinkURL {
			r.add(n, string(n.URL(r.source)))
		}
	case *ast.RawHTML:
		r.readHTML(n, n.Segments)
	case *ast.HTMLBlock:
		r.readHTML(n, n.Lines())
	}
}

// readUndefined adds links whose references are not defined. The parser takes them for text.
func (r *reader) readUndefined(n ast.Node) {
	for _, found := range undefined.FindAllString(plain(r.source, n, ast.KindCodeSpan), -1) {
		r.add(n, found)
	}
}

// readHTML adds the links and anchors of HTML in a page.
func (r *reader) readHTML(n ast.Node, segments *text.Segments) {
	raw := string(segments.Value(r.source))
	for _, found := range htmlLink.FindAllStringSubmatch(raw, -1) {
		r.add(n, found[1])
	}
	for _, found := range htmlAnchor.FindAllStringSubmatch(raw, -1) {
		r.anchors[found[1]] = true
	}
}

// add adds a link.
func (r *reader) add(n ast.Node, to string) { r.links = append(r.links, link{lineOf(r.source, n), to}) }

// lineOf returns the number of the line on which a node or, if the parser does not say, its parent begins.
func lineOf(source []byte, n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if at := n.Pos(); at >= 0 {
			return 1 + strings.Count(string(source[:at]), "\n")
		}
	}
	return 1
}

// plain returns the text of a node without its markup, blocks inside it and inline nodes of the given kinds.
func plain(source []byte, n ast.Node, without ...ast.NodeKind) string {
	var b strings.Builder
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if child.Type() == ast.TypeBlock || slices.Contains(without, child.Kind()) {
			continue
		}
		switch child := child.(type) {
		case *ast.Text:
			b.Write(child.Value(source))
		case *ast.String:
			b.Write(child.Value)
		default:
			b.WriteString(plain(source, child, without...))
		}
	}
	return b.String()
}

// anchorOf returns the anchor that GitHub gives to the first heading with a text.
func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pc):
			return r
		}
		return -1
	}, strings.ToLower(strings.TrimSpace(heading)))
}

// numbered returns the anchor of a heading that has this many headings with the same text before it.
func numbered(anchor string, before int) string {
	if before == 0 {
		return anchor
	}
	return fmt.Sprintf("%s-%d", anchor, before)
}
