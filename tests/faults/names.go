package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var nameFaults = []Fault{
	{
		Name: "zonal-name", Number: 10,
		Says:      "an alias leads to an endpoint's name in one zone",
		Rules:     []string{"dns-alias-zonal-name"},
		Invisible: onlyForeign,
		Build: func(n *Network) {
			endpoint := either(n, "vpce-0123456789abcdef0-abcdefgh-us-east-1a", "vpce-0123456789abcdef0-abcdefgh")
			name := pulumi.String(endpoint + ".execute-api.us-east-1.vpce.amazonaws.com")
			n.record("api", "api", n.privateZone(n.vpc("vpc", nil)), alias(name, pulumi.String("Z7HUB22UULQXV")))
		},
	},
	{
		Name:   "zonal-entry",
		Says:   "an alias leads to an entry of dnsEntries for one zone",
		Rules:  []string{"dns-alias-zonal-name"},
		Unseen: map[View]string{PreviewExisting: noNames, PreviewCreated: noNames},
		Clients: []Question{
			{
				From: "subnet-b", URL: "https://api.zonal-entry.example.org/prod/", Header: byID,
				Insecure: true, FailedZone: "us-east-1a", Compliant: "200", Sees: "time-out",
			},
		},
		Build: zonalEntry,
	},
	{
		Name: "hidden-name", Number: 11,
		Says:     "a private zone lacks a name that public DNS has",
		Rules:    []string{"dns-split-horizon"},
		Advisory: true,
		Clients: []Question{
			{
				From: "vpc", URL: "www.hidden-name.example.org", Records: "A",
				Compliant: "1 record", Sees: "the name does not resolve",
			},
		},
		Build: func(n *Network) {
			public, private := n.publicZone(), n.privateZone(n.vpcWithSubnet())
			n.record("public-www", "www", public, answer("192.0.2.1"))
			n.record("api", "api", private, answer("10.0.0.10"))
			if !n.Faulty {
				n.record("private-www", "www", private, answer("192.0.2.1"))
			}
		},
	},
	{
		Name:     "hidden-type",
		Says:     "a private zone lacks the IPv6 addresses of a public name",
		Rules:    []string{"dns-split-horizon"},
		Advisory: true,
		Clients: []Question{
			{
				From: "vpc", URL: "www.hidden-type.example.org", Records: "AAAA",
				Compliant: "1 record", Sees: "no AAAA record",
			},
		},
		Build: func(n *Network) {
			public, private := n.publicZone(), n.privateZone(n.vpcWithSubnet())
			six := merge(answer("2001:db8::1"), pulumi.Map{"type": pulumi.String("AAAA")})
			n.record("public", "www", public, six)
			n.record("private", "www", private, either(n, answer("192.0.2.1"), six))
		},
	},
	{
		Name:     "wide-zone",
		Says:     "a private zone is for a whole domain, and has one name of it",
		Rules:    []string{"dns-split-horizon"},
		Advisory: true,
		Clients: []Question{
			{
				From: "vpc", URL: "www.example.net", Records: "A",
				Compliant: "1 record", Sees: "the name does not resolve",
			},
		},
		Build: func(n *Network) {
			public := n.add("aws:route53/zone:Zone", "public-zone", pulumi.Map{"name": pulumi.String("example.net")})
			n.record("www", "", public,
				merge(answer("192.0.2.1"), pulumi.Map{"name": pulumi.String("www.example.net")}))
			zone := n.zoneOf(either(n, "example.net", "api.example.net"))
			n.record("api", "", zone, merge(answer("10.0.0.10"), pulumi.Map{"name": pulumi.String("api.example.net")}))
		},
	},
	{
		Name:  "region-zone",
		Says:  "a private zone is for all AWS services in a region",
		Rules: []string{"dns-split-horizon"},
		Clients: []Question{
			{
				From: "vpc", URL: "s3.us-east-1.amazonaws.com", Records: "A",
				Compliant: "2 records", Sees: "the name does not resolve",
			},
		},
		Build: func(n *Network) { n.zoneOf(either(n, "", "sqs.") + "us-east-1.amazonaws.com") },
	},
	{
		Name:  "no-aaaa",
		Says:  "the name of a dualstack load balancer has no AAAA record",
		Rules: []string{"dns-dualstack-aaaa"},
		Clients: []Question{
			{
				From: "vpc", URL: "api.no-aaaa.example.org", Records: "AAAA",
				Compliant: "2 records", Sees: "no AAAA record",
			},
		},
		Build: func(n *Network) {
			vpc, subnets := n.twoFamilies()
			balancer := n.balancer("nlb", vpc, subnets, pulumi.Map{"ipAddressType": pulumi.String("dualstack")})
			zone, lead := n.privateZone(vpc), alias(balancer.DnsName, balancer.ZoneId)
			n.record("ipv4", "api", zone, lead)
			if !n.Faulty {
				n.record("ipv6", "api", zone, merge(pulumi.Map{"type": pulumi.String("AAAA")}, lead))
			}
		},
	},
	{
		Name:      "two-lists",
		Says:      "a private zone has a list of VPCs and an association",
		Rules:     []string{"dns-zone-vpcs-single-owner"},
		Invisible: onlyNextUpdate,
		Build: func(n *Network) {
			zone := n.privateZone(n.vpc("vpc", nil),
				either(n, nil, []pulumi.ResourceOption{pulumi.IgnoreChanges([]string{"vpcs"})})...)
			second := n.vpc("second-vpc", map[string]any{"cidrBlock": "10.1.0.0/16"})
			n.add("aws:route53/zoneAssociation:ZoneAssociation", "association",
				pulumi.Map{"zoneId": zone.ID(), "vpcId": second.ID()})
		},
	},
	{
		Name: "foreign-cert", Number: 12,
		Says:  "the certificate of a TLS listener does not cover the name that leads to it",
		Rules: []string{"certificate-covers-name"},
		Clients: []Question{
			{From: "subnet-a", URL: "https://foreign-cert.example.org/", Compliant: "200", Sees: "TLS fails"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			// A wildcard stands for one label, so it does not cover the domain itself.
			certificate := n.privateCertificate(either(n, "*.", "") + n.ownDomain())
			balancer := n.tlsFront(vpc, []*Resource{a, b}, certificate, nil, nil)
			n.record("api", "", n.privateZone(vpc), alias(balancer.DnsName, balancer.ZoneId))
		},
	},
	{
		Name:    "foreign-domain",
		Says:    "the certificate of a custom domain does not cover its name",
		Rules:   []string{"certificate-covers-name"},
		Refused: "BadRequestException: the certificate does not cover the name",
		Build: func(n *Network) {
			n.add("aws:apigateway/domainName:DomainName", "domain", pulumi.Map{
				"domainName":             pulumi.String(either(n, "api.eu.", "api.") + n.ownDomain()),
				"regionalCertificateArn": n.publicCertificate("*." + n.ownDomain()),
				"endpointConfiguration":  pulumi.Map{"types": pulumi.String("REGIONAL")},
				"securityPolicy":         pulumi.String("TLS_1_2"),
			})
		},
	},
}

// noNames is why nobody can judge an alias for an endpoint's name before the
// endpoint exists.
const noNames = "a dependency on the endpoint does not say which of its names the program takes, and the names do " +
	"not exist yet"

// zonalEntry registers an alias for an endpoint's name in one zone. That of its compliant twin is for all zones.
func zonalEntry(n *Network) {
	vpc, a, b := n.twoZones()
	endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
	entry := func(key string) pulumi.StringOutput {
		return endpoint.DnsEntries.ApplyT(func(entries []any) string {
			return entries[either(n, 1, 0)].(map[string]any)[key].(string)
		}).(pulumi.StringOutput)
	}
	n.record("api", "api", n.privateZone(vpc), alias(entry("dnsName"), entry("hostedZoneId")))
}

// ownDomain returns the DNS domain that only this network has.
func (n *Network) ownDomain() string { return domainOf(n.prefix) }

// domainOf returns the DNS domain that only one network has. Nobody else in the account has a zone above it.
func domainOf(network string) string { return network + ".example.org" }

// publicZone returns the zone of the network's domain in public DNS, which it registers the first time.
func (n *Network) publicZone() *Resource {
	if n.zone == nil {
		n.zone = n.add("aws:route53/zone:Zone", "public-zone", pulumi.Map{"name": pulumi.String(n.ownDomain())})
	}
	return n.zone
}

// privateZone registers a zone for the network's domain in a VPC.
func (n *Network) privateZone(vpc *Resource, opts ...pulumi.ResourceOption) *Resource {
	return n.add("aws:route53/zone:Zone", "private-zone", pulumi.Map{
		"name": pulumi.String(n.ownDomain()), "vpcs": pulumi.Array{pulumi.Map{"vpcId": vpc.ID()}},
	}, opts...)
}

// zoneOf registers a private zone for a domain, in its own VPC.
func (n *Network) zoneOf(domain string) *Resource {
	return n.add("aws:route53/zone:Zone", "zone", pulumi.Map{
		"name": pulumi.String(domain), "vpcs": pulumi.Array{pulumi.Map{"vpcId": n.vpcWithSubnet().ID()}},
	})
}

// record registers an A record for the domain, or for a label in front of it.
func (n *Network) record(role, label string, zone *Resource, inputs pulumi.Map) *Resource {
	name := n.ownDomain()
	if label != "" {
		name = label + "." + name
	}
	return n.add("aws:route53/record:Record", role, merge(pulumi.Map{
		"zoneId": zone.ID(), "name": pulumi.String(name), "type": pulumi.String("A"),
	}, inputs))
}

// answer returns the inputs of a record with an address.
func answer(address string) pulumi.Map {
	return pulumi.Map{"ttl": pulumi.Int(300), "records": pulumi.ToStringArray([]string{address})}
}

// alias returns the inputs of a record that leads to a name.
func alias(name, zoneID pulumi.StringInput) pulumi.Map {
	return pulumi.Map{"aliases": pulumi.Array{pulumi.Map{
		"name": name, "zoneId": zoneID, "evaluateTargetHealth": pulumi.Bool(true),
	}}}
}

// twoFamilies finds a VPC with IPv6 and a subnet in each of two zones. The VPC's
// range comes from a pool of addresses, so that the ranges of the subnets are known
// before it exists.
func (n *Network) twoFamilies() (vpc *Resource, subnets []*Resource) {
	vpc = n.vpc("vpc",
		map[string]any{"ipv6CidrBlock": "2001:db8::/56", "ipv6IpamPoolId": "ipam-pool-0123456789abcdef0"})
	for i, zone := range []string{"a", "b"} {
		subnets = append(subnets, n.find("aws:ec2/subnet:Subnet", "subnet-"+zone, map[string]any{
			"vpcId": vpc, "availabilityZone": "us-east-1" + zone,
			"cidrBlock": fmt.Sprintf("10.0.%d.0/24", i), "ipv6CidrBlock": fmt.Sprintf("2001:db8:0:%d::/64", i),
		}))
	}
	return vpc, subnets
}

// privateCertificate registers a certificate of a private authority, which
// requires no proof. Load balancers accept it.
// https://docs.aws.amazon.com/acm/latest/userguide/gs-acm-request-private.html
func (n *Network) privateCertificate(name string) pulumi.StringOutput {
	return n.add("aws:acm/certificate:Certificate", "certificate", pulumi.Map{
		"domainName": pulumi.String(name),
		"certificateAuthorityArn": pulumi.String("arn:aws:acm-pca:us-east-1:123456789012:" +
			"certificate-authority/12345678-1234-1234-1234-123456789012"),
	}).Arn
}

// unprovenCertificate registers a certificate of ACM without the proof for which
// ACM waits.
func (n *Network) unprovenCertificate(name string) pulumi.StringOutput {
	return n.add("aws:acm/certificate:Certificate", "unproven", pulumi.Map{
		"domainName": pulumi.String(name), "validationMethod": pulumi.String("DNS"),
	}).Arn
}

// publicCertificate registers a certificate of ACM, with its proof in public DNS.
// API Gateway accepts no others.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-specify-certificate-for-custom-domain-name.html
func (n *Network) publicCertificate(name string) pulumi.StringOutput {
	certificate := n.add("aws:acm/certificate:Certificate", "certificate", pulumi.Map{
		"domainName": pulumi.String(name), "validationMethod": pulumi.String("DNS"),
	})
	option := func(key string) pulumi.StringOutput {
		return certificate.DomainValidationOptions.ApplyT(func(options []any) string {
			return options[0].(map[string]any)[key].(string)
		}).(pulumi.StringOutput)
	}
	proof := n.record("proof", "", n.publicZone(), pulumi.Map{
		"name": option("resourceRecordName"), "type": pulumi.String("CNAME"),
		"ttl": pulumi.Int(300), "records": pulumi.Array{option("resourceRecordValue")},
	})
	return n.add("aws:acm/certificateValidation:CertificateValidation", "issued", pulumi.Map{
		"certificateArn": certificate.Arn, "validationRecordFqdns": pulumi.Array{proof.Fqdn},
	}).CertificateArn
}
