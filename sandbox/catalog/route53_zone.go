package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func zoneKind() *cloud.Kind {
	return &cloud.Kind{
		Token:    zoneType,
		Replace:  words("delegationSetId name"),
		Sets:     words("vpcs"),
		Defaults: cloud.Props{"comment": "Managed by Pulumi", "forceDestroy": false},
		Autoname: cloud.Autoname{Property: "name", MaxLen: 255},
		Global:   cloud.Always,
		ID:       func(r *cloud.Request) string { return "Z" + strings.ToUpper(r.Hex(20)) },
		NotFound: cloud.NewRefusal("NoSuchHostedZone", "No hosted zone found with ID: %s", route53Errors),
		InUse: cloud.NewRefusal("HostedZoneNotEmpty",
			"The specified hosted zone %s contains non-required resource record sets and so cannot be deleted.",
			"https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html"),
		References: map[string]string{"vpcs[].vpcId": vpcType},
		ReferenceErrors: map[string]cloud.Refusal{
			"vpcs[].vpcId": cloud.NewRefusal("InvalidVPCId", "The VPC: %s that you provided is not a valid VPC.",
				route53Errors),
		},
		Check:    cloud.InOrder(checkZoneOwner, checkZone),
		OnCreate: zoneOnCreate,
		Compute:  zoneCompute,
		Example: cloud.Example{
			Name:   "zone",
			Inputs: cloud.Props{"name": "example.net"},
		},
	}
}

// checkZone refuses a zone that conflicts with another one. It does not check
// the DNS attributes of the VPC: without them AWS associates the zone, and its
// names do not resolve.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func checkZone(r *cloud.Request) error {
	if err := checkZoneChange(r); err != nil {
		return err
	}
	for _, vpc := range r.Inputs.StringsAt("vpcs[].vpcId") {
		if err := checkZoneConflict(r, r.Object, vpc); err != nil {
			return err
		}
	}
	return nil
}

// checkZoneConflict refuses a zone in a VPC that resolves the zone's name in
// another way.
func checkZoneConflict(r *cloud.Request, zone *cloud.Object, vpc string) error {
	domain := canonical(zone.Inputs.String("name"))
	for _, other := range r.All(zoneType) {
		if other != zone && canonical(other.Inputs.String("name")) == domain &&
			slices.Contains(vpcsOf(r, other), vpc) {
			return conflictingDomain.With(vpc, other.ID)
		}
	}
	for _, endpoint := range r.All(vpcEndpointType) {
		if endpoint.Inputs.String("vpcId") == vpc && privateZoneOf(r, endpoint) == domain {
			return conflictingDomain.With(vpc, endpoint.ID)
		}
	}
	return nil
}

var conflictingDomain = cloud.NewRefusal("ConflictingDomainExists",
	"The VPC %s has already been associated with the hosted zone of %s with the same domain name.",
	"https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html")

// checkZoneChange refuses to make a public zone private, or the reverse.
func checkZoneChange(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html"
	was, is := len(r.Old.Objects("vpcs")), len(r.Inputs.Objects("vpcs"))
	switch {
	case r.Created():
		return nil
	case was == 0 && is > 0:
		return cloud.NewRefusal("PublicZoneVPCAssociation",
			"The hosted zone %s is public and cannot be associated with a VPC.",
			source).With(r.Object.ID)
	case was > 0 && is == 0:
		return cloud.NewRefusal("LastVPCAssociation",
			"The last VPC of private hosted zone %s cannot be disassociated.", source).With(r.Object.ID)
	}
	return nil
}

func zoneOnCreate(r *cloud.Request) error {
	r.Set("arn", "arn:aws:route53:::hostedzone/"+r.Object.ID)
	r.Set("zoneId", r.Object.ID)
	if account := r.Caller.Account(); account != cloud.AccountID {
		r.Object.Private["account"] = account
	}
	first, set := "", "00" // Every private zone has these name servers.
	if len(r.Inputs.Objects("vpcs")) == 0 {
		first, set = "1", r.Letters(2, "123456789")
	}
	var servers []any
	for i, domain := range []string{"com", "net", "org", "co.uk"} {
		servers = append(servers, fmt.Sprintf("ns-%s%d.awsdns-%s.%s", first, 512*i, set, domain))
	}
	r.Set("nameServers", servers)
	r.Set("primaryNameServer", servers[0])
	return nil
}

// zoneCompute shows the region of each VPC.
func zoneCompute(r *cloud.Request) error {
	var vpcs []any
	for _, vpc := range r.Inputs.Objects("vpcs") {
		region := r.Find(vpcType, vpc.String("vpcId"), "").Region
		vpcs = append(vpcs,
			map[string]any{"vpcId": vpc.String("vpcId"), "vpcRegion": vpc.StringOr("vpcRegion", region)})
	}
	if vpcs == nil {
		r.Unset("vpcs")
		return nil
	}
	r.Set("vpcs", vpcs)
	return nil
}

// zoneAccount returns the account of a zone: that of the role that made it, or that of
// an existing zone, which is in its private account.
func zoneAccount(zone *cloud.Object) string { return zone.Private.StringOr("account", cloud.AccountID) }

// foreignZone is what Route 53 says about a zone of another account.
var foreignZone = cloud.NewRefusal("AccessDenied",
	"User: arn:aws:iam::%s:user/sandbox is not authorized to access this resource", route53Errors)

func private(zone *cloud.Object) bool { return len(zone.Inputs.Objects("vpcs")) > 0 }

// getZone finds one zone, or fails as the provider does.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/tfresource/errors.go
func getZone(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	var found []*cloud.Object
	for _, zone := range r.All(zoneType) {
		foreign := zoneAccount(zone) != r.Caller.Account()
		switch {
		case foreign && zone.ID == args.String("zoneId"):
			return nil, foreignZone.With(r.Caller.Account())
		case !foreign && zoneMatches(r, zone, args):
			found = append(found, zone)
		}
	}
	switch len(found) {
	case 0:
		return nil, errors.New("no matching Route 53 Hosted Zone found")
	case 1:
	default:
		return nil, errors.New("multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches " +
			"to a single Route 53 Hosted Zone")
	}
	zone := found[0]
	out := zone.Outputs()
	out["name"] = canonical(out.String("name"))
	out["privateZone"] = private(zone)
	out["resourceRecordSetCount"] = 2 + len(recordsOf(r, zone))
	out["callerReference"] = "sandbox"
	out["linkedServiceDescription"], out["linkedServicePrincipal"] = "", ""
	out["tags"] = out["tagsAll"]
	return out, nil
}

// getZones lists the hosted zones of the caller's account.
func getZones(r *cloud.Request, _ cloud.Props) (cloud.Props, error) {
	own := slices.DeleteFunc(r.All(zoneType),
		func(zone *cloud.Object) bool { return zoneAccount(zone) != r.Caller.Account() })
	return cloud.Props{"id": r.Region, "ids": idsOf(own)}, nil
}

func zoneMatches(r *cloud.Request, zone *cloud.Object, args cloud.Props) bool {
	if id := args.String("zoneId"); id != "" {
		return zone.ID == id
	}
	vpc := args.String("vpcId")
	return canonical(zone.Inputs.String("name")) == canonical(args.String("name")) &&
		private(zone) == (args.Bool("privateZone") || vpc != "") &&
		(vpc == "" || slices.Contains(vpcsOf(r, zone), vpc)) &&
		matches(zone.Outputs(), cloud.Props{"tags": args["tags"]}, nil)
}

func recordsOf(r *cloud.Request, zone *cloud.Object) []*cloud.Object {
	return slices.DeleteFunc(r.All(recordType),
		func(r *cloud.Object) bool { return r.Inputs.String("zoneId") != zone.ID })
}
