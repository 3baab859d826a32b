package live

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	miekg "github.com/miekg/dns"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
)

const (
	typeA    = miekg.TypeA
	typeAAAA = miekg.TypeAAAA
)

// The types of objects that requests name.
const (
	loadBalancerType = "aws:lb/loadBalancer:LoadBalancer"
	endpointType     = "aws:ec2/vpcEndpoint:VpcEndpoint"
	restAPIType      = "aws:apigateway/restApi:RestApi"
	instanceType     = "aws:ec2/instance:Instance"
	functionType     = "aws:lambda/function:Function"
	groupType        = "aws:ec2/securityGroup:SecurityGroup"
	subnetType       = "aws:ec2/subnet:Subnet"
)

// placeholder matches the name of a resource in a text of a promise.
var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

// wholeHost matches a URL whose host is a placeholder.
var wholeHost = regexp.MustCompile(`^(\w+://)\$\{([^}]+)\}`)

// named returns the object with a name in the program, or an ID. An object with addresses comes before others.
func (w *World) named(name string) *inventory.Object {
	for _, token := range []string{loadBalancerType, endpointType, instanceType, restAPIType, functionType, groupType} {
		if o := w.inventory.Find(token, name); o != nil {
			return o
		}
		for _, o := range w.inventory.All(token) {
			if strings.HasSuffix(o.URN, "::"+name) {
				return o
			}
		}
	}
	return nil
}

// Fill replaces the names of resources in a text, such as ${api}: with the DNS name if it is the whole host of a URL,
// otherwise with the ID. The error names those that the account does not have.
func (w *World) Fill(text string) (string, error) {
	if host := wholeHost.FindStringSubmatch(text); host != nil {
		if o := w.named(host[2]); o != nil && dnsName(o) != "" {
			text = host[1] + dnsName(o) + strings.TrimPrefix(text, host[0])
		}
	}
	var missing []string
	text = placeholder.ReplaceAllStringFunc(text, func(match string) string {
		name := placeholder.FindStringSubmatch(match)[1]
		if o := w.named(name); o != nil {
			return o.ID
		}
		missing = append(missing, name)
		return match
	})
	if missing != nil {
		return "", fmt.Errorf("the account has no %s", strings.Join(missing, ", "))
	}
	return text, nil
}

// dnsName returns the name that AWS gives an object, or nothing.
func dnsName(o *inventory.Object) string {
	if entries := o.Out.Objects("dnsEntries"); len(entries) > 0 {
		return entries[0].String("dnsName")
	}
	return o.Out.String("dnsName")
}

// addressesOf returns the addresses of an object: its public ones for a client in the internet. Of a load balancer it
// takes the nodes to which its name leads.
func (w *World) addressesOf(ctx context.Context, name string, from network.Place) ([]netip.Addr, error) {
	o := w.named(name)
	if o == nil {
		return nil, fmt.Errorf(
			"connect to = %q: want the name or ID of a load balancer, an endpoint or an instance", name)
	}
	public := network.PublicAddrs(w.inventory)
	var led []netip.Addr // Of a load balancer: its nodes in DNS.
	if o.Type == loadBalancerType && !w.everyNode {
		led = w.balancers.InDNS(ctx, o.ID)
	}
	var addrs []netip.Addr
	for _, eni := range o.Interfaces {
		own := network.InterfaceAddrs(eni)
		if led != nil && !slices.ContainsFunc(own, func(a netip.Addr) bool { return slices.Contains(led, a) }) {
			continue
		}
		if addr, ok := public[eni.ID]; ok && from.Outside == network.Internet {
			addrs = append(addrs, addr)
			continue
		}
		addrs = append(addrs, own...)
	}
	if addrs == nil {
		return nil, fmt.Errorf("connect to = %q: it has no address", name)
	}
	return addrs, nil
}

// outside returns addresses of a server that is nobody's in the account. They are those of Amazon S3, where AWS keeps
// the packages of its Linux, so that a gateway endpoint for S3 is a way to them.
// https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
func (w *World) outside(from network.Place) []netip.Addr {
	region := w.regionOf("")
	if subnet := w.inventory.Find(subnetType, from.Subnet); subnet != nil {
		region = subnet.Region
	}
	return network.ServiceAddrs(w.inventory, "s3", region)
}

// regionOf returns the region in a host name of AWS, otherwise that of the first API.
func (w *World) regionOf(host string) string {
	labels := strings.Split(host, ".")
	if i := slices.Index(labels, "execute-api"); i >= 0 && i+1 < len(labels) {
		return labels[i+1]
	}
	for _, api := range w.inventory.All(restAPIType) {
		return api.Region
	}
	return "us-east-1"
}
