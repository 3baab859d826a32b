// Package cloud simulates the part of an AWS account that the blueprints use.
// It makes the ids, names and addresses that AWS would make, and refuses what
// AWS refuses. It is not proof that AWS accepts a stack.
package cloud

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// AccountID is the number of the simulated account, one that AWS uses in its
// documentation.
const AccountID = "123456789012"

// Account is a simulated AWS account. Its methods may be called concurrently.
type Account struct {
	path string

	mu      sync.Mutex
	objects []*Object // in order of creation
	random  func(n int) []byte
}

// Object is one thing in the account.
type Object struct {
	Type       string      `json:"type"`
	ID         string      `json:"id"`
	URN        string      `json:"urn,omitempty"`    // of the resource that made it; empty: it was there before
	Region     string      `json:"region,omitempty"` // empty: global
	Inputs     props       `json:"inputs"`
	Computed   props       `json:"computed,omitempty"`
	Private    props       `json:"private,omitempty"` // what AWS knows and the provider does not show
	Interfaces []Interface `json:"interfaces,omitempty"`
}

// Interface is a network interface, which takes addresses of its subnet.
type Interface struct {
	ID     string `json:"id"`
	Subnet string `json:"subnet"`
	IPv4   string `json:"ipv4,omitempty"`
	IPv6   string `json:"ipv6,omitempty"`
}

// Caller is who looks something up, and where. A role may be one of another
// account, which then is what the caller is told that it is in; what it makes
// lies in the one simulated account all the same, and has its ARNs.
type Caller struct {
	Region  string
	Role    string // ARN of the role that it has assumed; empty: it is a user of the account
	Session string // name of the role's session; empty: sandbox
}

// call is one request to the account, which is locked for its duration.
type call struct {
	*Account
	kind   *Kind
	region string
	caller Caller // of a lookup
	obj    *Object
	old    props // inputs before an update; nil at creation
}

// Create makes a resource in a region for the resource of the given URN, and
// gives its id and outputs. The inputs must hold no unknowns.
func (a *Account) Create(region, urn, token string, inputs resource.PropertyMap) (string, resource.PropertyMap, error) {
	kind, err := KindOf(token)
	if err != nil {
		return "", nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	obj, err := a.create(kind, &Object{Type: token, URN: urn, Region: region, Inputs: known(inputs)})
	if err != nil {
		return "", nil, err
	}
	return obj.ID, engine(obj.outputs()), a.save()
}

func (a *Account) create(kind *Kind, obj *Object) (*Object, error) {
	c := &call{Account: a, kind: kind, region: obj.Region, obj: obj}
	if kind.global {
		obj.Region = ""
	}
	obj.Computed = props{}
	if obj.Private == nil {
		obj.Private = props{}
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	if obj.ID == "" {
		obj.ID = kind.id(c)
	}
	if twin := a.find(kind.Token, obj.ID, c.region); twin != nil {
		if !kind.overwrites && !obj.Inputs.flag(kind.rewriteBy) {
			return nil, kind.duplicate.with(obj.ID)
		}
		a.forget(twin)
	}
	if kind.born != nil {
		if err := kind.born(c); err != nil {
			return nil, err
		}
	}
	if kind.derive != nil {
		if err := kind.derive(c); err != nil {
			return nil, err
		}
	}
	a.objects = append(a.objects, obj)
	return obj, nil
}

// Update gives a resource of a region new inputs and returns its outputs.
func (a *Account) Update(region, token, id string, inputs resource.PropertyMap) (resource.PropertyMap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := a.find(token, id, region)
	if obj == nil {
		return nil, a.notFound(token, id)
	}
	before := *obj
	before.Computed, before.Private = obj.Computed.clone(), obj.Private.clone()
	before.Interfaces = slices.Clone(obj.Interfaces)
	if err := a.update(obj, known(inputs)); err != nil {
		*obj = before
		return nil, err
	}
	return engine(obj.outputs()), a.save()
}

func (a *Account) update(obj *Object, inputs props) error {
	c := &call{Account: a, kind: kindOf[obj.Type], region: obj.Region, obj: obj, old: obj.Inputs}
	obj.Inputs = inputs
	if err := c.validate(); err != nil {
		return err
	}
	if c.kind.derive == nil {
		return nil
	}
	return c.kind.derive(c)
}

// Read gives the inputs and outputs of a resource of a region; ok is false if there is none.
func (a *Account) Read(region, token, id string) (inputs, outputs resource.PropertyMap, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := a.find(token, id, region)
	if obj == nil {
		return nil, nil, false
	}
	return engine(obj.Inputs), engine(obj.outputs()), true
}

// Delete removes a resource of a region. What is gone already is no error, as with the
// real provider.
func (a *Account) Delete(region, token, id string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := a.find(token, id, region)
	if obj == nil {
		return nil
	}
	c := &call{Account: a, kind: kindOf[token], region: obj.Region, obj: obj}
	if err := c.releasable(); err != nil {
		return err
	}
	a.disown(obj)
	if c.kind.gone != nil {
		c.kind.gone(c)
	}
	return a.save()
}

// Retain forgets what a stack made and its state does not know: what an
// interrupted command created before the engine could write it down. known are
// the ids that the state has for each URN: two while one replaces the other. It
// returns what it forgot, as "type id".
func (a *Account) Retain(stack string, known map[string][]string) (removed []string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, obj := range slices.Clone(a.objects) {
		if obj.stack() == stack && !slices.Contains(known[obj.URN], obj.ID) {
			a.disown(obj)
			removed = append(removed, obj.Type+" "+obj.ID)
		}
	}
	if removed == nil {
		return nil, nil
	}
	return removed, a.save()
}

// stack is the stack in the object's URN, urn:pulumi:<stack>::<project>::….
func (o *Object) stack() string {
	head, _, _ := strings.Cut(strings.TrimPrefix(o.URN, "urn:pulumi:"), "::")
	return head
}

// outputs is what the provider shows: AWS's values over the inputs over what
// AWS gives by default. The provider repeats the id and totals the tags.
func (o *Object) outputs() props {
	kind := kindOf[o.Type]
	out := props{}
	for _, layer := range []props{kind.fills, o.Inputs, o.Computed} {
		for k, v := range layer {
			out[k] = v
		}
	}
	out["id"] = o.ID
	if kind.Accepts("tags") {
		out["tagsAll"] = map[string]any{}
		if tags := o.Inputs.object("tags"); tags != nil {
			out["tagsAll"] = map[string]any(tags)
		}
	}
	return out
}

// out is one output as a string.
func (o *Object) out(key string) string { return o.outputs().str(key) }

// find gives the object of a type by id or ARN. An empty region means any.
func (a *Account) find(token, ref, region string) *Object {
	for _, o := range a.objects {
		if o.Type != token || (region != "" && o.Region != "" && o.Region != region) {
			continue
		}
		if o.ID == ref || (strings.HasPrefix(ref, "arn:") && o.Computed.str("arn") == ref) {
			return o
		}
	}
	return nil
}

// all gives the objects of a type, in order of creation.
func (a *Account) all(token string) []*Object {
	var out []*Object
	for _, o := range a.objects {
		if o.Type == token {
			out = append(out, o)
		}
	}
	return out
}

func (a *Account) forget(obj *Object) {
	a.objects = slices.DeleteFunc(a.objects, func(o *Object) bool { return o == obj })
}

// disown forgets an object, except a setting that every account has.
func (a *Account) disown(obj *Object) {
	if kindOf[obj.Type].lasting {
		obj.URN = ""
		return
	}
	a.forget(obj)
}

func (a *Account) notFound(token, id string) error {
	kind, err := KindOf(token)
	if err != nil {
		return err
	}
	if kind.missing.Code == "" {
		return fmt.Errorf("%s %q does not exist in the sandbox", token, id)
	}
	return kind.missing.with(id)
}
