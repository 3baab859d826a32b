package config

// Selection is the choice of a blueprint, with the keys that every stack has.
type Selection struct {
	// Name selects the blueprint that the stack deploys.
	Name string `config:"name" required:"true"`
	// Tags adds tags to every resource that takes them, in the consumer's account too. A tag that the program itself
	// sets, such as Name, takes precedence. `aws:defaultTags` does the same for every program.
	Tags map[string]string `config:"tags" names:"tagKey" format:"tagValue" example:"{CostCenter: \"42\"}"`
	// PermissionsBoundaryArn is the ARN of an IAM policy that limits what the roles of the stack may do. Companies that
	// let only such roles be created require it.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
	PermissionsBoundaryArn string `config:"permissionsBoundaryArn" computed:"none" format:"policyArn"`
	// RulesPerSecurityGroup is the account's quota of inbound rules per security group, and of outbound ones, for IPv4
	// and for IPv6 each.
	// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
	RulesPerSecurityGroup int `config:"rulesPerSecurityGroup" default:"60" range:"1..1000"`
}

// Selected returns the keys that every stack has.
func (s *Selection) Selected() *Selection { return s }
