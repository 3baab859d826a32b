package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func TestInstanceHasPrivateAndPublicAddresses(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "10.0.1.30", w.out("instance", "privateIp"))
	assert.Equal(t, "ip-10-0-1-30.ec2.internal", w.out("instance", "privateDns"))
	assert.Empty(t, w.out("instance", "publicIp"))
	assert.Len(t, w.object("dual instance").Outputs().Strings("ipv6Addresses"), 1)
	assert.Regexp(t, `^ec2-\d+-\d+-\d+-\d+\.compute-1\.amazonaws\.com$`, w.out("public instance", "publicDns"))
}

func TestProtectedInstanceIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	w.id("kept instance")
	assertRefused(t, w.delete("kept instance"), "OperationNotPermitted")
	require.NoError(t, w.update("kept instance", w.changed("kept instance", props{"disableApiTermination": false})))
	assert.NoError(t, w.delete("kept instance"))
}

func TestNewUserDataReplacesAnInstanceOnlyIfRequested(t *testing.T) {
	assert.Empty(t, instanceReplaceIf(nil, engine(props{"userData": "b", "userDataReplaceOnChange": false})))
	assert.Contains(t, instanceReplaceIf(nil, engine(props{"userData": "b", "userDataReplaceOnChange": true})),
		"userData")
}

func TestLookupOfAnInstanceHasListsOfOneItem(t *testing.T) {
	w := newWorld(t)
	get := func(thing string, more props) props {
		more["instanceId"] = w.id(thing)
		out, err := w.account.Invoke(cloud.Caller{Region: "us-east-1"}, "aws:ec2/getInstance:getInstance",
			engine(more))
		require.NoError(t, err)
		return known(out)
	}
	out := get("instance", props{})
	assert.Equal(t, "10.0.1.30", out.String("privateIp"))
	assert.Equal(t, []string{w.id("group")}, out.Strings("vpcSecurityGroupIds"))
	assert.Equal(t, w.object("instance").Interfaces[0].ID, out.String("networkInterfaceId"))
	assert.Equal(t, []string{"required"}, out.StringsAt("metadataOptions[].httpTokens"),
		"a list of one, not an object")
	assert.Empty(t, out.List("creditSpecifications"))
	assert.Regexp(t, `^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, out.String("launchTime"))
	assert.Empty(t, out.String("userData"), "no user data is not the hash of an empty string")

	const hash = "22596363b3de40b06f981fb85d82312e8c0ed511" // SHA-1 of "hello world\n".
	for key, value := range map[string]string{"userData": "hello world\n", "userDataBase64": "aGVsbG8gd29ybGQK"} {
		require.NoError(t, w.update("instance", w.changed("instance", props{key: value})))
		assert.Equal(t, hash, get("instance", props{}).String("userData"), key)
		assert.Empty(t, get("instance", props{}).String("userDataBase64"), "shown only if asked for")
		assert.Equal(t, "aGVsbG8gd29ybGQK", get("instance", props{"getUserData": true}).String("userDataBase64"), key)
	}
}

func TestFiltersFindAnInstanceAndItsInterface(t *testing.T) {
	w := newWorld(t)
	w.id("second instance") // Differs in all of these.
	own := func(token, filter, value string) string {
		out, err := w.account.Invoke(cloud.Caller{Region: "us-east-1"}, token,
			engine(props{"filters": filters(filter, value, "vpc-id", w.id("vpc"))}))
		require.NoError(t, err, filter)
		return known(out).String("id")
	}
	for filter, value := range map[string]string{
		"instance-id":        w.id("instance"),
		"image-id":           amazonLinux("us-east-1", "arm64"),
		"instance-type":      "t4g.nano",
		"instance.group-id":  w.id("group"),
		"private-ip-address": "10.0.1.30",
	} {
		assert.Equal(t, w.id("instance"), own("aws:ec2/getInstance:getInstance", filter, value), filter)
	}
	assert.Equal(t, w.object("instance").Interfaces[0].ID,
		own("aws:ec2/getNetworkInterface:getNetworkInterface", "group-id", w.id("group")))
}
