package catalog

import (
	"cmp"
	"maps"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func filters(pairs ...string) []any {
	var all []any
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, map[string]any{"name": pairs[i], "values": []any{pairs[i+1]}})
	}
	return all
}

func invoke(t *testing.T, region, token string, args props) (props, error) {
	t.Helper()
	account, _ := open(t)
	out, err := account.Invoke(cloud.Caller{Region: region}, token, engine(args))
	return known(out), err
}

// TestFunctionsGiveWhatTheProviderGives compares each answer with the result
// struct of the provider's SDK, in which a missing property would be empty.
func TestFunctionsGiveWhatTheProviderGives(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi-aws/sdk/v6").Output()
	require.NoError(t, err)
	for token := range lookups {
		t.Run(token, func(t *testing.T) {
			row := answered(t, token)
			answer, err := invoke(t, cmp.Or(row.Region, "us-east-1"), token, row.Args)
			require.NoError(t, err)
			path := strings.TrimPrefix(strings.Split(token, ":")[1], "index/")
			sdk := tagsOf(t, filepath.Join(strings.TrimSpace(string(out)), "go", "aws", path+".go"))
			for name, tags := range sdk {
				isInput := map[string]bool{}
				for _, tag := range sdk[strings.TrimSuffix(name, "Result")+"Args"] {
					isInput[tag] = true
				}
				for _, tag := range tags {
					if strings.HasSuffix(name, "Result") && !isInput[tag] {
						assert.Contains(t, answer, tag)
					}
				}
			}
		})
	}
}

// answered returns a case of testdata in which a function has an answer.
func answered(t *testing.T, function string) lookupCase {
	t.Helper()
	for _, c := range readCases(t) {
		for _, row := range c.Lookups {
			if row.Function == function && !row.Refused {
				return row
			}
		}
	}
	require.Fail(t, "no case in testdata looks this up: "+function)
	return lookupCase{}
}

func TestLookups(t *testing.T) {
	for _, c := range readCases(t) {
		for _, row := range c.Lookups {
			t.Run(row.Why, func(t *testing.T) {
				answer, err := invoke(t, cmp.Or(row.Region, "us-east-1"), row.Function, row.Args)
				if row.Refused {
					require.Error(t, err)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, row.Want, answer[row.Output])
			})
		}
	}
}

func TestLookupsSayWhatToChange(t *testing.T) {
	for token, says := range map[string]map[string]props{
		"aws:ec2/getRouteTable:getRouteTable": {
			"one of routeTableId, vpcId, subnetId, gatewayId, filters, or tags must be assigned":                                             {},
			"query returned no results. Please change your search criteria and try again: no Route Table matches map[routeTableId:rtb-0]":    {"routeTableId": "rtb-0"},
			"multiple Route Tables matched; use additional constraints to reduce matches to a single Route Table: 2 match map[vpcId:vpc-0e1": {"vpcId": "vpc-0e1f2a3b4c5d6e7f8"},
		},
		"aws:ec2/getInstance:getInstance": {
			"no EC2 Instance matches map[instanceId:i-0]": {"instanceId": "i-0"},
			"multiple EC2 Instances matched":              {},
		},
		"aws:ec2/getNetworkInterface:getNetworkInterface": {"no EC2 Network Interface matches map[id:eni-0]": {"id": "eni-0"}},
	} {
		for message, args := range says {
			_, err := invoke(t, "us-east-1", token, args)
			assert.ErrorContains(t, err, message)
		}
	}
}

// routeTable looks a table up in the world's account.
func routeTable(w *world, args props) props {
	out, err := w.account.Invoke(cloud.Caller{Region: "us-east-1"}, "aws:ec2/getRouteTable:getRouteTable",
		engine(args))
	require.NoError(w.t, err)
	return known(out)
}

func TestMainRouteTableIsFoundByItsVpc(t *testing.T) {
	w := newWorld(t)
	w.id("association") // another table of the VPC
	mainOf := props{"vpcId": w.id("vpc"), "filters": filters("association.main", "true")}
	table := routeTable(w, mainOf)
	main := w.out("vpc", "mainRouteTableId")
	assert.Equal(t, main, table.String("id"))
	assert.Equal(t, "arn:aws:ec2:us-east-1:123456789012:route-table/"+main, table.String("arn"))
	assert.Equal(t, cloud.AccountID, table.String("ownerId"))
	require.Len(t, table.Objects("associations"), 1)
	assert.Equal(t, props{"main": true, "routeTableId": main, "subnetId": "", "gatewayId": "",
		"routeTableAssociationId": "rtbassoc-" + main[len("rtb-"):]}, table.Objects("associations")[0])

	_, err := w.create("second association", w.changed("second association", props{"routeTableId": main}))
	require.NoError(t, err)
	byName := routeTable(w, props{"subnetId": w.id("subnet b")})
	assert.Equal(t, main, byName.String("id"), "a subnet may be given the main table by name")
	assert.Equal(t, []string{"true", "false"}, byName.StringsAt("associations[].main"))
	assert.Equal(t, main, routeTable(w, mainOf).String("id"), "and it is the main one still")

	_, err = w.create("association", props{"routeTableId": w.id("route table"), "gatewayId": w.id("gateway")})
	require.NoError(t, err)
	ingress := routeTable(w, props{"gatewayId": w.id("gateway")})
	assert.Equal(t, w.id("route table"), ingress.String("id"))
	assert.Equal(t, []string{w.id("gateway")}, ingress.StringsAt("associations[].gatewayId"))
}

func TestRouteTableTellsItsRoutes(t *testing.T) {
	w := newWorld(t)
	none := map[string]any{"cidrBlock": "", "ipv6CidrBlock": "", "destinationPrefixListId": "", "instanceId": ""}
	for _, target := range routeTargets {
		none[target] = ""
	}
	route := func(pairs props) any {
		all := maps.Clone(none)
		maps.Copy(all, pairs)
		return all
	}
	inline, err := w.create("route table", w.changed("route table", props{"routes": []any{
		map[string]any{"ipv6CidrBlock": "::/0", "gatewayId": w.id("gateway")}}}))
	require.NoError(t, err)
	w.id("route")
	w.id("peering route")
	assert.Equal(t, []any{route(props{"ipv6CidrBlock": "::/0", "gatewayId": w.id("gateway")})},
		routeTable(w, props{"routeTableId": inline})["routes"])
	assert.Equal(
		t,
		[]any{route(props{"cidrBlock": "0.0.0.0/0", "gatewayId": w.id("gateway")}),
			route(props{"cidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": w.id("peering")})},
		routeTable(w, props{"routeTableId": w.id("route table")})["routes"],
		"those of the other table are not among them, nor is the local one",
	)
}

func TestInstanceIsToldAsALookupTellsIt(t *testing.T) {
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
	assert.Empty(t, out.String("userData"), "it has none, which is not an empty one")

	const hash = "22596363b3de40b06f981fb85d82312e8c0ed511" // of what echo "hello world" prints
	for key, value := range map[string]string{"userData": "hello world\n", "userDataBase64": "aGVsbG8gd29ybGQK"} {
		require.NoError(t, w.update("instance", w.changed("instance", props{key: value})))
		assert.Equal(t, hash, get("instance", props{}).String("userData"), key)
		assert.Empty(t, get("instance", props{}).String("userDataBase64"), "told on request only")
		assert.Equal(t, "aGVsbG8gd29ybGQK", get("instance", props{"getUserData": true}).String("userDataBase64"), key)
	}
}

func TestInstanceAndItsInterfaceByFilter(t *testing.T) {
	w := newWorld(t)
	w.id("second instance") // differs in all of these
	own := func(token, filter, value string) string {
		out, err := w.account.Invoke(cloud.Caller{Region: "us-east-1"}, token,
			engine(props{"filters": filters(filter, value, "vpc-id", w.id("vpc"))}))
		require.NoError(t, err, filter)
		return known(out).String("id")
	}
	for filter, value := range map[string]string{"instance-id": w.id("instance"), "image-id": amazonLinux("us-east-1", "arm64"),
		"instance-type": "t4g.nano", "instance.group-id": w.id("group"), "private-ip-address": "10.0.1.30"} {
		assert.Equal(t, w.id("instance"), own("aws:ec2/getInstance:getInstance", filter, value), filter)
	}
	assert.Equal(t, w.object("instance").Interfaces[0].ID,
		own("aws:ec2/getNetworkInterface:getNetworkInterface", "group-id", w.id("group")))
}

func TestCallerIsTheAccountsUserOrTheRoleThatItAssumed(t *testing.T) {
	account, _ := open(t)
	for caller, want := range map[cloud.Caller]string{
		{}: "arn:aws:iam::123456789012:user/sandbox",
		{Role: "arn:aws:iam::210987654321:role/consumer"}:                        "arn:aws:sts::210987654321:assumed-role/consumer/sandbox",
		{Role: "arn:aws:iam::210987654321:role/path/consumer", Session: "ci-17"}: "arn:aws:sts::210987654321:assumed-role/consumer/ci-17",
	} {
		out, err := account.Invoke(caller, "aws:index/getCallerIdentity:getCallerIdentity", nil)
		require.NoError(t, err)
		assert.Equal(t, want, out["arn"].StringValue())
		assert.Equal(t, strings.Split(want, ":")[4], out["accountId"].StringValue())
	}
}

func TestWhatExistsIsTheSameInEveryAccount(t *testing.T) {
	one, _ := open(t)
	two, _ := open(t)
	for i, obj := range one.Objects() {
		assert.Equal(t, obj.Outputs(), two.Objects()[i].Outputs(), obj.ID)
	}
}
