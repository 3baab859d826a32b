package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// awsVersion is the version of the provider's SDK in go.mod.
const awsVersion = "6.83.4"

// webAclAssociation protects the stage of an API with a web ACL of AWS WAF. The
// SDK's package for it, wafv2, has 12 MB of types for the rules of web ACLs, which
// would make each build of the program much slower.
type webAclAssociation struct {
	pulumi.CustomResourceState
}

// newWebAclAssociation registers the association of a stage with a web ACL. Another
// web ACL replaces it. The old association must go first: its deletion names the
// stage only, and would take the new web ACL away.
// https://docs.aws.amazon.com/waf/latest/APIReference/API_DisassociateWebACL.html
func newWebAclAssociation(s scope, webAclArn string, stageArn pulumi.StringInput) error {
	inputs := pulumi.Map{"webAclArn": pulumi.String(webAclArn), "resourceArn": stageArn}
	return s.ctx.RegisterResource("aws:wafv2/webAclAssociation:WebAclAssociation", s.name+"-web-acl", inputs,
		&webAclAssociation{}, s.child, pulumi.DeleteBeforeReplace(true), pulumi.Version(awsVersion))
}
