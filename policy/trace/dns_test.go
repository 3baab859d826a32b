package trace

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
)

// slowZone returns the domain of the private zone that answers for a name: it looks
// at all parents of the name, the longest first.
func slowZone(domains map[string]bool, host string) string {
	labels := strings.Split(host, ".")
	for i := range labels {
		if domain := strings.Join(labels[i:], "."); domains[domain] {
			return domain
		}
	}
	return ""
}

// TestTheMostSpecificZoneAnswers compares the choice among random private zones with
// a search by brute force.
func TestTheMostSpecificZoneAnswers(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 6))
	labels := []string{"a", "b", "ab"}
	name := func() string {
		parts := []string{"com"}
		for range 1 + random.IntN(4) {
			parts = append([]string{labels[random.IntN(len(labels))]}, parts...)
		}
		return strings.Join(parts, ".")
	}
	answered := 0
	for range 2_000 {
		vpc, other := &model.VPC{DNSHostnames: model.Of(true)}, &model.VPC{DNSHostnames: model.Of(true)}
		s, domains := &model.Stack{}, map[string]bool{}
		for range 1 + random.IntN(5) {
			z := &model.HostedZone{Domain: model.Of(name())}
			z.VPCs.Items = []model.Ref[model.VPC]{refTo(vpc)}
			if random.IntN(3) == 0 {
				z.VPCs.Items[0] = refTo(other)
			} else {
				domain, _ := z.Domain.Get()
				domains[domain] = true
			}
			s.HostedZones = append(s.HostedZones, z)
		}
		host := name()
		sources := New(s).privateSources(place{vpc: refTo(vpc)}, host)
		want := slowZone(domains, host)
		require.Equal(t, want != "", len(sources) > 0, host)
		if want != "" {
			answered++
			require.Equal(t, want, sources[0].domain, host)
			require.Equal(t, model.True, sources[0].applies)
		}
	}
	assert.Greater(t, answered, 200, "the names do not test much")
}

func TestAFixedRecordComesBeforeAWildcard(t *testing.T) {
	z := &model.HostedZone{Domain: model.Of("example.com")}
	record := func(name string) *model.Record {
		return &model.Record{Element: element(name, ""), Zone: refTo(z), Host: model.Of(name)}
	}
	s := &model.Stack{HostedZones: []*model.HostedZone{z}, Records: []*model.Record{
		record("*.example.com"), record("api.example.com"), record("*.b.example.com"),
	}}
	for _, c := range []struct{ why, host, want string }{
		{"the name itself", "api.example.com", "api.example.com"},
		{"a wildcard", "www.example.com", "*.example.com"},
		{"a wildcard stands for several labels", "x.y.example.com", "*.example.com"},
		{"the closer wildcard", "x.b.example.com", "*.b.example.com"},
		{"a wildcard is not for the domain itself", "example.com", ""},
		{"a name that only ends alike", "api-example.com", ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			in := func(r *model.Record) model.Truth { return r.Zone.Names(z) }
			found := walk{Tracer: New(s)}.recordsIn(in, c.host)
			if c.want == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Equal(t, c.want, found[0].Name)
		})
	}
}

// TestOneOfTwoZonesOutsideTheStackMayBePrivate has records of one name in two zones that the program names by ID.
func TestOneOfTwoZonesOutsideTheStackMayBePrivate(t *testing.T) {
	record := func(name, zone, host string, recordType model.RecordType) *model.Record {
		return &model.Record{
			Element: element(name, ""), Zone: model.Ref[model.HostedZone]{Value: model.Of(zone), Open: true},
			Host: model.Of(host), Type: model.Of(recordType),
		}
	}
	one, two := record("one", "Z1", "api.example.com", "A"), record("two", "Z2", "api.example.com", "A")
	same := record("same", "Z1", "api.example.com", "AAAA")
	proof := record("proof", "Z1", "_x.example.com", "CNAME")
	proof.ValidatesCertificate = model.True
	for _, c := range []struct {
		why      string
		records  []*model.Record
		from     place
		one, two model.Truth
	}{
		{"one zone", []*model.Record{one, same}, place{internet: true}, model.True, model.True},
		{"either may be private", []*model.Record{one, two}, place{internet: true}, model.Maybe, model.Maybe},
		{"one is public", []*model.Record{one, two, proof}, place{internet: true}, model.True, model.False},
		{"in a VPC, the other one may answer", []*model.Record{one, two, proof}, place{}, model.Maybe, model.Maybe},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := walk{Tracer: New(&model.Stack{Records: c.records})}
			answers := func(r *model.Record) model.Truth {
				return w.answersAmong(w.rivals(r, "api.example.com"), r, c.from)
			}
			assert.Equal(t, c.one, answers(one))
			assert.Equal(t, c.two, answers(c.records[1]))
		})
	}
}

func TestAPublicZoneMayNotBeTheOneToWhichTheDomainAboveLeads(t *testing.T) {
	zone := &model.HostedZone{Element: element("zone", "Z2"), Domain: model.Of("api.example.com")}
	record := &model.Record{
		Element: element("record", ""), Zone: model.Ref[model.HostedZone]{Value: model.Of("Z1"), Open: true},
		Host: model.Of("api.example.com"), Type: model.Of[model.RecordType]("A"),
	}
	for _, c := range []struct {
		why     string
		records []*model.Record
		want    Disposition
	}{
		{"the zone is the only one", nil, NameNotResolved},
		{"another zone has a record of the name", []*model.Record{record}, InsufficientInfo},
	} {
		t.Run(c.why, func(t *testing.T) {
			stack := &model.Stack{HostedZones: []*model.HostedZone{zone}, Records: c.records}
			traces := walk{Tracer: New(stack)}.inPublic(call{from: internetPlace()}, "api.example.com")
			assert.Equal(t, c.want, traces[0].Disposition)
		})
	}
}

func TestTheNameOfAnAWSServiceMayBelongToAnEndpoint(t *testing.T) {
	vpc := &model.VPC{DNSHostnames: model.Of(true)}
	e := &model.Endpoint{
		Element: element("console", "vpce-1"), VPC: refTo(vpc), PrivateDNS: model.True,
		Service: model.Of("com.amazonaws.us-east-1.console"), Type: model.Of(model.EndpointInterface),
	}
	tracer := New(&model.Stack{VPCs: []*model.VPC{vpc}, Endpoints: []*model.Endpoint{e}})
	for host, want := range map[string]int{
		"us-east-1.console.aws.amazon.com": 1, "runtime.sagemaker.aws": 1, "api.example.com": 0,
	} {
		assert.Len(t, tracer.privateSources(place{vpc: refTo(vpc)}, host), want, host)
	}
}
