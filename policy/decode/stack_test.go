package decode

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

// TestEveryListOfTheModelIsFilled finds a list in model.Stack that decode does
// not fill from any fixture, such as the list of a new element.
func TestEveryListOfTheModelIsFilled(t *testing.T) {
	filled := map[string]bool{}
	lists := reflect.VisibleFields(reflect.TypeFor[model.Stack]())
	for _, c := range ruleCases(t) {
		stack := reflect.ValueOf(Stack(c.Resources())).Elem()
		for _, field := range lists {
			if field.IsExported() && stack.FieldByIndex(field.Index).Len() > 0 {
				filled[field.Name] = true
			}
		}
	}
	for _, field := range lists {
		assert.Equal(t, field.IsExported(), filled[field.Name], field.Name)
	}
}
