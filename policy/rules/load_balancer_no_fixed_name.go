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
	Title: "A target group or load balancer on the way to or from an API has no fixed name",
	Why: `A name is unique, so a resource with a fixed name must be deleted before its replacement
can be created. A target group that a listener forwards to cannot be deleted ("ResourceInUse:
Target group … is currently in use by a listener or a rule"). The same holds for a load
balancer that a VPC link or an endpoint service uses ("… is currently associated with another
service"). From then on every update fails. The rule is about load balancers behind a VPC link
or an endpoint service, those in front of an endpoint, and their target groups. It is silent
about all others.`,
	Fix:      `Leave name out, so that Pulumi adds a random part to it, or set namePrefix.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{fixedTargetGroupName, fixedLoadBalancerName},
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

var (
	fixedTargetGroupName = &rule.Defect{
		ID:      "target-group-name",
		Summary: "A target group that a listener uses has a fixed name.",
		Outcome: rule.Risky,
		Effect:  `It works until a change replaces the group. Then AWS refuses to delete it: "ResourceInUse".`,
	}
	fixedLoadBalancerName = &rule.Defect{
		ID:      "load-balancer-name",
		Summary: "A load balancer that a VPC link or an endpoint service uses has a fixed name.",
		Outcome: rule.Risky,
		Effect:  `It works until a change replaces the load balancer. Then AWS refuses to delete it: "ResourceInUse".`,
	}
)

func checkLoadBalancerNoFixedName(s *model.Stack, r *rule.Report) {
	links := s.PrivateLinks()
	used := groupsInUse(s, links)
	for _, tg := range s.TargetGroups {
		judgeName(r, fixedTargetGroupName, tg.Element, tg.Naming, orFalse(used, tg), "a listener forwards to it")
	}
	for _, lb := range s.LoadBalancers {
		behind := model.False
		for _, link := range links {
			behind = behind.Or(link.Serves(lb))
		}
		judgeName(r, fixedLoadBalancerName, lb.Element, lb.Naming, behind,
			"a VPC link or an endpoint service uses it")
	}
}

// groupsInUse returns the target groups on the way to or from an API: those in
// front of an endpoint, and those behind a private link.
func groupsInUse(s *model.Stack, links []model.PrivateLink) map[*model.TargetGroup]model.Truth {
	used := map[*model.TargetGroup]model.Truth{}
	for _, front := range s.Fronts() {
		used[front.TargetGroup] = orFalse(used, front.TargetGroup).Or(front.Certain)
	}
	for _, l := range s.Listeners {
		serves := model.False
		for _, link := range links {
			serves = serves.Or(link.LoadBalancers.Any(l.LoadBalancer.Same))
		}
		if serves == model.False {
			continue
		}
		for _, tg := range s.TargetGroups {
			if forwards := l.ForwardsTo(tg); forwards != model.False {
				used[tg] = orFalse(used, tg).Or(serves.And(forwards))
			}
		}
	}
	return used
}

// orFalse returns an entry of a map, or False if there is none.
func orFalse[K comparable](all map[K]model.Truth, key K) model.Truth {
	if truth, asked := all[key]; asked {
		return truth
	}
	return model.False
}

// judgeName judges the name of a resource that is, or may be, in use.
func judgeName(
	r *rule.Report, defect *rule.Defect, e model.Element, n model.Naming, used model.Truth, user string,
) {
	if used == model.False {
		return
	}
	name, _ := n.Name.Get()
	r.Judge(e.Origin, defect.If(used.And(isFixed(n, generatedNames.Value(r))), e.At("name"),
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
