package catalog

import (
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// vpcLinkKind returns the kind of VPC links of the first version, which lead
// to one Network Load Balancer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
func vpcLinkKind() *cloud.Kind {
	return &cloud.Kind{
		Token:            vpcLinkType,
		Replace:          words("targetArn"),
		Autoname:         cloud.Autoname{Property: "name", MaxLen: 255},
		ID:               cloud.CodeID(6),
		NotFound:         gatewayNotFound("VpcLink"),
		BlocksDeletionOf: map[string]string{"targetArn": loadBalancerType},
		ReferenceErrors:  map[string]cloud.Refusal{"targetArn": badRequest("NLB ARN is malformed: %s", malformedARN)},
		Check:            checkVPCLink,
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", gatewayARN(r, "vpclinks/"+r.Object.ID))
			return nil
		},
		CheckDelete: vpcLinkCheckDelete,
		Example: cloud.Example{
			Name:   "link",
			Inputs: cloud.Props{"name": "link", "targetArn": "${nlb}"},
		},
	}
}

const malformedARN = "https://github.com/hashicorp/terraform-provider-aws/issues/45230"

func checkVPCLink(r *cloud.Request) error {
	arn := r.Inputs.String("targetArn")
	if r.Find(loadBalancerType, arn, r.Region).Inputs.String("loadBalancerType") != "network" {
		return badRequest("NLB ARN is malformed: %s", malformedARN).With(arn)
	}
	if linkOwner(r, arn) != nil {
		return alreadyAssociated.With(arn)
	}
	return nil
}

// vpcLinkConnections returns the private integrations that an API has now. Its
// deployment keeps them.
func vpcLinkConnections(r *cloud.Request, api string) []any {
	all := []any{}
	for _, integration := range r.All(integrationType) {
		in := integration.Inputs
		if in.String("restApi") == api && in.String("connectionType") == "VPC_LINK" {
			all = append(all, map[string]any{
				"link": in.String("connectionId"), "method": in.String("httpMethod"),
				"resource": in.String("resourceId"),
			})
		}
	}
	return all
}

// vpcLinkCheckDelete refuses the deletion while a stage shows a deployment
// that was made with the link. Later changes of the API's integrations do not
// matter.
func vpcLinkCheckDelete(r *cloud.Request) error {
	var references []string
	for _, stage := range r.All(stageType) {
		deployment := r.Find(deploymentType, stage.Inputs.String("deployment"), stage.Region)
		if deployment == nil {
			continue
		}
		for _, connection := range deployment.Private.Objects("connections") {
			if withVariables(connection.String("link"), stage.Inputs.Object("variables")) == r.Object.ID {
				references = append(references, strings.Join([]string{connection.String("method"),
					connection.String("resource"), stage.Inputs.String("stageName")}, ":"))
			}
		}
	}
	if references == nil {
		return nil
	}
	return badRequest(
		"Cannot delete vpc link. Vpc link '%s', is referenced in [%s] in format of [Method:Resource:Stage].",
		"https://github.com/hashicorp/terraform-provider-aws/issues/12195",
	).With(r.Object.ID, strings.Join(references, ", "))
}

// withVariables returns a text with the values of stage variables, such as
// ${stageVariables.link}.
func withVariables(text string, variables cloud.Props) string {
	for name := range variables {
		text = strings.ReplaceAll(text, "${stageVariables."+name+"}", variables.String(name))
	}
	return text
}
