package pack

import (
	"fmt"
	"net/url"

	"github.com/blang/semver"

	"private-api-blueprints/policy/rule"
)

// About is what the pack says about itself. Its keys are those of
// PulumiPolicy.yaml.
type About struct {
	Version     string // Semantic version, such as 1.2.3.
	Description string // One sentence.
	// Website is the address of the folder with the rules' pages. The page of a
	// rule is Website/ID.md.
	Website string
	Readme  string // Text of README.md.
}

// parse checks the version and the website, and returns the version.
func (a About) parse() (semver.Version, error) {
	version, err := semver.Parse(a.Version)
	if err != nil {
		return version, fmt.Errorf("policy pack version = %q: want a semantic version such as 1.2.3: %w", a.Version,
			err)
	}
	if site, err := url.Parse(a.Website); err != nil || site.Scheme != "https" || site.Host == "" {
		return version, fmt.Errorf(
			"policy pack website = %q: want the https address of the folder with the rules' pages", a.Website)
	}
	return version, nil
}

// pageOf returns the address of a rule's page.
func (a About) pageOf(r *rule.Rule) string { return a.Website + "/" + r.ID + ".md" }
