package model

// Stack is everything that the model knows of a stack. The order of its
// elements depends on their URNs only.
type Stack struct {
	VPCs          []*VPC
	Subnets       []*Subnet
	Endpoints     []*Endpoint
	PrivateDNS    []*PrivateDNSSetting
	LoadBalancers []*LoadBalancer
	TargetGroups  []*TargetGroup
	Listeners     []*Listener
	Targets       []*Target
	Certificates  []*Certificate
	HostedZones   []*HostedZone
	Records       []*Record
	Associations  []*ZoneAssociation
	RouteTables   []*RouteTable
	PeeringRoutes []*PeeringRoute
	Peerings      []*Peering

	CertifiedNames   []*CertifiedName
	EndpointServices []*EndpointService
	VPCLinks         []*VPCLink

	RestAPIs         []*RestAPI
	HTTPAPIs         []*HTTPAPI
	ResourcePolicies []*ResourcePolicy
	PolicyOwners     []*PolicyOwner
	Methods          []*Method
	Integrations     []*Integration
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
