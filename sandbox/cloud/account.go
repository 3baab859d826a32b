package cloud

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// AccountID is the number of the simulated account. AWS uses it in its
// documentation.
const AccountID = "123456789012"

// Account is a simulated AWS account. Its methods may be called concurrently.
type Account struct {
	path     string
	version  string // The provider's version.
	detached bool   // Whether nothing is written to the file.
	kinds    map[string]*Kind
	lookups  map[string]Lookup

	mu      sync.Mutex
	objects []*Object // In order of creation.
	random  Random
	// repeatable is whether IDs and names depend on nothing but the resource.
	repeatable bool
}

// Caller says who looks something up, and where. The role may belong to another
// account, which getCallerIdentity then reports. Resources still live in the one
// simulated account and have its ARNs.
type Caller struct {
	Region  string
	Role    string // ARN of the role that the caller has assumed. Empty for a user of the account.
	Session string // Name of the role's session. Empty for "sandbox".
	// DefaultTags are the tags that the caller's provider gives to every resource that takes tags.
	DefaultTags map[string]string
}

// Account returns the number of the caller's account.
func (c Caller) Account() string {
	if parts := strings.Split(c.Role, ":"); len(parts) > 4 {
		return parts[4]
	}
	return AccountID
}

// ProviderVersion returns the version of the provider that the account simulates.
func (a *Account) ProviderVersion() string { return a.version }

// Kind returns the kind of a type token. Its error names the type and lists the
// types that the sandbox simulates.
func (a *Account) Kind(token string) (*Kind, error) {
	if kind := a.kinds[token]; kind != nil {
		return kind, nil
	}
	return nil, fmt.Errorf("the sandbox does not simulate %s; it simulates %s", token,
		strings.Join(slices.Sorted(maps.Keys(a.kinds)), ", "))
}

// Objects returns copies of everything in the account, in order of creation.
func (a *Account) Objects() []Object {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []Object
	for _, o := range a.objects {
		all = append(all, o.snapshot())
	}
	return all
}

// Stacks returns how many objects the account holds of each stack, by the stack's
// name.
func (a *Account) Stacks() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	counts := map[string]int{}
	for _, o := range a.objects {
		if o.URN != "" {
			counts[o.stack()]++
		}
	}
	return counts
}

// Create creates an object in a region for the resource of a URN, as a user of the
// account. It returns the object's ID and outputs. The inputs must hold no unknowns.
func (a *Account) Create(region, urn, token string,
	inputs resource.PropertyMap) (string, resource.PropertyMap, error) {
	return a.CreateAs(Caller{Region: region}, urn, token, inputs, Secrets{})
}

// CreateAs does what Create does, as any caller. It keeps the secrets with the object.
func (a *Account) CreateAs(caller Caller, urn, token string, inputs resource.PropertyMap,
	secrets Secrets) (string, resource.PropertyMap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := &Object{Type: token, URN: urn, Region: caller.Region, Inputs: fromEngine(inputs)}
	obj.conceal(secrets)
	if err := a.create(obj, caller); err != nil {
		return "", nil, err
	}
	return obj.ID, toEngine(obj.Outputs()), errors.Join(a.keepArchives(inputs), a.save())
}

// ExpectedID returns the ID that a creation would give an object, with other random characters: they depend on the URN
// alone, so that the IDs of two sets of inputs can be compared. It returns nothing if the ID depends on what does not
// exist yet, or if the sandbox does not simulate the type. Nothing is created.
func (a *Account) ExpectedID(caller Caller, urn, token string, inputs resource.PropertyMap) (id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	kind := a.kinds[token]
	if kind == nil {
		return ""
	}
	defer func() {
		if recover() != nil { // The kind makes the ID after it has checked that what the inputs name exists.
			id = ""
		}
	}()
	r := a.request(&Object{
		Type: token, URN: urn, Region: caller.Region, Inputs: fromEngine(inputs), Computed: Props{}, Private: Props{},
		kind: kind,
	})
	r.Caller, r.Random = caller, Repeatable(urn)
	return kind.ID(r)
}

// create completes an object and stores it. If it is refused, the account does
// not change.
func (a *Account) create(obj *Object, caller Caller) error {
	kind, err := a.Kind(obj.Type)
	if err != nil {
		return err
	}
	obj.kind, obj.Computed = kind, Props{}
	if obj.Private == nil {
		obj.Private = Props{}
	}
	r := a.request(obj)
	r.Caller = caller
	if a.repeatable {
		r.Random = Repeatable(string(a.seedOf(obj.URN)))
	}
	if kind.Global != nil && kind.Global(r) {
		obj.Region = ""
	}
	if err := r.create(); err != nil {
		r.takeBack()
		return err
	}
	a.objects = append(a.objects, obj)
	return nil
}

// request returns a request about an object.
func (a *Account) request(obj *Object) *Request {
	return &Request{account: a, Random: a.random, Kind: obj.kind, Region: obj.Region, Object: obj, Inputs: obj.Inputs}
}

// create runs the hooks of a creation.
func (r *Request) create() error {
	if err := r.validate(); err != nil {
		return err
	}
	if r.Object.ID == "" {
		r.Object.ID = r.Kind.ID(r)
	}
	if old := r.Find(r.Kind.Token, r.Object.ID, r.Region); old != nil {
		if !r.Kind.Upsert && !r.Inputs.Bool(r.Kind.UpsertIf) {
			return r.Kind.Duplicate.With(r.Object.ID)
		}
		r.Remove(old)
		if r.Kind.DeletionChangesNothing && old.URN == r.Object.URN {
			r.Object.Private[deletionPending] = true
		}
	}
	if err := r.run(r.Kind.OnCreate); err != nil {
		return err
	}
	return r.run(r.Kind.Compute)
}

// Update gives an object of a region new inputs and returns its outputs. Inputs
// that AWS keeps stay unless they are given. The secrets replace those that the object had.
func (a *Account) Update(region, token, id string, inputs resource.PropertyMap,
	secrets Secrets) (resource.PropertyMap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := a.find(token, id, region)
	if obj == nil {
		return nil, a.notFound(token, id)
	}
	before := obj.snapshot()
	obj.Inputs = obj.kind.keep(before, fromEngine(inputs))
	obj.conceal(secrets)
	r := a.request(obj)
	r.Old = before.Inputs
	if err := r.update(); err != nil {
		r.takeBack()
		*obj = before
		return nil, err
	}
	return toEngine(obj.Outputs()), errors.Join(a.keepArchives(inputs), a.dropArchives(), a.save())
}

// update runs the hooks of an update.
func (r *Request) update() error {
	if err := r.validate(); err != nil {
		return err
	}
	return r.run(r.Kind.Compute)
}

// Read returns the inputs and outputs of an object of a region. It reports in
// ok whether the object exists. A setting that every account has exists before
// anybody sets it.
func (a *Account) Read(region, token, id string) (inputs, outputs resource.PropertyMap, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := a.find(token, id, region)
	if kind := a.kinds[token]; obj == nil && kind != nil && kind.Singleton {
		obj = &Object{Type: token, ID: id, Region: region, Inputs: Props{}, kind: kind}
	}
	if obj == nil {
		return nil, nil, false
	}
	return toEngine(obj.Inputs), toEngine(obj.Outputs()), true
}

// Secrets returns the texts that are secret in any object, in lower case, without duplicates.
func (a *Account) Secrets() Secrets {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all Secrets
	for _, obj := range a.objects {
		all.Parts = append(all.Parts, obj.SecretParts...)
		for _, text := range obj.Secrets {
			if _, part := slices.BinarySearch(obj.SecretParts, text); !part {
				all.Values = append(all.Values, text)
			}
		}
	}
	return Secrets{Values: sorted(all.Values), Parts: sorted(all.Parts)}
}

// Delete removes an object of a region. As with the real provider, it is no error
// if the object does not exist.
func (a *Account) Delete(region, token, id string) error {
	if a.deleteTakesTime(region, token, id) {
		time.Sleep(patience)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := a.find(token, id, region)
	if obj == nil {
		return nil
	}
	if obj.Private.Bool(deletionPending) {
		delete(obj.Private, deletionPending)
		return a.save()
	}
	r := a.request(obj)
	if err := r.checkDelete(); err != nil {
		return err
	}
	a.disown(obj)
	if r.Kind.OnDelete != nil {
		r.Kind.OnDelete(r)
	}
	return errors.Join(a.dropArchives(), a.save())
}

// deletionPending marks an object that has replaced one with the same ID, which the engine deletes next.
const deletionPending = "deletionPending"

// patience is how long a deletion waits that takes a provider up to an hour. It is
// long enough for everything that the engine deletes at the same time.
const patience = time.Second

// deleteTakesTime reports whether the provider waits before it deletes an object.
func (a *Account) deleteTakesTime(region, token, id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	obj := a.find(token, id, region)
	return obj != nil && obj.kind.DeleteTakesTime != nil && obj.kind.DeleteTakesTime(a.request(obj))
}

// Happen lets something happen in a region that no provider asks for, such as a
// client's request to a load balancer. If it fails, the account does not change.
func (a *Account) Happen(region string, event func(*Request) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := &Request{account: a, Random: a.random, Region: region}
	if err := event(r); err != nil {
		r.takeBack()
		return err
	}
	return a.save()
}

// Invoke answers a lookup. The answer contains the arguments.
func (a *Account) Invoke(caller Caller, token string, args resource.PropertyMap) (resource.PropertyMap, error) {
	answer := a.lookups[token]
	if answer == nil {
		return nil, fmt.Errorf("the sandbox does not simulate the function %s; it simulates %s", token,
			strings.Join(slices.Sorted(maps.Keys(a.lookups)), ", "))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	out := fromEngine(args)
	result, err := answer(&Request{account: a, Random: a.random, Region: caller.Region, Caller: caller}, out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", token, err)
	}
	maps.Copy(out, result.plain())
	return toEngine(out), nil
}

// Retain removes the objects that a stack created and that its state does not
// know, because a command was interrupted before the engine could save them.
// known holds the IDs that the state has for each URN. A URN has two IDs while one
// object replaces the other. Retain returns what it removed, as "type id".
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

// find returns the object of a type by ID or ARN, or nil. An empty region means
// any.
func (a *Account) find(token, ref, region string) *Object {
	for _, o := range a.objects {
		if o.Type != token || (region != "" && o.Region != "" && o.Region != region) {
			continue
		}
		if o.ID == ref || (strings.HasPrefix(ref, "arn:") && o.Computed.String("arn") == ref) {
			return o
		}
	}
	return nil
}

// remove takes an object out of the account.
func (a *Account) remove(obj *Object) {
	a.objects = slices.DeleteFunc(slices.Clone(a.objects), func(o *Object) bool { return o == obj })
}

// disown removes an object, except a setting that every account has.
func (a *Account) disown(obj *Object) {
	if obj.kind.Singleton {
		obj.URN = ""
		return
	}
	a.remove(obj)
}

// notFound returns the refusal of an ID that the account does not know.
func (a *Account) notFound(token, id string) error {
	kind, err := a.Kind(token)
	if err != nil {
		return err
	}
	if kind.NotFound.Code == "" {
		return fmt.Errorf("%s %q does not exist in the sandbox", token, id)
	}
	return kind.NotFound.With(id)
}
