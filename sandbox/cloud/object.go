package cloud

import (
	"maps"
	"slices"
	"strings"
)

// Object is one thing in the account.
type Object struct {
	Type       string      `json:"type"`
	ID         string      `json:"id"`
	URN        string      `json:"urn,omitempty"`    // The resource that created it; empty if it existed before.
	Region     string      `json:"region,omitempty"` // Empty: global.
	Inputs     Props       `json:"inputs"`
	Computed   Props       `json:"computed,omitempty"`
	Private    Props       `json:"private,omitempty"` // What AWS knows and the provider does not show.
	Interfaces []Interface `json:"interfaces,omitempty"`
	// Secrets are texts in the inputs that a program marks as secret, in lower case. AWS knows no marks. The sandbox
	// keeps them so that it does not show these values, also when another stack imports the object.
	Secrets []string `json:"secrets,omitempty"`
	// SecretParts are those of Secrets that are no values themselves, but in a secret document, sorted. Other objects
	// may have them, such as the ARN in a secret policy.
	SecretParts []string `json:"secretParts,omitempty"`

	kind *Kind
}

// Secrets are texts that a program marks as secret, in lower case.
type Secrets struct {
	Values []string // Whole values, in the forms in which texts may quote them.
	Parts  []string // Texts that are only parts of a secret document.
}

// Interface is a network interface, which takes addresses of its subnet.
type Interface struct {
	ID     string `json:"id"`
	Subnet string `json:"subnet"`
	IPv4   string `json:"ipv4,omitempty"`
	IPv6   string `json:"ipv6,omitempty"`
}

// Outputs returns what the provider shows. The package's doc has the precedence
// of its sources.
func (o *Object) Outputs() Props {
	out := Props{}
	for _, layer := range []Props{o.kind.OutputDefaults, o.Inputs, o.Computed} {
		maps.Copy(out, layer)
	}
	out["id"] = o.ID
	if o.kind.Accepts("tags") {
		out["tagsAll"] = map[string]any{}
		if tags := o.Inputs.Object("tags"); tags != nil {
			out["tagsAll"] = map[string]any(tags)
		}
	}
	return out
}

// Output returns one output as a string.
func (o *Object) Output(key string) string { return o.Outputs().String(key) }

// conceal notes which texts in the object are secret.
func (o *Object) conceal(secrets Secrets) {
	o.Secrets, o.SecretParts = sorted(slices.Concat(secrets.Values, secrets.Parts)), sorted(secrets.Parts)
}

// sorted returns texts in order, without duplicates.
func sorted(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }

// snapshot returns a copy of the object that later changes do not reach.
func (o *Object) snapshot() Object {
	c := *o
	c.Computed, c.Private, c.Interfaces = o.Computed.Clone(), o.Private.Clone(), slices.Clone(o.Interfaces)
	return c
}

// stack returns the stack in the object's URN, urn:pulumi:<stack>::<project>::….
func (o *Object) stack() string {
	head, _, _ := strings.Cut(strings.TrimPrefix(o.URN, "urn:pulumi:"), "::")
	return head
}
