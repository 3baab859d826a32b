package model

import "strings"

// HostedZone is a hosted zone of Route 53.
type HostedZone struct {
	Element
	// Domain is the name at the top of the zone, in lower case and without a final dot.
	Domain Known[string]
	// VPCs are the networks that the zone answers to, from its own list and from associations. A public zone has
	// none.
	VPCs Refs[VPC]
	// ListsVPCs is whether the zone itself names VPCs.
	ListsVPCs Truth
	// KeepsVPCs is whether the program tells Pulumi to ignore changes of that list.
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
