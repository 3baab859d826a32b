package trace

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

// place is where a connection begins or ends: an address, with the subnet and the
// security groups that belong to it.
type place struct {
	// what is the thing with that address, such as "node of load balancer front", for texts.
	what string
	// element is the resource that has the address. Its URN is empty on the internet.
	element model.Element
	// internet is whether the place is outside all VPCs.
	internet bool
	// gateway is whether the place is API Gateway itself, which calls a backend.
	gateway bool
	// private is whether connections from the place came in through PrivateLink.
	private bool
	// address is the place's address, of the family of the connection. If it is unknown, it lies in the subnet.
	address model.Known[netip.Addr]
	// everyone is whether the place stands for every address of the internet.
	everyone bool
	vpc      model.Ref[model.VPC]
	subnet   model.Ref[model.Subnet]
	// groups are the security groups. If open is true, the place has none and lets everything pass.
	groups model.Refs[model.SecurityGroup]
	open   bool
	// inDefault is whether the place certainly has the default group of a new VPC, with the rules that AWS gives it.
	inDefault bool
	// hidden is whether the place certainly has no public IPv4 address. If mayHide is true, it may have none.
	// Otherwise, it is assumed to have one.
	hidden, mayHide bool
	// onlyIPv4 is whether the place opens no connections by IPv6. If mayOnlyIPv4 is true, it may open none.
	onlyIPv4, mayOnlyIPv4 bool
	// groupsAt is the property that lists the groups. Its URN is empty if no resource of the stack lists them.
	groupsAt model.Origin
	// own is the execute-api endpoint of a client in another VPC.
	own *model.Endpoint
	// shown is how the destination sees the place, if that is not as it is: a load balancer that preserves clients'
	// addresses looks like its clients.
	shown *place
}

// call is a request on its way, with the connection that carries it now.
type call struct {
	// request is what the client asked for.
	request model.Request
	// from is where the connection that carries the request began. A load balancer begins a new one.
	from place
	// client is where the first connection began, for conditions about the caller.
	client place
	// tls is whether the request is inside TLS on this connection. The client of it asks for the name sni, trusts
	// public authorities if it verifies, and offers the protocols of alpn.
	tls      bool
	sni      string
	verifies bool
	// trustsAll is whether a client that verifies names takes a certificate from any authority.
	trustsAll bool
	// fromGateway is whether API Gateway is the client of a backend.
	fromGateway bool
	alpn        []string
	// port is the port at the destination.
	port int
	// host is the Host header in lower case, without a port. path begins with a slash.
	host, path string
	// headers have names in lower case.
	headers map[string]string
	ipv6    bool
	// depth counts load balancers and gateways on the way. It stops endless loops.
	depth int
}

// maxDepth is the largest number of load balancers and gateways on a way.
const maxDepth = 12
