package blueprints

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/internal/settings"
)

// deletions returns what a deployment would do to the protected resources of the state that it does not keep, with the
// key that causes it and what allows it, in the order of their URNs. The engine refuses to delete them, also at
// preview, and does not know the reason. It deletes an Elastic IP that somebody has unprotected.
func (l *lookup) deletions() (texts []string) {
	state := l.inState()
	for _, name := range slices.Sorted(maps.Keys(state)) {
		urn, r := resource.URN(name), state[name]
		if !r.isProtected(urn) {
			continue
		}
		if key, deed := l.deletion(urn, r); key != "" {
			texts = append(texts, key+deed+" "+l.whatIsProtected(key, urn, r))
		}
	}
	return texts
}

// deletion returns the key that deletes or replaces a resource, and the words for that. The key is empty if the
// program keeps the resource.
func (l *lookup) deletion(urn resource.URN, r deployedResource) (key, deed string) {
	c := l.section()
	outermost, _, _ := strings.Cut(string(urn.QualifiedType()), "$")
	switch isKept := l.registered[r.Type+" "+urn.Name()]; {
	case !l.registered.hasType(outermost):
		return c.At("name"), ": another blueprint deletes"
	case l.movesFrom(r.Outputs): // Before the next cases: the zones have other names there.
		return l.regionSource, fmt.Sprintf(" = %q: another region replaces", l.environment.Region)
	case !isKept && r.Type == loadBalancerToken:
		return c.At("service"), ": its removal deletes" // No other blueprint has a part with a load balancer.
	case !isKept:
		return c.At("network"), ": a zone that is no longer used deletes"
	}
	return "", ""
}

// isProtected reports whether the program protects a resource: an Elastic IP that partners know, or a load balancer
// with front.deletionProtection. The outputs do not tell whether somebody has unprotected an Elastic IP since.
func (r deployedResource) isProtected(urn resource.URN) bool {
	switch r.Type {
	case elasticIPToken:
		return strings.HasSuffix(string(urn.QualifiedType()), ":StaticAddresses$"+elasticIPToken)
	case loadBalancerToken:
		return r.Outputs.EnableDeletionProtection
	}
	return false
}

// whatIsProtected names a protected resource that a key deletes or replaces, and says what allows that.
func (l *lookup) whatIsProtected(key string, urn resource.URN, r deployedResource) string {
	if r.Type == loadBalancerToken {
		return fmt.Sprintf("the load balancer %s, which is protected; put %s back, %s", urn.Name(), key,
			l.unprotectBalancer(urn))
	}
	return fmt.Sprintf("the Elastic IP %s (%s), and the address does not come back; if the engine refuses, run this "+
		"first: pulumi state unprotect --yes '%s'", r.Outputs.PublicIp, urn.Name(), urn)
}

// checkBalancer refuses a change of a network that replaces a protected load balancer: it takes the load balancer out
// of a subnet. The engine refuses that too, but does not name the key. kept are the IDs of those subnets of its tier
// that stay. prefix is that of the load balancer's name, or empty if the network has none. Another region is told by
// deletions.
func (l *lookup) checkBalancer(c settings.Section, prefix string, kept []string) {
	name, balancer := l.inState().find(loadBalancerToken, prefix+"-nlb")
	if prefix == "" || !balancer.EnableDeletionProtection || l.movesFrom(balancer) {
		return
	}
	for _, mapping := range balancer.SubnetMappings {
		if !slices.Contains(kept, mapping.SubnetId) {
			urn := resource.URN(name)
			c.RejectGroup(nil, "the change replaces the load balancer %s, which is protected; %s", urn.Name(),
				l.unprotectBalancer(urn))
			return
		}
	}
}

// movesFrom reports whether a deployed resource is in another region than the stack.
func (l *lookup) movesFrom(o deployedOutputs) bool {
	was := regionOf(o.Arn)
	return was != "" && was != l.environment.Region
}

// unprotectBalancer returns how a protected load balancer may be deleted or replaced. Its protection on AWS must be off
// before.
func (l *lookup) unprotectBalancer(urn resource.URN) string {
	front := l.section("front")
	if strings.Contains(string(urn.QualifiedType()), typeToken("H2EndpointService")+"$") {
		front = l.section("service", "front")
	}
	return fmt.Sprintf("set %s to false, and deploy that first, without another change", front.At("deletionProtection"))
}

// regionOf returns the region in an ARN, or nothing.
func regionOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 3 {
		return parts[3]
	}
	return ""
}
