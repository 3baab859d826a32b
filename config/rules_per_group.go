package config

import (
	"net/netip"

	"private-api-blueprints/internal/settings"
)

// inboundRules counts the inbound rules of a security group. A rule for a group
// counts for IPv4 and for IPv6.
// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
type inboundRules struct {
	most   int // What a security group takes, for IPv4 and for IPv6 each.
	others int // Those that the blueprint adds to one for each range, for IPv4 and for IPv6 each.
}

// check refuses ranges that make more rules than a security group takes. The
// key's own security group has these rules and the others only.
func (n inboundRules) check(c settings.Section, key string, ranges []netip.Prefix) {
	counts := map[string]int{}
	for _, cidr := range ranges {
		if cidr.Addr().Is4() {
			counts["IPv4"]++
		} else {
			counts["IPv6"]++
		}
	}
	for _, family := range []string{"IPv4", "IPv6"} {
		if rules := counts[family] + n.others; rules > n.most {
			c.Reject(key, nil, "its %d %s ranges make %d inbound rules of a security group; want at most %d ranges, "+
				"or rulesPerSecurityGroup with the quota of your account", counts[family], family, rules,
				max(0, n.most-n.others))
		}
	}
}

// checkTargets refuses more addresses of targets than the load balancer's security group takes outbound rules, of which
// each address needs one.
func checkTargets(c settings.Section, most int, addresses []netip.Addr) {
	if n := len(addresses); n > most {
		c.Reject("ipv4Addresses", nil, "its %d addresses make %d outbound rules of a security group; want at most %d "+
			"addresses, or rulesPerSecurityGroup with the quota of your account", n, n, most)
	}
}
