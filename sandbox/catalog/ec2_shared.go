package catalog

import (
	"private-api-blueprints/sandbox/cloud"
)

// A VPC of another account, whose owner shares subnets with the account, has the
// owner's account in its private ownerId. Existing objects alone can have one.

// vpcSharing is the page that says what participants may do in a shared VPC.
const vpcSharing = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html"

// showOwner shows the owner of a VPC or a subnet that is not the account's own.
func showOwner(r *cloud.Request) {
	if owner := r.Object.Private.String("ownerId"); owner != "" {
		r.Set("ownerId", owner)
	}
}

// ownerOfVPC returns the account that owns a VPC. It assumes that one which does not
// exist is the account's own.
func ownerOfVPC(r *cloud.Request, id string) string {
	if vpc := r.Find(vpcType, id, ""); vpc != nil {
		return vpc.Private.StringOr("ownerId", cloud.AccountID)
	}
	return cloud.AccountID
}

// checkOwnVPC refuses what only the owner of a VPC may make in it. id returns the VPC.
func checkOwnVPC(id func(*cloud.Request) string) func(*cloud.Request) error {
	return func(r *cloud.Request) error {
		vpc := id(r)
		if owner := ownerOfVPC(r, vpc); owner != cloud.AccountID {
			return cloud.NewRefusal("UnauthorizedOperation",
				"You are not authorized to perform this operation. VPC %s belongs to account %s.",
				vpcSharing).With(vpc, owner)
		}
		return nil
	}
}

// vpcOfInputs returns the VPC that the inputs name.
func vpcOfInputs(r *cloud.Request) string { return r.Inputs.String("vpcId") }

// vpcOfRouteTable returns the VPC of the route table that the inputs name.
func vpcOfRouteTable(r *cloud.Request) string {
	return r.Lookup(routeTableType, r.Inputs.String("routeTableId")).Inputs.String("vpcId")
}

// checkZoneOwner refuses a private zone for a VPC of another account, unless that
// account has associated the zone.
func checkZoneOwner(r *cloud.Request) error {
	for _, vpc := range r.Inputs.StringsAt("vpcs[].vpcId") {
		owner := ownerOfVPC(r, vpc)
		if owner != cloud.AccountID && owner != r.Object.Private.String("associatedBy") {
			return cloud.NewRefusal("NotAuthorizedException",
				"User: arn:aws:iam::"+cloud.AccountID+":user/sandbox is not authorized to perform: "+
					"route53:AssociateVPCWithHostedZone on resource: arn:aws:ec2:%s:%s:vpc/%s",
				associateVPC).With(r.Region, cloud.AccountID, vpc)
		}
	}
	return nil
}
