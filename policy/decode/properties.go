package decode

import (
	_ "embed" // For properties.yaml.
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed properties.yaml
var propertiesYAML []byte

// propertyLists is what properties.yaml says.
var propertyLists = mustReadProperties()

// propertyList is the form of properties.yaml.
type propertyList struct {
	Types map[string]typeProperties
	// Global are the types whose resources are in no region.
	Global []string
	// Unread are the names of the types that decode does not read, by service. Only tests use them.
	Unread map[string][]string
}

// typeProperties lists properties of one resource type.
type typeProperties struct {
	// Reads are the properties that decode reads. Only tests use them.
	Reads []string
	// Ignores are the inputs that decode does not read. Only tests use them.
	Ignores []string
	// Filled are the inputs that the provider fills in if the program does not set them.
	Filled []string
}

// mustReadProperties reads properties.yaml. It panics if the file is not YAML,
// which any test of this package shows.
func mustReadProperties() propertyList {
	var file propertyList
	if err := yaml.Unmarshal(propertiesYAML, &file); err != nil {
		panic(fmt.Sprintf("decode: properties.yaml: %v", err))
	}
	return file
}

// regionProperty is an input of every regional resource since pulumi-aws v7. The
// provider fills it in. decode reads it of all types, so properties.yaml does not
// repeat it.
const regionProperty = "region"

// FilledByProvider reports whether the provider fills in an input that the
// program does not set. An unknown in such an input reads as absent if it comes
// from no other resource.
func FilledByProvider(resourceType, property string) bool {
	return property == regionProperty || slices.Contains(propertyLists.Types[canonical(resourceType)].Filled, property)
}

// isGlobal reports whether the resources of a type are in no region.
func isGlobal(token string) bool { return slices.Contains(propertyLists.Global, token) }
