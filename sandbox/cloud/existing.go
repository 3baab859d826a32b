package cloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"
)

// existingRegion is the region of everything that exists already.
const existingRegion = "us-east-1"

// seed adds the objects that exist already, unless the account has them with the
// same inputs. What AWS would choose at random is always the same for these
// objects.
func (a *Account) seed(file []byte) error {
	objects, err := readExisting(file)
	if err != nil {
		return fmt.Errorf("existing objects: %w", err)
	}
	random := a.random
	defer func() { a.random = random }()
	for _, obj := range objects {
		a.random = Repeatable(obj.ID)
		if err := a.addExisting(obj); err != nil {
			return fmt.Errorf("existing objects: %s: %w", obj.ID, err)
		}
	}
	return nil
}

// addExisting adds one object, unless the account has it with the same inputs or
// a stack owns it.
func (a *Account) addExisting(obj *Object) error {
	kind, err := a.Kind(obj.Type)
	if err != nil {
		return err
	}
	for key, value := range kind.Defaults {
		if !obj.Inputs.Has(key) {
			obj.Inputs[key] = value
		}
	}
	if old := a.find(obj.Type, obj.ID, ""); old != nil {
		if old.URN != "" || reflect.DeepEqual(old.Inputs, obj.Inputs) {
			return nil
		}
		a.remove(old)
	}
	return a.create(obj, Caller{Region: existingRegion})
}

// readExisting reads a list of objects from YAML by way of JSON, so that values
// have the types that they have in the account's file.
func readExisting(file []byte) ([]*Object, error) {
	var raw []map[string]any
	if err := yaml.Unmarshal(file, &raw); err != nil {
		return nil, err
	}
	data, err := json.Marshal(raw)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var objects []*Object
	if err := decoder.Decode(&objects); err != nil {
		return nil, err
	}
	for _, obj := range objects {
		obj.Region = existingRegion
	}
	return objects, nil
}
