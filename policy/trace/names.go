package trace

import (
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// names finds elements by the names that a request may use for them.
type names struct {
	byName map[string][]named
	byDNS  map[string][]named // By names in which no region is missing.
	loose  []named            // Elements whose DNS names lack the region.
	stack  *model.Stack
	// component is the URN of the component that uses the names. It is empty if none does.
	component string
}

// named is an element under one of its names.
type named struct {
	kind    string // Such as "subnet".
	element model.Element
	pointer any    // The element, such as a *model.Subnet.
	id      string // Its ID, or a placeholder that no ID can be equal to.
	dns     string // Its DNS name, or such a placeholder. It is empty if the element has none.
	zone    string // The zone in which dns leads to an address, or empty if it leads to those of all zones.
}

// placeholder returns the text that stands for the ID of an element without an
// ID yet. Texts are compared in lower case.
func placeholder(e model.Element) string { return "${" + strings.ToLower(e.Name) + "}" }

// idOf returns the ID of an element in lower case, or a placeholder.
func idOf(e model.Element) string {
	if id, known := e.ID.Get(); known {
		return strings.ToLower(id)
	}
	return placeholder(e)
}

// regionOf returns the region of an element, or a placeholder.
func regionOf(e model.Element) string {
	if region, known := e.Region().Get(); known {
		return region
	}
	return anyRegion
}

// anyRegion stands for a region that the stack does not say.
const anyRegion = "${region}"

// sameText asks whether two texts with placeholders are the same. The ID of a
// resource that does not exist yet is equal to no text that somebody has written.
// A region that is not known may be any region.
func sameText(a, b string) model.Truth {
	if a == b {
		return model.True
	}
	if !strings.Contains(a+b, anyRegion) {
		return model.False
	}
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	if len(x) != len(y) {
		return model.False
	}
	for i := range x {
		if x[i] != y[i] && x[i] != anyRegion && y[i] != anyRegion {
			return model.False
		}
	}
	return model.Maybe
}

// find returns the elements of some kinds that have a name or an ID. If there are several, it returns those nearest to
// the component that uses the name.
func (n names) find(name string, kinds ...string) []named {
	var found []named
	var urns []string
	for _, e := range n.byName[name] {
		if slices.Contains(kinds, e.kind) {
			found, urns = append(found, e), append(urns, e.element.URN)
		}
	}
	if len(found) < 2 {
		return found
	}
	near := n.stack.Nearest(n.component, urns)
	return slices.DeleteFunc(found, func(e named) bool { return !slices.Contains(near, e.element.URN) })
}

// one returns the only element of some kinds that has a name or an ID.
func (n names) one(key, name string, kinds ...string) (named, error) {
	found := n.find(name, kinds...)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return named{}, fmt.Errorf("%s = %q: no resource of the stack has that name; want the name or the ID of a %s",
			key, name, strings.Join(kinds, ", a "))
	}
	return named{}, fmt.Errorf("%s = %q: %d resources of the stack have that name; want the ID of one", key, name,
		len(found))
}

// hostHeader is the key of the only header that holds a host.
const hostHeader = "headers: host"

// expand replaces ${NAME} in a text by the ID of the resource with that name, or by
// its DNS name if it is the whole host of a URL or of the header Host.
func (n names) expand(key, text string) (string, error) {
	var result strings.Builder
	rest := text
	for {
		before, after, found := strings.Cut(rest, "${")
		result.WriteString(before)
		if !found {
			return result.String(), nil
		}
		name, left, closed := strings.Cut(after, "}")
		if !closed {
			return "", fmt.Errorf("%s = %q: want a closing brace after ${%s", key, text, after)
		}
		e, err := n.one(key, name, idKinds...)
		if err != nil {
			return "", err
		}
		if e.dns != "" && isWholeHost(key, result.String(), left) {
			e.id = e.dns
		}
		result.WriteString(e.id)
		rest = left
	}
}

// isWholeHost reports whether the text between two others is the whole host of a
// URL or of the header Host.
func isWholeHost(key, before, after string) bool {
	begins := before == "" && key == hostHeader || strings.HasSuffix(before, "://")
	return begins && (after == "" || strings.ContainsRune("/:?#", rune(after[0])))
}

// newNames finds the names of a stack's elements.
func newNames(s *model.Stack) names {
	n := &names{stack: s, byName: map[string][]named{}, byDNS: map[string][]named{}}
	addAll(n, "subnet", s.Subnets, func(e *model.Subnet) model.Element { return e.Element }, nil)
	addAll(n, "VPC", s.VPCs, func(e *model.VPC) model.Element { return e.Element }, nil)
	addAll(n, "function", s.Functions, func(e *model.Function) model.Element { return e.Element }, nil)
	addAll(n, "instance", s.Instances, func(e *model.Instance) model.Element { return e.Element }, nil)
	addAll(n, "security group", s.SecurityGroups, func(e *model.SecurityGroup) model.Element { return e.Element }, nil)
	addAll(n, "REST API", s.RestAPIs, func(e *model.RestAPI) model.Element { return e.Element }, restHost)
	addAll(n, "HTTP API", s.HTTPAPIs, func(e *model.HTTPAPI) model.Element { return e.Element }, httpHost)
	addAll(n, "endpoint", s.Endpoints, func(e *model.Endpoint) model.Element { return e.Element }, endpointHost)
	addAll(n, "load balancer", s.LoadBalancers, func(e *model.LoadBalancer) model.Element { return e.Element }, lbHost)
	for _, e := range s.Endpoints {
		for _, name := range e.DNSNames.Items {
			n.addEndpointName(e, name)
		}
	}
	return *n
}

// addAll adds the elements of a kind. dns returns the DNS name of one, if the kind
// has such names.
func addAll[T any](n *names, kind string, all []*T, element func(*T) model.Element, dns func(*T) string) {
	for _, pointer := range all {
		e := named{kind: kind, element: element(pointer), pointer: pointer}
		e.id = idOf(e.element)
		if dns != nil {
			e.dns = dns(pointer)
			n.addDNS(e)
		}
		n.byName[e.element.NameInProgram] = append(n.byName[e.element.NameInProgram], e)
		if id, known := e.element.ID.Get(); known && id != e.element.NameInProgram {
			n.byName[id] = append(n.byName[id], e)
		}
	}
}

// addDNS adds the DNS name of an element.
func (n *names) addDNS(e named) {
	if strings.Contains(e.dns, anyRegion) {
		n.loose = append(n.loose, e)
	} else {
		n.byDNS[e.dns] = append(n.byDNS[e.dns], e)
	}
}

// addEndpointName adds another DNS name of an endpoint.
func (n *names) addEndpointName(e *model.Endpoint, name model.Known[model.EndpointName]) {
	of, known := name.Get()
	if known && isAWSName(of.Host) && of.Host != endpointHost(e) {
		n.addDNS(named{"endpoint", e.Element, e, idOf(e.Element), of.Host, of.Zone})
	}
}

// withDNS returns the elements that have, or may have, a DNS name.
func (n names) withDNS(host string) []named {
	found := append(slices.Clone(n.byDNS[host]), n.loose...)
	for _, e := range n.byDNS[parentOf(host)] {
		if e.kind == "load balancer" {
			found = append(found, e)
		}
	}
	if all, zone := cutZone(host); zone != "" && len(n.byDNS[host]) == 0 {
		for _, e := range n.byDNS[all] { // It had an address in the zone when somebody wrote the name down.
			e.dns, e.zone = host, zone
			found = append(found, e)
		}
	}
	return found
}

// restHost returns the default host name of a REST API.
func restHost(api *model.RestAPI) string { return defaultHost(api.Element) }

// httpHost returns the default host name of an HTTP or WebSocket API.
func httpHost(api *model.HTTPAPI) string { return defaultHost(api.Element) }

// defaultHost returns the host name that API Gateway gives to an API.
func defaultHost(api model.Element) string {
	return idOf(api) + "." + executeAPI + "." + regionOf(api) + amazonaws
}

// Parts of AWS's host names.
const (
	executeAPI = "execute-api"
	amazonaws  = ".amazonaws.com"
)
