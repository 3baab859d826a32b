package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIDsFollowNothingThatTheirResourcesAreMadeFrom(t *testing.T) {
	get := Sources{AWS: []string{"urn:get"}}
	d := Deployment{Triggers: get, TriggersKnown: true, TriggersAreIDs: False}
	assert.Equal(t, True, d.Follows(get), "a hash of what the method is made from")
	d.TriggersAreIDs = True
	assert.Equal(t, False, d.Follows(get), "the ID of the method")
}
