package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestZoneIDsAreThoseOfAWS(t *testing.T) {
	for zone, want := range map[string]string{
		"us-east-1a": "use1-az1", "eu-central-1c": "euc1-az3", "ap-southeast-2b": "apse2-az2",
	} {
		assert.Equal(t, want, zoneID(zone))
	}
}
