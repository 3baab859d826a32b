package cloud

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"
)

//go:embed existing.yaml
var existing []byte

// existingRegion is where the things of existing.yaml are.
const existingRegion = "us-east-1"

// seed adds what exists already and is not in the account, or was otherwise
// when the account was made. What AWS would choose at random is always the same
// for these.
func (a *Account) seed() error {
	things, err := readExisting(existing)
	if err != nil {
		return err
	}
	random := a.random
	defer func() { a.random = random }()
	for _, obj := range things {
		kind, err := KindOf(obj.Type)
		if err != nil {
			return fmt.Errorf("existing.yaml: %w", err)
		}
		for key, value := range kind.Defaults {
			if !obj.Inputs.has(key) {
				obj.Inputs[key] = value
			}
		}
		if old := a.find(obj.Type, obj.ID, ""); old != nil {
			if old.URN != "" || reflect.DeepEqual(old.Inputs, obj.Inputs) {
				continue
			}
			a.forget(old)
		}
		a.random = repeatable(obj.ID)
		if _, err := a.create(kind, obj); err != nil {
			return fmt.Errorf("existing.yaml: %s: %w", obj.ID, err)
		}
	}
	return nil
}

// readExisting reads the file by way of JSON, so that values have the types
// that they have in the account's file.
func readExisting(file []byte) ([]*Object, error) {
	var raw []map[string]any
	if err := yaml.Unmarshal(file, &raw); err != nil {
		return nil, fmt.Errorf("existing.yaml: %w", err)
	}
	data, err := json.Marshal(raw)
	if err != nil {
		return nil, fmt.Errorf("existing.yaml: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var things []*Object
	if err := decoder.Decode(&things); err != nil {
		return nil, fmt.Errorf("existing.yaml: %w", err)
	}
	for _, obj := range things {
		obj.Region = existingRegion
	}
	return things, nil
}

// repeatable is a source of bytes that depends on nothing but a seed.
func repeatable(seed string) func(int) []byte {
	sum := sha256.Sum256([]byte(seed))
	return func(n int) []byte {
		var out []byte
		for len(out) < n {
			sum = sha256.Sum256(sum[:])
			out = append(out, sum[:]...)
		}
		return out[:n]
	}
}
