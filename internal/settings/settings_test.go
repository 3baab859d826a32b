package settings

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type network struct {
	Cidr  netip.Prefix `config:"cidrBlock"`
	Zones []string     `config:"availabilityZones"`
}

func (n *network) SetDefaults() { n.Zones = []string{"us-east-1f"} }

type target struct {
	Name    string       `config:"name"`
	Count   int          `config:"count"`
	On      bool         `config:"on"`
	Create  *network     `config:"create"`
	Nested  network      `config:"nested"`
	Clients []netip.Addr `config:"clients"`
	hidden  string
}

func TestDecodeFillsEveryKindOfField(t *testing.T) {
	var problems Problems
	got := target{Count: 7, hidden: "kept"}
	Decode("blueprint", map[string]string{
		"blueprint:name":    "42", // A string all the same.
		"blueprint:on":      "true",
		"blueprint:create":  `{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a"]}`,
		"blueprint:nested":  `{"availabilityZones":[]}`,
		"blueprint:clients": `["192.0.2.1"]`,
		"aws:region":        "us-east-1",
	}, &got, &problems)
	require.NoError(t, problems.Err())
	assert.Equal(t, target{
		Name: "42", Count: 7, On: true, hidden: "kept",
		Create:  &network{Cidr: netip.MustParsePrefix("10.0.0.0/16"), Zones: []string{"us-east-1a"}},
		Nested:  network{Zones: []string{}},
		Clients: []netip.Addr{netip.MustParseAddr("192.0.2.1")},
	}, got)
}

func TestDecodeGivesAGroupItsDefaultsWhereItIsThere(t *testing.T) {
	var problems Problems
	var got target
	Decode("blueprint", map[string]string{"blueprint:create": `{"cidrBlock":"10.0.0.0/16"}`}, &got, &problems)
	require.NoError(t, problems.Err())
	assert.Equal(t, &network{Cidr: netip.MustParsePrefix("10.0.0.0/16"), Zones: []string{"us-east-1f"}}, got.Create)
	got = target{}
	Decode("blueprint", map[string]string{}, &got, &problems)
	assert.Nil(t, got.Create)
}

func TestDecodeNamesKeyValueAndWhatWouldBeAccepted(t *testing.T) {
	for _, row := range []struct{ why, key, value, problem string }{
		{"a typing error in a key", "blueprint:cuont", "1", `blueprint:cuont: unknown key, did you mean "count"?; known here: clients, count, create, name, nested, on`},
		{"a typing error further down", "blueprint:create", `{"cidrblock":"10.0.0.0/16"}`, `blueprint:create.cidrblock: unknown key, did you mean "cidrBlock"?; known here: availabilityZones, cidrBlock`},
		{"a key like no other", "blueprint:zzzzzz", "1", "blueprint:zzzzzz: unknown key; known here: clients, count, create, name, nested, on"},
		{"a key that only code sets", "blueprint:hidden", "x", "blueprint:hidden: unknown key"},
		{"a word for a number", "blueprint:count", "many", `blueprint:count = "many": want a whole number`},
		{"a fraction", "blueprint:count", "1.5", "blueprint:count = 1.5: want a whole number"},
		{"two numbers", "blueprint:count", "1 2", `blueprint:count = "1 2": want a whole number`},
		{"a word for a switch", "blueprint:on", "yes", `blueprint:on = "yes": want true or false`},
		{"a quoted switch", "blueprint:on", `"true"`, `blueprint:on = "true": want true or false`},
		{"a list of another type", "blueprint:nested", `{"availabilityZones":[1]}`, "blueprint:nested.availabilityZones[0] = 1: want a string"},
		{"a value where a list belongs", "blueprint:clients", "192.0.2.1", `blueprint:clients = "192.0.2.1": want a list of which each item is an IP address, such as 10.0.0.10`},
		{"an address that is none", "blueprint:clients", `["192.0.2.256"]`, `blueprint:clients[0] = "192.0.2.256": want an IP address, such as 10.0.0.10`},
		{"an address where a range belongs", "blueprint:create", `{"cidrBlock":"10.0.0.0"}`, `blueprint:create.cidrBlock = "10.0.0.0": want an address range in CIDR notation, such as 10.0.0.0/16`},
		{"a value where a group belongs", "blueprint:create", `"10.0.0.0/16"`, `blueprint:create = "10.0.0.0/16": want a group of keys`},
	} {
		t.Run(row.why, func(t *testing.T) {
			var problems Problems
			var got target
			Decode("blueprint", map[string]string{row.key: row.value}, &got, &problems)
			assert.ErrorContains(t, problems.Err(), row.problem)
			assert.Len(t, problems.list, 1)
		})
	}
}

func TestErrListsEveryProblemOnce(t *testing.T) {
	var problems Problems
	Decode("blueprint", map[string]string{"blueprint:count": "x", "blueprint:on": "x", "blueprint:nmae": "x"}, &target{}, &problems)
	assert.EqualError(t, problems.Err(), `the stack configuration has 3 problem(s); nothing was registered:
  - blueprint:count = "x": want a whole number
  - blueprint:nmae: unknown key, did you mean "name"?; known here: clients, count, create, name, nested, on
  - blueprint:on = "x": want true or false`)
}

func TestSecretValuesAreNotQuoted(t *testing.T) {
	problems := Problems{Secret: func(key string) bool { return key == "blueprint:create" }}
	Decode("blueprint", map[string]string{"blueprint:create": `{"cidrBlock":"hunter2"}`, "blueprint:count": "shown"}, &target{}, &problems)
	assert.NotContains(t, problems.Err().Error(), "hunter2")
	assert.ErrorContains(t, problems.Err(), "blueprint:create.cidrBlock = [secret]")
	assert.ErrorContains(t, problems.Err(), `"shown"`)
}

func TestAnyIsTrueAtAKeyAndBelowIt(t *testing.T) {
	var problems Problems
	problems.Add("blueprint:endpoint.ipv4Addresses[1]", nil, "wrong")
	assert.True(t, problems.Any("blueprint:endpoint"))
	assert.True(t, problems.Any("blueprint:endpoint.ipv4Addresses"))
	assert.False(t, problems.Any("blueprint:endpoint.ipv4"), "a key that another begins with")
	assert.False(t, problems.Any("blueprint:endpoint.ipv4Addresses[0]"))
}
