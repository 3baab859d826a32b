package model

// Stack holds the elements of a stack. Their order depends on their URNs only.
type Stack struct {
	Certificates       []*Certificate
	CertifiedNames     []*CertifiedName
	Deployments        []*Deployment
	DomainAccesses     []*DomainAccess
	DomainMappings     []*DomainMapping
	Domains            []*Domain
	Endpoints          []*Endpoint
	EndpointServices   []*EndpointService
	GatewayAccounts    []*GatewayAccount
	HostedZones        []*HostedZone
	HTTPAPIs           []*HTTPAPI
	Integrations       []*Integration
	InternetGateways   []*InternetGateway
	Listeners          []*Listener
	LoadBalancers      []*LoadBalancer
	Methods            []*Method
	NATGateways        []*NATGateway
	Peerings           []*Peering
	Permissions        []*Permission
	PolicyOwners       []*PolicyOwner
	NetworkACLs        []*NetworkACL
	PrivateDNSSettings []*PrivateDNSSetting
	Records            []*Record
	ResourcePolicies   []*ResourcePolicy
	RestAPIs           []*RestAPI
	RouteTables        []*RouteTable
	Routes             []*Route
	SecurityGroups     []*SecurityGroup
	Stages             []*Stage
	Subnets            []*Subnet
	TargetGroups       []*TargetGroup
	Targets            []*Target
	VPCLinks           []*VPCLink
	VPCs               []*VPC
	ZoneAssociations   []*ZoneAssociation

	order order
	rules [2]ruleIndex // By direction.

	routesOf index[RouteTable, *Route]
	tablesOf index[Subnet, Association[RouteTable]]
	rulesOf  [2]index[NetworkACL, *NetworkACLRule] // By direction.
	aclsOf   index[Subnet, Association[NetworkACL]]
}
