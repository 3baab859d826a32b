package catalog

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/sandbox/cloud"
)

func securityGroupKind() *cloud.Kind {
	inUse := cloud.NewRefusal("DependencyViolation", "resource %s has a dependent object", ec2Errors)
	return &cloud.Kind{
		Token:         securityGroupType,
		ComputedLists: words("egress ingress"),
		Replace:       words("description name namePrefix vpcId"),
		Sets:          words("egress ingress"),
		Defaults:      cloud.Props{"description": "Managed by Pulumi", "revokeRulesOnDelete": false},
		Autoname:      cloud.Autoname{Property: "name", MaxLen: 255},
		Conflicts:     [][]string{words("name namePrefix")},
		ID:            cloud.HexID("sg-"),
		NotFound: cloud.NewRefusal("InvalidGroup.NotFound",
			"The security group '%s' does not exist", ec2Errors),
		InUse:            inUse,
		BlocksDeletionOf: map[string]string{"vpcId": vpcType},
		OutputDefaults: cloud.Props{
			"egress": []any{}, "ingress": []any{}, "namePrefix": "", "ownerId": cloud.AccountID,
		},
		Check:   cloud.InOrder(checkGroupName, checkGroupQuota),
		Implied: madeWithVPC("defaultSecurityGroupId"),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("ec2", "security-group/"+r.Object.ID))
			return nil
		},
		DeleteTakesTime: hasLambdaInterfaces,
		CheckDelete:     checkLambdaInterfaces(inUse),
		OnDelete:        releaseLambdaInterfaces,
		Example: cloud.Example{
			Name:   "group",
			Inputs: cloud.Props{"name": "one", "vpcId": "${vpc}"},
		},
	}
}

// defaultGroupKind returns the kind that adopts the default security group of a VPC.
// Its creation takes all rules from the group, and adds those that a program names.
// Its deletion leaves the group as it is.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/vpc_default_security_group.go
func defaultGroupKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         defaultGroupType,
		ComputedLists: words("egress ingress"),
		Replace:       words("vpcId"),
		Sets:          words("egress ingress"),
		Defaults:      cloud.Props{"revokeRulesOnDelete": false},
		Upsert:        true,
		ID: func(r *cloud.Request) string {
			return r.Lookup(vpcType, r.Inputs.String("vpcId")).Computed.String("defaultSecurityGroupId")
		},
		References: map[string]string{"vpcId": vpcType},
		OutputDefaults: cloud.Props{
			"description": "default VPC security group", "egress": []any{}, "ingress": []any{}, "name": "default",
			"namePrefix": "", "ownerId": cloud.AccountID,
		},
		Check: cloud.InOrder(checkDefaultVPC, checkGroupQuota),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("ec2", "security-group/"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name:   "default group",
			Inputs: cloud.Props{"vpcId": "${vpc}"},
		},
	}
}

// checkDefaultVPC refuses a default group of no VPC. It would be that of the default
// VPC, which the simulated account does not have.
func checkDefaultVPC(r *cloud.Request) error {
	if !r.Inputs.Has("vpcId") {
		return cloud.NewRefusal("VPCIdNotSpecified", "No default VPC for this user", ec2Errors).With()
	}
	return nil
}

// checkGroupName refuses a second group of the same name in a VPC.
func checkGroupName(r *cloud.Request) error {
	for _, other := range r.Others(securityGroupType) {
		if other.Output("name") == r.Name() && other.Inputs.String("vpcId") == r.Inputs.String("vpcId") {
			return cloud.NewRefusal("InvalidGroup.Duplicate",
				"The security group '%s' already exists for VPC '%s'", ec2Errors,
			).With(r.Name(), r.Inputs.String("vpcId"))
		}
	}
	return nil
}

// rulesPerGroup is how many rules of a direction a security group takes for IPv4,
// and how many for IPv6.
const rulesPerGroup = 60

// ruleCount counts rules by IP version.
type ruleCount struct{ ipv4, ipv6 int }

// addInline adds the inline rules of a direction of a security group.
func (n *ruleCount) addInline(group cloud.Props, direction string) {
	for _, rule := range group.Objects(direction) {
		both := len(rule.List("securityGroups")) + len(rule.List("prefixListIds"))
		n.ipv4 += both + len(rule.List("cidrBlocks"))
		n.ipv6 += both + len(rule.List("ipv6CidrBlocks"))
	}
}

// add adds a rule that is a separate resource. A rule for a group counts for both
// IP versions.
func (n *ruleCount) add(rule cloud.Props) {
	if !rule.Has("cidrIpv6") {
		n.ipv4++
	}
	if !rule.Has("cidrIpv4") {
		n.ipv6++
	}
}

// check refuses more rules than the quota.
// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
func (n *ruleCount) check() error {
	if max(n.ipv4, n.ipv6) <= rulesPerGroup {
		return nil
	}
	return cloud.NewRefusal("RulesPerSecurityGroupLimitExceeded",
		"The maximum number of rules per security group has been reached.", ec2Errors).With()
}

// checkGroupQuota refuses a security group with too many inline rules.
func checkGroupQuota(r *cloud.Request) error {
	for _, direction := range words("egress ingress") {
		var count ruleCount
		count.addInline(r.Inputs, direction)
		if err := count.check(); err != nil {
			return err
		}
	}
	return nil
}

// checkRuleQuota refuses a rule of a security group that has as many rules as it
// may have.
func checkRuleQuota(r *cloud.Request) error {
	direction := "ingress"
	if r.Kind.Token == egressRuleType {
		direction = "egress"
	}
	var count ruleCount
	group := r.Inputs.String("securityGroupId")
	count.addInline(r.Lookup(securityGroupType, group).Inputs, direction)
	count.add(r.Inputs)
	for _, other := range r.Others(r.Kind.Token) {
		if other.Inputs.String("securityGroupId") == group {
			count.add(other.Inputs)
		}
	}
	return count.check()
}

var ruleSources = words("cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId")

// ingressRuleKind returns the kind of rules that let traffic in.
func ingressRuleKind() *cloud.Kind {
	kind := ruleKind(ingressRuleType)
	kind.Example = cloud.Example{
		Name: "rule",
		Inputs: cloud.Props{
			"cidrIpv4": "10.0.0.0/16", "fromPort": 443, "ipProtocol": "tcp", "securityGroupId": "${group}",
			"toPort": 443,
		},
	}
	return kind
}

// egressRuleKind returns the kind of rules that let traffic out.
func egressRuleKind() *cloud.Kind {
	kind := ruleKind(egressRuleType)
	kind.Example = cloud.Example{
		Name: "ipv6 rule",
		Inputs: cloud.Props{
			"cidrIpv6": "::/0", "fromPort": 443, "ipProtocol": "tcp", "securityGroupId": "${group}", "toPort": 443,
		},
	}
	return kind
}

func ruleKind(token string) *cloud.Kind {
	return &cloud.Kind{
		Token:            token,
		Replace:          words("securityGroupId"),
		Constraints:      rulePorts(),
		ReplaceIf:        ruleReplaceIf,
		ID:               cloud.HexID("sgr-"),
		References:       map[string]string{"securityGroupId": securityGroupType},
		BlocksDeletionOf: map[string]string{"referencedSecurityGroupId": securityGroupType},
		Check:            cloud.InOrder(checkHostBits("cidrIpv4", "cidrIpv6"), checkRule, checkRuleQuota),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("ec2", "security-group-rule/"+r.Object.ID))
			r.Set("securityGroupRuleId", r.Object.ID)
			return nil
		},
	}
}

// ruleReplaceIf returns the sources of a rule if another kind of source is
// given. AWS can change the source, but not its kind.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
func ruleReplaceIf(old, new resource.PropertyMap) []string {
	var keys []string
	for _, source := range ruleSources {
		_, was := old[resource.PropertyKey(source)]
		if _, is := new[resource.PropertyKey(source)]; was != is {
			keys = append(keys, source)
		}
	}
	return keys
}

func checkRule(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html"
	given := 0
	for _, s := range ruleSources {
		if r.Inputs.Has(s) {
			given++
		}
	}
	if given != 1 {
		return cloud.NewRefusal("InvalidParameterCombination",
			"The request must contain exactly one of %s",
			source).With(strings.Join(ruleSources, ", "))
	}
	for _, key := range words("cidrIpv4 cidrIpv6") {
		cidr := r.Inputs.String(key)
		if block, err := netip.ParsePrefix(cidr); cidr != "" &&
			(err != nil || block.Addr().Is4() != (key == "cidrIpv4")) {
			return cloud.NewRefusal("InvalidParameterValue", "CIDR block %s is malformed", source).With(cidr)
		}
	}
	for _, other := range r.Others(r.Kind.Token) {
		if ruleKey(other.Inputs) == ruleKey(r.Inputs) {
			return cloud.NewRefusal("InvalidPermission.Duplicate", "the specified rule \"%s\" already exists",
				ec2Errors).With(ruleKey(r.Inputs))
		}
	}
	return nil
}

// ruleKey returns the identity of a rule. AWS refuses two rules with the same
// one.
func ruleKey(p cloud.Props) string {
	return strings.Join(append([]string{p.String("securityGroupId"), protocolName(p), portRange(p)},
		p.String("cidrIpv4"), p.String("cidrIpv6"), p.String("prefixListId"),
		p.String("referencedSecurityGroupId")), " ")
}

// protocolName returns the protocol of a rule by name, if it has one. Its number
// means the same.
func protocolName(p cloud.Props) string {
	given := strings.ToLower(p.String("ipProtocol"))
	names := map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
	return cmp.Or(names[given], given)
}

func portRange(p cloud.Props) string {
	if !p.Has("fromPort") {
		return "all"
	}
	return fmt.Sprintf("%d-%d", p.Int("fromPort"), p.Int("toPort"))
}
