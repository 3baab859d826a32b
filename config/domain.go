package config

import (
	"private-api-blueprints/internal/settings"
)

// Domain is a name that clients call, with its certificate.
type Domain struct {
	// Name is the fully qualified domain name that clients call. It must be inside
	// the public zone, and cannot be the zone's own name.
	Name string `config:"name" required:"true" format:"domainName"`
	Certificate
}

// ServiceDomain is the name of an endpoint service.
type ServiceDomain struct {
	Domain
	// Verified lets AWS look for the TXT record of the output dnsRecords, if publicZoneId
	// is left out. Set it once the stack is deployed and you have made the record in
	// public DNS. Unset it before you change the name.
	// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
	Verified bool `config:"verified" default:"false"`
}

// check refuses a hint at a record that the stack makes itself.
func (s *ServiceDomain) check(c settings.Section) {
	if s.Verified && s.PublicZoneId != "" {
		c.Reject("verified", true, "want it only without publicZoneId: the stack makes the record there, and waits "+
			"until AWS has found it")
	}
	s.Certificate.check(c)
	s.checkName(c, "name", s.Name)
	if len(s.Name) > longestProvenService {
		c.Reject("name", s.Name, "has %d characters; want at most %d: the TXT record that proves the name has a "+
			"longer one", len(s.Name), longestProvenService)
	}
}

// longestProvenService is the length of the longest name of an endpoint service. The record that proves the name has a
// label of 21 characters more.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
const longestProvenService = 253 - len("_6e86v84tqgqubxbwii1m.")

// proven reports whether AWS finds the record of the name.
func (s *ServiceDomain) proven() bool { return s.PublicZoneId != "" || s.Verified }
