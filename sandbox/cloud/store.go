package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"private-api-blueprints/internal/atomicfile"
)

// Open loads the account that a JSON file holds. If the file does not exist, the
// account holds only what the catalog says exists already.
func Open(path string, catalog Catalog) (*Account, error) {
	a := &Account{path: path, version: catalog.ProviderVersion, kinds: kindsOf(catalog), lookups: catalog.Lookups,
		random: catalog.Random}
	if a.random == nil {
		a.random = randomBytes
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("sandbox account: %w", err)
	}
	if err == nil {
		if err := a.load(data); err != nil {
			return nil, fmt.Errorf("sandbox account %s: %w", path, err)
		}
	}
	return a, a.seed(catalog.Existing)
}

// kindsOf returns the kinds of a catalog by token. Their tables have values as
// JSON has them.
func kindsOf(catalog Catalog) map[string]*Kind {
	kinds := map[string]*Kind{}
	for _, k := range catalog.Kinds {
		kind := *k
		kind.Defaults, kind.OutputDefaults = k.Defaults.plain(), k.OutputDefaults.plain()
		kinds[k.Token] = &kind
	}
	return kinds
}

// load reads the objects of the account's file. It refuses a file that no account has written.
func (a *Account) load(data []byte) error {
	if err := json.Unmarshal(data, &a.objects); err != nil {
		return err
	}
	for i, obj := range a.objects {
		if obj == nil || obj.ID == "" || obj.Inputs == nil {
			return fmt.Errorf("object %d: want an object with id and inputs", i)
		}
		kind, err := a.Kind(obj.Type)
		if err != nil {
			return err
		}
		obj.kind = kind
		for _, missing := range []*Props{&obj.Computed, &obj.Private} {
			if *missing == nil {
				*missing = Props{}
			}
		}
	}
	return nil
}

// Detach makes the account forget its file: what happens from now on stays in memory. A
// program that does not hold the sandbox's lock must not write the file.
func (a *Account) Detach() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.detached = true
}

// save replaces the file in one step, so that a kill leaves the old or the new
// one.
func (a *Account) save() error {
	if a.detached {
		return nil
	}
	data, err := json.MarshalIndent(a.objects, "", "  ")
	if err != nil {
		return fmt.Errorf("sandbox account: %w", err)
	}
	if err := atomicfile.Write(a.path, data, 0o600); err != nil {
		return fmt.Errorf("sandbox account: %w", err)
	}
	return nil
}
