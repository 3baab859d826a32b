package catalog

import (
	"regexp"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const webACLAssociationType = "aws:wafv2/webAclAssociation:WebAclAssociation"

// associateWebACL is the page that the refusals of this file come from.
const associateWebACL = "https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html"

// webACLAssociationKind returns the kind of associations of web ACLs with stages.
// The sandbox simulates no web ACLs, and takes it that each one exists.
func webACLAssociationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   webACLAssociationType,
		Replace: words("resourceArn webAclArn"),
		ID: func(r *cloud.Request) string {
			return r.Inputs.String("webAclArn") + "," + r.Inputs.String("resourceArn")
		},
		Check: checkWebACLAssociation,
		Example: cloud.Example{
			Name: "web acl association",
			Inputs: cloud.Props{
				"resourceArn": "${stage.arn}",
				"webAclArn": "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/apis/" +
					"a1b2c3d4-5678-90ab-cdef-1234567890ab",
			},
		},
	}
}

var webACLARN = regexp.MustCompile(`^arn:[a-z-]+:wafv2:([a-z0-9-]+):[0-9]{12}:(regional|global)/webacl/[^/]+/[^/]+$`)

// checkWebACLAssociation refuses web ACLs for CloudFront and of other regions, and
// stages that do not exist.
func checkWebACLAssociation(r *cloud.Request) error {
	arn := r.Inputs.String("webAclArn")
	parts := webACLARN.FindStringSubmatch(arn)
	if parts == nil || parts[1] != r.Region || parts[2] != "regional" {
		return cloud.NewRefusal("WAFInvalidParameterException",
			"Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated "+
				"by colons or slashes., field: RESOURCE_ARN, parameter: %s", associateWebACL).With(arn)
	}
	for _, stage := range r.All(stageType) {
		if stage.Region == r.Region && stage.Output("arn") == r.Inputs.String("resourceArn") {
			return nil
		}
	}
	if !strings.Contains(r.Inputs.String("resourceArn"), ":apigateway:") {
		return nil
	}
	return cloud.NewRefusal("WAFUnavailableEntityException",
		"AWS WAF couldn't retrieve the resource that you requested. Retry your request.", associateWebACL).With()
}
