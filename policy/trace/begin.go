package trace

import (
	"fmt"
	"net/netip"
	"strings"

	"private-api-blueprints/policy/model"
)

// idKinds are the kinds of elements that ${NAME} may stand for in a URL or a header.
var idKinds = []string{"REST API", "HTTP API", "endpoint", "load balancer", "domain"}

// connectKinds are the kinds of elements that a client may connect to without a lookup.
var connectKinds = []string{"load balancer", "endpoint", "instance"}

// Vantage points that are not elements of the stack.
const (
	fromInternet = "internet"
	fromGateway  = "api-gateway"
	fromOtherVPC = "another-vpc"
)

// begin returns the calls with which a request begins: one for each subnet and
// family of addresses of its vantage point.
func (t *Tracer) begin(r model.Request) ([]call, error) {
	text, err := t.names.expand("request", r.URL)
	if err != nil {
		return nil, err
	}
	to, err := parseURL(text)
	if err != nil {
		return nil, err
	}
	if r.ConnectTo != "" && r.ConnectTo != fromInternet {
		if _, err := t.names.one("connectTo", r.ConnectTo, connectKinds...); err != nil {
			return nil, err
		}
	}
	places, err := t.vantage(r)
	if err != nil {
		return nil, err
	}
	c := call{
		request: r, tls: to.tls, sni: to.host, verifies: true, alpn: offers(r), port: to.port,
		host: to.host, path: to.path, headers: map[string]string{},
	}
	for name, value := range r.Headers {
		if value, err = t.names.expand("headers: "+strings.ToLower(name), value); err != nil {
			return nil, err
		}
		c.headers[strings.ToLower(name)] = value
	}
	if host, set := c.headers["host"]; set {
		c.host, _, _ = strings.Cut(strings.ToLower(host), ":")
	}
	var calls []call
	for _, p := range places {
		p.hidden = p.hidden || r.Private
		c.from, c.client = p, p
		calls = append(calls, c)
	}
	return calls, nil
}

// offers returns the protocols that the client offers in its TLS handshake.
func offers(r model.Request) []string {
	if r.Protocol == "http/1.1" {
		return []string{"http/1.1"}
	}
	return []string{"h2", "http/1.1"}
}

// vantage returns the places from which a request may come.
func (t *Tracer) vantage(r model.Request) ([]place, error) {
	groups, err := t.groups(r.Groups)
	if err != nil {
		return nil, err
	}
	name, rest, _ := strings.Cut(r.From, " ")
	switch {
	case name == fromInternet && rest == "":
		return []place{internetPlace()}, nil
	case r.From == fromGateway:
		return []place{{what: "API Gateway", gateway: true, internet: true, open: true}}, nil
	case r.From == fromOtherVPC:
		return []place{otherVPC()}, nil
	case name == fromInternet:
		address, err := netip.ParseAddr(rest)
		if err != nil {
			return nil, fmt.Errorf("from = %q: want an address after internet, such as 192.0.2.1", r.From)
		}
		p := internetPlace()
		p.everyone, p.address = false, model.Of(address)
		return []place{p}, nil
	}
	if address, err := netip.ParseAddr(r.From); err == nil {
		return t.addressPlace(r.From, address, groups)
	}
	return t.elementPlaces(r.From, groups)
}

// internetPlace returns the place of everyone on the internet.
func internetPlace() place {
	return place{
		what: "the internet", element: model.Element{Name: "on the internet"},
		internet: true, everyone: true, open: true,
	}
}

// groups returns the security groups of a client.
func (t *Tracer) groups(given []string) (model.Refs[model.SecurityGroup], error) {
	var groups model.Refs[model.SecurityGroup]
	for _, name := range given {
		e, err := t.names.one("groups", name, "security group")
		if err != nil {
			return groups, err
		}
		groups.Items = append(groups.Items, refTo(e.pointer.(*model.SecurityGroup)))
	}
	return groups, nil
}

// refTo returns a reference to an element of the stack.
func refTo[T any](element *T) model.Ref[T] {
	return model.Ref[T]{Value: model.Unknown[string](), Candidates: []*T{element}}
}

// addressPlace returns the place of an address: of an instance, in a subnet of the
// stack, or on the internet. An instance has its own security groups if none are given.
func (t *Tracer) addressPlace(
	text string, address netip.Addr, groups model.Refs[model.SecurityGroup],
) ([]place, error) {
	var found []place
	for _, s := range t.stack.Subnets {
		block := s.Range
		if address.Is6() {
			block = s.Range6
		}
		if r, known := block.Get(); known && r.Contains(address) {
			p := subnetPlace(s, groups)
			p.address = model.Of(address)
			found = append(found, p)
		}
	}
	switch {
	case len(found) == 1:
		return []place{t.instanceIn(found[0], address)}, nil
	case len(found) > 1:
		return nil, fmt.Errorf("from = %q: %d subnets of the stack have the address; want the name of one", text,
			len(found))
	case address.IsPrivate():
		return nil, fmt.Errorf("from = %q: no subnet of the stack has the address; want one that a subnet has, or an "+
			"address on the internet", text)
	}
	p := internetPlace()
	p.everyone, p.address = false, model.Of(address)
	return []place{p}, nil
}

// instanceIn returns the place of the instance that has the address of a client in a
// subnet. If none certainly has, it returns the client's place.
func (t *Tracer) instanceIn(client place, address netip.Addr) place {
	for _, i := range t.stack.Instances {
		if i.Holds(address.String()) != model.True || i.Subnet.Same(client.subnet) != model.True {
			continue
		}
		at := instancePlace(i)
		at.address, at.vpc, at.subnet = client.address, client.vpc, client.subnet
		if !client.open {
			at.groups, at.groupsAt = client.groups, model.Origin{}
		}
		return at
	}
	return client
}

// subnetPlace returns the place of a client in a subnet. A client without security
// groups is one that has a group which lets everything out.
func subnetPlace(s *model.Subnet, groups model.Refs[model.SecurityGroup]) place {
	return place{
		what: "a client in subnet " + s.Name, element: s.Element,
		vpc: s.VPC, subnet: refTo(s), groups: groups, open: groups.IsEmpty(),
	}
}

// elementPlaces returns the places of clients in a subnet, in all subnets of a VPC, or
// in the subnets of a function, or the place of an instance.
func (t *Tracer) elementPlaces(name string, groups model.Refs[model.SecurityGroup]) ([]place, error) {
	e, err := t.names.one("from", name, "subnet", "VPC", "function", "instance")
	if err != nil {
		if isNetworkID(name) {
			return []place{outsidePlace(name, groups)}, nil
		}
		return nil, fmt.Errorf("%w, an address or %s", err, fromInternet)
	}
	switch of := e.pointer.(type) {
	case *model.Subnet:
		return []place{subnetPlace(of, groups)}, nil
	case *model.VPC:
		return t.placesIn(of, groups)
	case *model.Instance:
		return []place{instancePlace(of)}, nil
	}
	return t.functionPlaces(e.pointer.(*model.Function))
}

// isNetworkID reports whether a text is the ID of a VPC or a subnet.
func isNetworkID(text string) bool {
	return strings.HasPrefix(text, "vpc-") || strings.HasPrefix(text, "subnet-")
}

// outsidePlace returns the place of a client in a VPC or a subnet that the stack
// names but does not have.
func outsidePlace(id string, groups model.Refs[model.SecurityGroup]) place {
	p := place{
		what: "a client in " + id, element: model.Element{Name: id}, vpc: model.UnknownRef[model.VPC](),
		subnet: model.UnknownRef[model.Subnet](), groups: groups, open: groups.IsEmpty(),
	}
	if strings.HasPrefix(id, "vpc-") {
		p.vpc = model.Ref[model.VPC]{Value: model.Of(id), Open: true}
	} else {
		p.subnet = model.Ref[model.Subnet]{Value: model.Of(id), Open: true}
	}
	return p
}

// placesIn returns the places of clients in all subnets of a VPC.
func (t *Tracer) placesIn(vpc *model.VPC, groups model.Refs[model.SecurityGroup]) ([]place, error) {
	var places []place
	for _, s := range t.stack.Subnets {
		if s.VPC.Names(vpc) == model.True {
			places = append(places, subnetPlace(s, groups))
		}
	}
	if len(places) == 0 {
		return nil, fmt.Errorf("from = %q: the VPC has no subnet in the stack", vpc.Name)
	}
	return places, nil
}

// functionPlaces returns the places of a function: in its subnets, where it has no public
// address, or on the internet if it is in no VPC.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
func (t *Tracer) functionPlaces(f *model.Function) ([]place, error) {
	if f.Subnets.IsEmpty() {
		p := internetPlace()
		p.what, p.element, p.everyone = "function "+f.Name, f.Element, false
		p.address = model.Unknown[netip.Addr]()
		return []place{p}, nil
	}
	var places []place
	for _, ref := range f.Subnets.Items {
		p := place{
			what: "function " + f.Name, element: f.Element, vpc: model.UnknownRef[model.VPC](), subnet: ref,
			groups: f.Groups, hidden: true,
			onlyIPv4: f.IPv6 == model.False, mayOnlyIPv4: f.IPv6 == model.Maybe,
		}
		if subnet, certain := ref.Sole(); certain {
			p.vpc = subnet.VPC
		}
		places = append(places, p)
	}
	if len(places) == 0 {
		places = append(places, place{
			what: "function " + f.Name, element: f.Element, vpc: model.UnknownRef[model.VPC](),
			subnet: model.UnknownRef[model.Subnet](), groups: f.Groups, hidden: true,
			onlyIPv4: f.IPv6 == model.False, mayOnlyIPv4: f.IPv6 == model.Maybe,
		})
	}
	return places, nil
}
