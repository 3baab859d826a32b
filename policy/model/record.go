package model

import "strings"

// Record is a record of a hosted zone: the answer for one name and one type.
type Record struct {
	Element
	Zone Ref[HostedZone]
	// Host is the record's full name, in lower case and without a final dot. A program may leave the zone's name
	// out. If the zone's name is unknown then, Host is unknown too.
	Host Known[string]
	// Written is the name as the program writes it: Host, or the part of Host before the zone's name.
	Written Known[string]
	Type    Known[RecordType]
	// Values are the addresses of an A or AAAA record, and the name of a CNAME record. Names are like Host. Addresses
	// are in the form that [net/netip.Addr.String] returns. An alias, and a record of another type, has none.
	Values List[string]
	// ValuesFrom are the resources whose outputs the values are made from.
	ValuesFrom Sources
	// IsAlias is whether the record answers what its destination answers.
	IsAlias Truth
	// Destination is where an alias or a CNAME record leads to. For other records its Host is absent.
	Destination Destination
	// ProvesNameOf are the endpoint services for whose private name the record proves control of the domain.
	ProvesNameOf Refs[EndpointService]
	// ValidatesCertificate is whether ACM issues a certificate because of the record. ACM reads it in public DNS.
	ValidatesCertificate Truth
	// OneOfSeveral is whether a routing policy chooses between this record and others with the same name and type.
	OneOfSeveral Truth
}

// RecordType is the type of a DNS record, in upper case.
type RecordType string

// Types of records that rules read.
const (
	RecordA     RecordType = "A"
	RecordAAAA  RecordType = "AAAA"
	RecordCNAME RecordType = "CNAME"
	RecordTXT   RecordType = "TXT"
)

// HasHosts reports whether the values of records of a type are addresses or host names.
func (t RecordType) HasHosts() bool { return t == RecordA || t == RecordAAAA || t == RecordCNAME }

// Destination is the host that a name leads to.
type Destination struct {
	// Host is the name there, in lower case and without a final dot.
	Host Known[string]
	// LoadBalancer, Endpoint, Domain and Record are what has that name. If one of them certainly has it, the others are
	// absent.
	LoadBalancer Ref[LoadBalancer]
	Endpoint     Ref[Endpoint]
	// Domain is the custom domain to which API Gateway has given that name.
	Domain Ref[Domain]
	// Record is a record for that name. If there are several, of different types or in different zones, all of them are
	// candidates.
	Record Ref[Record]
	// IsRegionalDomain is whether the name belongs to a regional custom domain of API Gateway.
	IsRegionalDomain Truth
	// Placement is where that custom domain is.
	Placement Placement
}

// SharesName asks whether two records are for the same name in the same zone.
func (r *Record) SharesName(o *Record) Truth {
	mine, known := r.Host.Get()
	written, isWritten := r.Written.Get()
	name := Maybe
	switch {
	case known && !o.Host.IsUnknown():
		name = o.Host.Equals(mine)
	case isWritten && o.Written.Is(written):
		name = True
	}
	return name.And(r.Zone.Same(o.Zone))
}

// HasProofName reports whether the name certainly begins as those of proofs do.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func (r *Record) HasProofName() bool {
	name, _ := r.Written.Get()
	return strings.HasPrefix(name, "_")
}

// IsPublic asks whether a record is in public DNS. A zone that is not in the
// stack is public if it holds a record that validates a certificate.
func (s *Stack) IsPublic(r *Record) Truth {
	if _, outside := r.Zone.Value.Get(); !outside || len(r.Zone.Candidates) > 0 {
		return r.Zone.Ask((*HostedZone).IsPrivate).Not()
	}
	public := Maybe
	for _, other := range s.Records {
		public = public.Or(other.ValidatesCertificate.And(other.Zone.Same(r.Zone)))
	}
	return public
}

// IsRegionalDomain reports whether a host name has the form that API Gateway
// gives to regional custom domains: d-<id>.execute-api.<region>.amazonaws.com.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html
func IsRegionalDomain(name string) bool {
	label, domain, _ := strings.Cut(name, ".")
	return strings.HasPrefix(label, "d-") && strings.HasPrefix(domain, executeAPI[1:]+".")
}
