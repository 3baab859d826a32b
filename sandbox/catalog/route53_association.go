package catalog

import (
	"slices"

	"private-api-blueprints/sandbox/cloud"
)

const (
	zoneAssociationType          = "aws:route53/zoneAssociation:ZoneAssociation"
	associationAuthorizationType = "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization"
)

const associateVPC = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html"

func zoneAssociationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   zoneAssociationType,
		Replace: words("vpcId vpcRegion zoneId"),
		Global:  cloud.Always,
		ID:      func(r *cloud.Request) string { return r.Inputs.String("zoneId") + ":" + r.Inputs.String("vpcId") },
		Duplicate: cloud.NewRefusal("ConflictingDomainExists",
			"The VPC is already associated with the hosted zone: %s", associateVPC),
		References: map[string]string{"zoneId": zoneType, "vpcId": vpcType},
		ReferenceErrors: map[string]cloud.Refusal{
			"vpcId": cloud.NewRefusal("InvalidVPCId", "The VPC: %s that you provided is not a valid VPC.",
				associateVPC),
		},
		OutputDefaults: cloud.Props{"owningAccount": cloud.AccountID},
		Check:          cloud.InOrder(checkPrivateZone, checkZoneAssociation),
		OnCreate: func(r *cloud.Request) error {
			r.SetDefault("vpcRegion", r.Region)
			return nil
		},
		Example: cloud.Example{
			Name:   "zone association",
			Inputs: cloud.Props{"vpcId": "${other vpc}", "zoneId": "${private zone}"},
		},
	}
}

// checkPrivateZone refuses a VPC for a public zone.
func checkPrivateZone(r *cloud.Request) error {
	if zone := r.Find(zoneType, r.Inputs.String("zoneId"), ""); !private(zone) {
		return cloud.NewRefusal("PublicZoneVPCAssociation",
			"The hosted zone %s is public and cannot be associated with a VPC.", associateVPC).With(zone.ID)
	}
	return nil
}

func checkZoneAssociation(r *cloud.Request) error {
	zone, vpc := r.Find(zoneType, r.Inputs.String("zoneId"), ""), r.Inputs.String("vpcId")
	if slices.Contains(zone.Inputs.StringsAt("vpcs[].vpcId"), vpc) {
		return conflictingDomain.With(vpc, zone.ID)
	}
	return checkZoneConflict(r, zone, vpc)
}

// vpcsOf returns the VPCs of a private zone, both its own and associated ones.
func vpcsOf(r *cloud.Request, zone *cloud.Object) []string {
	vpcs := zone.Inputs.StringsAt("vpcs[].vpcId")
	for _, association := range r.All(zoneAssociationType) {
		if association.Inputs.String("zoneId") == zone.ID {
			vpcs = append(vpcs, association.Inputs.String("vpcId"))
		}
	}
	return vpcs
}

// associationAuthorizationKind returns the kind that lets another account
// associate its VPC. It assumes that the VPC exists.
func associationAuthorizationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      associationAuthorizationType,
		Replace:    words("vpcId vpcRegion zoneId"),
		Global:     cloud.Always,
		Upsert:     true,
		ID:         func(r *cloud.Request) string { return r.Inputs.String("zoneId") + ":" + r.Inputs.String("vpcId") },
		References: map[string]string{"zoneId": zoneType},
		Check:      checkPrivateZone,
		OnCreate: func(r *cloud.Request) error {
			r.SetDefault("vpcRegion", r.Region)
			return nil
		},
		Example: cloud.Example{
			Name:   "authorization",
			Inputs: cloud.Props{"vpcId": "vpc-0123456789abcdef0", "zoneId": "${private zone}"},
		},
	}
}
