package trace

import (
	"maps"
	"slices"

	"private-api-blueprints/policy/model"
)

// maxSpread is the largest number of subnets among which the nodes of a load
// balancer are spread.
const maxSpread = 8

// spread goes on at each node of a load balancer. Before the first deployment, all
// nodes may be in the same few subnets, but in different ones. So if fewer of these
// subnets lead on than there are nodes, at least one node does not.
func (w walk) spread(lb *model.LoadBalancer, nodes []model.Node, next func(walk, model.Node) []Trace) []Trace {
	places := nodes
	if sharesSubnets(nodes) {
		places = nil
		for _, s := range nodes[0].Subnet.Candidates {
			places = append(places, model.Node{Subnet: refTo(s)})
		}
	}
	var ways [][]Trace
	for _, place := range places {
		ways = append(ways, next(w, place))
	}
	all := slices.Concat(ways...)
	if len(places) > len(nodes) {
		if Arrives(all) == model.True {
			for i := range all {
				all[i].Alternative = true
			}
			return all
		}
		all = nil
		for _, node := range nodes {
			all = append(all, next(w, node)...)
		}
	}
	if most := mostArriving(ways); most < len(nodes) && Arrives(all) != model.False {
		return w.tooFew(lb, nodes, ways, most)
	}
	return all
}

// sharesSubnets reports whether several nodes may each be in any of the same subnets.
func sharesSubnets(nodes []model.Node) bool {
	if len(nodes) == 0 {
		return false
	}
	of := nodes[0].Subnet.Candidates
	if len(of) < 2 || len(of) <= len(nodes) || len(of) > maxSpread {
		return false
	}
	return !slices.ContainsFunc(nodes, func(n model.Node) bool {
		return !n.Subnet.Value.IsUnknown() || n.Subnet.Open || !slices.Equal(n.Subnet.Candidates, of)
	})
}

// tooFew ends the walk at a load balancer of whose nodes at least one does not lead
// on. The others may do so.
func (w walk) tooFew(lb *model.LoadBalancer, nodes []model.Node, ways [][]Trace, most int) []Trace {
	var ends []Trace
	for i, traces := range ways {
		fails := func(t Trace) bool { return t.Arrives() == model.False && !t.Alternative }
		if j := slices.IndexFunc(traces, fails); j >= 0 && Arrives(traces) == model.False {
			end := traces[j]
			end.Doubtful = true
			said := w.pass(lb.At("subnets"), "load balancer %s has %d nodes, and at most %d of its %d possible "+
				"subnets lead on: %s does not", lb.Name, len(nodes), most, len(ways),
				nodes[0].Subnet.Candidates[i].Name).hops()
			end.Hops = slices.Concat(said, end.Hops[min(len(said), len(end.Hops)):])
			ends = append(ends, end)
			break
		}
	}
	if len(ends) == 0 {
		ends = w.stop(end{NoRoute, lb.Element, lb.At("subnets"),
			"add a route to the table of each subnet of " + lb.Name},
			"load balancer %s has %d nodes, and the routes of the stack are for at most %d of their subnets", lb.Name,
			len(nodes), most)
	}
	if most > 0 {
		ends = append(ends, w.giveUp(lb.At("subnets"), "the subnets of load balancer %s are not known yet", lb.Name)...)
	}
	return ends
}

// need is what a doubt about a route table comes down to: the request only arrives
// if the table has one of the routes. No route is in two tables.
type need struct {
	table  *model.RouteTable
	routes []*model.VPCRoute
}

// needing notes that the last step is a doubt about the route table of a sender, if
// the table needs one of some routes for certain.
func (w walk) needing(from, to place, ipv6 bool) walk {
	subnet, sole := from.subnet.Sole()
	if !sole {
		return w
	}
	table, sole := w.stack.TableOf(subnet).Sole()
	ranges := to.ranges(ipv6)
	if !sole || len(ranges) == 0 {
		return w
	}
	n := &need{table: table}
	for _, r := range ranges {
		next := w.stack.Next(table, r)
		if next.Open || slices.Contains(next.Routes, nil) {
			return w
		}
		for _, route := range next.Routes {
			if w.over(table, route, from, to).arrives != model.False {
				n.routes = append(n.routes, route)
			}
		}
	}
	last := *w.last
	last.need = n
	w.last = &last
	return w
}

// needs returns what the doubts of a walk come down to.
func (w walk) needs() []*need {
	var all []*need
	for e := w.last; e != nil; e = e.before {
		if e.need != nil {
			all = append(all, e.need)
		}
	}
	return all
}

// withNeed returns the traces of a walk that gave up among alternatives, with the
// need of all those alternatives that may arrive.
func withNeed(traces []Trace, alternatives [][]Trace) []Trace {
	var open []Trace
	for _, a := range alternatives {
		if Arrives(a) != model.False {
			open = append(open, a...)
		}
	}
	if table, routes := commonNeed(open); table != nil {
		traces[0].needs = append(traces[0].needs, &need{table, routes})
	}
	return traces
}

// mostArriving returns how many of several ways arrive at most. Those that need a
// route of the same few share them.
func mostArriving(ways [][]Trace) int {
	free := 0
	users := map[*model.RouteTable]int{}
	routes := map[*model.RouteTable][]*model.VPCRoute{}
	for _, traces := range ways {
		table, of := commonNeed(traces)
		switch {
		case Arrives(traces) == model.False:
		case table == nil:
			free++
		default:
			users[table]++
			routes[table] = append(routes[table], of...)
		}
	}
	counts := slices.Sorted(maps.Values(users))
	for _, count := range counts[len(counts)-matching(routes):] {
		free += count
	}
	return free
}

// commonNeed returns the table that needs a route on each of some ways, and the
// routes that would do. The table is nil if there is none.
func commonNeed(traces []Trace) (*model.RouteTable, []*model.VPCRoute) {
	var table *model.RouteTable
	var routes []*model.VPCRoute
	for i, t := range traces {
		at := slices.IndexFunc(t.needs, func(n *need) bool { return i == 0 || n.table == table })
		if at < 0 {
			return nil, nil
		}
		table = t.needs[at].table
		routes = append(routes, t.needs[at].routes...)
	}
	return table, routes
}

// matching returns how many tables can have a route at the same time, if each route is
// in one table.
func matching(routes map[*model.RouteTable][]*model.VPCRoute) int {
	holder := map[*model.VPCRoute]*model.RouteTable{}
	var find func(*model.RouteTable, map[*model.VPCRoute]bool) bool
	find = func(table *model.RouteTable, seen map[*model.VPCRoute]bool) bool {
		for _, route := range routes[table] {
			if seen[route] {
				continue
			}
			seen[route] = true
			if holder[route] == nil || find(holder[route], seen) {
				holder[route] = table
				return true
			}
		}
		return false
	}
	matched := 0
	for table := range routes {
		if find(table, map[*model.VPCRoute]bool{}) {
			matched++
		}
	}
	return matched
}
