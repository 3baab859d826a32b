package cloud

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Request is one request to the account, as hooks and lookups see it. The
// account is locked for its duration.
type Request struct {
	Random // The source of IDs and addresses.

	Kind   *Kind   // Nil in a lookup.
	Region string  // Where the request is made.
	Caller Caller  // Who makes it; set in a lookup and in a creation.
	Object *Object // What it is about; nil in a lookup.
	Inputs Props   // The object's inputs.
	Old    Props   // The inputs before an update; nil at creation.

	account *Account
	undo    []func() // Takes back what SetOn did, in reverse order.
}

// Created reports whether the request creates the object.
func (r *Request) Created() bool { return r.Old == nil }

// Set sets an output. Whole numbers may be ints.
func (r *Request) Set(key string, value any) {
	r.Object.Computed[key] = plain(value)
}

// SetDefault sets an output, unless an input of that name is given. In that case
// it unsets the output, so that the input shows.
func (r *Request) SetDefault(key string, value any) {
	if r.Inputs.Has(key) {
		r.Unset(key)
		return
	}
	r.Set(key, value)
}

// Unset removes outputs that were set before.
func (r *Request) Unset(keys ...string) {
	for _, key := range keys {
		delete(r.Object.Computed, key)
	}
}

// SetOn sets an output of another object. No other way changes another object:
// if the request is refused in the end, the other object is as before.
func (r *Request) SetOn(other *Object, key string, value any) {
	before := other.snapshot()
	r.undo = append(r.undo, func() { *other = before })
	other.Computed[key] = plain(value)
}

// SetPrivateOn sets what AWS knows about another object and the provider does
// not show. Nil removes it. A refused request takes it back, as with SetOn.
func (r *Request) SetPrivateOn(other *Object, key string, value any) {
	before := other.snapshot()
	r.undo = append(r.undo, func() { *other = before })
	if other.Private == nil {
		other.Private = Props{}
	}
	if value == nil {
		delete(other.Private, key)
		return
	}
	other.Private[key] = plain(value)
}

// Remove takes another object out of the account.
func (r *Request) Remove(other *Object) {
	before := slices.Clone(r.account.objects)
	r.undo = append(r.undo, func() { r.account.objects = before })
	r.account.remove(other)
}

// takeBack undoes the changes that the request made to other objects.
func (r *Request) takeBack() {
	for _, undo := range slices.Backward(r.undo) {
		undo()
	}
}

// Name returns the name of the resource. If the inputs have a prefix instead, AWS
// makes the name from it.
func (r *Request) Name() string {
	key := r.Kind.Autoname.Property
	if prefix := r.Inputs.String(key + "Prefix"); prefix != "" && !r.Object.Computed.Has(key) {
		r.Set(key, prefix+r.Hex(16))
	}
	return r.Inputs.StringOr(key, r.Object.Computed.String(key))
}

// ARN returns the ARN of a resource of the account in the request's region.
func (r *Request) ARN(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, r.Region, AccountID, resource)
}

// Find returns the object of a type by ID or ARN, or nil. An empty region means
// any.
func (r *Request) Find(token, ref, region string) *Object {
	return r.account.find(token, ref, region)
}

// Lookup returns the object that an input names, or nil. It looks in the
// request's region, and among the objects that AWS created along with others.
func (r *Request) Lookup(token, ref string) *Object {
	kind, region := r.account.kinds[token], r.Region
	if kind == nil {
		return nil
	}
	if kind.AnyRegion {
		region = ""
	}
	if o := r.Find(token, ref, region); o != nil || kind.Implied == nil {
		return o
	}
	implied := kind.Implied(r, ref)
	if implied != nil {
		implied.Type, implied.ID, implied.kind = token, ref, kind
	}
	return implied
}

// All returns the objects of a type in every region, in order of creation.
func (r *Request) All(token string) []*Object {
	return slices.DeleteFunc(r.Objects(), func(o *Object) bool { return o.Type != token })
}

// Others returns the objects of a type in the request's region, except the
// request's own, in order of creation.
func (r *Request) Others(token string) []*Object {
	return slices.DeleteFunc(r.All(token), func(o *Object) bool {
		return o == r.Object || (o.Region != "" && o.Region != r.Region)
	})
}

// Objects returns everything in the account, in order of creation. The
// request's object is among it only after its creation.
func (r *Request) Objects() []*Object { return slices.Clone(r.account.objects) }

// NotFound returns the refusal of an ID that the account does not know.
func (r *Request) NotFound(token, id string) error { return r.account.notFound(token, id) }

// validate refuses missing inputs and references that lead nowhere, then runs
// the kind's own check.
func (r *Request) validate() error {
	for _, key := range r.Kind.Required {
		if !r.Inputs.Has(key) {
			return fmt.Errorf("%s: missing required property %q", r.Kind.Token, key)
		}
	}
	references := r.Kind.references()
	for _, path := range slices.Sorted(maps.Keys(references)) {
		if err := r.checkReference(path, references[path]); err != nil {
			return err
		}
	}
	return r.run(r.Kind.Check)
}

// checkReference refuses a path that names an object which does not exist.
func (r *Request) checkReference(path, token string) error {
	for _, ref := range r.Inputs.StringsAt(path) {
		if o := r.Lookup(token, ref); o != nil && r.Kind.acceptsReference(path, ref, o) {
			continue
		}
		if refusal, ok := r.Kind.ReferenceErrors[path]; ok {
			return refusal.With(ref)
		}
		return r.NotFound(token, ref)
	}
	return nil
}

// run runs a hook, if the kind has it.
func (r *Request) run(hook func(*Request) error) error {
	if hook == nil {
		return nil
	}
	return hook(r)
}

// checkDelete refuses the deletion of an object that another one blocks.
func (r *Request) checkDelete() error {
	if err := r.run(r.Kind.CheckDelete); err != nil {
		return err
	}
	if r.Kind.InUse.Code == "" || !slices.ContainsFunc(r.account.objects, r.blockedBy) {
		return nil
	}
	return r.Kind.InUse.With(r.Object.ID)
}

// blockedBy reports whether another object names the object of the request and
// blocks its deletion.
func (r *Request) blockedBy(other *Object) bool {
	for path, token := range other.kind.BlocksDeletionOf {
		if token != r.Object.Type {
			continue
		}
		for _, ref := range other.Inputs.StringsAt(path) {
			if ref == r.Object.ID || ref == r.Object.Computed.String("arn") {
				return true
			}
		}
	}
	return false
}

// InOrder returns a hook that runs several, up to the first refusal.
func InOrder(checks ...func(*Request) error) func(*Request) error {
	return func(r *Request) error {
		for _, check := range checks {
			if err := check(r); err != nil {
				return err
			}
		}
		return nil
	}
}

// HexID returns an ID hook for IDs such as vpc-0a1b2c3d4e5f60718.
func HexID(prefix string) func(*Request) string {
	return func(r *Request) string { return prefix + "0" + r.Hex(16) }
}

// CodeID returns an ID hook for IDs of n lower-case letters and digits.
func CodeID(n int) func(*Request) string {
	return func(r *Request) string { return r.Code(n) }
}

// InputID returns an ID hook for types whose ID is an input.
func InputID(key string) func(*Request) string {
	return func(r *Request) string { return r.Inputs.String(key) }
}

// JoinedID returns an ID hook that joins a prefix and inputs with hyphens.
func JoinedID(prefix string, keys ...string) func(*Request) string {
	return func(r *Request) string {
		parts := []string{prefix}
		for _, key := range keys {
			parts = append(parts, r.Inputs.String(key))
		}
		return strings.TrimPrefix(strings.Join(parts, "-"), "-")
	}
}
