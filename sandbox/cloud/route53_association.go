package cloud

import "slices"

const (
	zoneAssociationType          = "aws:route53/zoneAssociation:ZoneAssociation"
	associationAuthorizationType = "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization"
)

const associateVPC = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html"

func zoneAssociationKind() *Kind {
	return &Kind{
		Token:     zoneAssociationType,
		Required:  words("vpcId zoneId"),
		Optional:  words("vpcRegion"),
		Computed:  words("owningAccount vpcRegion"),
		Replace:   words("vpcId vpcRegion zoneId"),
		global:    true,
		id:        func(c *call) string { return c.in().str("zoneId") + ":" + c.in().str("vpcId") },
		duplicate: Refusal{"ConflictingDomainExists", "The VPC is already associated with the hosted zone: %s", associateVPC},
		refs:      map[string]string{"zoneId": zoneType, "vpcId": vpcType},
		absent:    map[string]Refusal{"vpcId": {"InvalidVPCId", "The VPC: %s that you provided is not a valid VPC.", associateVPC}},
		fills:     props{"owningAccount": AccountID},
		check:     inOrder(privateZoneCheck, zoneAssociationCheck),
		born: func(c *call) error {
			c.fill("vpcRegion", c.region)
			return nil
		},
	}
}

// privateZoneCheck refuses a VPC for a zone that is public.
func privateZoneCheck(c *call) error {
	if zone := c.find(zoneType, c.in().str("zoneId"), ""); !private(zone) {
		return Refusal{"PublicZoneVPCAssociation", "The hosted zone %s is public and cannot be associated with a VPC.", associateVPC}.with(zone.ID)
	}
	return nil
}

func zoneAssociationCheck(c *call) error {
	zone, vpc := c.find(zoneType, c.in().str("zoneId"), ""), c.in().str("vpcId")
	if slices.Contains(zone.Inputs.gather("vpcs[].vpcId"), vpc) {
		return conflictingDomain.with(vpc, zone.ID)
	}
	return c.zoneConflict(zone, vpc)
}

// vpcsOf gives the VPCs that a private zone is in, however they came there.
func (c *call) vpcsOf(zone *Object) []string {
	vpcs := zone.Inputs.gather("vpcs[].vpcId")
	for _, association := range c.all(zoneAssociationType) {
		if association.Inputs.str("zoneId") == zone.ID {
			vpcs = append(vpcs, association.Inputs.str("vpcId"))
		}
	}
	return vpcs
}

// associationAuthorizationKind lets another account associate its VPC, which
// is believed to exist.
func associationAuthorizationKind() *Kind {
	return &Kind{
		Token:      associationAuthorizationType,
		Required:   words("vpcId zoneId"),
		Optional:   words("vpcRegion"),
		Computed:   words("vpcRegion"),
		Replace:    words("vpcId vpcRegion zoneId"),
		global:     true,
		overwrites: true,
		id:         func(c *call) string { return c.in().str("zoneId") + ":" + c.in().str("vpcId") },
		refs:       map[string]string{"zoneId": zoneType},
		check:      privateZoneCheck,
		born: func(c *call) error {
			c.fill("vpcRegion", c.region)
			return nil
		},
	}
}
