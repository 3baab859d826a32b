package tests

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
)

// original is a stack that is deployed, of which mutants are made.
type original struct {
	objects  []cloud.Object                // Of the stack, in order of creation.
	recorded map[string]apitype.ResourceV3 // The stack's state, by URN.
}

// originalOf returns the stack of an account and a state.
func originalOf(objects []cloud.Object, state []apitype.ResourceV3) original {
	o := original{recorded: map[string]apitype.ResourceV3{}}
	for _, r := range state {
		o.recorded[string(r.URN)] = r
	}
	for _, object := range objects {
		if object.URN != "" {
			o.objects = append(o.objects, object)
		}
	}
	return o
}

// construction is the deployment of a mutant into an account that has no stack.
type construction struct {
	original
	account *cloud.Account
	changes map[string]changedResource // By URN.
	waiting map[string]bool            // The URNs of what is not created yet.
	// follow are the outputs that differ from those of the original stack, by URN. What takes an old text from the
	// resource gets the new one.
	follow map[string][]replacement
}

// replacement says which text becomes another one.
type replacement struct{ old, new string }

// deploy deploys a mutant into an account that has no stack, as if the stack never was different: nothing is changed
// in place. The account is in memory, and belongs to a folder. The error is a *cloud.Refusal if the account refuses the
// mutant, and errCircle if the engine does.
func (o original) deploy(folder string, changes []changedResource) (*cloud.Account, error) {
	account, err := cloud.Open(filepath.Join(folder, "aws.json"), catalog.New())
	if err != nil {
		return nil, err
	}
	account.Detach()
	account.ChooseRepeatably()
	c := construction{
		original: o, account: account, changes: map[string]changedResource{}, waiting: map[string]bool{},
		follow: map[string][]replacement{},
	}
	for _, change := range changes {
		c.changes[change.URN] = change
	}
	for _, object := range o.objects {
		if !c.changes[object.URN].Gone {
			c.waiting[object.URN] = true
		}
	}
	return account, c.createAll()
}

// errCircle is why the engine refuses a mutant in which resources depend on each other.
var errCircle = errors.New("resources wait for each other")

// createAll creates what is waiting, each after what it depends on.
func (c *construction) createAll() error {
	for len(c.waiting) > 0 {
		before := len(c.waiting)
		for _, object := range c.objects {
			if !c.waiting[object.URN] || !c.ready(object.URN) {
				continue
			}
			if err := c.create(object); err != nil {
				return fmt.Errorf("%s: %w", object.URN[strings.LastIndex(object.URN, ":")+1:], err)
			}
			delete(c.waiting, object.URN)
		}
		if len(c.waiting) == before {
			return fmt.Errorf("%w: %v", errCircle, slices.Sorted(maps.Keys(c.waiting)))
		}
	}
	return nil
}

// ready reports whether a resource waits for no other one.
func (c *construction) ready(urn string) bool {
	for _, d := range c.recorded[urn].Dependencies {
		if c.waiting[string(d)] {
			return false
		}
	}
	return !slices.ContainsFunc(c.changes[urn].Dependencies, func(d string) bool { return c.waiting[d] })
}

// create creates an object of the original stack as it is in the mutant.
func (c *construction) create(object cloud.Object) error {
	inputs := c.inputsOf(object)
	for key, urns := range c.recorded[object.URN].PropertyDependencies {
		var follow []replacement
		for _, urn := range urns {
			follow = append(follow, c.follow[string(urn)]...)
		}
		if follow != nil {
			inputs[string(key)] = replaceIn(inputs[string(key)], replacer(follow))
		}
	}
	_, outputs, err := c.account.Create(cmp.Or(object.Region, "us-east-1"), object.URN, object.Type,
		resource.NewPropertyMapFromMap(inputs))
	if err != nil {
		return err
	}
	c.follow[object.URN] = otherTexts(map[string]any(object.Outputs()), outputs.Mappable())
	return nil
}

// inputsOf returns the inputs that the mutant's program gives an object. If one of them has changed, AWS decides what
// the program did not give, such as the subnet mappings of a load balancer with other subnets.
func (c *construction) inputsOf(object cloud.Object) cloud.Props {
	inputs, outputs, changed := object.Inputs.Clone(), object.Outputs(), c.changes[object.URN].Inputs
	gives := false
	for key := range changed {
		gives = gives || inputs.Has(key)
	}
	for key, value := range changed {
		if gives && !inputs.Has(key) && outputs.Has(key) {
			continue
		}
		if inputs[key] = value; value == nil {
			delete(inputs, key)
		}
	}
	return inputs
}

// otherTexts returns the texts that differ between two values, in order of their keys.
func otherTexts(old, new any) (all []replacement) {
	switch old := old.(type) {
	case string:
		if new, isText := new.(string); isText && new != old && len(old) > 3 && new != "" {
			return []replacement{{old, new}}
		}
	case map[string]any:
		if new, isMap := new.(map[string]any); isMap {
			for _, key := range slices.Sorted(maps.Keys(old)) {
				all = append(all, otherTexts(old[key], new[key])...)
			}
		}
	case []any:
		if new, isList := new.([]any); isList && len(new) == len(old) {
			for i := range old {
				all = append(all, otherTexts(old[i], new[i])...)
			}
		}
	}
	return all
}

// replacer returns what replaces texts. If one text begins with another one, it replaces the longer one.
func replacer(all []replacement) *strings.Replacer {
	longestFirst := slices.SortedStableFunc(slices.Values(all), func(a, b replacement) int {
		return cmp.Compare(len(b.old), len(a.old))
	})
	var pairs []string
	for _, r := range longestFirst {
		pairs = append(pairs, r.old, r.new)
	}
	return strings.NewReplacer(pairs...)
}

// replaceIn returns a value with texts replaced.
func replaceIn(value any, r *strings.Replacer) any {
	switch value := value.(type) {
	case string:
		return r.Replace(value)
	case map[string]any:
		changed := map[string]any{}
		for key, v := range value {
			changed[key] = replaceIn(v, r)
		}
		return changed
	case []any:
		changed := make([]any, len(value))
		for i, v := range value {
			changed[i] = replaceIn(v, r)
		}
		return changed
	}
	return value
}

// overridden returns an input that a mutant changes and that the account shows as it was, or nothing. Another resource
// of the stack sets such an input again, or AWS decides it, so that no program can change it there.
func (o original) overridden(account *cloud.Account, changes []changedResource) string {
	before, after := outputsOf(o.objects), outputsOf(account.Objects())
	for _, c := range changes {
		for key, value := range c.Inputs {
			was, shows := before[c.URN][key], after[c.URN][key]
			if value != nil && !reflect.DeepEqual(shows, value) && reflect.DeepEqual(shows, was) {
				return key
			}
		}
	}
	return ""
}

// outputsOf returns the outputs of objects by URN.
func outputsOf(objects []cloud.Object) map[string]cloud.Props {
	all := map[string]cloud.Props{}
	for _, o := range objects {
		if o.URN != "" {
			all[o.URN] = o.Outputs()
		}
	}
	return all
}

// differences returns the outputs of a deployed mutant that differ from those of the original stack, by URN. They are
// nil if they are absent.
func (o original) differences(account *cloud.Account) map[string]map[string]any {
	before, all := outputsOf(o.objects), map[string]map[string]any{}
	for urn, outputs := range outputsOf(account.Objects()) {
		differing := map[string]any{}
		for key := range before[urn] {
			if !outputs.Has(key) {
				differing[key] = nil
			}
		}
		for key, value := range outputs {
			if !reflect.DeepEqual(before[urn][key], value) {
				differing[key] = value
			}
		}
		if len(differing) > 0 {
			all[urn] = differing
		}
	}
	return all
}

// smallStack returns a stack of a VPC, a security group and two rules. One rule takes its range from the VPC, and the
// other one has the same range in its program.
func smallStack(t *testing.T) original {
	t.Helper()
	const project = "urn:pulumi:s::private-api-blueprints::"
	account, err := cloud.Open(filepath.Join(t.TempDir(), "aws.json"), catalog.New())
	require.NoError(t, err)
	account.Detach()
	account.ChooseRepeatably()
	var state []apitype.ResourceV3
	create := func(kind, name string, inputs map[string]any, from map[string]string) (id string) {
		urn := project + kind + "::" + name
		id, _, err := account.Create("us-east-1", urn, kind, resource.NewPropertyMapFromMap(inputs))
		require.NoError(t, err)
		r := apitype.ResourceV3{URN: resource.URN(urn), PropertyDependencies: map[resource.PropertyKey][]resource.URN{}}
		for key, of := range from {
			r.Dependencies = append(r.Dependencies, resource.URN(project+of))
			r.PropertyDependencies[resource.PropertyKey(key)] = []resource.URN{resource.URN(project + of)}
		}
		state = append(state, r)
		return id
	}
	const vpcKind, groupKind = "aws:ec2/vpc:Vpc", "aws:ec2/securityGroup:SecurityGroup"
	const ruleKind = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	vpc := create(vpcKind, "vpc", map[string]any{"cidrBlock": "10.0.0.0/16"}, nil)
	group := create(groupKind, "group", map[string]any{"vpcId": vpc, "name": "g"},
		map[string]string{"vpcId": vpcKind + "::vpc"})
	rule := func(port int) map[string]any {
		return map[string]any{"securityGroupId": group, "ipProtocol": "tcp", "fromPort": port, "toPort": port,
			"cidrIpv4": "10.0.0.0/16"}
	}
	ofGroup := map[string]string{"securityGroupId": groupKind + "::group"}
	create(ruleKind, "fixed", rule(80), ofGroup)
	create(ruleKind, "taken", rule(443), map[string]string{
		"securityGroupId": groupKind + "::group", "cidrIpv4": vpcKind + "::vpc",
	})
	return originalOf(account.Objects(), state)
}

func TestWhatRefersToAChangedResourceFollows(t *testing.T) {
	o := smallStack(t)
	vpc := o.objects[0].URN
	account, err := o.deploy(t.TempDir(), []changedResource{
		{URN: vpc, Inputs: map[string]any{"cidrBlock": "172.31.0.0/16"}},
	})
	require.NoError(t, err)
	outputs := outputsOf(account.Objects())
	assert.Equal(t, "172.31.0.0/16", outputs[vpc]["cidrBlock"])
	assert.Equal(t, "10.0.0.0/16", outputs[o.objects[2].URN]["cidrIpv4"], "the program gives the range")
	assert.Equal(t, "172.31.0.0/16", outputs[o.objects[3].URN]["cidrIpv4"], "the VPC gives the range")
	assert.Equal(t, o.objects[0].ID, outputs[vpc]["id"], "an ID depends on the URN only")
}

func TestTheLongestTextIsReplaced(t *testing.T) {
	old := map[string]any{"a": "name", "b": "name.example.com", "c": []any{"name.example"}, "d": "name"}
	new := map[string]any{"a": "other", "b": "other.example.net", "c": []any{"b.example"}, "d": "last"}
	r := replacer(otherTexts(old, new))
	for text, want := range map[string]string{
		"name.example.com": "other.example.net", "name.example.org": "b.example.org", "name.org": "other.org",
		"name.example.com/name": "other.example.net/other",
	} {
		assert.Equal(t, want, replaceIn(text, r))
	}
}

func TestAMutantMayBeRefused(t *testing.T) {
	o := smallStack(t)
	vpc, group, rule := o.objects[0].URN, o.objects[1].URN, o.objects[2].URN
	for _, row := range []struct {
		why    string
		change changedResource
		want   string
	}{
		{"AWS refuses a range", changedResource{URN: vpc, Inputs: map[string]any{"cidrBlock": "10.0.0.0/8"}}, "vpc: "},
		{"nothing has the ID", changedResource{URN: vpc, Gone: true}, "group: InvalidVpcID.NotFound"},
		{"the engine refuses a circle", changedResource{
			URN: group, Inputs: map[string]any{"description": "x"}, Dependencies: []string{rule},
		}, "wait for each other"},
	} {
		_, err := o.deploy(t.TempDir(), []changedResource{row.change})
		assert.ErrorContains(t, err, row.want, row.why)
		assert.True(t, isRefusal(err), row.why)
	}
}

func TestATypeThatIsNotSimulatedIsNoRefusal(t *testing.T) {
	o := smallStack(t)
	o.objects[0].Type = "aws:none/none:None"
	_, err := o.deploy(t.TempDir(), nil)
	assert.Error(t, err)
	assert.False(t, isRefusal(err), "%v", err)
}

func TestAnInputThatAWSDecidesIsOverridden(t *testing.T) {
	o := smallStack(t)
	group := o.objects[1].URN
	for key, want := range map[string]string{"arn": "arn", "description": ""} {
		changes := []changedResource{{URN: group, Inputs: map[string]any{key: "x"}}}
		account, err := o.deploy(t.TempDir(), changes)
		require.NoError(t, err)
		assert.Equal(t, want, o.overridden(account, changes))
	}
}
