package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var integrationVPCLinkRedeployment = &rule.Rule{
	ID:    "integration-vpc-link-redeployment",
	Title: "A new VPC link triggers a new deployment",
	Why: `A new load balancer means a new VPC link. Until there is a new deployment, the stage serves
the one that was made with the old link, and AWS does not delete a link that a stage uses.
The update ends with "BadRequestException: Cannot delete vpc link. Vpc link '…', is
referenced in […]", and callers still reach the old load balancer, or get HTTP 500.`,
	Fix: `Put the link's ID into the triggers of the Deployment, alone or as part of a hash. Or let
the integration use a stage variable ("${stageVariables.link}").`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{staleLink},
	Links: []string{
		"https://github.com/hashicorp/terraform-provider-aws/issues/12195",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html",
	},
	Tags:      []string{"api-gateway", "vpc-link", "deployment"},
	FormerIDs: []string{"int-vpclink-redeploy"},
	Check:     checkIntegrationVPCLinkRedeployment,
}

var staleLink = &rule.Defect{
	ID: "stale-link", Summary: "The triggers of a deployment do not change with a VPC link.", Outcome: rule.Risky,
	Effect: "The first link works. AWS does not delete it while the stage uses it, so the update that replaces it " +
		"fails, and callers still reach the old load balancer.",
}

// checkIntegrationVPCLinkRedeployment says nothing about a deployment without
// triggers: api-deployment-triggers does.
func checkIntegrationVPCLinkRedeployment(s *model.Stack, r *rule.Report) {
	for _, i := range s.Integrations {
		if i.IsPrivate() == model.False || len(i.Link.Candidates) == 0 {
			continue
		}
		judged, faults := false, []rule.Fault{}
		for _, d := range s.Deployments {
			same := i.IsPrivate().And(d.API.Same(i.API)).And(d.Triggered)
			if same == model.False {
				continue
			}
			judged = true
			follows := i.Link.Ask(func(l *model.VPCLink) model.Truth { return followsLink(d, i, l) })
			faults = append(faults, staleLink.If(same.And(follows.Not()), d.At("triggers"),
				"%s: its triggers do not change with %s, the link of %s; want the link's ID among them",
				d.Name, i.Link.Candidates[0].Name, i.Name))
		}
		if judged {
			r.Judge(i.Origin, faults...)
		}
	}
}

// followsLink asks whether the triggers of a deployment change with a link. What
// they take from the integration may be the link's ID, unless it is the
// integration's own.
func followsLink(d *model.Deployment, i *model.Integration, l *model.VPCLink) model.Truth {
	follows := d.Follows(model.Sources{AWS: []string{l.URN}})
	switch {
	case follows != model.False || !d.Triggers.Has(i.Origin) || d.TriggersAreIDs == model.True:
		return follows
	case d.TriggersKnown && d.TriggersAreIDs == model.False:
		return model.True
	}
	return model.Maybe
}
