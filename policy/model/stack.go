package model

// Stack holds the elements of a stack. Their order depends on their URNs only.
type Stack struct {
	Associations     []*ZoneAssociation
	CertifiedNames   []*CertifiedName
	Certificates     []*Certificate
	Deployments      []*Deployment
	DomainAccesses   []*DomainAccess
	DomainMappings   []*DomainMapping
	Domains          []*Domain
	EndpointServices []*EndpointService
	Endpoints        []*Endpoint
	GatewayAccounts  []*GatewayAccount
	HTTPAPIs         []*HTTPAPI
	HostedZones      []*HostedZone
	Integrations     []*Integration
	Listeners        []*Listener
	LoadBalancers    []*LoadBalancer
	Methods          []*Method
	PeeringRoutes    []*PeeringRoute
	Peerings         []*Peering
	Permissions      []*Permission
	PolicyOwners     []*PolicyOwner
	PrivateDNS       []*PrivateDNSSetting
	Records          []*Record
	ResourcePolicies []*ResourcePolicy
	RestAPIs         []*RestAPI
	RouteTables      []*RouteTable
	Stages           []*Stage
	Subnets          []*Subnet
	TargetGroups     []*TargetGroup
	Targets          []*Target
	VPCLinks         []*VPCLink
	VPCs             []*VPC

	order order
	rules ruleIndex
}
