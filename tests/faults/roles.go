package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// roleFaults are about who assumes a role, and what it may do.
var roleFaults = []Fault{
	{
		Name:      "open-role",
		Says:      "the trust policy of a role admits everyone",
		Rules:     []string{"role-trust-policy"},
		Invisible: onlyPrincipals,
		Build: func(n *Network) {
			n.trusting(either(n, `{"AWS": "*"}`, `{"AWS": "arn:aws:iam::999999999999:role/audit"}`))
		},
	},
	{
		Name:    "other-service",
		Says:    "a function gets a role that Lambda may not assume",
		Rules:   []string{"role-trust-policy"},
		Refused: "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda",
		Build: func(n *Network) {
			n.functionWith(n.trusting(either(n, `{"Service": "ec2.amazonaws.com"}`,
				`{"Service": "lambda.amazonaws.com"}`)), nil)
		},
	},
	{
		Name:  "no-interfaces",
		Says:  "the role of a function in a VPC may not create network interfaces",
		Rules: []string{"lambda-vpc-permissions"},
		Refused: "InvalidParameterValueException: The provided execution role does not have permissions to call " +
			"CreateNetworkInterface on EC2",
		Build: func(n *Network) {
			vpc := n.vpc("vpc", nil)
			group := n.group("function", vpc, pulumi.String("10.0.0.0/16"))
			role := n.role("lambda.amazonaws.com",
				either(n, "AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"))
			n.functionWith(role, pulumi.Map{"vpcConfig": pulumi.Map{
				"subnetIds":        ids([]*Resource{n.subnet(vpc, "a", "10.0.0.0/24")}),
				"securityGroupIds": ids([]*Resource{group}),
			}})
		},
	},
}

// trusting registers a role that a principal may assume, in the text of a policy.
func (n *Network) trusting(principal string) *Resource {
	return n.add("aws:iam/role:Role", "role", pulumi.Map{"assumeRolePolicy": pulumi.String(document(
		fmt.Sprintf(`{"Effect": "Allow", "Principal": %s, "Action": "sts:AssumeRole"}`, principal)))})
}
