// Package inventory finds the objects of the simulated account: by type, by ID, and by what refers to what. It is a
// copy of the account at one moment and changes nothing.
package inventory

import (
	"maps"
	"slices"

	"private-api-blueprints/sandbox/cloud"
)

// Object is an object of the account with its outputs, which contain its inputs.
type Object struct {
	cloud.Object
	Out cloud.Props
}

// Inventory is a copy of the account. It must not be changed.
type Inventory struct {
	byType map[string][]*Object
	byID   map[string]map[string]*Object // By type, then ID.
}

// New returns an inventory of an account's objects.
func New(objects []cloud.Object) *Inventory {
	inv := &Inventory{byType: map[string][]*Object{}, byID: map[string]map[string]*Object{}}
	for _, o := range objects {
		object := &Object{Object: o, Out: o.Outputs()}
		inv.byType[o.Type] = append(inv.byType[o.Type], object)
		if inv.byID[o.Type] == nil {
			inv.byID[o.Type] = map[string]*Object{}
		}
		inv.byID[o.Type][o.ID] = object
	}
	return inv
}

// All returns the objects of a type, such as "aws:ec2/vpc:Vpc", in order of creation.
func (inv *Inventory) All(token string) []*Object { return inv.byType[token] }

// Find returns the object of a type with an ID, or nil.
func (inv *Inventory) Find(token, id string) *Object { return inv.byID[token][id] }

// Where returns the objects of a type whose output at a key is a value, in order of creation.
func (inv *Inventory) Where(token, key, value string) []*Object {
	var found []*Object
	for _, o := range inv.byType[token] {
		if o.Out.String(key) == value {
			found = append(found, o)
		}
	}
	return found
}

// Secrets returns the texts that are secret in any object, as redact.Text takes them.
func (inv *Inventory) Secrets() []string {
	var all []string
	for _, objects := range inv.byType {
		for _, o := range objects {
			all = append(all, o.Secrets...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Regions returns the regions of the account's objects, sorted.
func (inv *Inventory) Regions() []string {
	found := map[string]bool{}
	for _, objects := range inv.byType {
		for _, o := range objects {
			if o.Region != "" {
				found[o.Region] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}
