package dns

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/livetest"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// question is a row of a table: what a resolver answers.
type question struct {
	why  string
	with string // Changes of the world.
	from network.Place
	name string
	kind uint16   // A if 0.
	want []string // The records, each as "name TTL type value" without dots at the end.
	// rcode is dns.RcodeSuccess if the name exists.
	rcode  int
	source string // The ID of the last who answered.
	text   string // Part of what it says.
}

var (
	internet = network.Place{Outside: network.Internet}
	inside   = network.Place{Subnet: "subnet-a"}
	other    = network.Place{Subnet: "subnet-other"}
)

// names replaces names and addresses that the account chooses. {vpce} is the label of the endpoint, {d} the regional
// domain name, {cf} that of CloudFront.
func names(t *testing.T) *strings.Replacer {
	inv := livetest.Open(t, world, `
- {type: aws:ec2/eip:Eip, id: eipalloc-web, inputs: {domain: vpc, instance: i-web}}`)
	endpoint := inv.Find(endpointType, "vpce-api").Out.Objects("dnsEntries")[0].String("dnsName")
	label, _, _ := strings.Cut(endpoint, ".")
	domain := inv.Find("aws:apigateway/domainName:DomainName", "api.example.com").Out
	edge := inv.Find("aws:apigateway/domainName:DomainName", "www.example.com").Out
	instance := inv.Find(instanceType, "i-web").Out
	return strings.NewReplacer("{vpce}", label, "{d}", domain.String("regionalDomainName"),
		"{cf}", edge.String("cloudfrontDomainName"), "{eip}", inv.All("aws:ec2/eip:Eip")[0].Out.String("publicIp"),
		"{public2}", inv.All("aws:ec2/eip:Eip")[1].Out.String("publicDns"), "{public}", instance.String("publicDns"),
		"{ip}", instance.String("publicIp"))
}

func (q question) check(t *testing.T) {
	fixed := names(t)
	inv := livetest.Open(t, world, fixed.Replace(q.with))
	kind := q.kind
	if kind == 0 {
		kind = dns.TypeA
	}
	a, err := New(inv, nil).Resolver(q.from).Lookup(t.Context(), fixed.Replace(q.name), kind)
	require.NoError(t, err)
	var want []string
	for _, line := range q.want {
		want = append(want, fixed.Replace(line))
	}
	assert.Equal(t, want, lines(a.Records))
	assert.Equal(t, dns.RcodeToString[q.rcode], dns.RcodeToString[a.Rcode])
	negative := len(want) == 0 && q.rcode != dns.RcodeServerFailure
	assert.Equal(t, negative, len(a.Authority) == 1, "a SOA record says how long the answer holds")
	last := a.Hops[len(a.Hops)-1]
	if q.source != "" {
		assert.Equal(t, q.source, last.Source)
	}
	assert.Contains(t, last.Text, fixed.Replace(q.text))
}

var space = regexp.MustCompile(`\s+`)

// lines returns records as "name TTL type value".
func lines(records []dns.RR) []string {
	var all []string
	for _, rr := range records {
		fields := strings.SplitN(space.ReplaceAllString(rr.String(), " "), " ", 5)
		fields = slices.Delete(fields, 2, 3) // The class.
		for i := range fields {
			fields[i] = strings.TrimSuffix(fields[i], ".")
		}
		all = append(all, strings.Join(fields, " "))
	}
	return all
}

// private is a private zone of the VPC with one record.
func private(name, record string) string {
	return `
- {type: aws:route53/zone:Zone, id: ZPRIVATE, inputs: {name: ` + name + `, vpcs: [{vpcId: vpc-a}]}}
- {type: aws:route53/record:Record, id: ZPRIVATE_1, inputs: {zoneId: ZPRIVATE, ` + record + `}}`
}

func TestPublicZones(t *testing.T) {
	public := []string{"plain.example.com 300 A 192.0.2.80", "plain.example.com 300 A 192.0.2.81"}
	for _, row := range []question{
		{why: "a record of a public zone", from: internet, name: "plain.example.com", want: public, source: "ZPUBLIC",
			text: "public zone example.com: 192.0.2.80 192.0.2.81"},
		{why: "names have no case, and may end in a dot", from: internet, name: "Plain.Example.COM.", want: public},
		{why: "a VPC without a private zone asks public DNS", from: inside, name: "plain.example.com", want: public},
		{why: "a text of several words", from: internet, name: "text.example.com", kind: dns.TypeTXT,
			want: []string{`text.example.com 300 TXT "a b; c"`}},
		{why: "a name without records of the type", from: internet, name: "plain.example.com", kind: dns.TypeAAAA,
			source: "ZPUBLIC", text: "no AAAA record"},
		{why: "a name that only has names below it exists", from: internet, name: "deep.example.com",
			source: "ZPUBLIC", text: "no A record"},
		{why: "a wildcard stands for names that do not exist", from: internet, name: "any.example.com",
			want: []string{"any.example.com 300 A 192.0.2.83"}, text: "*.example.com: 192.0.2.83"},
		{why: "a wildcard stands for several labels", from: internet, name: "x.y.example.com",
			want: []string{"x.y.example.com 300 A 192.0.2.83"}},
		{why: "a wildcard does not stand for names below one that exists", from: internet, name: "x.deep.example.com",
			rcode: dns.RcodeNameError, source: "ZPUBLIC"},
		{why: "a CNAME record is followed", from: internet, name: "short.example.com",
			want: append([]string{"short.example.com 300 CNAME plain.example.com"}, public...)},
		{why: "a CNAME record itself", from: internet, name: "short.example.com", kind: dns.TypeCNAME,
			want: []string{"short.example.com 300 CNAME plain.example.com"}},
		{why: "an alias within the zone has the target's time to live", from: internet, name: "same.example.com",
			want: []string{"same.example.com 300 A 192.0.2.80", "same.example.com 300 A 192.0.2.81"},
			text: "alias to plain.example.com"},
		{why: "a wildcard as Route 53 writes it", from: internet, name: "x.octal.example.com", with: `
- {type: aws:route53/record:Record, id: ZPUBLIC_octal, inputs: {zoneId: ZPUBLIC, name: '\052.octal.example.com',
   type: A, ttl: 60, records: [192.0.2.84]}}`, want: []string{"x.octal.example.com 60 A 192.0.2.84"}},
		{why: "aliases that form a loop", from: internet, name: "alias1.example.com", with: `
- {type: aws:route53/record:Record, id: ZPUBLIC_alias1, inputs: {zoneId: ZPUBLIC, name: alias1.example.com, type: A,
   aliases: [{name: alias2.example.com, zoneId: ZPUBLIC, evaluateTargetHealth: false}]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_alias2, inputs: {zoneId: ZPUBLIC, name: alias2.example.com, type: A,
   aliases: [{name: alias1.example.com, zoneId: ZPUBLIC, evaluateTargetHealth: false}]}}`, text: "a loop"},
		{why: "an alias to a name that does not exist", from: internet, name: "gone.example.com", with: `
- {type: aws:route53/record:Record, id: ZPUBLIC_gone, inputs: {zoneId: ZPUBLIC, name: gone.example.com, type: A,
   aliases: [{name: gone-1.elb.us-east-1.amazonaws.com, zoneId: Z26RNL4JYFTOTI, evaluateTargetHealth: false}]}}`,
			text: "alias to gone-1.elb.us-east-1.amazonaws.com, which does not exist"},
		{why: "a loop", from: internet, name: "loop1.example.com", rcode: dns.RcodeServerFailure, text: "form a loop"},
		{why: "a name in no zone of the account", from: internet, name: "www.example.org", rcode: dns.RcodeNameError,
			text: "no public zone of the account contains it"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestStartsOfZones(t *testing.T) {
	for _, row := range []question{
		{why: "the name servers of a zone", from: internet, name: "zone.example.net", kind: dns.TypeNS, with: `
- {type: aws:route53/zone:Zone, id: ZNET, inputs: {name: zone.example.net, vpcs: [{vpcId: vpc-a}]}}`,
			rcode: dns.RcodeNameError, text: "no public zone"},
		{why: "the name servers of a private zone, inside", from: inside, name: "zone.example.net", kind: dns.TypeNS,
			with: `
- {type: aws:route53/zone:Zone, id: ZNET, inputs: {name: zone.example.net, vpcs: [{vpcId: vpc-a}]}}`,
			want: []string{"zone.example.net 172800 NS ns-0.awsdns-00.com",
				"zone.example.net 172800 NS ns-512.awsdns-00.net", "zone.example.net 172800 NS ns-1024.awsdns-00.org",
				"zone.example.net 172800 NS ns-1536.awsdns-00.co.uk"}},
		{why: "the start of a zone", from: inside, name: "zone.example.net", kind: dns.TypeSOA, with: `
- {type: aws:route53/zone:Zone, id: ZNET, inputs: {name: zone.example.net, vpcs: [{vpcId: vpc-a}]}}`,
			want: []string{"zone.example.net 900 SOA " +
				"ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}},
	} {
		t.Run(row.why, row.check)
	}
}

func TestPrivateZones(t *testing.T) {
	public := []string{"plain.example.com 300 A 192.0.2.80", "plain.example.com 300 A 192.0.2.81"}
	const plain = "name: plain.example.com, type: A, ttl: 60, records: [10.1.10.99]"
	for _, row := range []question{
		{why: "a private zone hides the public one from its VPC", with: private("example.com", plain), from: inside,
			name: "plain.example.com", want: []string{"plain.example.com 60 A 10.1.10.99"}, source: "ZPRIVATE"},
		{why: "and not from the internet", with: private("example.com", plain), from: internet,
			name: "plain.example.com", want: public},
		{why: "and not from another VPC", with: private("example.com", plain), from: other,
			name: "plain.example.com", want: public},
		{why: "and not from AWS's own networks", with: private("example.com", plain),
			from: network.Place{Outside: network.Service}, name: "plain.example.com", want: public},
		{why: "a VPC can be associated later", with: private("example.com", plain) + `
- {type: aws:route53/zoneAssociation:ZoneAssociation, id: "ZPRIVATE:vpc-other",
   inputs: {zoneId: ZPRIVATE, vpcId: vpc-other}}`, from: other, name: "plain.example.com",
			want: []string{"plain.example.com 60 A 10.1.10.99"}, source: "ZPRIVATE"},
		{why: "a private zone without the name does not fall back to public DNS", with: private("example.com", plain),
			from: inside, name: "text.example.com", rcode: dns.RcodeNameError, source: "ZPRIVATE"},
		{why: "nor does one without the type", with: private("example.com", plain), from: inside,
			name: "plain.example.com", kind: dns.TypeTXT, source: "ZPRIVATE"},
		{why: "the most specific private zone answers", with: private("example.com", plain) + `
- {type: aws:route53/zone:Zone, id: ZEXACT, inputs: {name: plain.example.com, vpcs: [{vpcId: vpc-a}]}}`, from: inside,
			name: "plain.example.com", source: "ZEXACT", text: "private zone plain.example.com: no A record"},
		{why: "a zone's name is whole labels", with: private("plain.example.com", plain), from: inside,
			name: "notplain.example.com", want: []string{"notplain.example.com 300 A 192.0.2.83"}, source: "ZPUBLIC"},
		{why: "private zones need enableDnsHostnames", with: private("example.com", plain) + `
- {type: aws:ec2/vpc:Vpc, id: vpc-a, inputs: {cidrBlock: 10.1.0.0/16, assignGeneratedIpv6CidrBlock: true,
   enableDnsSupport: true, enableDnsHostnames: false}, private: {ipv6CidrBlock: "2001:db8:a::/56"}}`, from: inside,
			name: "plain.example.com", want: public, text: "because enableDnsHostnames of vpc-a is off"},
	} {
		t.Run(row.why, row.check)
	}
}

// TestDelegation has a public zone with a zone below it.
func TestDelegation(t *testing.T) {
	const child = `
- {type: aws:route53/zone:Zone, id: ZCHILD, inputs: {name: child.example.com}}
- {type: aws:route53/record:Record, id: ZCHILD_1, inputs: {zoneId: ZCHILD, name: x.child.example.com, type: A, ttl: 60,
   records: [192.0.2.90]}}`
	server := livetest.Open(t, world, child).Find("aws:route53/zone:Zone", "ZCHILD").Out.Strings("nameServers")[0]
	delegation := func(to string) string {
		return child + `
- {type: aws:route53/record:Record, id: ZPUBLIC_NS, inputs: {zoneId: ZPUBLIC, name: child.example.com, type: NS,
   ttl: 300, records: [` + to + `.]}}`
	}
	for _, row := range []question{
		{why: "NS records lead to the zone", with: delegation(server), from: internet, name: "x.child.example.com",
			want: []string{"x.child.example.com 60 A 192.0.2.90"}, source: "ZCHILD"},
		{why: "NS records lead elsewhere", with: delegation("ns1.example.org"), from: internet,
			name: "x.child.example.com", rcode: dns.RcodeServerFailure,
			text: "delegated to ns1.example.org., where the account has no zone of the name"},
		{why: "no NS records", with: child, from: internet, name: "x.child.example.com",
			want: []string{"x.child.example.com 300 A 192.0.2.83"}, source: "ZPUBLIC",
			text: "(no NS record of the zone leads to zone child.example.com, ZCHILD)"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestNamesOfLoadBalancers(t *testing.T) {
	const inner = "inner-2.elb.us-east-1.amazonaws.com"
	for _, row := range []question{
		{why: "an internet-facing load balancer has its Elastic IP", from: internet,
			name: "lb-1.elb.us-east-1.amazonaws.com", want: []string{"lb-1.elb.us-east-1.amazonaws.com 60 A {eip}"}},
		{why: "in the VPC too", from: inside, name: "lb-1.elb.us-east-1.amazonaws.com",
			want: []string{"lb-1.elb.us-east-1.amazonaws.com 60 A {eip}"}},
		{why: "AWS gives it an address if it has no Elastic IP", from: internet,
			name: "auto-3.elb.us-east-1.amazonaws.com",
			want: []string{"auto-3.elb.us-east-1.amazonaws.com 60 A 192.0.2.128"}},
		{why: "public DNS has the private addresses of an internal one", from: internet, name: inner,
			want: []string{inner + " 60 A 10.1.10.40", inner + " 60 A 10.1.11.40"}},
		{why: "a dualstack one has AAAA records", from: internet, name: inner, kind: dns.TypeAAAA,
			want: []string{inner + " 60 AAAA 2001:db8:a:10::40", inner + " 60 AAAA 2001:db8:a:11::40"}},
		{why: "the others have none", from: internet, name: "lb-1.elb.us-east-1.amazonaws.com", kind: dns.TypeAAAA,
			text: "load balancer lb has no AAAA record"},
		{why: "a name of a load balancer in one zone", from: internet, name: "us-east-1b." + inner,
			want: []string{"us-east-1b." + inner + " 60 A 10.1.11.40"}},
		{why: "a name with the prefix of the console", from: internet, name: "dualstack." + inner, kind: dns.TypeAAAA,
			want: []string{"dualstack." + inner + " 60 AAAA 2001:db8:a:10::40",
				"dualstack." + inner + " 60 AAAA 2001:db8:a:11::40"}},
	} {
		t.Run(row.why, row.check)
	}
}

func TestNamesOfEndpoints(t *testing.T) {
	const vpce = "{vpce}.execute-api.us-east-1.vpce.amazonaws.com"
	dualstack := func(kind string) string {
		return `
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-api, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.execute-api, subnetIds: [subnet-a], privateDnsEnabled: true,
   ipAddressType: dualstack, dnsOptions: {dnsRecordIpType: ` + kind + `},
   subnetConfigurations: [{subnetId: subnet-a, ipv4: 10.1.10.10, ipv6: "2001:db8:a:10::10"}]}}`
	}
	for _, row := range []question{
		{why: "public DNS has the private addresses of an endpoint", from: internet, name: vpce,
			want: []string{vpce + " 60 A 10.1.10.10", vpce + " 60 A 10.1.11.10"}, source: "vpce-api"},
		{why: "a name of an endpoint in one zone", from: internet,
			name: "{vpce}-us-east-1b.execute-api.us-east-1.vpce.amazonaws.com", want: []string{
				"{vpce}-us-east-1b.execute-api.us-east-1.vpce.amazonaws.com 60 A 10.1.11.10"},
			text: "endpoint vpce-api in us-east-1b has 10.1.11.10"},
		{why: "an endpoint of IPv4 has no AAAA record", from: internet, name: vpce, kind: dns.TypeAAAA},
		{why: "records of both types", with: dualstack("dualstack"), from: internet, name: vpce, kind: dns.TypeAAAA,
			want: []string{vpce + " 60 AAAA 2001:db8:a:10::10"}},
		{why: "a dualstack endpoint may have A records only", with: dualstack("ipv4"), from: internet, name: vpce,
			kind: dns.TypeAAAA},
		{why: "a dualstack endpoint may have AAAA records only", with: dualstack("ipv6"), from: internet, name: vpce},
		{why: "records that the service defines: AAAA for the endpoint's names", with: dualstack("service-defined"),
			from: internet, name: vpce, kind: dns.TypeAAAA, want: []string{vpce + " 60 AAAA 2001:db8:a:10::10"}},
		{why: "records that the service defines: no AAAA for the private name", with: dualstack("service-defined"),
			from: inside, name: "execute-api.us-east-1.amazonaws.com", kind: dns.TypeAAAA, source: "vpce-api"},
		{why: "the private name has both types", with: dualstack("dualstack"), from: inside,
			name: "execute-api.us-east-1.amazonaws.com", kind: dns.TypeAAAA,
			want: []string{"execute-api.us-east-1.amazonaws.com 60 AAAA 2001:db8:a:10::10"}},
	} {
		t.Run(row.why, row.check)
	}
}

func TestNamesOfAPIs(t *testing.T) {
	const secret = "secret-vpce-api.execute-api.us-east-1.amazonaws.com"
	for _, row := range []question{
		{why: "the default name of a private API does not exist", from: internet, rcode: dns.RcodeNameError,
			name: "secret.execute-api.us-east-1.amazonaws.com", source: "secret", text: "the API is private"},
		{why: "nor in the VPC without private DNS", from: inside, rcode: dns.RcodeNameError,
			name: "secret.execute-api.us-east-1.amazonaws.com", source: "secret"},
		{why: "the name of a private API and its endpoint", from: internet, name: secret,
			want: []string{secret + " 60 A 10.1.10.10", secret + " 60 A 10.1.11.10"}, source: "vpce-api"},
		{why: "the default name of a regional API", from: inside, name: "region.execute-api.us-east-1.amazonaws.com",
			want: []string{"region.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.192",
				"region.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.193"}, source: "region"},
		{why: "a regional API has IPv6 only if it asks for it", from: internet, kind: dns.TypeAAAA,
			name: "region.execute-api.us-east-1.amazonaws.com"},
		{why: "a dualstack regional API", from: internet, kind: dns.TypeAAAA,
			name: "double.execute-api.us-east-1.amazonaws.com",
			want: []string{"double.execute-api.us-east-1.amazonaws.com 60 AAAA 3fff:1:1::1",
				"double.execute-api.us-east-1.amazonaws.com 60 AAAA 3fff:1:1::2"}},
		{why: "an edge-optimized API", from: internet, name: "edge.execute-api.us-east-1.amazonaws.com",
			want: []string{"edge.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.194",
				"edge.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.195"}, text: "CloudFront has"},
		{why: "an HTTP API", from: internet, name: "http.execute-api.us-east-1.amazonaws.com",
			want: []string{"http.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.192",
				"http.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.193"}},
	} {
		t.Run(row.why, row.check)
	}
}

func TestNamesOfServices(t *testing.T) {
	for _, row := range []question{
		{why: "a public zone of the account does not answer for names of AWS", from: internet, with: `
- {type: aws:route53/zone:Zone, id: ZAWS, inputs: {name: amazonaws.com}}`,
			name: "http.execute-api.us-east-1.amazonaws.com",
			want: []string{"http.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.192",
				"http.execute-api.us-east-1.amazonaws.com 60 A 192.0.2.193"}},
		{why: "S3 in the region", from: inside, name: "s3.us-east-1.amazonaws.com",
			want: []string{"s3.us-east-1.amazonaws.com 60 A 192.0.2.196",
				"s3.us-east-1.amazonaws.com 60 A 192.0.2.197"}},
		{why: "a bucket, without IPv6", from: inside, name: "b.s3.us-east-1.amazonaws.com", kind: dns.TypeAAAA,
			text: "s3 in us-east-1 has no AAAA record"},
		{why: "a bucket, with IPv6", from: inside, name: "b.s3.dualstack.us-east-1.amazonaws.com", kind: dns.TypeAAAA,
			want: []string{"b.s3.dualstack.us-east-1.amazonaws.com 60 AAAA 3fff:1:3::1",
				"b.s3.dualstack.us-east-1.amazonaws.com 60 AAAA 3fff:1:3::2"}},
		{why: "DynamoDB has no names below its own", from: inside, name: "x.dynamodb.us-east-1.amazonaws.com",
			rcode: dns.RcodeNameError},
		{why: "an API that does not exist", from: internet, name: "none.execute-api.us-east-1.amazonaws.com",
			rcode: dns.RcodeNameError, text: "no such name of AWS"},
		{why: "the target of a regional custom domain", from: internet, name: "{d}",
			want: []string{"{d} 60 A 192.0.2.192", "{d} 60 A 192.0.2.193"}, source: "api.example.com"},
		{why: "the target of an edge-optimized custom domain", from: internet, name: "{cf}",
			want: []string{"{cf} 60 A 192.0.2.194", "{cf} 60 A 192.0.2.195"}, source: "www.example.com"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestNamesOfInstances(t *testing.T) {
	for _, row := range []question{
		{why: "the public name of an instance, outside", from: internet, name: "{public}",
			want: []string{"{public} 60 A {ip}"}},
		{why: "the public name of an instance in its VPC", from: inside, name: "{public}",
			want: []string{"{public} 60 A 10.1.10.20"}},
		{why: "the public name of an instance in another VPC", from: other, name: "{public}",
			want: []string{"{public} 60 A {ip}"}},
		{why: "the public name of an instance over a peering connection that allows it", with: `
- {type: aws:ec2/vpcPeeringConnection:VpcPeeringConnection, id: pcx-1, inputs: {vpcId: vpc-a, peerVpcId: vpc-other,
   autoAccept: true, requester: {allowRemoteVpcDnsResolution: true}}}`, from: other, name: "{public}",
			want: []string{"{public} 60 A 10.1.10.20"}},
		{why: "the other side's permission is not this side's", with: `
- {type: aws:ec2/vpcPeeringConnection:VpcPeeringConnection, id: pcx-1, inputs: {vpcId: vpc-a, peerVpcId: vpc-other,
   autoAccept: true, accepter: {allowRemoteVpcDnsResolution: true}}}`, from: other, name: "{public}",
			want: []string{"{public} 60 A {ip}"}},
		{why: "the public name of an Elastic IP in the VPC of its instance", from: inside, name: "{public2}", with: `
- {type: aws:ec2/eip:Eip, id: eipalloc-web, inputs: {domain: vpc, instance: i-web}}`,
			want: []string{"{public2} 60 A 10.1.10.20"}},
		{why: "the private name of an instance in its VPC", from: inside, name: "ip-10-1-10-20.ec2.internal",
			want: []string{"ip-10-1-10-20.ec2.internal 60 A 10.1.10.20"}},
		{why: "the private name of an instance, outside", from: internet, name: "ip-10-1-10-20.ec2.internal",
			rcode: dns.RcodeNameError},
	} {
		t.Run(row.why, row.check)
	}
}

// TestPrivateDNS has an endpoint of API Gateway with private DNS.
func TestPrivateDNS(t *testing.T) {
	const (
		on = `
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-api, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.execute-api, subnetIds: [subnet-a], privateDnsEnabled: true,
   subnetConfigurations: [{subnetId: subnet-a, ipv4: 10.1.10.10}]}}`
		alias = `
- {type: aws:route53/record:Record, id: ZPUBLIC_api, inputs: {zoneId: ZPUBLIC, name: api.example.com, type: A,
   aliases: [{name: "{d}", zoneId: Z1UJRXOUMOOFQ8, evaluateTargetHealth: false}]}}`
		cname = `
- {type: aws:route53/record:Record, id: ZPUBLIC_api, inputs: {zoneId: ZPUBLIC, name: api.example.com, type: CNAME,
   ttl: 300, records: ["{d}"]}}`
		base = "execute-api.us-east-1.amazonaws.com"
	)
	captured := func(name string) []string {
		return []string{name + " 60 CNAME " + base, base + " 60 A 10.1.10.10"}
	}
	for _, row := range []question{
		{why: "a private API has its default name in the VPC", with: on, from: inside, name: "secret." + base,
			want: captured("secret." + base), source: "vpce-api", text: "private DNS of vpce-api"},
		{why: "a private API has no name outside", with: on, from: internet, name: "secret." + base,
			rcode: dns.RcodeNameError},
		{why: "private DNS captures public APIs", with: on, from: inside, name: "region." + base,
			want: captured("region." + base), source: "vpce-api"},
		{why: "private DNS captures APIs that do not exist", with: on, from: inside, name: "none." + base,
			want: captured("none." + base), source: "vpce-api"},
		{why: "private DNS holds in its VPC only", with: on, from: other, name: "region." + base,
			want: []string{"region." + base + " 60 A 192.0.2.192", "region." + base + " 60 A 192.0.2.193"}},
		{why: "private DNS does not capture the endpoint's own names", with: on, from: inside,
			name: "{vpce}.execute-api.us-east-1.vpce.amazonaws.com",
			want: []string{"{vpce}.execute-api.us-east-1.vpce.amazonaws.com 60 A 10.1.10.10"}},
		{why: "an alias to a regional custom domain is resolved by Route 53", with: on + alias, from: inside,
			name: "api.example.com", want: []string{"api.example.com 60 A 192.0.2.192",
				"api.example.com 60 A 192.0.2.193"}, source: "ZPUBLIC", text: "alias to {d}: API Gateway in us-east-1"},
		{why: "a CNAME to it is resolved in the VPC, and captured", with: on + cname, from: inside,
			name: "api.example.com", want: append([]string{"api.example.com 300 CNAME {d}"}, captured("{d}")...),
			source: "vpce-api"},
		{why: "a CNAME to it outside", with: on + cname, from: internet, name: "api.example.com",
			want: []string{"api.example.com 300 CNAME {d}", "{d} 60 A 192.0.2.192", "{d} 60 A 192.0.2.193"}},
		{why: "a private zone of one API is more specific", with: on + private("secret."+base, "name: secret."+base+
			", type: A, ttl: 60, records: [10.1.10.99]"), from: inside, name: "secret." + base,
			want: []string{"secret." + base + " 60 A 10.1.10.99"}, source: "ZPRIVATE"},
		{why: "an alias to an endpoint's name", with: `
- {type: aws:route53/zone:Zone, id: ZPRIVATE, inputs: {name: api.example.com, vpcs: [{vpcId: vpc-a}]}}
- {type: aws:route53/record:Record, id: ZPRIVATE_api, inputs: {zoneId: ZPRIVATE, name: api.example.com, type: A,
   aliases: [{name: "{vpce}.execute-api.us-east-1.vpce.amazonaws.com", zoneId: Z7HUB22UULQXV,
   evaluateTargetHealth: true}]}}`, from: inside, name: "api.example.com", source: "ZPRIVATE",
			want: []string{"api.example.com 60 A 10.1.10.10", "api.example.com 60 A 10.1.11.10"}},
		{why: "an alias of type AAAA to a target of IPv4", with: `
- {type: aws:route53/record:Record, id: ZPUBLIC_api, inputs: {zoneId: ZPUBLIC, name: api.example.com, type: AAAA,
   aliases: [{name: lb-1.elb.us-east-1.amazonaws.com, zoneId: Z26RNL4JYFTOTI, evaluateTargetHealth: true}]}}`,
			from: internet, name: "api.example.com", kind: dns.TypeAAAA, source: "ZPUBLIC",
			text: "load balancer lb has no AAAA record"},
	} {
		t.Run(row.why, row.check)
	}
}

// TestPrivateNamesOfEndpointServices has a service with a verified name, and an endpoint of it.
func TestPrivateNamesOfEndpointServices(t *testing.T) {
	world := func(name, verified, on string) string {
		return `
- {type: aws:ec2/vpcEndpointService:VpcEndpointService, id: vpce-svc-1, inputs: {acceptanceRequired: false,
   privateDnsName: "` + name + `", allowedPrincipals: ["*"],
   networkLoadBalancerArns: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/inner/2"]},
   private: {verified: ` + verified + `}}
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-svc, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.vpce.us-east-1.vpce-svc-1, subnetIds: [subnet-a], privateDnsEnabled: ` + on + `,
   subnetConfigurations: [{subnetId: subnet-a, ipv4: 10.1.10.12}]}}`
	}
	for _, row := range []question{
		{why: "the name leads to the endpoint in the consumer's VPC", with: world("h2.example.com", "true", "true"),
			from: inside, name: "h2.example.com", want: []string{"h2.example.com 60 A 10.1.10.12"}, source: "vpce-svc"},
		{why: "the name is the provider's outside", with: world("h2.example.com", "true", "true"), from: internet,
			name: "h2.example.com", want: []string{"h2.example.com 300 A 192.0.2.83"}, source: "ZPUBLIC"},
		{why: "nothing below the name", with: world("h2.example.com", "true", "true"), from: inside,
			name: "x.h2.example.com", rcode: dns.RcodeNameError, source: "vpce-svc"},
		{why: "no name without private DNS", with: world("h2.example.com", "false", "false"), from: inside,
			name: "h2.example.com", want: []string{"h2.example.com 300 A 192.0.2.83"}},
		{why: "a wildcard name", with: world("*.h2.example.com", "true", "true"), from: inside,
			name: "x.h2.example.com", want: []string{"x.h2.example.com 60 A 10.1.10.12"}, source: "vpce-svc"},
	} {
		t.Run(row.why, row.check)
	}
}

// set is a record of a set with identifiers.
func set(id, policy, address string) string {
	return `
- {type: aws:route53/record:Record, id: ZPUBLIC_set_` + id + `, inputs: {zoneId: ZPUBLIC, name: set.example.com,
   type: A, ttl: 60, setIdentifier: ` + id + `, ` + policy + `, records: [` + address + `]}}`
}

func TestRecordsWithIdentifiersTakeTurns(t *testing.T) {
	weight := func(n string) string { return "weightedRoutingPolicies: [{weight: " + n + "}]" }
	failover := func(kind string) string { return "failoverRoutingPolicies: [{type: " + kind + "}]" }
	for _, row := range []struct {
		why, with string
		want      []string // The answers to four questions.
	}{
		{"equal shares", set("a", weight("10"), "192.0.2.1") + set("b", weight("10"), "192.0.2.2"),
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"}},
		{"a weight of 0 answers never", set("a", weight("0"), "192.0.2.1") + set("b", weight("1"), "192.0.2.2"),
			[]string{"192.0.2.2", "192.0.2.2", "192.0.2.2", "192.0.2.2"}},
		{"unless all weights are 0", set("a", weight("0"), "192.0.2.1") + set("b", weight("0"), "192.0.2.2"),
			[]string{"192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"}},
		{"the secondary record waits", set("a", failover("SECONDARY"), "192.0.2.1") +
			set("b", failover("PRIMARY"), "192.0.2.2"), []string{"192.0.2.2", "192.0.2.2", "192.0.2.2", "192.0.2.2"}},
		{"all of several values", set("a", "multivalueAnswerRoutingPolicy: true", "192.0.2.1") +
			set("b", "multivalueAnswerRoutingPolicy: true", "192.0.2.2"),
			[]string{"192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2"}},
	} {
		r := New(livetest.Open(t, world, row.with), nil).Resolver(internet)
		var got []string
		for range row.want {
			a, err := r.Lookup(t.Context(), "set.example.com", dns.TypeA)
			require.NoError(t, err)
			got = append(got, recordText(a.Records))
		}
		assert.Equal(t, row.want, got, row.why)
	}
}

// inbound is the type of the endpoints of Route 53 Resolver. The catalog does not have it.
func inbound() cloud.Catalog {
	c := catalog.New()
	c.Kinds = append(c.Kinds, &cloud.Kind{Token: "aws:route53/resolverEndpoint:ResolverEndpoint",
		ID: cloud.HexID("rslvr-in-")})
	return c
}

func TestOnPremisesForwardsToAnInboundEndpoint(t *testing.T) {
	const zone = `
- {type: aws:route53/zone:Zone, id: ZPRIVATE, inputs: {name: plain.example.com, vpcs: [{vpcId: vpc-a}]}}
- {type: aws:route53/record:Record, id: ZPRIVATE_1, inputs: {zoneId: ZPRIVATE, name: plain.example.com, type: A,
   ttl: 60, records: [10.1.10.99]}}`
	endpoint := func(direction, subnet string) string {
		return `
- {type: aws:route53/resolverEndpoint:ResolverEndpoint, id: rslvr-1, inputs: {direction: ` + direction + `,
   ipAddresses: [{subnetId: ` + subnet + `}]}}`
	}
	office := network.Place{Outside: network.OnPremises, Subnet: "subnet-b"}
	for _, row := range []struct {
		why, with string
		from      network.Place
		source    string
	}{
		{"no endpoint: public DNS", "", office, "ZPUBLIC"},
		{"an inbound endpoint in the VPC", endpoint("INBOUND", "subnet-a"), office, "ZPRIVATE"},
		{"an outbound endpoint is for questions from the VPC", endpoint("OUTBOUND", "subnet-a"), office, "ZPUBLIC"},
		{"an inbound endpoint in another VPC", endpoint("INBOUND", "subnet-other"), office, "ZPUBLIC"},
		{"connected with no VPC", endpoint("INBOUND", "subnet-a"), network.Place{Outside: network.OnPremises},
			"ZPUBLIC"},
	} {
		r := New(livetest.OpenWith(t, inbound(), world, zone, row.with), nil).Resolver(row.from)
		a, err := r.Lookup(t.Context(), "plain.example.com", dns.TypeA)
		require.NoError(t, err)
		assert.Equal(t, row.source, a.Hops[0].Source, row.why)
	}
}

// TestWhatAnAccountMayBecome changes the world in ways that the simulated account does not let happen in one step.
func TestWhatAnAccountMayBecome(t *testing.T) {
	const (
		peering = `
- {type: aws:ec2/vpcPeeringConnection:VpcPeeringConnection, id: pcx-1, inputs: {vpcId: vpc-a, peerVpcId: vpc-other,
   autoAccept: true, requester: {allowRemoteVpcDnsResolution: true}}}`
		private = `
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-api, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.execute-api, subnetIds: [subnet-a], privateDnsEnabled: true,
   subnetConfigurations: [{subnetId: subnet-a, ipv4: 10.1.10.10}]}}`
	)
	inv := livetest.Open(t, world, peering, private)
	public := inv.Find(instanceType, "i-web").Out
	inv.Find("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "pcx-1").Out["acceptStatus"] = "deleted"
	a, err := New(inv, nil).Resolver(other).Lookup(t.Context(), public.String("publicDns"), dns.TypeA)
	require.NoError(t, err)
	assert.Equal(t, public.String("publicIp"), recordText(a.Records), "a peering connection that ended")

	inv.Find(endpointType, "vpce-api").Out["state"] = "rejected"
	a, err = New(inv, nil).Resolver(inside).Lookup(t.Context(), "region.execute-api.us-east-1.amazonaws.com", dns.TypeA)
	require.NoError(t, err)
	assert.Equal(t, "region", a.Hops[0].Source, "an endpoint whose connection was rejected captures nothing")
}

func TestUpToEightValuesAnswer(t *testing.T) {
	var with strings.Builder
	for i := range 9 {
		address := fmt.Sprintf("192.0.2.%d", i+1)
		with.WriteString(set(string(rune('a'+i)), "multivalueAnswerRoutingPolicy: true", address))
	}
	a, err := New(livetest.Open(t, world, with.String()), nil).Resolver(internet).Lookup(t.Context(), "set.example.com",
		dns.TypeA)
	require.NoError(t, err)
	assert.Len(t, a.Records, 8)
}

func TestAResolverGivesUpOnALoop(t *testing.T) {
	a, err := New(livetest.Open(t, world), nil).Resolver(internet).Lookup(t.Context(), "loop1.example.com", dns.TypeA)
	require.NoError(t, err)
	assert.Len(t, a.Hops, maxDepth+2)
}

func TestAVPCWithoutDNSSupportHasNoResolver(t *testing.T) {
	inv := livetest.Open(t, world, `
- {type: aws:ec2/vpc:Vpc, id: vpc-other, inputs: {cidrBlock: 10.2.0.0/16, enableDnsSupport: false}}`)
	_, err := New(inv, nil).Resolver(other).Lookup(t.Context(), "plain.example.com", dns.TypeA)
	var stop *network.Stopped
	require.ErrorAs(t, err, &stop)
	assert.Equal(t, network.TimedOut, stop.End)
	assert.Equal(t, "vpc-other", stop.Source)
}

func TestATrailSaysWhoAnswered(t *testing.T) {
	way := &trail.Trail{}
	r := New(livetest.Open(t, world), nil).Resolver(internet)
	_, err := r.Lookup(trail.With(t.Context(), way), "short.example.com", dns.TypeA)
	require.NoError(t, err)
	assert.Equal(t, []trail.Step{
		{Place: "dns", Source: "ZPUBLIC", Text: "short.example.com A: public zone example.com: plain.example.com."},
		{Place: "dns", Source: "ZPUBLIC", Text: "plain.example.com A: public zone example.com: 192.0.2.80 192.0.2.81"},
	}, way.Steps())
}

func TestAddrsAreOfBothVersions(t *testing.T) {
	r := New(livetest.Open(t, world), nil).Resolver(internet)
	addrs, err := r.Addrs(t.Context(), "inner-2.elb.us-east-1.amazonaws.com")
	require.NoError(t, err)
	var texts []string
	for _, addr := range addrs {
		texts = append(texts, addr.String())
	}
	assert.Equal(t, []string{"10.1.10.40", "10.1.11.40", "2001:db8:a:10::40", "2001:db8:a:11::40"}, texts)
}

// TestTheNameOfALoadBalancerLeadsToItsHealthyNodes also checks that the names of single nodes stay.
func TestTheNameOfALoadBalancerLeadsToItsHealthyNodes(t *testing.T) {
	inv := livetest.Open(t, world)
	name := inv.All(loadBalancerType)[1].Out.String("dnsName")
	public := inv.All(loadBalancerType)[0].Out.String("dnsName")
	healthy := map[string]string{ // The private addresses of nodes.
		inv.All(loadBalancerType)[1].ID: "10.1.11.40 2001:db8:a:11::40",
		inv.All(loadBalancerType)[0].ID: inv.All(loadBalancerType)[0].Interfaces[0].IPv4,
	}
	r := New(inv, func(arn string) (addrs []netip.Addr) {
		for _, text := range strings.Fields(healthy[arn]) {
			addrs = append(addrs, netip.MustParseAddr(text))
		}
		return addrs
	}).Resolver(internet)
	for _, row := range []struct {
		why, name string
		want      int
	}{
		{"one of two nodes, with both IP versions", name, 2},
		{"a node with a public address", public, 1},
		{"the name of a node", "us-east-1a." + name, 2},
	} {
		addrs, err := r.Addrs(t.Context(), row.name)
		require.NoError(t, err)
		assert.Len(t, addrs, row.want, row.why)
	}
}
