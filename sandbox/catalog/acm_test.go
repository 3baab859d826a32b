package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWildcardHasTheValidationRecordOfItsDomain(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("certificate", props{
		"domainName": "example.com", "subjectAlternativeNames": []any{"*.example.com", "a.example.com"},
		"validationMethod": "DNS",
	})
	require.NoError(t, err)
	options := find(w.account, certificateType, id).Computed.Objects("domainValidationOptions")
	require.Len(t, options, 3)
	assert.Equal(t, options[0]["resourceRecordName"], options[1]["resourceRecordName"])
	assert.NotEqual(t, options[0]["resourceRecordName"], options[2]["resourceRecordName"])
}

func TestCertificatesOfOneNameShareTheirValidationRecord(t *testing.T) {
	w := newWorld(t)
	again, err := w.create("certificate", w.changed("certificate", nil))
	require.NoError(t, err)
	second := find(w.account, certificateType, again)
	assert.NotEqual(t, w.id("certificate"), again)
	assert.Equal(t, w.object("certificate").Computed["domainValidationOptions"],
		second.Computed["domainValidationOptions"])
	w.id("certificate record")
	_, err = w.create("validation", props{"certificateArn": again})
	assert.NoError(t, err, "one record proves both")
}
