package catalog

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// peer is the other end of a connection, as the rules of a security group see it.
type peer struct {
	block  netip.Prefix // It has one of these addresses.
	groups []string     // The IDs of its security groups.
	lists  []string     // The IDs of prefix lists with its address.
}

// passHTTPS reports whether some security groups let HTTPS pass in a direction, ingress or egress, from or to each of
// some peers.
// https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
func passHTTPS(r *cloud.Request, direction string, groups []string, peers ...peer) bool {
	var rules []cloud.Props
	for _, id := range groups {
		rules = append(rules, groupRulesOf(r, id, direction)...)
	}
	for _, p := range peers {
		if !slices.ContainsFunc(rules, p.mayUseHTTPS) {
			return false
		}
	}
	return true
}

// groupRulesOf returns the rules of a security group in a direction, with the properties of inline rules.
func groupRulesOf(r *cloud.Request, id, direction string) []cloud.Props {
	var rules []cloud.Props
	for _, rule := range inlineRulesOf(r, id, direction) {
		if rule = rule.Clone(); rule.Bool("self") {
			rule["securityGroups"] = append(slices.Clone(rule.List("securityGroups")), id)
		}
		rules = append(rules, rule)
	}
	separate := map[string]string{"ingress": ingressRuleType, "egress": egressRuleType}[direction]
	for _, rule := range r.Others(separate) {
		if in := rule.Inputs; in.String("securityGroupId") == id {
			rules = append(rules, cloud.Props{
				"protocol": in["ipProtocol"], "fromPort": in["fromPort"], "toPort": in["toPort"],
				"cidrBlocks": []any{in["cidrIpv4"]}, "ipv6CidrBlocks": []any{in["cidrIpv6"]},
				"prefixListIds": []any{in["prefixListId"]}, "securityGroups": []any{in["referencedSecurityGroupId"]},
			})
		}
	}
	return rules
}

// inlineRulesOf returns the inline rules of a security group. The default group of a VPC admits its own members and
// lets everything leave, until a program adopts it.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
func inlineRulesOf(r *cloud.Request, id, direction string) []cloud.Props {
	group := cmp.Or(r.Find(defaultGroupType, id, r.Region), r.Find(securityGroupType, id, r.Region))
	switch {
	case group != nil:
		return group.Outputs().Objects(direction)
	case direction == "ingress":
		return []cloud.Props{{"protocol": "-1", "self": true}}
	}
	return []cloud.Props{{"protocol": "-1", "cidrBlocks": []any{"0.0.0.0/0"}, "ipv6CidrBlocks": []any{"::/0"}}}
}

// mayUseHTTPS reports whether a rule names the peer and lets HTTPS pass.
func (p peer) mayUseHTTPS(rule cloud.Props) bool {
	switch strings.ToLower(rule.String("protocol")) {
	case "-1", "all":
	case "tcp", "6":
		if rule.Int("fromPort") > 443 || rule.Int("toPort") < 443 {
			return false
		}
	default:
		return false
	}
	for _, id := range rule.Strings("securityGroups") {
		if slices.Contains(p.groups, id) {
			return true
		}
	}
	for _, text := range slices.Concat(rule.Strings("cidrBlocks"), rule.Strings("ipv6CidrBlocks")) {
		if block, err := netip.ParsePrefix(text); err == nil && encloses(block, p.block) {
			return true
		}
	}
	return slices.ContainsFunc(rule.Strings("prefixListIds"), func(id string) bool {
		return slices.Contains(p.lists, id)
	})
}
