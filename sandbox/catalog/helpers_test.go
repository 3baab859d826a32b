package catalog

import (
	"crypto/rand"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

type props = cloud.Props

// open returns a new account and the path of its file. Tests pin addresses in the
// lower half of subnets with 256 addresses. The account chooses free ones in the
// upper half, so that it never takes an address before a test pins it.
func open(t *testing.T) (*cloud.Account, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "account.json")
	catalog := New()
	catalog.Random = func(n int) []byte {
		b := make([]byte, n)
		rand.Read(b)
		b[n-1] |= 0x80
		return b
	}
	account, err := cloud.Open(path, catalog)
	require.NoError(t, err)
	return account, path
}

// urn returns the URN of a resource of the stack dev.
func urn(name string) string {
	return "urn:pulumi:dev::private-api-blueprints::aws:ec2/eip:Eip::" + name
}

// engine converts inputs to values of the Pulumi engine.
func engine(p props) resource.PropertyMap { return resource.NewPropertyMapFromMap(p) }

// known converts values of the Pulumi engine to outputs.
func known(m resource.PropertyMap) props { return m.Mappable() }

// find returns the object of a type by ID, or nil.
func find(account *cloud.Account, token, id string) *cloud.Object {
	for _, o := range account.Objects() {
		if o.Type == token && o.ID == id {
			return &o
		}
	}
	return nil
}

// ofType returns the objects of a type.
func ofType(account *cloud.Account, token string) []cloud.Object {
	return slices.DeleteFunc(account.Objects(), func(o cloud.Object) bool { return o.Type != token })
}

// pinned returns a change that gives an endpoint an address in a subnet.
func pinned(subnet, ip string) props {
	return props{"subnetConfigurations": []any{props{"subnetId": "${" + subnet + "}", "ipv4": ip}}}
}

// ids returns a change that lists the IDs of objects.
func ids(key string, names ...string) props {
	var all []any
	for _, name := range names {
		all = append(all, "${"+name+"}")
	}
	return props{key: all}
}

// logs returns a change that turns on the access logs of a stage.
func logs(format string) props {
	return props{"accessLogSettings": props{"destinationArn": "${log group.arn}", "format": format}}
}
