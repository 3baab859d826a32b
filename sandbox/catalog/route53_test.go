package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRecordReplacesAnotherIfOverwriteIsAllowed(t *testing.T) {
	w := newWorld(t)
	w.id("record")
	id, err := w.create("record", w.changed("record", props{"allowOverwrite": true, "records": []any{"192.0.2.2"}}))
	require.NoError(t, err)
	assert.Equal(t, w.id("record"), id)
	assert.Equal(t, []string{"192.0.2.2"}, w.object("record").Inputs.Strings("records"))
	assert.Len(t, ofType(w.account, recordType), 1)
}

func TestRecordOutsideItsZoneGetsTheZoneAppended(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("record", w.changed("record", props{"name": "api.example.org"}))
	require.NoError(t, err)
	assert.Equal(t, "api.example.org.example.com", find(w.account, recordType, id).Output("fqdn"))
}
