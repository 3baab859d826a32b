package main

import (
	"encoding/xml"
	"fmt"
	"io"
)

// testSuites is the root of JUnit's XML, as far as readers of it agree:
// https://github.com/testmoapp/junitxml
type testSuites struct {
	XMLName  xml.Name    `xml:"testsuites"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Suites   []testSuite `xml:"testsuite"`
}

type testSuite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Cases    []testCase `xml:"testcase"`
}

type testCase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Failure *outcome `xml:"failure"`
	Error   *outcome `xml:"error"`
	Skipped *outcome `xml:"skipped"`
}

type outcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a test case for each finding and for each policy without one. A
// finding below the level that fails is a skipped test, because JUnit has no
// warnings.
func writeJUnit(w io.Writer, r *report, o *options) error {
	all := testSuites{Suites: []testSuite{operationSuite(r)}}
	for _, p := range r.packs {
		all.Suites = append(all.Suites, packSuite(r, p, o))
	}
	for i := range all.Suites {
		suite := &all.Suites[i]
		suite.count()
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// count sets the numbers of the suite.
func (s *testSuite) count() {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
}

// operationSuite returns the suite of the preview itself, with its errors.
func operationSuite(r *report) testSuite {
	suite := testSuite{Name: "pulumi"}
	add := func(name, text string) {
		suite.Cases = append(suite.Cases, testCase{
			Class: "pulumi", Name: name, Error: &outcome{Message: text, Text: text},
		})
	}
	for _, p := range r.errors {
		name := "preview"
		if p.urn != "" {
			name += " of " + nameOf(p.urn)
		}
		add(name, p.message)
	}
	if !r.finished {
		add("preview", "it did not finish")
	}
	if len(suite.Cases) == 0 {
		suite.Cases = []testCase{{Class: "pulumi", Name: "preview"}}
	}
	return suite
}

// packSuite returns the suite of a policy pack.
func packSuite(r *report, p *pack, o *options) testSuite {
	suite := testSuite{Name: p.name + " " + p.version}
	for _, policy := range p.passed {
		suite.Cases = append(suite.Cases, testCase{Class: p.name, Name: policy})
	}
	for _, f := range r.findings {
		if f.pack != p.name {
			continue
		}
		c := testCase{Class: p.name, Name: fmt.Sprintf("%s: %s", f.policy, nameOf(f.urn))}
		if o.failOn.includes(f.level) {
			c.Failure = &outcome{Type: f.level.String(), Message: f.message, Text: string(f.urn)}
		} else {
			c.Skipped = &outcome{Message: f.level.String() + ": " + f.message, Text: string(f.urn)}
		}
		suite.Cases = append(suite.Cases, c)
	}
	for _, f := range r.excepted {
		if f.pack == p.name {
			suite.Cases = append(suite.Cases, testCase{
				Class: p.name, Name: fmt.Sprintf("%s: %s", f.policy, nameOf(f.urn)),
				Skipped: &outcome{Message: "accepted: " + f.reason, Text: string(f.urn)},
			})
		}
	}
	return suite
}
