package model

import (
	"slices"
	"strings"
)

// RolePolicy is a policy that says what a role may do.
type RolePolicy struct {
	Element
	Role Ref[Role]
	// Managed is the ARN of the policy. It is absent for a policy that is a part of the role.
	Managed Known[string]
	// Document is the text of the policy. It is nil if the stack does not say it.
	Document *PolicyDocument
}

// InterfaceActions are the permissions that Lambda needs in a function's role to connect the function to a VPC.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
var InterfaceActions = []string{
	"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface",
}

// AddRolePolicy adds a policy of a role to the stack.
func (s *Stack) AddRolePolicy(p *RolePolicy) { s.rolePolicies.add(p.Role, p) }

// LetsUseInterfaces asks whether the policies of a role allow one of [InterfaceActions]. A policy that denies it
// counts for nothing.
func (s *Stack) LetsUseInterfaces(r *Role, action string) Truth {
	allowed := False
	for p := range s.rolePolicies.mayName(r) {
		allowed = allowed.Or(p.Role.Names(r).And(p.allows(action)))
	}
	return allowed.OrMaybeIf(!r.PoliciesComplete)
}

// allows asks whether a policy allows one of [InterfaceActions].
func (p *RolePolicy) allows(action string) Truth {
	if p.Document != nil {
		return p.Document.AnyStatement(func(s Statement) Truth { return s.allowsEverywhere(action) })
	}
	arn, _ := p.Managed.Get()
	_, name, isOfAWS := strings.Cut(arn, ":iam::aws:policy/")
	switch {
	case isOfAWS && slices.Contains(withInterfaces, name):
		return True
	case isOfAWS && slices.Contains(withoutInterfaces, name):
		return False
	case isOfAWS && slices.Contains(describing, name):
		return TruthOf(strings.HasPrefix(action, "ec2:Describe"))
	}
	return Maybe
}

// allowsEverywhere asks whether a statement allows an action on all resources. Another one may be enough.
func (s Statement) allowsEverywhere(action string) Truth {
	if s.Effect != Allow || !s.Actions.Include(action) {
		return False
	}
	return TruthOf(!s.Resources.Not && slices.Contains(s.Resources.Values, "*") && len(s.Conditions) == 0).Or(Maybe)
}

// Policies of AWS, by whether they allow [InterfaceActions]. Nothing is certain about a policy in none of the lists.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
var (
	withInterfaces = []string{
		"AdministratorAccess", "AmazonEC2FullAccess", "AmazonVPCFullAccess", "PowerUserAccess",
		"service-role/AWSLambdaENIManagementAccess", "service-role/AWSLambdaVPCAccessExecutionRole",
	}
	withoutInterfaces = []string{
		"AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess", "AmazonDynamoDBReadOnlyAccess", "AmazonS3FullAccess",
		"AmazonS3ReadOnlyAccess", "AmazonSNSFullAccess", "AmazonSQSFullAccess", "CloudWatchLogsFullAccess",
		"CloudWatchLambdaInsightsExecutionRolePolicy", "AmazonAPIGatewayInvokeFullAccess",
		"service-role/AmazonAPIGatewayPushToCloudWatchLogs", "service-role/AWSLambdaBasicExecutionRole",
		"service-role/AWSLambdaDynamoDBExecutionRole", "service-role/AWSLambdaKinesisExecutionRole",
		"service-role/AWSLambdaRole", "service-role/AWSLambdaSQSQueueExecutionRole",
	}
	// Policies that let a role look at interfaces, and change none.
	describing = []string{"ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess"}
)
