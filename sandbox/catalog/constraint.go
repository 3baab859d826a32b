package catalog

import (
	"fmt"
	"regexp"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// The constraints are those of the Terraform provider's schemas:
// https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service

// anARN matches what the provider takes for an ARN.
const anARN = `^arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}|aws|cloudfront)?:.+$`

// arnAt accepts ARNs.
func arnAt(path string) cloud.Constraint { return cloud.Matching(path, anARN, "an ARN") }

// rulePorts accepts the ports of a security group's rule. -1 means all types of ICMP.
func rulePorts() []cloud.Constraint {
	return []cloud.Constraint{cloud.Between("fromPort", -1, 65535), cloud.Between("toPort", -1, 65535)}
}

// balancerName accepts the names of load balancers and target groups.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
func balancerName() cloud.Constraint {
	letters := regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?$`)
	return cloud.Constraint{Path: "name", Problem: func(value any) string {
		s, ok := value.(string)
		switch {
		case !ok:
		case len(s) > 32:
			return fmt.Sprintf("to have at most 32 characters, got %q", s)
		case strings.HasPrefix(s, "internal-"):
			return fmt.Sprintf("not to begin with \"internal-\", got %q", s)
		case !letters.MatchString(s):
			return fmt.Sprintf("to be letters, digits and inner hyphens, got %q", s)
		}
		return ""
	}}
}

// targetGroupConstraints returns what the provider checks about a target group.
func targetGroupConstraints() []cloud.Constraint {
	return []cloud.Constraint{
		balancerName(),
		cloud.OneOf("targetType", "instance", "ip", "lambda", "alb"),
		cloud.OneOf("ipAddressType", "ipv4", "ipv6"),
		cloud.Between("port", 1, 65535),
		cloud.Between("deregistrationDelay", 0, 3600),
		{Path: "slowStart", Problem: slowStartProblem},
		cloud.Between("healthCheck.healthyThreshold", 2, 10),
		cloud.Between("healthCheck.unhealthyThreshold", 2, 10),
		cloud.Between("healthCheck.interval", 5, 300),
		cloud.Between("healthCheck.timeout", 2, 120),
		cloud.OneOf("healthCheck.protocol", "HTTP", "HTTPS", "TCP"),
		cloud.Matching("healthCheck.path", "^/", "a path that begins with /"),
	}
}

// slowStartProblem returns what the provider says about a wrong number of seconds.
func slowStartProblem(value any) string {
	if n, ok := value.(float64); ok && n != 0 && (n < 30 || n > 900) {
		return fmt.Sprintf("to be 0 or in the range (30 - 900), got %v", n)
	}
	return ""
}

// loadBalancerConstraints returns what the provider checks about a load balancer.
func loadBalancerConstraints() []cloud.Constraint {
	return []cloud.Constraint{
		balancerName(),
		cloud.OneOf("loadBalancerType", "application", "network", "gateway"),
		cloud.OneOf("ipAddressType", "ipv4", "dualstack", "dualstack-without-public-ipv4"),
	}
}

// methods accepts HTTP methods.
func methods(path string) cloud.Constraint {
	return cloud.OneOf(path, "ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
}
