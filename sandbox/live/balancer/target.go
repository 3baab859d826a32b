package balancer

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// targetGroup is a target group with its registered targets.
type targetGroup struct {
	*inventory.Object
	lb        *loadBalancer
	targets   []*target
	crossZone bool
}

// target is an address to which a load balancer sends connections.
type target struct {
	group  *targetGroup
	id     string // What was registered: an address, or the ID of an instance or load balancer.
	addr   netip.AddrPort
	zone   string // Empty means all zones.
	unused string // Why the load balancer does not use the target. Empty means that it does.

	mu     sync.Mutex
	checks map[string]check // By the zone of the node that made it.
}

// String describes a target in a trail.
func (t *target) String() string {
	if t.id == t.addr.Addr().String() {
		return t.addr.String()
	}
	return fmt.Sprintf("%s (%s)", t.addr, t.id)
}

// group returns the target group with an ARN, or nil if it does not exist. The rules of a
// load balancer share it, and with it the health of its targets.
func (lb *loadBalancer) group(arn string) *targetGroup {
	for _, g := range lb.groups {
		if g.ID == arn {
			return g
		}
	}
	o := lb.all.inv.Find(targetGroupType, arn)
	if o == nil {
		return nil
	}
	g := &targetGroup{Object: o, lb: lb}
	lb.groups = append(lb.groups, g)
	switch o.Out.String("loadBalancingCrossZoneEnabled") {
	case "true":
		g.crossZone = true
	case "false":
	default: // The provider's useLoadBalancerConfiguration. An Application Load Balancer always crosses zones.
		g.crossZone = lb.Out.Bool("enableCrossZoneLoadBalancing") || lb.Out.String("loadBalancerType") == "application"
	}
	for _, attachment := range lb.all.inv.Where(attachmentType, "targetGroupArn", arn) {
		g.targets = append(g.targets, g.register(attachment.Out)...)
	}
	// A stack registers its targets at the same time, in any order. Which one serves a client must not depend on it.
	slices.SortStableFunc(g.targets, func(a, b *target) int { return a.addr.Compare(b.addr) })
	return g
}

// register returns the targets of one registration: one, or as many as an Application
// Load Balancer has nodes.
func (g *targetGroup) register(attachment cloud.Props) []*target {
	port := uint16(cmp.Or(attachment.Int("port"), g.Out.Int("port")))
	id, inv := attachment.String("targetId"), g.lb.all.inv
	var found []*target
	switch g.Out.StringOr("targetType", "instance") {
	case "ip":
		addr, err := netip.ParseAddr(id)
		if err != nil {
			return nil
		}
		zone := g.zoneOf(attachment.String("availabilityZone"), addr)
		found = []*target{g.target(id, netip.AddrPortFrom(addr, port), zone)}
	case "instance":
		if instance := inv.Find(instanceType, id); instance != nil {
			found = g.interfaces(instance, port)
		}
	case "alb":
		if balancer := inv.Find(loadBalancerType, id); balancer != nil {
			found = g.interfaces(balancer, port)
		}
	}
	return found
}

// interfaces returns a target for each interface of an object.
func (g *targetGroup) interfaces(o *inventory.Object, port uint16) []*target {
	var found []*target
	for _, eni := range o.Interfaces {
		text := eni.IPv4
		if g.Out.String("ipAddressType") == "ipv6" {
			text = eni.IPv6
		}
		addr, err := netip.ParseAddr(text)
		subnet := g.lb.all.inv.Find(subnetType, eni.Subnet)
		if err != nil || subnet == nil {
			continue
		}
		found = append(found, g.target(o.ID, netip.AddrPortFrom(addr, port), subnet.Out.String("availabilityZone")))
	}
	return found
}

// target returns a target. A load balancer does not use one in a zone that is not
// enabled for it.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func (g *targetGroup) target(id string, addr netip.AddrPort, zone string) *target {
	t := &target{group: g, id: id, addr: addr, zone: zone, checks: map[string]check{}}
	enabled := slices.ContainsFunc(g.lb.nodes, func(n *node) bool { return n.zone == zone })
	if zone != "" && !enabled {
		t.unused = fmt.Sprintf("Target.NotInUse: zone %s is not enabled for the load balancer", zone)
	}
	return t
}

// zoneOf returns the zone of an address: the one given, all zones if "all" is given,
// or the zone of the subnet that contains the address.
func (g *targetGroup) zoneOf(given string, addr netip.Addr) string {
	switch given {
	case "all":
		return ""
	case "":
	default:
		return given
	}
	for _, subnet := range g.lb.all.inv.Where(subnetType, "vpcId", g.Out.String("vpcId")) {
		for _, key := range []string{"cidrBlock", "ipv6CidrBlock"} {
			block, err := netip.ParsePrefix(subnet.Out.String(key))
			if err == nil && block.Contains(addr) {
				return subnet.Out.String("availabilityZone")
			}
		}
	}
	return ""
}

// usable returns the targets that a node sends connections to: the healthy ones of its
// zone, or of all zones if the group crosses zones. If all of them are unhealthy, they
// all get connections.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func (g *targetGroup) usable(ctx context.Context, n *node) []*target {
	place, reachable := g.lb.label(n), g.reachable(ctx, n)
	if len(reachable) == 0 {
		trail.Add(ctx, place, g.ID, "target group %s has no target for zone %s, and cross-zone load balancing is %s",
			g.Out.String("name"), n.zone, onOff(g.crossZone))
		return nil
	}
	healthy := g.healthy(ctx, n, reachable)
	if len(healthy) == 0 {
		trail.Add(ctx, place, g.ID, "all targets are unhealthy, so it fails open and uses them all")
		return reachable
	}
	return healthy
}

// reachable returns the targets that a node may use, whatever their health.
func (g *targetGroup) reachable(ctx context.Context, n *node) []*target {
	var found []*target
	for _, t := range g.targets {
		switch {
		case t.unused != "":
			trail.Add(ctx, g.lb.label(n), g.ID, "does not use target %s: %s", t, t.unused)
		case g.crossZone || t.zone == "" || t.zone == n.zone:
			found = append(found, t)
		}
	}
	return found
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// flow returns a number that is the same for all packets of a connection. With
// stickiness it is the same for all connections of a client.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
func (g *targetGroup) flow(a network.Arrival) uint64 {
	key := a.From.String() + " " + a.To.String()
	if g.Out.Object("stickiness").Bool("enabled") {
		key = a.From.Addr().String()
	}
	hash := fnv.New64a()
	hash.Write([]byte(key))
	return hash.Sum64() >> 8 // The lowest bits of FNV mix badly.
}

// preserves reports whether targets see a client's address. They do not if the client
// came through PrivateLink, or if the IP versions differ.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
func (g *targetGroup) preserves(t *target, a network.Arrival) bool {
	return g.Out.String("preserveClientIp") == "true" && !a.PrivateLink && a.Endpoint == "" &&
		a.From.Addr().Unmap().Is4() == t.addr.Addr().Is4()
}

// losesPreserved returns why a target never answers a connection that has the client's
// address as its source, or nothing. The interfaces of endpoints and of other Network
// Load Balancers answer the client, who did not ask them.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#client-ip-preservation
func (g *targetGroup) losesPreserved(t *target, a network.Arrival) string {
	if a.From.Addr() == t.addr.Addr() {
		return "a target cannot reach itself through a load balancer that preserves its address"
	}
	for _, token := range []string{endpointType, loadBalancerType} {
		for _, o := range g.lb.all.inv.All(token) {
			if token == loadBalancerType && o.Out.String("loadBalancerType") != "network" {
				continue
			}
			for _, eni := range o.Interfaces {
				if text := t.addr.Addr().String(); text == eni.IPv4 || text == eni.IPv6 {
					return fmt.Sprintf("%s belongs to %s, which answers the preserved address of the client directly",
						text, lastPart(o.ID))
				}
			}
		}
	}
	return ""
}

// lastPart returns what follows the last slash of an ARN, or an ID.
func lastPart(id string) string { return id[strings.LastIndex(id, "/")+1:] }
