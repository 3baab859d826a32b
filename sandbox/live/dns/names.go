package dns

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
)

// Tokens of the types that have names of AWS.
const (
	endpointType     = "aws:ec2/vpcEndpoint:VpcEndpoint"
	loadBalancerType = "aws:lb/loadBalancer:LoadBalancer"
	restAPIType      = "aws:apigateway/restApi:RestApi"
	instanceType     = "aws:ec2/instance:Instance"
	subnetType       = "aws:ec2/subnet:Subnet"
	vpcType          = "aws:ec2/vpc:Vpc"
)

// shortTTL is how long a resolver keeps the address of a load balancer, an endpoint or an API, in seconds.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
const shortTTL = 60

// target is what a name of AWS leads to.
type target struct {
	addrs  []netip.Addr
	source string // The ID of the object that has the name.
	text   string // What the name is, in a transcript.
	// private are the private addresses of the nodes of a load balancer, in the order of addrs. They are nil for the
	// name of one node, and of anything else.
	private []netip.Addr
}

// awsNames are the names in AWS's own public zones.
type awsNames struct {
	targets map[string]target
	below   map[string]target // What every name below a name leads to.
	// missing says why a name does not exist that a person may expect.
	missing map[string]target
}

// namesOf returns the names that AWS gives the objects of an account.
func namesOf(inv *inventory.Inventory) awsNames {
	n := awsNames{targets: map[string]target{}, below: map[string]target{}, missing: map[string]target{}}
	n.addLoadBalancers(inv)
	n.addEndpoints(inv)
	n.addRESTAPIs(inv)
	n.addHTTPAPIs(inv)
	n.addDomains(inv)
	n.addServices(inv)
	for _, o := range slices.Concat(inv.All("aws:ec2/eip:Eip"), inv.All(instanceType)) {
		if name := canonical(o.Out.String("publicDns")); name != "" {
			n.targets[name] = target{addrs: parse(o.Out.String("publicIp")), source: o.ID,
				text: "public name of EC2"}
		}
	}
	return n
}

// find returns the target of a name. Route 53's console writes dualstack. before the names of load balancers.
func (n awsNames) find(name string) (target, bool) {
	if t, ok := n.targets[name]; ok {
		return t, true
	}
	if rest, ok := strings.CutPrefix(name, "dualstack."); ok {
		t, found := n.targets[rest]
		return t, found
	}
	t, ok := n.below[parent(name)]
	return t, ok
}

// named returns the target of a name of AWS. The name of a load balancer leads to its healthy nodes only.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func (z *Zones) named(name string) (target, bool) {
	t, ok := z.names.find(name)
	if t.private == nil || z.nodes == nil {
		return t, ok
	}
	var addrs []netip.Addr
	led := z.nodes(t.source)
	for i, addr := range t.addrs {
		if slices.Contains(led, t.private[i]) {
			addrs = append(addrs, addr)
		}
	}
	t.addrs = addrs
	return t, ok
}

// addServices adds the names of the services that have gateway endpoints. Every bucket has a name below those of S3.
// https://docs.aws.amazon.com/general/latest/gr/s3.html
func (n awsNames) addServices(inv *inventory.Inventory) {
	for _, region := range inv.Regions() {
		for _, name := range []string{"s3", "dynamodb"} {
			addrs := network.ServiceAddrs(inv, name, region)
			four := slices.DeleteFunc(slices.Clone(addrs), netip.Addr.Is6)
			n.targets[name+"."+region+".amazonaws.com"] = target{addrs: four, text: name + " in " + region}
			if name == "s3" {
				both := target{addrs: addrs, text: name + " in " + region}
				n.below["s3."+region+".amazonaws.com"] = n.targets[name+"."+region+".amazonaws.com"]
				n.targets["s3.dualstack."+region+".amazonaws.com"] = both
				n.below["s3.dualstack."+region+".amazonaws.com"] = both
			}
		}
	}
}

// addLoadBalancers adds the names of load balancers, and the zonal ones of Network Load Balancers. Public DNS has the
// private addresses of internal ones.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
func (n awsNames) addLoadBalancers(inv *inventory.Inventory) {
	public := network.PublicAddrs(inv)
	for _, o := range inv.All(loadBalancerType) {
		name := canonical(o.Out.String("dnsName"))
		all := target{source: o.ID, text: "load balancer " + o.Out.String("name")}
		for _, eni := range o.Interfaces {
			addrs := network.InterfaceAddrs(eni)
			all.private = append(all.private, addrs...)
			addrs = slices.Clone(addrs)
			for i, addr := range addrs {
				if addr.Is4() && public[eni.ID].IsValid() {
					addrs[i] = public[eni.ID]
				}
			}
			all.addrs = append(all.addrs, addrs...)
			if o.Out.String("loadBalancerType") == "network" {
				n.targets[zoneOf(inv, eni.Subnet)+"."+name] = target{addrs: addrs, source: o.ID, text: all.text}
			}
		}
		n.targets[name] = all
	}
}

// zoneOf returns the Availability Zone of a subnet.
func zoneOf(inv *inventory.Inventory, subnet string) string {
	if o := inv.Find(subnetType, subnet); o != nil {
		return o.Out.String("availabilityZone")
	}
	return ""
}

// addEndpoints adds the regional and zonal names of interface endpoints. They have private addresses in public
// DNS, and exist while the connection waits for acceptance.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func (n awsNames) addEndpoints(inv *inventory.Inventory) {
	for _, o := range inv.All(endpointType) {
		for _, entry := range o.Out.Objects("dnsEntries") {
			name := canonical(entry.String("dnsName"))
			if strings.HasPrefix(name, o.ID+"-") { // The others are private names.
				n.targets[name] = endpointTarget(inv, o, zoneIn(inv, o, name), false)
			}
		}
	}
}

// zoneIn returns the Availability Zone that a zonal name of an endpoint has. It is empty for the regional name.
func zoneIn(inv *inventory.Inventory, o *inventory.Object, name string) string {
	for _, eni := range o.Interfaces {
		label, _, _ := strings.Cut(name, ".")
		if zone := zoneOf(inv, eni.Subnet); strings.HasSuffix(label, "-"+zone) {
			return zone
		}
	}
	return ""
}

// endpointTarget returns the addresses that the DNS records of an endpoint have, in one zone or in all.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html
func endpointTarget(inv *inventory.Inventory, o *inventory.Object, zone string, private bool) target {
	t := target{source: o.ID, text: "endpoint " + o.ID}
	if zone != "" {
		t.text += " in " + zone
	}
	kind := o.Out.Object("dnsOptions").StringOr("dnsRecordIpType", o.Out.StringOr("ipAddressType", "ipv4"))
	for _, eni := range o.Interfaces {
		if zone != "" && zoneOf(inv, eni.Subnet) != zone {
			continue
		}
		for _, addr := range network.InterfaceAddrs(eni) {
			// Names that the service defines have AAAA records, except the private one.
			four := addr.Is4() && kind != "ipv6"
			six := addr.Is6() && (kind == "ipv6" || kind == "dualstack" || (kind == "service-defined" && !private))
			if four || six {
				t.addrs = append(t.addrs, addr)
			}
		}
	}
	return t
}

// addRESTAPIs adds the default names of REST APIs. A private API has none in public DNS, except those that join
// it with an endpoint.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
func (n awsNames) addRESTAPIs(inv *inventory.Inventory) {
	for _, o := range inv.All(restAPIType) {
		suffix := ".execute-api." + o.Region + ".amazonaws.com"
		config := o.Out.Object("endpointConfiguration")
		kind := config.StringOr("types", "EDGE")
		if kind != "PRIVATE" {
			n.targets[o.ID+suffix] = gateway(inv, o, kind, config.StringOr("ipAddressType", "ipv4"))
			continue
		}
		n.missing[o.ID+suffix] = target{source: o.ID,
			text: "the API is private: its name exists only where an endpoint has private DNS"}
		for _, id := range config.Strings("vpcEndpointIds") {
			if endpoint := inv.Find(endpointType, id); endpoint != nil {
				n.targets[o.ID+"-"+id+suffix] = endpointTarget(inv, endpoint, "", false)
			}
		}
	}
}

// addHTTPAPIs adds the default names of HTTP and WebSocket APIs.
func (n awsNames) addHTTPAPIs(inv *inventory.Inventory) {
	for _, o := range inv.All("aws:apigatewayv2/api:Api") {
		name := o.ID + ".execute-api." + o.Region + ".amazonaws.com"
		n.targets[name] = gateway(inv, o, "REGIONAL", o.Out.StringOr("ipAddressType", "ipv4"))
	}
}

// addDomains adds the names to which the DNS records of custom domains lead. A private one has none.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
func (n awsNames) addDomains(inv *inventory.Inventory) {
	for _, o := range inv.All("aws:apigateway/domainName:DomainName") {
		family := o.Out.Object("endpointConfiguration").StringOr("ipAddressType", "ipv4")
		for key, kind := range map[string]string{"regionalDomainName": "REGIONAL", "cloudfrontDomainName": "EDGE"} {
			if name := canonical(o.Out.String(key)); name != "" {
				n.targets[name] = gateway(inv, o, kind, family)
			}
		}
	}
}

// gateway returns the public side of API Gateway: its own addresses, or CloudFront's for an edge-optimized API.
func gateway(inv *inventory.Inventory, o *inventory.Object, kind, family string) target {
	t := target{source: o.ID, text: "API Gateway in " + o.Region}
	addrs := network.ServiceAddrs(inv, "execute-api", o.Region)
	if kind == "EDGE" {
		t.text, addrs = "CloudFront", network.ServiceAddrs(inv, "cloudfront", o.Region)
	}
	for _, addr := range addrs {
		if addr.Is4() || family == "dualstack" {
			t.addrs = append(t.addrs, addr)
		}
	}
	return t
}

func parse(text string) []netip.Addr {
	if addr, err := netip.ParseAddr(text); err == nil {
		return []netip.Addr{addr}
	}
	return nil
}
