package model

import "net/netip"

// Next is where a route table sends packets.
type Next struct {
	// Routes are the routes that packets may take. Only one of them is real. A nil route is the local route of the
	// table's VPC.
	Routes []*VPCRoute
	// Open is whether the packets may also take a route that the stack does not show.
	Open bool
	// None is whether no route leads to the destination. It is Maybe if the routes that do are not certain.
	None Truth
}

// Next returns where a route table sends packets to a range of addresses. The
// longest prefix decides. A local route wins over another one of the same length.
// If a route leads to a part of the range only, the packets may take it.
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority
func (s *Stack) Next(table *RouteTable, to netip.Prefix) Next {
	e := expedition{to: to, best: -1}
	if vpc, certain := table.VPC.Sole(); certain {
		first, more := vpc.Range, vpc.MoreRanges
		if to.Addr().Is6() {
			first, more = vpc.Range6, vpc.MoreRanges6
		}
		e.addLocal(first)
		for _, r := range more.Items {
			e.addLocal(r)
		}
		e.open = e.open || !more.Complete
	} else {
		e.open = true
	}
	for route := range s.routesOf.mayName(table) {
		e.addRoute(route, route.Table.Names(table))
	}
	return e.next(table.RoutesComplete)
}

// expedition looks for the route with the longest prefix.
type expedition struct {
	to     netip.Prefix
	best   int // The length of the longest prefix that is certain, or -1.
	routes []*VPCRoute
	// doubtful are routes that may win, with the lengths of their prefixes. The length is 129 if it is not known.
	doubtful []doubtfulRoute
	open     bool
}

type doubtfulRoute struct {
	route  *VPCRoute
	length int
}

// anyLength is longer than every prefix.
const anyLength = 129

// addLocal adds the local route to one range of the VPC.
func (e *expedition) addLocal(known Known[netip.Prefix]) {
	switch r, isKnown := known.Get(); {
	case known.IsAbsent():
	case !isKnown:
		e.doubtful = append(e.doubtful, doubtfulRoute{nil, anyLength})
	default:
		e.add(nil, r, True)
	}
}

// addRoute adds a route that the table certainly has, or may have.
func (e *expedition) addRoute(route *VPCRoute, inTable Truth) {
	if route.PrefixList.IsAbsent() {
		e.addRange(route, route.Destination, inTable)
		return
	}
	list, certain := route.PrefixList.Sole()
	if !certain {
		e.addRange(route, Unknown[netip.Prefix](), inTable)
		return
	}
	for _, r := range list.Ranges.Items {
		e.addRange(route, r, inTable)
	}
	if !list.Ranges.Complete {
		e.addRange(route, Unknown[netip.Prefix](), inTable)
	}
}

// addRange adds a route for a range that may not be known.
func (e *expedition) addRange(route *VPCRoute, known Known[netip.Prefix], inTable Truth) {
	if r, isKnown := known.Get(); isKnown {
		e.add(route, r, inTable)
	} else if inTable != False {
		e.doubtful = append(e.doubtful, doubtfulRoute{route, anyLength})
	}
}

// add adds a route for a range.
func (e *expedition) add(route *VPCRoute, r netip.Prefix, inTable Truth) {
	switch covers := inTable.And(coverage(r, e.to)); {
	case covers == False:
	case covers == Maybe:
		e.doubtful = append(e.doubtful, doubtfulRoute{route, r.Bits()})
	case r.Bits() > e.best:
		e.best, e.routes = r.Bits(), []*VPCRoute{route}
	case r.Bits() == e.best && e.routes[0] != nil:
		e.routes = append(e.routes, route)
	}
}

// next returns the routes that may win.
func (e *expedition) next(complete bool) Next {
	n := Next{Routes: e.routes, None: TruthOf(e.best < 0)}
	for _, d := range e.doubtful {
		if d.length > e.best || d.length == e.best && e.routes[0] != nil {
			n.Routes = append(n.Routes, d.route)
		}
	}
	local := e.best >= 0 && e.routes[0] == nil
	n.Open = !local && (e.open || !complete)
	if len(n.Routes) > 0 || n.Open {
		n.None = n.None.And(Maybe)
	}
	return n
}
