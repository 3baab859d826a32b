package rules

import (
	"regexp"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var generatedNames = rule.Pattern("generatedNames", `-[0-9a-f]{7}$`,
	"A regular expression for generated names. Pulumi's end in a hyphen and seven hexadecimal digits.")

var loadBalancerNoFixedName = &rule.Rule{
	ID:    "load-balancer-no-fixed-name",
	Title: "A target group or load balancer in use has no fixed name",
	Why: `A name is unique, so a resource with a fixed name must be deleted before its replacement
can be created. A target group that a listener forwards to cannot be deleted ("ResourceInUse:
Target group … is currently in use by a listener or a rule"). The same holds for a load
balancer that a VPC link or an endpoint service uses ("… is currently associated with another
service"). From then on every update fails.`,
	Fix:      `Leave name out, so that Pulumi adds a random part to it, or set namePrefix.`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://github.com/pulumi/pulumi-aws/issues/4220",
		"https://github.com/hashicorp/terraform-provider-aws/issues/5701",
		"https://www.pulumi.com/docs/iac/concepts/resources/names/",
	},
	Tags:       []string{"load-balancer", "updates"},
	FormerIDs:  []string{"lb-no-fixed-name"},
	Parameters: []rule.Parameter{generatedNames},
	Check:      checkLoadBalancerNoFixedName,
}

func checkLoadBalancerNoFixedName(s *model.Stack, r *rule.Report) {
	for _, tg := range s.TargetGroups {
		used := model.False
		for _, l := range s.Listeners {
			used = used.Or(l.ForwardsTo(tg))
		}
		judgeName(r, tg.Element, tg.Naming, used, "a listener forwards to it")
	}
	links := s.PrivateLinks()
	for _, lb := range s.LoadBalancers {
		used := model.False
		for _, link := range links {
			used = used.Or(link.Serves(lb))
		}
		judgeName(r, lb.Element, lb.Naming, used, "a VPC link or an endpoint service uses it")
	}
}

func judgeName(r *rule.Report, e model.Element, n model.Naming, used model.Truth, user string) {
	if used == model.False {
		return
	}
	name, _ := n.Name.Get()
	r.Judge(e.Origin, rule.FaultIf(used.And(isFixed(n, generatedNames.Value(r))), e.At("name"),
		"%s is called %q, and %s; want a name with a random part", e.Name, name, user))
}

// isFixed asks whether a replacement would get the same name. The provider adds
// a random part to a prefix.
func isFixed(n model.Naming, generated *regexp.Regexp) model.Truth {
	name, known := n.Name.Get()
	prefix, prefixed := n.Prefix.Get()
	switch {
	case n.Name.IsAbsent(), known && prefixed && strings.HasPrefix(name, prefix):
		return model.False
	case !known, n.Prefix.IsUnknown():
		return model.Maybe
	}
	return model.TruthOf(!generated.MatchString(name))
}
