package main

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/model"
)

// sides is a stack before and after the change of a mutant.
type sides struct {
	before, after *model.Stack
	resources     []plugin.AnalyzerStackResource // After the change.
}

// sidesOf returns both sides of a mutant. Both views of a stack have one program,
// and after the deployment more of it is known. So those are the sides of the same
// change there, if there is one.
func sidesOf(s *stack, m mutant) sides {
	if later, has := s.laterMutants[m.key()]; has {
		s, m = s.later, later
	}
	resources := m.build()
	return sides{s.model(), decode.Stack(resources), resources}
}

// conditions are the conditions of classes. They ask the model, and neither rules nor traces. The head of classes.yaml
// says what each means.
var conditions = map[string]func(sides) bool{
	"same-subnets":     func(s sides) bool { return len(s.changed(subnetText)) == 0 },
	"same-zones":       func(s sides) bool { return len(s.changed(subnetTextWithoutZone)) == 0 && s.keepsZones() },
	"unused-subnets":   func(s sides) bool { return s.allChanged(isUnused) },
	"local-subnets":    func(s sides) bool { return s.allChanged(isLocal) },
	"two-associations": sides.hasTwoAssociations,
	"two-routes":       func(s sides) bool { return hasTwoRoutes(s.after) },
	"foreign-route":    func(s sides) bool { return slices.ContainsFunc(s.after.VPCRoutes, isForeign) },
}

// changed returns the URNs of the subnets about which the text differs.
func (s sides) changed(text func(*model.Stack, *model.Subnet) string) []string {
	before, after := textsOf(s.before, text), textsOf(s.after, text)
	var urns []string
	for _, stack := range []*model.Stack{s.before, s.after} {
		for _, subnet := range stack.Subnets {
			if before[subnet.URN] != after[subnet.URN] && !slices.Contains(urns, subnet.URN) {
				urns = append(urns, subnet.URN)
			}
		}
	}
	return urns
}

// allChanged reports whether some subnets differ, and whether each of them has a
// quality before and after the change.
func (s sides) allChanged(has func(*model.Stack, *model.Subnet) bool) bool {
	changed := s.changed(subnetText)
	for _, stack := range []*model.Stack{s.before, s.after} {
		for _, subnet := range stack.Subnets {
			if slices.Contains(changed, subnet.URN) && !has(stack, subnet) {
				return false
			}
		}
	}
	return len(changed) > 0
}

// textsOf returns a text about each subnet of a stack, by URN.
func textsOf(stack *model.Stack, text func(*model.Stack, *model.Subnet) string) map[string]string {
	texts := map[string]string{}
	for _, subnet := range stack.Subnets {
		texts[subnet.URN] = text(stack, subnet)
	}
	return texts
}

// subnetText returns a text about a subnet. Two subnets with the same text are the
// same for all packets.
func subnetText(stack *model.Stack, subnet *model.Subnet) string {
	return fmt.Sprint(subnet.Zone, subnetTextWithoutZone(stack, subnet))
}

// subnetTextWithoutZone returns the same without the zone.
func subnetTextWithoutZone(stack *model.Stack, subnet *model.Subnet) string {
	return fmt.Sprint(subnet.Range, subnet.Range6, refText(subnet.VPC), " ",
		strings.Join(routesFrom(stack, subnet, true), ", "))
}

// routesFrom returns a text about each route of a subnet, sorted. The local routes
// are not among them. If behind is true, the routes of NAT gateways are.
func routesFrom(stack *model.Stack, subnet *model.Subnet, behind bool) []string {
	var routes []string
	for _, table := range stack.TableOf(subnet).Candidates {
		for route := range stack.RoutesOf(table) {
			text := fmt.Sprint(route.Destination, refText(route.PrefixList), " ", route.Target,
				refText(route.InternetGateway), refText(route.NATGateway), refText(route.Peering))
			for _, gateway := range route.NATGateway.Candidates {
				text += fmt.Sprint(" ", gateway.Public, refText(gateway.ElasticIP))
				for _, of := range gateway.Subnet.Candidates {
					if behind {
						text += fmt.Sprint(refText(of.VPC), routesFrom(stack, of, false))
					}
				}
			}
			routes = append(routes, text)
		}
	}
	slices.Sort(routes)
	return routes
}

// keepsZones reports whether the used subnets are in pairs in one zone, or in two,
// as they were before. NAT gateways serve all zones, so they do not count.
func (s sides) keepsZones() bool {
	before, after := usedZones(s.before), usedZones(s.after)
	for one := range before {
		for other := range before {
			if before[one].Same(before[other]) != after[one].Same(after[other]) {
				return false
			}
		}
	}
	return len(before) == len(after)
}

// usedZones returns the zones of the subnets in which something is, by URN.
func usedZones(stack *model.Stack) map[string]model.Known[string] {
	zones := map[string]model.Known[string]{}
	for _, subnet := range stack.Subnets {
		if hasAnswering(stack, subnet) || hasOthers(stack, subnet) {
			zones[subnet.URN] = subnet.Zone
		}
	}
	return zones
}

// hasTwoRoutes reports whether a route table has two routes to one destination.
func hasTwoRoutes(stack *model.Stack) bool {
	seen := map[string]bool{}
	for _, route := range stack.VPCRoutes {
		table, certain := route.Table.Sole()
		destination, known := route.Destination.Get()
		if !certain || !known {
			continue
		}
		key := fmt.Sprint(table.URN, destination)
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}

// isForeign reports whether a route leads to a gateway or over a peering
// connection of other VPCs than the one of its table.
func isForeign(route *model.VPCRoute) bool {
	table, certain := route.Table.Sole()
	if !certain {
		return false
	}
	if g, sole := route.InternetGateway.Sole(); sole && !g.VPC.IsAbsent() && g.VPC.Same(table.VPC) == model.False {
		return true
	}
	if p, sole := route.Peering.Sole(); sole {
		return p.Requester.Same(table.VPC).Or(p.Accepter.Same(table.VPC)) == model.False
	}
	g, sole := route.NATGateway.Sole()
	if !sole {
		return false
	}
	in, sole := g.Subnet.Sole()
	return sole && in.VPC.Same(table.VPC) == model.False
}

// refText returns a text that is the same for two references to the same elements.
func refText[T any](ref model.Ref[T]) string {
	urns := []string{fmt.Sprint(ref.Open)}
	for _, candidate := range ref.Candidates {
		if e, ok := any(candidate).(interface{ At(string) model.Origin }); ok {
			urns = append(urns, e.At("").URN)
		}
	}
	if len(ref.Candidates) == 0 {
		urns = append(urns, fmt.Sprint(ref.Value))
	}
	return strings.Join(urns, " ")
}

// isUnused reports whether nothing is in a subnet, and no promise comes from it.
func isUnused(stack *model.Stack, subnet *model.Subnet) bool {
	for _, p := range stack.Promises {
		if comesFrom(p, stack, subnet) {
			return false
		}
	}
	return !hasAnswering(stack, subnet) && !hasOthers(stack, subnet) && !hasNAT(stack, subnet)
}

// isLocal reports whether everything in a subnet needs the local route only: there
// are interface endpoints and internal load balancers, which do not open
// connections to other networks, all their clients are in the VPC, and no promise
// of a delivery comes from the subnet.
func isLocal(stack *model.Stack, subnet *model.Subnet) bool {
	for _, p := range stack.Promises {
		if p.Expect != model.ExpectRefused && p.Expect != "name-not-resolved" && comesFrom(p, stack, subnet) {
			return false
		}
	}
	for _, route := range stack.VPCRoutes {
		switch route.Target {
		case model.RouteToInternetGateway, model.RouteToNATGateway, model.RouteToEgressOnlyGateway, model.RouteToVPC:
		default:
			return false // Clients may be in another network.
		}
	}
	return !hasOthers(stack, subnet) && !hasNAT(stack, subnet)
}

// hasAnswering reports whether an interface endpoint or an internal load balancer
// may be in a subnet.
func hasAnswering(stack *model.Stack, subnet *model.Subnet) bool {
	return slices.ContainsFunc(stack.Endpoints, func(e *model.Endpoint) bool { return mayHave(e.Subnets, subnet) }) ||
		slices.ContainsFunc(stack.LoadBalancers, func(lb *model.LoadBalancer) bool { return isNode(lb, subnet) })
}

// hasNAT reports whether a NAT gateway may be in a subnet.
func hasNAT(stack *model.Stack, subnet *model.Subnet) bool {
	return slices.ContainsFunc(stack.NATGateways, func(g *model.NATGateway) bool {
		return g.Subnet.Names(subnet) != model.False
	})
}

// hasOthers reports whether anything except a NAT gateway may be in a subnet.
func hasOthers(stack *model.Stack, subnet *model.Subnet) bool {
	in := func(ref model.Ref[model.Subnet]) bool { return ref.Names(subnet) != model.False }
	return slices.ContainsFunc(stack.LoadBalancers, func(lb *model.LoadBalancer) bool {
		return isNode(lb, subnet) && !lb.Internal.Is(true)
	}) ||
		slices.ContainsFunc(stack.Functions, func(f *model.Function) bool { return mayHave(f.Subnets, subnet) }) ||
		slices.ContainsFunc(stack.VPCLinks, func(l *model.VPCLink) bool { return mayHave(l.Subnets, subnet) }) ||
		slices.ContainsFunc(stack.Instances, func(i *model.Instance) bool { return in(i.Subnet) }) ||
		slices.ContainsFunc(stack.NetworkInterfaces, func(i *model.NetworkInterface) bool { return in(i.Subnet) })
}

// isNode reports whether a load balancer may have a node in a subnet.
func isNode(lb *model.LoadBalancer, subnet *model.Subnet) bool {
	return mayHave(lb.Subnets, subnet) || slices.ContainsFunc(lb.Nodes, func(n model.Node) bool {
		return n.Subnet.Names(subnet) != model.False
	})
}

// mayHave reports whether a set of subnets may have one.
func mayHave(subnets model.Refs[model.Subnet], subnet *model.Subnet) bool {
	return subnets.Any(func(ref model.Ref[model.Subnet]) model.Truth { return ref.Names(subnet) }) != model.False
}

// comesFrom reports whether the client of a promise may be in a subnet.
func comesFrom(p *model.Promise, stack *model.Stack, subnet *model.Subnet) bool {
	names := []string{subnet.NameInProgram}
	ids := []model.Known[string]{subnet.ID}
	for _, vpc := range stack.VPCs {
		if subnet.VPC.Names(vpc) != model.False {
			names, ids = append(names, vpc.NameInProgram), append(ids, vpc.ID)
		}
	}
	if p.Unknown || slices.Contains(names, p.From) {
		return true
	}
	if slices.ContainsFunc(ids, func(id model.Known[string]) bool { return id.Is(p.From) }) {
		return true
	}
	address, err := netip.ParseAddr(p.From)
	return err == nil && subnet.Offers(address) != model.False
}

// hasTwoAssociations reports whether a subnet has two explicit associations with
// route tables.
func (s sides) hasTwoAssociations() bool {
	seen := map[string]bool{}
	for _, r := range s.resources {
		if r.Type != "aws:ec2/routeTableAssociation:RouteTableAssociation" {
			continue
		}
		subnets := []string{}
		if id := r.Properties["subnetId"]; id.IsString() {
			subnets = append(subnets, id.StringValue())
		}
		if of := r.PropertyDependencies["subnetId"]; len(of) == 1 {
			subnets = append(subnets, string(of[0]))
		}
		for _, subnet := range subnets {
			if seen[subnet] {
				return true
			}
		}
		for _, subnet := range subnets {
			seen[subnet] = true
		}
	}
	return false
}
