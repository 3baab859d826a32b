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
	Nat   string       `config:"natGateways" default:"None"`
	Size  int          `config:"size" default:"2"`
	Dns   bool         `config:"dns" default:"true"`
}

type target struct {
	Name    string             `config:"name"`
	Count   int                `config:"count"`
	On      bool               `config:"on"`
	Create  *network           `config:"create"`
	Nested  network            `config:"nested"`
	Clients []netip.Addr       `config:"clients"`
	Labels  map[string]string  `config:"labels"`
	Sites   map[string]network `config:"sites"`
	Parts   []network          `config:"parts"`
	hidden  string
}

func TestDecodeFillsEveryKindOfField(t *testing.T) {
	var problems Problems
	got := target{Count: 7, hidden: "kept"}
	Decode("blueprint", map[string]string{
		"blueprint:name":    "42", // Still a string.
		"blueprint:on":      "true",
		"blueprint:create":  `{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a"]}`,
		"blueprint:nested":  `{"availabilityZones":[]}`,
		"blueprint:clients": `["192.0.2.1"]`,
		"blueprint:labels":  `{"cost.center":"42"}`,
		"blueprint:sites":   `{"east":{"size":3},"west":{}}`,
		"blueprint:parts":   `[{"dns":false}]`,
		"aws:region":        "us-east-1",
	}, &got, &problems)
	require.NoError(t, problems.Err())
	assert.Equal(t, target{
		Name: "42", Count: 7, On: true, hidden: "kept",
		Create: &network{
			Cidr: netip.MustParsePrefix("10.0.0.0/16"), Zones: []string{"us-east-1a"}, Nat: "None", Size: 2, Dns: true,
		},
		Nested:  network{Zones: []string{}, Nat: "None", Size: 2, Dns: true},
		Clients: []netip.Addr{netip.MustParseAddr("192.0.2.1")},
		Labels:  map[string]string{"cost.center": "42"},
		Sites: map[string]network{
			"east": {Nat: "None", Size: 3, Dns: true},
			"west": {Nat: "None", Size: 2, Dns: true},
		},
		Parts: []network{{Nat: "None", Size: 2}},
	}, got)
}

func TestDecodeGivesAGroupItsDefaultsIfItIsPresent(t *testing.T) {
	var problems Problems
	var got target
	Decode("blueprint", map[string]string{"blueprint:create": `{"natGateways":"Single","dns":false}`}, &got, &problems)
	require.NoError(t, problems.Err())
	assert.Equal(t, &network{Nat: "Single", Size: 2}, got.Create)
	got = target{}
	Decode("blueprint", map[string]string{}, &got, &problems)
	assert.Nil(t, got.Create)
	assert.Equal(t, network{Nat: "None", Size: 2, Dns: true}, got.Nested, "a group that is not optional")
}

func TestDecodeNamesKeyValueAndWhatWouldBeAccepted(t *testing.T) {
	for _, row := range []struct{ why, key, value, problem string }{
		{
			"a typing error in a key",
			"blueprint:cuont", "1",
			`blueprint:cuont: unknown key, did you mean "count"?; known here: ` +
				`clients, count, create, labels, name, nested, on, parts, sites`,
		},
		{
			"a typing error in a nested key",
			"blueprint:create", `{"cidrblock":"10.0.0.0/16"}`,
			`blueprint:create.cidrblock: unknown key, did you mean "cidrBlock"?; ` +
				`known here: availabilityZones, cidrBlock, dns, natGateways, size`,
		},
		{
			"a key that resembles no other",
			"blueprint:zzzzzz", "1",
			"blueprint:zzzzzz: unknown key; known here: clients, count, create, labels, name, nested, on, parts, sites",
		},
		{"a key that only code sets", "blueprint:hidden", "x", "blueprint:hidden: unknown key"},
		{"a word instead of a number", "blueprint:count", "many", `blueprint:count = "many": want a whole number`},
		{"a fraction", "blueprint:count", "1.5", "blueprint:count = 1.5: want a whole number"},
		{"two numbers", "blueprint:count", "1 2", `blueprint:count = "1 2": want a whole number`},
		{"a word instead of a boolean", "blueprint:on", "yes", `blueprint:on = "yes": want true or false`},
		{"a quoted boolean", "blueprint:on", `"true"`, `blueprint:on = "true": want true or false`},
		{
			"a list of another type",
			"blueprint:nested", `{"availabilityZones":[1]}`,
			"blueprint:nested.availabilityZones[0] = 1: want a string",
		},
		{
			"a value instead of a list",
			"blueprint:clients", "192.0.2.1",
			`blueprint:clients = "192.0.2.1": want a list; each item is an IP address, such as 10.0.0.10`,
		},
		{
			"a list instead of named values",
			"blueprint:labels", `["a"]`,
			`blueprint:labels = ["a"]: want a group of names; each value is a string`,
		},
		{
			"a number under a name",
			"blueprint:labels", `{"a":1}`,
			`blueprint:labels.a = 1: want a string`,
		},
		{
			"a typing error in a named group",
			"blueprint:sites", `{"east":{"sise":3}}`,
			`blueprint:sites.east.sise: unknown key, did you mean "size"?`,
		},
		{
			"a typing error in a group of a list",
			"blueprint:parts", `[{"sise":3}]`,
			`blueprint:parts[0].sise: unknown key, did you mean "size"?`,
		},
		{
			"an address that is out of range",
			"blueprint:clients", `["192.0.2.256"]`,
			`blueprint:clients[0] = "192.0.2.256": want an IP address, such as 10.0.0.10`,
		},
		{
			"an address instead of a range",
			"blueprint:create", `{"cidrBlock":"10.0.0.0"}`,
			`blueprint:create.cidrBlock = "10.0.0.0": want an address range in CIDR notation, such as 10.0.0.0/16`,
		},
		{
			"a value instead of a group",
			"blueprint:create", `"10.0.0.0/16"`,
			`blueprint:create = "10.0.0.0/16": want a group of keys`,
		},
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
	values := map[string]string{"blueprint:count": "x", "blueprint:on": "x", "blueprint:nmae": "x"}
	Decode("blueprint", values, &target{}, &problems)
	assert.EqualError(t, problems.Err(), `the stack configuration has 3 problems; nothing was created or changed on AWS:
  - blueprint:count = "x": want a whole number
  - blueprint:nmae: unknown key, did you mean "name"?; known here: `+
		`clients, count, create, labels, name, nested, on, parts, sites
  - blueprint:on = "x": want true or false`)
}

func TestSecretValuesAreRefusedAndNotQuoted(t *testing.T) {
	problems := Problems{Secret: func(key string) bool { return key != "blueprint:count" }}
	values := map[string]string{
		"blueprint:create": `{"cidrBlock":"hunter2"}`, "blueprint:name": "hunter2", "blueprint:count": "shown",
		"blueprint:nmae": "hunter2",
	}
	got := target{Name: "default"}
	Decode("blueprint", values, &got, &problems)
	assert.Equal(t, target{Name: "default", Nested: network{Nat: "None", Size: 2, Dns: true}}, got)
	assert.NotContains(t, problems.Err().Error(), "hunter2")
	assert.ErrorContains(t, problems.Err(), "blueprint:create: want a value that is not a secret")
	assert.ErrorContains(t, problems.Err(), "blueprint:name: want a value that is not a secret")
	assert.ErrorContains(t, problems.Err(), "blueprint:nmae: unknown key")
	assert.ErrorContains(t, problems.Err(), `"shown"`)
	assert.True(t, problems.Any("blueprint:create.cidrBlock"), "no check needs to tell that it is missing")
}

func TestAnyIsTrueAtAKeyAndBelowIt(t *testing.T) {
	var problems Problems
	problems.Add("blueprint:endpoint.ipv4Addresses[1]", nil, "wrong")
	assert.True(t, problems.Any("blueprint:endpoint"))
	assert.True(t, problems.Any("blueprint:endpoint.ipv4Addresses"))
	assert.False(t, problems.Any("blueprint:endpoint.ipv4"), "a key that another begins with")
	assert.False(t, problems.Any("blueprint:endpoint.ipv4Addresses[0]"))
}

func TestNothingBelowAValueOfTheWrongTypeIsReported(t *testing.T) {
	var problems Problems
	Decode("blueprint", map[string]string{"blueprint:create": `"10.0.0.0/16"`}, &target{}, &problems)
	c := problems.Section("blueprint").Group("create")
	assert.True(t, c.Any("cidrBlock"))
	c.Reject("cidrBlock", nil, "required")
	assert.Len(t, problems.list, 1)
}

func TestASectionRecordsOneProblemPerKey(t *testing.T) {
	var problems Problems
	c := problems.Section("blueprint").Group("network")
	c.Reject(Item("subnets", 1), nil, "first")
	c.Reject(Item("subnets", 1), nil, "second")
	c.Reject("subnets", nil, "too few")
	c.Reject(Item("subnets", 0), nil, "another item")
	c.RejectGroup([]string{"subnets"}, "no subnets")
	c.RejectGroup([]string{"other"}, "no other")
	c.RejectGroup([]string{"other"}, "still no other")
	assert.EqualError(t, problems.Err(), `the stack configuration has 3 problems; nothing was created or changed on AWS:
  - blueprint:network.subnets[1]: first
  - blueprint:network.subnets[0]: another item
  - blueprint:network: no other`)
}

func TestGivenIsTrueForEachKeyThatTheConfigurationHas(t *testing.T) {
	var problems Problems
	values := map[string]string{"blueprint:create": `{"size":2}`, "blueprint:parts": `[{"dns":true}]`}
	Decode("blueprint", values, &target{}, &problems)
	root := problems.Section("blueprint")
	assert.True(t, root.Given("create"))
	assert.True(t, root.Group("create").Given("size"), "although it is the default")
	assert.False(t, root.Group("create").Given("dns"))
	assert.True(t, root.Group(Item("parts", 0)).Given("dns"))
	assert.False(t, root.Given("name"))
	assert.Equal(t, []string{"create", "parts"}, root.Keys())
	assert.Equal(t, []string{"size"}, root.Group("create").Keys())
}
