package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var integrationVPCLinkRedeployment = &rule.Rule{
	ID:    "integration-vpc-link-redeployment",
	Title: "A new VPC link cuts a new deployment",
	Why: `Another load balancer makes another VPC link. A stage serves the deployment that was made
with the old one until there is a new deployment, and AWS does not delete a link that a
stage uses: the update ends with "BadRequestException: Cannot delete vpc link. Vpc link
'…', is referenced in […]", and callers still reach the old load balancer, or HTTP 500.`,
	Fix: `Put the link's id into the triggers of the Deployment, as a part of a hash or as it is.
Or let the integration name a stage's variable ("${stageVariables.link}").`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://github.com/hashicorp/terraform-provider-aws/issues/12195",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html",
	},
	Tags:  []string{"api-gateway", "vpc-link", "deployment"},
	Check: checkIntegrationVPCLinkRedeployment,
}

// checkIntegrationVPCLinkRedeployment says nothing of a deployment without triggers, which
// api-deployment-triggers is about.
func checkIntegrationVPCLinkRedeployment(s *model.Stack, r *rule.Report) {
	for _, i := range s.Integrations {
		if i.IsPrivate() == model.False || len(i.Link.Candidates) == 0 {
			continue
		}
		var faults []rule.Fault
		for _, d := range s.Deployments {
			same := i.IsPrivate().And(d.API.Same(i.API)).And(d.Triggered)
			if same == model.False {
				continue
			}
			follows := i.Link.Ask(func(l *model.VPCLink) model.Truth { return followsLink(d, i, l) })
			faults = append(faults, rule.FaultIf(same.And(follows.Not()), d.At("triggers"),
				"%s: its triggers do not change with %s, the link of %s; want the link's id among them", d.Name, i.Link.Candidates[0].Name, i.Name))
		}
		if len(faults) > 0 {
			r.Judge(i.Origin, faults...)
		}
	}
}

// followsLink asks whether the triggers of a deployment change with a link. What
// they take from the integration may be the link's id.
func followsLink(d *model.Deployment, i *model.Integration, l *model.VPCLink) model.Truth {
	follows := d.Triggers.Follow(model.Sources{AWS: []string{l.URN}})
	return follows.OrMaybeIf(d.Triggers.Has(i.Origin))
}
