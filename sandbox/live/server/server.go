// Package server is what launched instances serve. An instance is a web server if its
// user data says so: a script that installs nginx and writes a server block, as
// components/web_server.sh.tmpl does (script.go). It then answers as nginx would
// (nginx.go), if it could install packages.
//
// Nothing listens on other instances, except those that the account had before any
// stack: an instance of existing.yaml without user data, such as shared-web-a, serves
// HTTPS on port 443, by HTTP/1.1 and HTTP/2, with what the blueprints' servers answer and
// a self-signed certificate for its Name tag.
package server

import (
	"context"
	"encoding/base64"
	"errors"
	"net/netip"
	"strings"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

const instanceType = "aws:ec2/instance:Instance"

// Listener is an open port of an instance.
type Listener struct {
	Instance string // The ID.
	Port     uint16
	network.Handler
}

// Options are what instances need of the rest of the sandbox.
type Options struct {
	Dialer network.Dialer
	// Repositories returns the addresses of the package repositories of a region, which are those of S3.
	// https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
	Repositories func(region string) []netip.Addr
}

// Listen returns the open ports of an account's instances. It asks the network whether
// an instance could install packages.
func Listen(ctx context.Context, inv *inventory.Inventory, options Options) []Listener {
	var listeners []Listener
	for _, o := range inv.All(instanceType) {
		s, installs := siteOf(o)
		if s == nil || (installs && !(resolves(inv, o) && reachesRepositories(ctx, o, options))) {
			continue
		}
		listeners = append(listeners, Listener{Instance: o.ID, Port: s.port, Handler: s})
	}
	return listeners
}

// siteOf returns what an instance serves, or nil. It also reports whether the instance
// must install packages first.
func siteOf(o *inventory.Object) (s *site, installs bool) {
	script := userData(o)
	switch {
	case script == "" && o.URN == "":
		name := o.Out.Object("tagsAll").StringOr("Name", o.ID)
		s = &site{port: 443, tls: true, http2: true, contentType: "text/plain", status: 200, subject: name, name: name,
			text: "You are speaking $server_protocol to $hostname.\n"}
	default:
		s, installs = readScript(script), true
	}
	if s != nil {
		s.instance = o.ID
		s.hostname = o.Out.String("privateDns")
	}
	return s, installs
}

// userData returns the user data of an instance. Programs may give it in Base64 in
// either property.
func userData(o *inventory.Object) string {
	text := o.Out.StringOr("userDataBase64", o.Out.String("userData"))
	if decoded, err := base64.StdEncoding.DecodeString(text); err == nil {
		return string(decoded)
	}
	return text
}

// resolves reports whether an instance can resolve names: whether its VPC has Amazon's resolver.
// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
func resolves(inv *inventory.Inventory, o *inventory.Object) bool {
	subnet := inv.Find("aws:ec2/subnet:Subnet", o.Out.String("subnetId"))
	if subnet == nil {
		return false
	}
	vpc := inv.Find("aws:ec2/vpc:Vpc", subnet.Out.String("vpcId"))
	return vpc != nil && vpc.Out.Bool("enableDnsSupport")
}

// reachesRepositories asks the network whether an instance reaches the package
// repositories. A reset comes from them, because the sandbox simulates no S3.
func reachesRepositories(ctx context.Context, o *inventory.Object, options Options) bool {
	place := network.Place{Subnet: o.Out.String("subnetId"), Owner: o.ID,
		Groups: o.Out.Strings("vpcSecurityGroupIds")}
	for _, eni := range o.Interfaces {
		for _, text := range []string{eni.IPv4, eni.IPv6} {
			if addr, err := netip.ParseAddr(text); err == nil {
				place.Addrs = append(place.Addrs, addr)
			}
		}
	}
	ctx = trail.With(ctx, nil) // No client asks for this.
	for _, addr := range options.Repositories(o.Region) {
		conn, err := options.Dialer.Dial(ctx, place, netip.AddrPortFrom(addr, 443))
		if err == nil {
			conn.Close()
			return true
		}
		var stopped *network.Stopped
		if errors.As(err, &stopped) && stopped.End == network.Refused {
			return true
		}
	}
	return false
}

// short returns the part of a private DNS name that a host calls itself.
func short(name string) string {
	host, _, _ := strings.Cut(name, ".")
	return host
}
