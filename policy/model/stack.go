package model

// Stack holds the elements of a stack. Their order depends on their URNs only.
type Stack struct {
	Accelerators           []*Accelerator
	Certificates           []*Certificate
	CertificateUses        []*CertificateUse
	CertificateValidations []*CertificateValidation
	CertifiedNames         []*CertifiedName
	Deployments            []*Deployment
	DomainAccesses         []*DomainAccess
	DomainMappings         []*DomainMapping
	Domains                []*Domain
	Endpoints              []*Endpoint
	EndpointServices       []*EndpointService
	GatewayAccounts        []*GatewayAccount
	HostedZones            []*HostedZone
	HTTPAPIs               []*HTTPAPI
	Integrations           []*Integration
	ListenerRules          []*ListenerRule
	Listeners              []*Listener
	LoadBalancers          []*LoadBalancer
	Methods                []*Method
	PeeringRoutes          []*PeeringRoute
	Peerings               []*Peering
	Permissions            []*Permission
	PolicyOwners           []*PolicyOwner
	PrivateDNSSettings     []*PrivateDNSSetting
	Records                []*Record
	ResourcePolicies       []*ResourcePolicy
	RestAPIs               []*RestAPI
	RouteTables            []*RouteTable
	Stages                 []*Stage
	Subnets                []*Subnet
	TargetGroups           []*TargetGroup
	Targets                []*Target
	VPCLinks               []*VPCLink
	VPCs                   []*VPC
	ZoneAssociations       []*ZoneAssociation

	order order
	rules ruleIndex
}
