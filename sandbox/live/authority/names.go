package authority

import (
	"maps"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/live/inventory"
)

const certificateType = "aws:acm/certificate:Certificate"

// awsDomains are the domains under which AWS names things of an account, by region.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#dns-name
var awsDomains = []string{
	"execute-api.REGION.amazonaws.com", // APIs.
	"REGION.vpce.amazonaws.com",        // Interface endpoints.
	"elb.REGION.amazonaws.com",         // Network Load Balancers.
	"REGION.elb.amazonaws.com",         // Application Load Balancers.
}

// permitted returns the domains that the authority may issue certificates for, in
// order. A domain permits the names under it, too, so that a wildcard needs its
// parent only.
func permitted(inv *inventory.Inventory) []string {
	domains := map[string]bool{}
	for _, cert := range inv.All(certificateType) {
		if cert.Out.Has("certificateBody") {
			continue // Another authority has signed it.
		}
		for _, name := range certificateNames(cert) {
			domains[strings.TrimPrefix(strings.ToLower(name), "*.")] = true
		}
	}
	for _, region := range inv.Regions() {
		for _, domain := range awsDomains {
			domains[strings.ReplaceAll(domain, "REGION", region)] = true
		}
	}
	return slices.Sorted(maps.Keys(domains))
}

// certificateNames returns the names of a certificate of ACM: its domain name first,
// then the alternative names.
func certificateNames(cert *inventory.Object) []string {
	names := []string{cert.Out.String("domainName")}
	for _, name := range cert.Out.Strings("subjectAlternativeNames") {
		if name != names[0] {
			names = append(names, name)
		}
	}
	return names
}
