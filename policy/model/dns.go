package model

import "strings"

// HostedZone is a zone of Route 53.
type HostedZone struct {
	Element
	// Domain is the name at its top, in lower case and without a final dot.
	Domain Known[string]
	// VPCs are the networks that it answers to, by its own list and by
	// associations. A public zone has none.
	VPCs Refs[VPC]
	// ListsVPCs is whether the zone itself names VPCs.
	ListsVPCs Truth
	// KeepsVPCs says that the program tells Pulumi to ignore what has changed in
	// that list.
	KeepsVPCs bool
}

// ZoneAssociation adds a VPC to a private zone.
type ZoneAssociation struct {
	Element
	Zone Ref[HostedZone]
	VPC  Ref[VPC]
}

// Covers asks whether a name lies in the zone's domain.
func (z *HostedZone) Covers(name Known[string]) Truth {
	host, known := name.Get()
	domain, alsoKnown := z.Domain.Get()
	if !known || !alsoKnown {
		return Maybe
	}
	return TruthOf(host == domain || strings.HasSuffix(host, "."+domain))
}

// IsPrivate asks whether the zone answers to VPCs only.
func (z *HostedZone) IsPrivate() Truth {
	switch {
	case len(z.VPCs.Items) > 0:
		return True
	case z.VPCs.Rest != nil:
		return Maybe
	}
	return False
}

// Record is a record of a hosted zone: what one name answers for one type.
type Record struct {
	Element
	Zone Ref[HostedZone]
	// Host is its full name, in lower case and without a final dot. It is
	// unknown where the zone, which a program may leave out of the name, is.
	Host Known[string]
	// Written is the name as the program has it: Host, or the part of it that
	// stands before the zone's name.
	Written Known[string]
	Type    Known[string]
	// IsAlias says that the answer is what the destination answers.
	IsAlias Truth
	// Leads is where an alias or a CNAME record leads to. A record of another
	// kind leads nowhere: its Host is absent.
	Leads Destination
	// Values are those of a record that is no alias.
	Values []Known[string]
	// ValuesComplete is false where there are, or may be, others.
	ValuesComplete bool
	// Proves are the endpoint services whose proof of control of a name the record
	// has among its values.
	Proves Refs[EndpointService]
	// Validates is whether it is the proof by which a certificate is issued, which
	// ACM reads in public DNS.
	Validates Truth
	// OneOfSeveral says that a routing policy chooses between this record and
	// others of the same name and type.
	OneOfSeveral Truth
}

// SharesName asks whether two records are for the same name of the same zone.
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

// IsPublic asks whether a record is in public DNS. A zone outside of the stack
// is public if a proof for a certificate is in it.
func (s *Stack) IsPublic(r *Record) Truth {
	if _, outside := r.Zone.Value.Get(); !outside || len(r.Zone.Candidates) > 0 {
		return r.Zone.Ask((*HostedZone).IsPrivate).Not()
	}
	public := Maybe
	for _, other := range s.Records {
		public = public.Or(other.Validates.And(other.Zone.Same(r.Zone)))
	}
	return public
}

// Destination is what a name leads to.
type Destination struct {
	// Host is the name there, in lower case and without a final dot.
	Host Known[string]
	// LoadBalancer and Endpoint are whose name that is. Each is absent where it
	// is certain that the other one has the name.
	LoadBalancer Ref[LoadBalancer]
	Endpoint     Ref[Endpoint]
	// IsRegionalDomain is whether the name is the one under execute-api that a
	// regional custom domain of API Gateway has, and Placement where that is.
	IsRegionalDomain Truth
	Placement        Placement
}

// IsRegionalDomain reports that a name is one that API Gateway gives to regional
// custom domains: d-<id>.execute-api.<region>.amazonaws.com.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html
func IsRegionalDomain(name string) bool {
	label, domain, _ := strings.Cut(name, ".")
	return strings.HasPrefix(label, "d-") && strings.HasPrefix(domain, executeAPI[1:]+".")
}
