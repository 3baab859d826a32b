package cloud

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Schema holds the property lists of a resource type that the provider's SDK
// states. They have the names that the provider gives them.
type Schema struct {
	Required []string // Inputs that must be given.
	Optional []string // Inputs that may be given.
	Computed []string // Outputs that AWS decides. They may name optional inputs.
}

// Kind describes one resource type: what the provider's schema says about it,
// what AWS refuses, and what AWS decides. The package's doc shows when each
// hook runs. A nil hook does nothing; only ID is required.
type Kind struct {
	// Token is the type token, such as aws:ec2/vpc:Vpc.
	Token string
	// Schema is generated from the provider's SDK.
	Schema

	// ComputedLists are optional lists that AWS completes. The SDK has the same
	// types for them as for lists that AWS leaves alone.
	ComputedLists []string
	// NotSimulated are outputs that AWS decides, according to the SDK, and that
	// the sandbox does not simulate.
	NotSimulated []string
	// Replace are inputs whose change makes a new resource.
	Replace []string
	// ReplaceIf returns further inputs whose change makes a new resource.
	ReplaceIf func(old, new resource.PropertyMap) []string
	// Sets are lists whose order means nothing.
	Sets []string
	// Defaults are inputs that the provider fills in.
	Defaults Props
	// Autoname says how the provider names a resource without a name.
	Autoname Autoname
	// Constraints are what the provider checks about single inputs.
	Constraints []Constraint
	// Conflicts are groups of inputs of which a program may give one.
	Conflicts [][]string
	// ExactlyOne are groups of inputs of which a program must give one.
	ExactlyOne [][]string
	// DeleteBeforeReplace says that the provider deletes the old resource
	// before it creates the new one: both would be the same thing to AWS.
	DeleteBeforeReplace bool
	// KeptIfRemoved are optional inputs that AWS does not decide, and whose removal
	// the provider ignores nevertheless.
	KeptIfRemoved []string
	// NeverRemoved are optional inputs whose removal the provider finds at every
	// update, because it does not tell AWS about it.
	NeverRemoved []string
	// NotReadBack maps an input to the member of its items that the provider
	// does not read back. The provider finds such an input changed at every
	// update.
	NotReadBack map[string]string
	// Invalidates maps an input to outputs that a preview of its change does not
	// know. They may be optional inputs, which then do not stay if they are removed.
	Invalidates map[string][]string

	// Global reports whether the object is the same in every region. Nil means
	// that every object lies in the region of its request.
	Global func(*Request) bool
	// AnyRegion says that references find the object from every region.
	AnyRegion bool
	// Singleton says that the object is a setting that every account has.
	// Deleting the resource leaves it in place.
	Singleton bool
	// Upsert says that creating the object again replaces it, as a PUT does.
	Upsert bool
	// DeletionChangesNothing says that the provider asks AWS for nothing when it deletes the resource. If the engine
	// replaces such an object by one with the same ID, the later deletion of the old one leaves the new one.
	DeletionChangesNothing bool
	// UpsertIf names an input that asks for Upsert.
	UpsertIf string

	// References maps the path of an input to the token of the type that it
	// names. A path is written as in "subnetMappings[].subnetId". If an input may
	// name objects of several types, Check looks them up instead.
	References map[string]string
	// BlocksDeletionOf is like References. In addition, nobody can delete the named
	// object while this one exists.
	BlocksDeletionOf map[string]string
	// ARNPaths are paths of references that take an ARN although their names
	// do not end in Arn.
	ARNPaths []string
	// ReferenceErrors maps a path of a reference to the refusal of an object
	// that does not exist. By default the refusal is NotFound of its type.
	ReferenceErrors map[string]Refusal

	NotFound  Refusal // What AWS says about an ID that it does not know.
	Duplicate Refusal // What AWS says about an ID that is taken.
	InUse     Refusal // What AWS says about a deletion that another object blocks.

	// OutputDefaults are outputs that AWS shows if no input and no hook says
	// otherwise.
	OutputDefaults Props

	ID          func(*Request) string // Returns the ID of a new object.
	Check       func(*Request) error  // Refuses inputs, at creation and at each update.
	OnCreate    func(*Request) error  // Sets outputs once, at creation.
	Compute     func(*Request) error  // Sets outputs that follow the inputs.
	CheckDelete func(*Request) error  // Refuses a deletion.
	// DeleteTakesTime reports whether the provider waits before it deletes the
	// object, for something that AWS does in its own time. Other requests reach the
	// account meanwhile.
	DeleteTakesTime func(*Request) bool
	OnDelete        func(*Request) // Changes other objects after a deletion.

	// Implied returns an object that AWS created along with another one, and that
	// is no resource, such as the main route table of a VPC. It returns nil if no
	// such object has the ID.
	Implied func(r *Request, id string) *Object

	// Example is an object of the kind that AWS accepts. Every kind has one:
	// tests create it.
	Example Example
}

// Example describes an object by its inputs. In a string, "${name}" stands for
// the ID of the example of that name, and "${name.output}" for an output of it.
type Example struct {
	Name   string
	Inputs Props
	After  []string // Names of examples that must exist although no input names them.
}

// Autoname says how the provider names a resource without a name in its inputs:
// with the name in its URN, a hyphen and seven random characters.
type Autoname struct {
	Property string
	MaxLen   int
	Lower    bool // The name must be lower case.
}

// Lookup answers a function of the provider, such as aws:ec2/getVpc:getVpc. It
// need not repeat the arguments: the account adds them to the answer.
type Lookup func(r *Request, args Props) (Props, error)

// Catalog holds everything that an account can simulate.
type Catalog struct {
	Kinds   []*Kind
	Lookups map[string]Lookup // By token.
	// ProviderVersion is the version of the provider that the catalog describes.
	ProviderVersion string
	// Existing is a YAML list of the objects that an account holds before any
	// stack is deployed.
	Existing []byte
	// Random is the source of the IDs and addresses that AWS would choose. If it is
	// nil, nobody can guess them.
	Random Random
}

// Always is the Global hook of types that belong to no region.
func Always(*Request) bool { return true }

// Accepts reports whether the kind has an input of this name.
func (k *Kind) Accepts(input string) bool {
	return slices.Contains(k.Required, input) || slices.Contains(k.Optional, input)
}

// Inputs returns the names of the kind's inputs, sorted.
func (k *Kind) Inputs() []string {
	return slices.Sorted(slices.Values(slices.Concat(k.Required, k.Optional)))
}

// Outputs returns the names of the outputs that a preview does not know, sorted.
// The name that the provider chooses is not among them.
func (k *Kind) Outputs() []string {
	all := slices.Concat(k.Computed, k.ComputedLists)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(key string) bool {
		return key == k.Autoname.Property || slices.Contains(k.NotSimulated, key) || k.hasDefault(key)
	})
}

// Kept returns the inputs that AWS keeps as they are if a program no longer gives
// them: optional inputs that AWS decides otherwise, and those of KeptIfRemoved and
// NeverRemoved. An input that follows from a changed one is not among them.
// https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors
func (k *Kind) Kept(changed func(input string) bool) []string {
	decided := slices.Concat(k.Computed, k.ComputedLists)
	kept := slices.Concat(k.KeptIfRemoved, k.NeverRemoved)
	for _, key := range k.Optional {
		if slices.Contains(decided, key) && key != k.Autoname.Property && !k.hasDefault(key) {
			kept = append(kept, key)
		}
	}
	return slices.DeleteFunc(kept, func(key string) bool { return k.followsFrom(changed, key) })
}

// followsFrom reports whether a changed input decides another one.
func (k *Kind) followsFrom(changed func(input string) bool, key string) bool {
	for input, outputs := range k.Invalidates {
		if changed(input) && slices.Contains(outputs, key) {
			return true
		}
	}
	return false
}

// keep returns new inputs of an object with the old ones that AWS keeps. A value
// that another resource has changed meanwhile stays changed.
func (k *Kind) keep(before Object, new Props) Props {
	all, shown := new.Clone(), before.Outputs()
	changed := func(input string) bool { return !reflect.DeepEqual(before.Inputs[input], new[input]) }
	for _, key := range k.Kept(changed) {
		if !before.Inputs.Has(key) || new.Has(key) {
			continue
		}
		all[key] = before.Inputs[key]
		if value := shown[key]; !isComposite(value) {
			all[key] = value
		}
	}
	return all
}

// isComposite reports whether a value is a list or an object.
func isComposite(value any) bool {
	kind := reflect.ValueOf(value).Kind()
	return kind == reflect.Slice || kind == reflect.Map
}

// hasDefault reports whether the provider always sends an input.
func (k *Kind) hasDefault(key string) bool {
	_, ok := k.Defaults[key]
	return ok
}

// acceptsReference reports whether a reference names an object in the way that
// AWS wants at a path: by ARN if the path ends in Arn or is one of ARNPaths,
// otherwise by ID.
func (k *Kind) acceptsReference(path, ref string, o *Object) bool {
	if strings.HasSuffix(strings.TrimSuffix(path, "s[]"), "Arn") || slices.Contains(k.ARNPaths, path) {
		return strings.HasPrefix(ref, "arn:")
	}
	return ref == o.ID
}

// references returns the paths of all references with the types that they name.
func (k *Kind) references() map[string]string {
	all := map[string]string{}
	maps.Copy(all, k.References)
	maps.Copy(all, k.BlocksDeletionOf)
	return all
}

// TypeAt returns the token of the type that the input at a path names.
func (k *Kind) TypeAt(path string) string { return k.references()[path] }
