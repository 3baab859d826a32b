package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var lambdaVPCPermissions = &rule.Rule{
	ID:    "lambda-vpc-permissions",
	Title: "The role of a function in a VPC may manage network interfaces",
	Why: `Lambda connects a function to a VPC by network interfaces, which it creates with the
function's role. Without the permissions it refuses the function: "The provided execution role does
not have permissions to call CreateNetworkInterface on EC2". A function that loses them later works
until Lambda has to create its interfaces again, and its subnets cannot be deleted.`,
	Fix: `Attach arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole to the role. Let
the function depend on the attachment, so that it exists before the function and is deleted after it.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
		"https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html",
	},
	Tags:    []string{"lambda", "iam", "vpc"},
	Defects: []*rule.Defect{noInterfacePermissions},
	Check:   checkLambdaVPCPermissions,
}

var noInterfacePermissions = &rule.Defect{
	ID: "no-permissions", Outcome: rule.Refused,
	Summary: "No policy of a function's role allows to manage network interfaces, and the function is in subnets.",
	Effect: `Lambda refuses the function: "The provided execution role does not have permissions to call ` +
		`CreateNetworkInterface on EC2".`,
}

func checkLambdaVPCPermissions(s *model.Stack, r *rule.Report) {
	for _, f := range s.Functions {
		connected := rule.HasAny(f.Subnets)
		if connected == model.False || len(f.Role.Candidates) == 0 && !f.Role.Value.IsUnknown() {
			continue // The stack says nothing about a role that is outside of it.
		}
		var faults []rule.Fault
		for _, action := range model.InterfaceActions {
			allowed := f.Role.Ask(func(role *model.Role) model.Truth { return s.LetsUseInterfaces(role, action) })
			fault := noInterfacePermissions.If(connected.And(allowed.Not()), f.At("role"),
				"%s is in subnets, and the policies of its role %s do not allow %s; want "+
					"AWSLambdaVPCAccessExecutionRole", f.Name, roleNames(f.Role), action)
			if faults = append(faults, fault); fault.IsPresent() {
				break
			}
		}
		r.Judge(f.Origin, faults...)
	}
}
