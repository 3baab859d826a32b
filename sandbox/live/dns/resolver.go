package dns

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// Resolver answers the questions of the clients at a place.
type Resolver struct {
	zones *Zones
	vpc   *inventory.Object // Nil for public DNS.
	// another says that the client is in a VPC of somebody else, whose execute-api endpoint has private DNS.
	another bool
}

// Resolver returns the resolver that a place asks: that of its VPC, or public DNS. A network on premises
// forwards to the VPC that it is connected with if the VPC has an inbound endpoint of Route 53 Resolver.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html
func (z *Zones) Resolver(place network.Place) *Resolver {
	r := &Resolver{zones: z, another: place.Outside == network.AnotherVPC}
	subnet := z.inv.Find(subnetType, place.Subnet)
	if subnet == nil {
		return r
	}
	vpc := subnet.Out.String("vpcId")
	if place.Outside != network.OnPremises || z.hasInbound(vpc) {
		r.vpc = z.inv.Find(vpcType, vpc)
	}
	return r
}

// hasInbound reports whether a VPC has an inbound endpoint of Route 53 Resolver.
func (z *Zones) hasInbound(vpc string) bool {
	return slices.ContainsFunc(z.inv.Where("aws:route53/resolverEndpoint:ResolverEndpoint", "direction", "INBOUND"),
		func(o *inventory.Object) bool {
			subnets := o.Out.StringsAt("ipAddresses[].subnetId")
			return slices.ContainsFunc(subnets, func(id string) bool {
				subnet := z.inv.Find(subnetType, id)
				return subnet != nil && subnet.Out.String("vpcId") == vpc
			})
		})
}

// Lookup answers a question for records of a type, such as dns.TypeA. The error is a *network.Stopped if nobody
// answers.
func (r *Resolver) Lookup(ctx context.Context, name string, kind uint16) (*Answer, error) {
	name = canonical(name)
	if r.vpc != nil && !r.vpc.Out.Bool("enableDnsSupport") {
		stop := &network.Stopped{End: network.TimedOut, Source: r.vpc.ID,
			Reason: "the VPC has no resolver, because enableDnsSupport is off"}
		trail.Add(ctx, "dns", r.vpc.ID, "%s", stop)
		return nil, stop
	}
	a := &Answer{Name: name, Type: kind}
	for next := name; next != ""; {
		if len(a.Hops) > maxDepth {
			a.Rcode, a.Records = dns.RcodeServerFailure, nil
			a.hop(ctx, Hop{Name: next, Text: "the CNAME records form a loop"})
			break
		}
		next = r.step(ctx, a, next)
	}
	return a, nil
}

// Addrs returns the IPv4 and IPv6 addresses of a host, as a client that asks for both gets them. It returns
// none if the name does not exist.
func (r *Resolver) Addrs(ctx context.Context, host string) ([]netip.Addr, error) {
	var all []netip.Addr
	for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		a, err := r.Lookup(ctx, host, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, a.Addrs()...)
	}
	return all, nil
}

// hop notes who answered.
func (a *Answer) hop(ctx context.Context, h Hop) {
	a.Hops = append(a.Hops, h)
	trail.Add(ctx, "dns", h.Source, "%s %s: %s", h.Name, dns.TypeToString[a.Type], h.Text)
}

// step answers for one name. It returns the target of a CNAME, which is the next name.
func (r *Resolver) step(ctx context.Context, a *Answer, name string) (next string) {
	h, note := r.privateZone(name)
	if h == nil && !owned(name) {
		var foreign []string
		h, foreign = r.zones.delegated(name)
		if foreign != nil {
			a.Rcode = dns.RcodeServerFailure
			a.hop(ctx, Hop{Name: name, Text: "delegated to " + strings.Join(foreign, " ") +
				", where the account has no zone of the name" + note})
			return ""
		}
		note += r.zones.unreached(h, name)
	}
	if h == nil {
		r.own(ctx, a, name, note)
		return ""
	}
	f := h.find(r.zones, name, a.Type, 0)
	a.Records = append(a.Records, f.records...)
	if len(f.records) == 0 {
		a.Authority = []dns.RR{soa(h.name, h.servers)}
		if !f.exists {
			a.Rcode = dns.RcodeNameError
		}
	}
	a.hop(ctx, Hop{Name: name, Source: h.id, Text: h.text + ": " + f.text + note})
	return f.next
}

// privateZone returns the zone in the VPC that answers for a name, or nil. A note says why one does not answer.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func (r *Resolver) privateZone(name string) (h *zone, note string) {
	if r.vpc == nil {
		return nil, ""
	}
	h = closest(r.zones.private[r.vpc.ID], name)
	if h != nil && !r.vpc.Out.Bool("enableDnsHostnames") {
		return nil, fmt.Sprintf(" (not the %s, because enableDnsHostnames of %s is off)", h.text, r.vpc.ID)
	}
	return h, ""
}

// unreached returns a note about a more specific public zone to which no NS record leads.
func (z *Zones) unreached(h *zone, name string) string {
	best := closest(z.public, name)
	if best == nil || h == nil || best.name == h.name {
		return ""
	}
	return fmt.Sprintf(" (no NS record of the zone leads to zone %s, %s)", best.name, best.id)
}

// owned reports whether a name is in a domain of AWS.
func owned(name string) bool {
	return slices.ContainsFunc(awsDomains, func(domain string) bool { return within(name, domain) })
}

var awsDomains = []string{"amazonaws.com", "amazonaws.com.cn", "cloudfront.net", "ec2.internal", "compute.internal"}

// own answers for a name that is in no zone of the account: it is AWS's, or unknown.
func (r *Resolver) own(ctx context.Context, a *Answer, name, note string) {
	t, ok := r.instance(name)
	if !ok {
		t, ok = r.captured(name)
	}
	if !ok {
		t, ok = r.zones.named(name)
	}
	hop := Hop{Name: name, Source: t.source}
	a.Authority = []dns.RR{soa(parent(name), nil)}
	switch missing, expected := r.zones.names.missing[name]; {
	case ok:
		records := addressRecords(name, a.Type, t)
		a.Records = append(a.Records, records...)
		if len(records) > 0 {
			a.Authority = nil
		}
		hop.Text = addressText(a.Type, t)
	case expected:
		a.Rcode, hop.Source, hop.Text = dns.RcodeNameError, missing.source, "no such name: "+missing.text
	case owned(name):
		a.Rcode, hop.Text = dns.RcodeNameError, "no such name of AWS"
	default:
		a.Rcode, hop.Text = dns.RcodeNameError, "no such name: no public zone of the account contains it"
	}
	hop.Text += note
	a.hop(ctx, hop)
}

// captured returns the address of the endpoint to which private DNS leads the default names of all APIs in a VPC of
// somebody else.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
func (r *Resolver) captured(name string) (target, bool) {
	for _, region := range r.zones.inv.Regions() {
		suffix := ".execute-api." + region + ".amazonaws.com"
		label, is := strings.CutSuffix(name, suffix)
		if r.another && is && !strings.Contains(label, ".") {
			addrs := slices.DeleteFunc(network.ServiceAddrs(r.zones.inv, "execute-api", region),
				func(addr netip.Addr) bool { return addr.Is6() })
			return target{addrs: addrs, text: "the execute-api endpoint of another VPC"}, true
		}
	}
	return target{}, false
}

// parent returns the domain that contains a name.
func parent(name string) string {
	_, domain, _ := strings.Cut(name, ".")
	return domain
}

// instance returns the private address of an instance in the VPC, which its private and its public name have
// there. The public name has it over a peering connection too, if the connection's options say so.
// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html
func (r *Resolver) instance(name string) (target, bool) {
	if r.vpc == nil {
		return target{}, false
	}
	for _, o := range r.zones.inv.All(instanceType) {
		public, private := canonical(o.Out.String("publicDns")), canonical(o.Out.String("privateDns"))
		for _, eip := range r.zones.inv.Where("aws:ec2/eip:Eip", "instance", o.ID) {
			public = canonical(eip.Out.String("publicDns"))
		}
		here := r.vpcOf(o) == r.vpc.ID
		if (name == private && here) || (name == public && (here || r.resolvesOver(r.vpcOf(o)))) {
			return target{addrs: parse(o.Out.String("privateIp")), source: o.ID, text: "instance " + o.ID}, true
		}
	}
	return target{}, false
}

// vpcOf returns the ID of the VPC of an instance.
func (r *Resolver) vpcOf(instance *inventory.Object) string {
	if subnet := r.zones.inv.Find(subnetType, instance.Out.String("subnetId")); subnet != nil {
		return subnet.Out.String("vpcId")
	}
	return ""
}

// resolvesOver reports whether another VPC lets this one resolve the public names of its instances to private
// addresses.
func (r *Resolver) resolvesOver(vpc string) bool {
	for _, o := range r.zones.inv.All("aws:ec2/vpcPeeringConnection:VpcPeeringConnection") {
		sides := map[string]string{o.Out.String("vpcId"): "requester", o.Out.String("peerVpcId"): "accepter"}
		if sides[vpc] != "" && sides[r.vpc.ID] != "" && o.Out.String("acceptStatus") == "active" &&
			o.Out.Object(sides[vpc]).Bool("allowRemoteVpcDnsResolution") {
			return true
		}
	}
	return false
}
