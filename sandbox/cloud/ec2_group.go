package cloud

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func securityGroupKind() *Kind {
	return &Kind{
		Token:    securityGroupType,
		Optional: words("description egress ingress name namePrefix revokeRulesOnDelete tags vpcId"),
		Computed: words("arn egress ingress namePrefix ownerId vpcId"),
		Replace:  words("description name namePrefix vpcId"),
		Sets:     words("egress ingress"),
		Defaults: props{"description": "Managed by Pulumi", "revokeRulesOnDelete": false},
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       hexID("sg-"),
		missing:  Refusal{"InvalidGroup.NotFound", "The security group '%s' does not exist", ec2Errors},
		inUse:    Refusal{"DependencyViolation", "resource %s has a dependent object", ec2Errors},
		holds:    map[string]string{"vpcId": vpcType},
		fills:    props{"egress": []any{}, "ingress": []any{}, "namePrefix": "", "ownerId": AccountID},
		check: func(c *call) error {
			for _, other := range c.others(securityGroupType) {
				if other.out("name") == ownName(c) && other.Inputs.str("vpcId") == c.in().str("vpcId") {
					return Refusal{"InvalidGroup.Duplicate",
						"The security group '%s' already exists for VPC '%s'",
						ec2Errors}.with(ownName(c), c.in().str("vpcId"))
				}
			}
			return nil
		},
		born: func(c *call) error {
			c.set("arn", c.arn("ec2", "security-group/"+c.obj.ID))
			return nil
		},
	}
}

var ruleSources = words("cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId")

func ruleKind(token string) *Kind {
	return &Kind{
		Token:     token,
		Required:  words("ipProtocol securityGroupId"),
		Optional:  append(words("description fromPort tags toPort"), ruleSources...),
		Computed:  words("arn securityGroupRuleId"),
		Replace:   words("securityGroupId"),
		ReplaceIf: ruleReplaced,
		id:        hexID("sgr-"),
		refs:      map[string]string{"securityGroupId": securityGroupType},
		holds:     map[string]string{"referencedSecurityGroupId": securityGroupType},
		check:     inOrder(hostBitsCheck("cidrIpv4", "cidrIpv6"), ruleCheck),
		born: func(c *call) error {
			c.set("arn", c.arn("ec2", "security-group-rule/"+c.obj.ID))
			c.set("securityGroupRuleId", c.obj.ID)
			return nil
		},
	}
}

// ruleReplaced: a rule's source can change, but not what kind of source it is.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
func ruleReplaced(old, new resource.PropertyMap) []string {
	var keys []string
	for _, source := range ruleSources {
		_, was := old[resource.PropertyKey(source)]
		if _, is := new[resource.PropertyKey(source)]; was != is {
			keys = append(keys, source)
		}
	}
	return keys
}

func ruleCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html"
	given := 0
	for _, s := range ruleSources {
		if c.in().has(s) {
			given++
		}
	}
	if given != 1 {
		return Refusal{"InvalidParameterCombination",
			"The request must contain exactly one of %s",
			source}.with(strings.Join(ruleSources, ", "))
	}
	for _, key := range words("cidrIpv4 cidrIpv6") {
		cidr := c.in().str(key)
		if block, err := netip.ParsePrefix(cidr); cidr != "" && (err != nil || block.Addr().Is4() != (key == "cidrIpv4")) {
			return Refusal{"InvalidParameterValue", "CIDR block %s is malformed", source}.with(cidr)
		}
	}
	for _, other := range c.others(c.kind.Token) {
		if ruleKey(other.Inputs) == ruleKey(c.in()) {
			return Refusal{"InvalidPermission.Duplicate", "the specified rule \"%s\" already exists", ec2Errors}.with(ruleKey(c.in()))
		}
	}
	return nil
}

// ruleKey is what makes two security-group rules the same rule.
func ruleKey(p props) string {
	return strings.Join(append([]string{p.str("securityGroupId"), p.str("ipProtocol"), portRange(p)},
		p.str("cidrIpv4"), p.str("cidrIpv6"), p.str("prefixListId"), p.str("referencedSecurityGroupId")), " ")
}

func portRange(p props) string {
	if !p.has("fromPort") {
		return "all"
	}
	return fmt.Sprintf("%d-%d", p.number("fromPort"), p.number("toPort"))
}
