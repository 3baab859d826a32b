package catalog

import (
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

func invoke(account *cloud.Account, region, token string, args props) (props, error) {
	out, err := account.Invoke(cloud.Caller{Region: region}, token, engine(args))
	return known(out), err
}

// TestLookupsHaveTheOutputsOfTheProvider compares each answer with the result
// struct of the provider's SDK, in which a missing property would be empty.
func TestLookupsHaveTheOutputsOfTheProvider(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi-aws/sdk/v6").Output()
	require.NoError(t, err)
	for token := range lookups {
		t.Run(token, func(t *testing.T) {
			answer, err := newWorld(t).lookup(answered(t, token))
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
						_, ok := answer[tag]
						assert.True(t, ok, "the answer lacks %q", tag)
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
	require.Fail(t, "no case in testdata has an answer of "+function)
	return lookupCase{}
}

func TestLookupsAnswerAsAWSDoes(t *testing.T) {
	for _, c := range readCases(t) {
		for _, row := range c.Lookups {
			t.Run(row.Why, func(t *testing.T) {
				w := newWorld(t)
				answer, err := w.lookup(row)
				if row.Refused {
					require.Error(t, err)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, w.fill(row.Want), answer[row.Output])
			})
		}
	}
}

func TestLookupsSayWhatToChange(t *testing.T) {
	const routeTable, instance = "aws:ec2/getRouteTable:getRouteTable", "aws:ec2/getInstance:getInstance"
	for _, row := range []struct {
		function string
		args     props
		says     string
	}{
		{routeTable, nil, "one of routeTableId, vpcId, subnetId, gatewayId, filters, or tags must be assigned"},
		{routeTable, props{"routeTableId": "rtb-0"}, "query returned no results. Please change your search criteria " +
			"and try again: no Route Table matches map[routeTableId:rtb-0]"},
		{routeTable, props{"vpcId": "vpc-0e1f2a3b4c5d6e7f8"}, "multiple Route Tables matched; use additional " +
			"constraints to reduce matches to a single Route Table: 2 match map[vpcId:vpc-0e1"},
		{instance, props{"instanceId": "i-0"}, "no EC2 Instance matches map[instanceId:i-0]"},
		{instance, nil, "multiple EC2 Instances matched"},
		{"aws:ec2/getNetworkInterface:getNetworkInterface", props{"id": "eni-0"},
			"no EC2 Network Interface matches map[id:eni-0]"},
	} {
		account, _ := open(t)
		_, err := invoke(account, "us-east-1", row.function, row.args)
		assert.ErrorContains(t, err, row.says)
	}
}
