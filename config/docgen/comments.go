package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// comment is the documentation of a type or a field.
type comment struct {
	text    string   // Without the name at the beginning.
	sources []string // URLs.
}

// readComments returns the comments of the types and the struct fields in a
// package, by name: "Endpoint" and "Endpoint.ClientCidrs".
func readComments(folder string) (map[string]comment, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	comments := map[string]comment{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, declaration := range parsed.Decls {
			if types, ok := declaration.(*ast.GenDecl); ok && types.Tok == token.TYPE {
				addComments(comments, types)
			}
		}
	}
	return comments, nil
}

// addComments adds the comments of a type declaration and its fields.
func addComments(comments map[string]comment, types *ast.GenDecl) {
	for _, spec := range types.Specs {
		declared := spec.(*ast.TypeSpec)
		name := declared.Name.Name
		comments[name] = parseComment(name, types.Doc.Text())
		group, ok := declared.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range group.Fields.List {
			for _, identifier := range field.Names {
				comments[name+"."+identifier.Name] = parseComment(identifier.Name, field.Doc.Text())
			}
		}
	}
}

// beginning matches the name at the beginning of a comment, with the verb if the
// rest says enough.
func beginning(name string) *regexp.Regexp {
	const verb = `is the configuration of [a-z0-9-]+: |(?:is|are|says|names|describes) `
	return regexp.MustCompile(`^` + name + ` (?:` + verb + `)?`)
}

// parseComment splits a comment into text and sources. The text begins with a
// capital letter after the name is gone.
func parseComment(name, text string) comment {
	var c comment
	var paragraphs []string
	var words []string
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "https://"):
			c.sources = append(c.sources, line)
		case line == "":
			paragraphs, words = append(paragraphs, strings.Join(words, " ")), nil
		default:
			words = append(words, line)
		}
	}
	paragraphs = append(paragraphs, strings.Join(words, " "))
	joined := strings.TrimSpace(strings.Join(paragraphs, " "))
	c.text = capitalize(beginning(name).ReplaceAllString(joined, ""))
	return c
}

// capitalize returns a text with a capital letter at its beginning.
func capitalize(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
