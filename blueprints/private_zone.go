package blueprints

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// checkPrivateZone asks AWS for the private zone of a name in a VPC that exists.
// It refuses a configured zone that does not hold the name there. Without one, it
// refuses a VPC that has a zone of the name, unless this stack created it.
func (l *lookup) checkPrivateZone(c settings.Section, s *config.PrivateZone, name string, network *config.Network) {
	if network.Existing == nil || c.Any("privateZoneId") || c.Any("name") || c.Any("hostName") {
		return
	}
	vpc := network.Existing.VpcId
	if s.PrivateZoneId == "" {
		l.checkNewZone(c, name, vpc)
		return
	}
	zone, err := components.LookupHostedZone(l.ctx, s.PrivateZoneId, l.options...)
	switch {
	case err != nil:
		c.Reject("privateZoneId", s.PrivateZoneId, "want a hosted zone of this account: %v", err)
	case !zone.Private:
		c.Reject("privateZoneId", s.PrivateZoneId, "is the public zone %s; want a private zone", zone.Name)
	case name != zone.Name && !strings.HasSuffix(name, "."+zone.Name):
		c.Reject("privateZoneId", s.PrivateZoneId, "is the private zone %s; want one that contains %s", zone.Name, name)
	default:
		found, err := components.LookupPrivateZone(l.ctx, zone.Name, vpc, l.options...)
		if err != nil || found == nil || found.Id != s.PrivateZoneId {
			c.Reject("privateZoneId", s.PrivateZoneId, "want a zone that is associated with %s", vpc)
		}
	}
}

// checkNewZone refuses a VPC with which no new zone of a name can be associated: one
// of another account, and one that has a zone of the name already, unless this stack
// created it. It warns if AWS does not tell.
func (l *lookup) checkNewZone(c settings.Section, name, vpc string) {
	found, err := components.LookupVpc(l.ctx, vpc, l.options...)
	if err == nil && found.OwnerId != l.environment.AccountId {
		c.Reject("privateZoneId", nil, "required: %s belongs to account %s, and only its owner may associate a new "+
			"zone with it; want a private zone of account %s that the owner has associated "+
			"(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"+
			"hosted-zone-private-associate-vpcs-different-accounts.html)", vpc, found.OwnerId, l.environment.AccountId)
		return
	}
	zone, err := components.LookupPrivateZone(l.ctx, name, vpc, l.options...)
	switch {
	case err != nil:
		l.warn(fmt.Sprintf("%s is left out, and AWS does not tell whether %s has a private zone of %s. If it has one, "+
			"the deployment fails at the end: %v", c.At("privateZoneId"), vpc, name, err))
	case zone != nil && zone.Comment != l.zoneComment() && zone.Comment != components.FormerZoneComment:
		c.Reject("privateZoneId", nil,
			"required: %s has the private zone %s of the name already, and takes no second; its comment is %q. "+
				"If this stack made it under another name, change the comment to %q",
			vpc, zone.Id, zone.Comment, l.zoneComment())
	}
}

// zoneComment returns the comment of a private zone that this stack creates. It
// tells the zone from those of others.
func (l *lookup) zoneComment() string { return zoneComment(l.ctx.Project(), l.ctx.Stack()) }

func zoneComment(project, stack string) string {
	return fmt.Sprintf("%s. Pulumi stack %s/%s", components.FormerZoneComment, project, stack)
}

// vpcZone returns the zone that the settings name, or one to create for a VPC.
func (b builder) vpcZone(s *config.PrivateZone, vpcId pulumi.StringInput) components.VpcZone {
	return components.VpcZone{
		ZoneId: s.PrivateZoneId, VpcId: vpcId, Comment: zoneComment(b.ctx.Project(), b.ctx.Stack()),
	}
}
