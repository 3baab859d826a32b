package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestBeforeReturnsWhatAResourceWaitsFor(t *testing.T) {
	s := &model.Stack{}
	s.AddOrder("stack", "", nil)
	s.AddOrder("component", "stack", nil)
	s.AddOrder("inside", "component", nil)
	s.AddOrder("sibling", "component", []string{"far"})
	s.AddOrder("far", "stack", []string{"farther"})
	s.AddOrder("outside", "stack", []string{"component"})
	s.AddOrder("child", "sibling", nil)
	s.AddOrder("cycle 1", "cycle 2", []string{"cycle 1"})
	s.AddOrder("cycle 2", "cycle 1", nil)
	for _, c := range []struct {
		later, earlier string
		want           bool
		why            string
	}{
		{"sibling", "far", true, "a dependency"},
		{"sibling", "farther", true, "a dependency of a dependency"},
		{"far", "sibling", false, "the other direction"},
		{"outside", "inside", true, "a resource inside a component that is a dependency"},
		{"outside", "farther", true, "a dependency of a resource inside that component"},
		{"inside", "sibling", false, "resources of one parent do not wait for each other"},
		{"inside", "component", true, "a parent exists before its children"},
		{"child", "sibling", true, "a child waits for its parent"},
		{"child", "farther", true, "a child waits for the dependencies of its parent"},
		{"cycle 1", "far", false, "the search ends in a cycle"},
	} {
		waits := s.Before(model.Origin{URN: c.later}).Includes(model.Origin{URN: c.earlier})
		assert.Equal(t, c.want, waits, "%s waits for %s: %s", c.later, c.earlier, c.why)
	}
}
