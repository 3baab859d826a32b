package model_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

var truths = []model.Truth{model.False, model.Maybe, model.True}

// TestTruthIsThreeValued checks the connectives against what they mean: Maybe
// is either of the others, and an answer is certain only if it is so for both.
func TestTruthIsThreeValued(t *testing.T) {
	worlds := func(a model.Truth) []bool {
		switch a {
		case model.True:
			return []bool{true}
		case model.False:
			return []bool{false}
		}
		return []bool{true, false}
	}
	over := func(a, b model.Truth, op func(bool, bool) bool) model.Truth {
		seen := map[bool]bool{}
		for _, x := range worlds(a) {
			for _, y := range worlds(b) {
				seen[op(x, y)] = true
			}
		}
		if len(seen) == 2 {
			return model.Maybe
		}
		return model.TruthOf(seen[true])
	}
	for _, a := range truths {
		for _, b := range truths {
			assert.Equal(t, over(a, b, func(x, y bool) bool { return x && y }), a.And(b), "%s and %s", a, b)
			assert.Equal(t, over(a, b, func(x, y bool) bool { return x || y }), a.Or(b), "%s or %s", a, b)
		}
		assert.Equal(t, over(a, a, func(x, _ bool) bool { return !x }), a.Not(), "not %s", a)
	}
}

func TestKnownDeniesNothingItDoesNotKnow(t *testing.T) {
	for _, c := range []struct {
		name      string
		known     model.Known[string]
		is, isNot bool
		equals    model.Truth
	}{
		{"absent", model.Known[string]{}, false, true, model.False},
		{"unknown", model.Unknown[string](), false, false, model.Maybe},
		{"the value", model.Of("v"), true, false, model.True},
		{"another value", model.Of("w"), false, true, model.False},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.is, c.known.Is("v"))
			assert.Equal(t, c.isNot, c.known.IsNot("v"))
			assert.Equal(t, c.equals, c.known.Equals("v"))
			assert.Equal(t, c.equals, c.known.Same(model.Of("v")))
			assert.Equal(t, c.equals, model.Of("v").Same(c.known))
		})
	}
	assert.Equal(t, model.False, model.Known[string]{}.Same(model.Known[string]{}), "absent is not the same as absent")
	assert.Equal(t, model.False, model.Known[string]{}.Same(model.Unknown[string]()), "nor as what is not known yet")
	assert.True(t, model.Known[string]{}.Or("v").Is("v"), "absent takes the default")
	assert.True(t, model.Unknown[string]().Or("v").IsUnknown(), "unknown does not")
}

func TestRefAnswersForAllItMayName(t *testing.T) {
	a := &model.Subnet{Zone: model.Of("a")}
	b := &model.Subnet{Zone: model.Of("b")}
	inA := func(s *model.Subnet) model.Truth { return s.Zone.Equals("a") }
	for _, c := range []struct {
		name      string
		ref       model.Ref[model.Subnet]
		names, is model.Truth
	}{
		{"certain", subnetRef(a), model.True, model.True},
		{"another", subnetRef(b), model.False, model.False},
		{"either", subnetRef(a, b), model.Maybe, model.Maybe},
		{"one of two that agree", subnetRef(a, &model.Subnet{Zone: model.Of("a")}), model.Maybe, model.True},
		{"outside of the stack", model.Ref[model.Subnet]{Value: model.Of("subnet-1"), Open: true}, model.False, model.Maybe},
		{"anything", model.Ref[model.Subnet]{Value: model.Unknown[string](), Open: true}, model.Maybe, model.Maybe},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.names, c.ref.Names(a))
			assert.Equal(t, c.is, c.ref.Ask(inA))
		})
	}
}

func TestRegionsAreToldApartByWhatIsStated(t *testing.T) {
	here, there := model.Of("us-east-1"), model.Of("us-west-2")
	for _, c := range []struct {
		name string
		a, b model.Placement
		want model.Truth
	}{
		{"one provider", model.Placement{Provider: "p"}, model.Placement{Provider: "p"}, model.True},
		{"two that take it from the environment", model.Placement{Provider: "p"}, model.Placement{Provider: "q"}, model.Maybe},
		{"two of one region", model.Placement{Provider: "p", Region: here}, model.Placement{Provider: "q", Region: here}, model.True},
		{"two of two regions", model.Placement{Provider: "p", Region: here}, model.Placement{Provider: "q", Region: there}, model.False},
		{"no provider is not one provider", model.Placement{}, model.Placement{}, model.Maybe},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, c.a.SameRegion(c.b)) })
	}
}

func TestZonesOfSubnets(t *testing.T) {
	a, b, c := inZone("a"), inZone("b"), inZone("c")
	anywhere := model.Ref[model.Subnet]{Value: model.Unknown[string](), Open: true}
	for _, row := range []struct {
		name        string
		left, right model.Refs[model.Subnet]
		two, same   model.Truth
	}{
		{"equal", subnets(subnetRef(a), subnetRef(b)), subnets(subnetRef(b), subnetRef(a)), model.True, model.True},
		{"one differs", subnets(subnetRef(a), subnetRef(b)), subnets(subnetRef(a), subnetRef(c)), model.True, model.False},
		{"two subnets are no two zones", subnets(subnetRef(a), subnetRef(inZone("a"))), subnets(subnetRef(a)), model.False, model.False},
		{"as many subnets as zones", subnets(subnetRef(a, b), subnetRef(a, b)), subnets(subnetRef(a), subnetRef(b)), model.Maybe, model.True},
		{"fewer subnets than zones", subnets(subnetRef(a, b, c), subnetRef(a, b, c)), subnets(subnetRef(a), subnetRef(b)), model.Maybe, model.Maybe},
		{"a zone that the other cannot be in", subnets(subnetRef(c), anywhere), subnets(subnetRef(a, b), subnetRef(a, b)), model.Maybe, model.False},
		{"nothing is known", subnets(anywhere, anywhere), subnets(subnetRef(a), subnetRef(b)), model.Maybe, model.Maybe},
		{"more subnets than the other has", subnets(anywhere, anywhere), subnets(anywhere), model.Maybe, model.False},
		{"none", subnets(), subnets(subnetRef(a)), model.False, model.False},
		{"unknown number", model.Refs[model.Subnet]{Rest: &anywhere}, subnets(subnetRef(a)), model.Maybe, model.Maybe},
	} {
		t.Run(row.name, func(t *testing.T) {
			left, right := model.ZonesOf(row.left), model.ZonesOf(row.right)
			assert.Equal(t, row.two, left.AtLeast(2), "spans two zones")
			assert.Equal(t, row.same, left.Same(right))
			assert.Equal(t, row.same, right.Same(left), "the other way round")
		})
	}
}

func inZone(zone string) *model.Subnet { return &model.Subnet{Zone: model.Of(zone)} }

func subnetRef(candidates ...*model.Subnet) model.Ref[model.Subnet] {
	return model.Ref[model.Subnet]{Value: model.Unknown[string](), Candidates: candidates}
}

func subnets(items ...model.Ref[model.Subnet]) model.Refs[model.Subnet] {
	return model.Refs[model.Subnet]{Items: items}
}

func TestSourceCoversRange(t *testing.T) {
	all := netip.MustParsePrefix("10.0.1.0/24")
	for source, want := range map[string]model.Truth{
		"10.0.1.0/24":   model.True,
		"10.0.0.0/16":   model.True,
		"0.0.0.0/0":     model.True,
		"10.0.1.128/25": model.Maybe, // Perhaps the part that is in use.
		"10.0.2.0/24":   model.False,
		"::/0":          model.False, // The other family.
	} {
		s := model.Source{Range: model.Of(netip.MustParsePrefix(source))}
		assert.Equal(t, want, s.Covers(all), source)
	}
	assert.Equal(t, model.Maybe, model.Source{Range: model.Unknown[netip.Prefix]()}.Covers(all))
	assert.Equal(t, model.False, model.Source{}.Covers(all))
}

func TestRuleAdmitsPort(t *testing.T) {
	rule := func(protocol string, from, to int) *model.IngressRule {
		return &model.IngressRule{Protocol: model.Of(protocol), From: model.Of(from), To: model.Of(to)}
	}
	for _, c := range []struct {
		name string
		rule *model.IngressRule
		want model.Truth
	}{
		{"the port", rule("tcp", 443, 443), model.True},
		{"a range of ports", rule("6", 0, 65535), model.True},
		{"below", rule("tcp", 0, 442), model.False},
		{"above", rule("tcp", 444, 65535), model.False},
		{"another protocol", rule("udp", 443, 443), model.False},
		{"every protocol, ports do not count", rule("-1", 0, 0), model.True},
		{"protocol not known", &model.IngressRule{Protocol: model.Unknown[string]()}, model.Maybe},
		{"end not known", &model.IngressRule{Protocol: model.Of("tcp"), From: model.Of(443), To: model.Unknown[int]()}, model.Maybe},
		{"end not known, but begins above", &model.IngressRule{Protocol: model.Of("tcp"), From: model.Of(444), To: model.Unknown[int]()}, model.False},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, c.rule.AdmitsTCP(443)) })
	}
}
