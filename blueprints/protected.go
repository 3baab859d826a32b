package blueprints

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/settings"
)

// registered holds the types and names of resources that this program has registered, as "type name".
type registered map[string]bool

// record returns a transformation that adds every resource.
func (r registered) record() pulumi.ResourceTransformation {
	return func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		r[args.Type+" "+args.Name] = true
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	}
}

// deletions returns what a deployment would do to the protected resources of the state that it does not keep, with the
// key that causes it and what allows it, in the order of their URNs. The engine refuses to delete them, also at
// preview, and does not know the reason. It deletes an Elastic IP that somebody has unprotected.
func (d deployed) deletions(kept registered, region string, c settings.Section) (texts []string) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		urn, r := resource.URN(name), d[name]
		outermost, _, _ := strings.Cut(string(urn.QualifiedType()), "$")
		was, cause := regionOf(r.Outputs.Arn), ""
		switch {
		case !r.isProtected(urn):
			continue
		case !kept.hasType(outermost):
			cause = c.At("name") + ": another blueprint deletes"
		case was != "" && was != region: // Before the next cases, because the zones have other names there.
			cause = fmt.Sprintf("aws:region = %q: another region replaces", region)
		case !kept[r.Type+" "+urn.Name()] && r.Type == loadBalancerToken:
			cause = c.At("service") + ": its removal deletes" // No other blueprint has a part with a load balancer.
		case !kept[r.Type+" "+urn.Name()]:
			cause = c.At("network") + ": a zone that is no longer used deletes"
		default:
			continue
		}
		texts = append(texts, cause+" "+r.whatIsProtected(urn))
	}
	return texts
}

// hasType reports whether the program has registered a resource of a type.
func (r registered) hasType(token string) bool {
	for key := range r {
		if strings.HasPrefix(key, token+" ") {
			return true
		}
	}
	return false
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

// whatIsProtected names a protected resource, and says what allows its deletion.
func (r deployedResource) whatIsProtected(urn resource.URN) string {
	if r.Type == loadBalancerToken {
		return fmt.Sprintf("the load balancer %s, which is protected; %s", urn.Name(), unprotectBalancer)
	}
	return fmt.Sprintf("the Elastic IP %s (%s), and the address does not come back; if the engine refuses, run this "+
		"first: pulumi state unprotect --yes '%s'", r.Outputs.PublicIp, urn.Name(), urn)
}

// replacesBalancer is the problem of a change that replaces a protected load balancer, with its name and a way.
const replacesBalancer = "the change replaces the load balancer %s, which is protected; %s"

// unprotectBalancer is how a protected load balancer may be deleted or replaced. Its protection on AWS must be off
// before.
const unprotectBalancer = "set front.deletionProtection to false, and deploy that first, without another change"

// regionOf returns the region in an ARN, or nothing.
func regionOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 3 {
		return parts[3]
	}
	return ""
}
