package decode

import (
	_ "embed" // For properties.yaml.
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed properties.yaml
var propertiesYAML []byte

// properties are the facts in properties.yaml that decode uses, by token.
var properties = mustReadProperties()

// typeProperties lists properties of one resource type.
type typeProperties struct {
	// Reads are the properties that decode reads. Only tests use them.
	Reads []string
	// Filled are the inputs that the provider fills in if the program does not set them.
	Filled []string
}

// mustReadProperties reads properties.yaml. It panics if the file is not YAML,
// which any test of this package shows.
func mustReadProperties() map[string]typeProperties {
	var file struct{ Types map[string]typeProperties }
	if err := yaml.Unmarshal(propertiesYAML, &file); err != nil {
		panic(fmt.Sprintf("decode: properties.yaml: %v", err))
	}
	return file.Types
}

// FilledByProvider reports whether the provider fills in an input that the
// program does not set. An unknown in such an input reads as absent if it comes
// from no other resource.
func FilledByProvider(resourceType, property string) bool {
	return slices.Contains(properties[canonical(resourceType)].Filled, property)
}
