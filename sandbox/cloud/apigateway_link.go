package cloud

import (
	"fmt"
	"strings"
)

// vpcLinkKind is a link of the first version, to one network load balancer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
func vpcLinkKind() *Kind {
	return &Kind{
		Token:    vpcLinkType,
		Required: words("targetArn"),
		Optional: words("description name tags"),
		Computed: words("arn"),
		Replace:  words("targetArn"),
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       code(6),
		missing:  gatewayNotFound("VpcLink"),
		holds:    map[string]string{"targetArn": loadBalancerType},
		absent:   map[string]Refusal{"targetArn": badRequest("NLB ARN is malformed: %s", malformedARN)},
		check:    vpcLinkCheck,
		born: func(c *call) error {
			c.set("arn", c.gatewayARN("vpclinks/"+c.obj.ID))
			return nil
		},
		release: vpcLinkRelease,
	}
}

const malformedARN = "https://github.com/hashicorp/terraform-provider-aws/issues/45230"

func vpcLinkCheck(c *call) error {
	arn := c.in().str("targetArn")
	if c.find(loadBalancerType, arn, c.region).Inputs.str("loadBalancerType") != "network" {
		return badRequest("NLB ARN is malformed: %s", malformedARN).with(arn)
	}
	if c.linkOwner(arn) != nil {
		return alreadyAssociated.with(arn)
	}
	return nil
}

// connections gives the private integrations of an API as they are now, for
// its deployment to keep.
func (c *call) connections(api string) []any {
	all := []any{}
	for _, integration := range c.all(integrationType) {
		in := integration.Inputs
		if in.str("restApi") == api && in.str("connectionType") == "VPC_LINK" {
			all = append(all, map[string]any{"link": in.str("connectionId"), "method": in.str("httpMethod"), "resource": in.str("resourceId")})
		}
	}
	return all
}

// vpcLinkRelease refuses while a stage shows a deployment that was made with
// the link, whatever the API's integrations have become since.
func vpcLinkRelease(c *call) error {
	var references []string
	for _, stage := range c.all(stageType) {
		deployment := c.find(deploymentType, stage.Inputs.str("deployment"), stage.Region)
		if deployment == nil {
			continue
		}
		for _, connection := range deployment.Private.objects("connections") {
			if withVariables(connection.str("link"), stage.Inputs.object("variables")) == c.obj.ID {
				references = append(references, fmt.Sprintf("%s:%s:%s", connection.str("method"), connection.str("resource"), stage.Inputs.str("stageName")))
			}
		}
	}
	if references == nil {
		return nil
	}
	return badRequest("Cannot delete vpc link. Vpc link '%s', is referenced in [%s] in format of [Method:Resource:Stage].",
		"https://github.com/hashicorp/terraform-provider-aws/issues/12195").with(c.obj.ID, strings.Join(references, ", "))
}

// withVariables puts a stage's variables in, such as ${stageVariables.link}.
func withVariables(text string, variables props) string {
	for name := range variables {
		text = strings.ReplaceAll(text, "${stageVariables."+name+"}", variables.str(name))
	}
	return text
}
