package rules_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/stretchr/testify/assert"
)

// TestSecretsAreTransparent wraps each property as engines wrap values. It catches
// a reader that does not unwrap a value.
func TestSecretsAreTransparent(t *testing.T) {
	wrappings := map[string]func(resource.PropertyValue) resource.PropertyValue{
		"secret": resource.MakeSecret,
		"output": func(v resource.PropertyValue) resource.PropertyValue {
			return resource.NewProperty(resource.Output{Element: v, Known: true})
		},
	}
	for r, c := range allCases(t) {
		for name, wrap := range wrappings {
			t.Run(r.ID+"/"+c.ID()+"/"+name, func(t *testing.T) {
				want := check(t, r, c.Settings, c.Resources())
				wrapped := c.Resources()
				for _, w := range wrapped {
					for key, v := range w.Properties {
						if !v.IsComputed() {
							w.Properties[key] = wrap(v)
						}
					}
				}
				got := check(t, r, c.Settings, wrapped)
				for i := range want {
					want[i].Message = "" // Messages do not tell secrets.
				}
				for i := range got {
					got[i].Message = ""
				}
				assert.Equal(t, want, got)
			})
		}
	}
}

// TestRulesDoNotPanicOnOddValues puts values where no program should.
func TestRulesDoNotPanicOnOddValues(t *testing.T) {
	emptyList := resource.NewProperty([]resource.PropertyValue{{}})
	odd := map[string]resource.PropertyValue{
		"null":           resource.NewNullProperty(),
		"flag":           resource.NewProperty(true),
		"number":         resource.NewProperty(0.5),
		"huge number":    resource.NewProperty(1e300),
		"text":           resource.NewProperty("\x00"),
		"empty list":     resource.NewProperty([]resource.PropertyValue{}),
		"list of lists":  resource.NewProperty([]resource.PropertyValue{emptyList}),
		"empty object":   resource.NewProperty(resource.PropertyMap{}),
		"object":         resource.NewProperty(resource.PropertyMap{"types": resource.NewNullProperty()}),
		"asset":          resource.NewProperty(&asset.Asset{}),
		"archive":        resource.NewProperty(&archive.Archive{}),
		"unknown output": resource.NewProperty(resource.Output{}),
		"reference":      resource.MakeCustomResourceReference("urn:pulumi:dev::p::t::n", "id", "1"),
		"nested secret":  resource.MakeSecret(resource.MakeSecret(resource.MakeComputed(resource.NewProperty("")))),
	}
	for r, c := range allCases(t) {
		t.Run(r.ID+"/"+c.ID(), func(t *testing.T) {
			for name, value := range odd {
				for i, odd := range c.Resources() {
					for key := range odd.Properties {
						changed := c.Resources()
						changed[i].Properties[key] = value
						assert.NotPanics(t, func() { check(t, r, c.Settings, changed) }, "%s %s: %s", odd.Name, key,
							name)
					}
				}
			}
		})
	}
}
