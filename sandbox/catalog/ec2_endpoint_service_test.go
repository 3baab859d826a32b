package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServiceHasTheZonesOfItsLoadBalancers(t *testing.T) {
	w := newWorld(t)
	out := w.object("service").Outputs()
	assert.Equal(t, "com.amazonaws.vpce.us-east-1."+w.id("service"), out.String("serviceName"))
	assert.Equal(t, []string{"us-east-1a", "us-east-1b"}, out.Strings("availabilityZones"))
	assert.Equal(t, []string{w.id("service") + ".us-east-1.vpce.amazonaws.com"}, out.Strings("baseEndpointDnsNames"))
	assert.Regexp(t, `^vpce-svc-[0-9a-f]{17}$`, out.String("id"))
}

func TestPrivateNameOfAServiceNeedsItsRecord(t *testing.T) {
	w := newWorld(t)
	asked := w.object("service").Outputs().Objects("privateDnsNameConfigurations")[0]
	assert.Equal(t, "pendingVerification", asked.String("state"))
	assert.Regexp(t, `^_[a-z0-9]{20}$`, asked.String("name"))
	assert.Regexp(t, `^vpce:[a-z0-9]{20}$`, asked.String("value"))

	w.id("verification")
	proven := w.object("service").Outputs().Objects("privateDnsNameConfigurations")[0]
	assert.Equal(t, "verified", proven.String("state"))
	assert.Equal(t, asked["value"], proven["value"])

	require.NoError(t, w.update("service", w.changed("service", props{"privateDnsName": "other.example.com"})))
	again := w.object("service").Outputs().Objects("privateDnsNameConfigurations")[0]
	assert.Equal(t, "pendingVerification", again.String("state"), "another name needs another proof")
	assert.NotEqual(t, asked["value"], again["value"])
}

func TestRecordMayBeUnderTheNameOrAParentDomain(t *testing.T) {
	for _, name := range []string{"LABEL.h2.example.com", "LABEL.example.com", "h2.example.com", "example.com"} {
		w := newWorld(t)
		record := w.changed("service record", nil)
		label := record["name"].(string)
		record["name"] = map[bool]string{true: label + name[len("LABEL"):], false: name}[name[0] == 'L']
		_, err := w.create("service record", record)
		require.NoError(t, err)
		_, err = w.create("verification", props{"serviceId": w.id("service"), "waitForVerification": true})
		assert.NoError(t, err, name)
	}
}

func TestVerificationWithoutWaitingIsAccepted(t *testing.T) {
	w := newWorld(t)
	_, err := w.create("verification", props{"serviceId": w.id("service")})
	require.NoError(t, err)
	assert.Equal(t, []string{"pendingVerification"},
		w.object("service").Outputs().StringsAt("privateDnsNameConfigurations[].state"))
}

func TestEndpointOfAServiceHasNoWildcard(t *testing.T) {
	w := newWorld(t)
	names := w.object("named endpoint").Outputs().StringsAt("dnsEntries[].dnsName")
	require.Len(t, names, 4)
	assert.Regexp(t, `^vpce-[0-9a-f]{17}-[0-9a-f]{8}\.`+w.id("service")+`\.us-east-1\.vpce\.amazonaws\.com$`,
		names[0])
	assert.Contains(t, names[1], "-us-east-1a."+w.id("service"))
	assert.Equal(t, "h2.example.com", names[3], "no wildcard")
}

func TestConnectionGetsItsPrivateNameAfterAcceptance(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "pendingAcceptance", w.out("waiting endpoint", "state"))
	assert.Equal(t, "available", w.out("endpoint accepter", "vpcEndpointState"))
	assert.Equal(t, "available", w.out("waiting endpoint", "state"))

	w.id("private dns")
	assert.Contains(t, w.object("waiting endpoint").Outputs().StringsAt("dnsEntries[].dnsName"), "h2.example.com")
	inputs := w.changed("waiting endpoint", props{"privateDnsEnabled": nil, "tags": map[string]any{"a": "b"}})
	require.NoError(t, w.update("waiting endpoint", inputs))
	assert.Contains(t, w.object("waiting endpoint").Outputs().StringsAt("dnsEntries[].dnsName"), "h2.example.com",
		"an endpoint that says nothing about private DNS leaves it to the other resource")

	require.NoError(t, w.delete("private dns"))
	require.NoError(t, w.delete("endpoint accepter"))
	assert.Equal(t, "rejected", w.out("waiting endpoint", "state"))
	require.NoError(t, w.delete("guarded service"), "a rejected connection blocks nothing")
}

// TestDeletingAnEndpointRemovesItsAcceptance matters to programs that retain the
// accepter, so that a service that no longer asks for acceptance keeps its
// endpoints.
func TestDeletingAnEndpointRemovesItsAcceptance(t *testing.T) {
	w := newWorld(t)
	w.id("endpoint accepter")
	require.NoError(t, w.delete("waiting endpoint"))
	assert.Empty(t, ofType(w.account, endpointAccepterType))
}

func TestAutoAcceptAcceptsAConnection(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("waiting endpoint", w.changed("waiting endpoint", props{"autoAccept": true}))
	require.NoError(t, err)
	assert.Equal(t, "available", find(w.account, vpcEndpointType, id).Output("state"))
}
