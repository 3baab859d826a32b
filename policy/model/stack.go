package model

// Stack is everything that the model knows of a stack. The order of its
// elements depends on their URNs only.
type Stack struct {
	VPCs          []*VPC
	Subnets       []*Subnet
	Endpoints     []*Endpoint
	LoadBalancers []*LoadBalancer
	TargetGroups  []*TargetGroup
	Listeners     []*Listener
	Targets       []*Target
	Certificates  []*Certificate

	RestAPIs         []*RestAPI
	HTTPAPIs         []*HTTPAPI
	ResourcePolicies []*ResourcePolicy
	PolicyOwners     []*PolicyOwner
	Methods          []*Method
	Integrations     []*Integration
	VPCLinks         []*VPCLink
	Deployments      []*Deployment
	Stages           []*Stage
	GatewayAccounts  []*GatewayAccount
	Domains          []*Domain
	DomainMappings   []*DomainMapping
	DomainAccesses   []*DomainAccess

	Permissions []*Permission

	order order
	rules rulebook
}
