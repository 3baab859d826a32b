package model

// Stack holds the elements of a stack. Their order depends on their URNs only.
type Stack struct {
	Accelerators       []*Accelerator
	APIDocuments       []*APIDocument
	Acceptances        []*EndpointAcceptance
	Certificates       []*Certificate
	CertificateUses    []*CertificateUse
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
	HTTPIntegrations   []*HTTPIntegration
	Integrations       []*Integration
	ListenerRules      []*ListenerRule
	Listeners          []*Listener
	LoadBalancers      []*LoadBalancer
	Methods            []*Method
	MethodSettings     []*MethodSettings
	NameVerifications  []*NameVerification
	PeeringRoutes      []*PeeringRoute
	Peerings           []*Peering
	Permissions        []*Permission
	PolicyOwners       []*PolicyOwner
	PrivateDNSSettings []*PrivateDNSSetting
	Records            []*Record
	ResourcePolicies   []*ResourcePolicy
	RestAPIs           []*RestAPI
	RouteTables        []*RouteTable
	Routes             []*Route
	Stages             []*Stage
	Subnets            []*Subnet
	TargetGroups       []*TargetGroup
	Targets            []*Target
	UsagePlans         []*UsagePlan
	Validations        []*CertificateValidation
	VPCLinks           []*VPCLink
	VPCs               []*VPC
	WebACLAssociations []*WebACLAssociation
	ZoneAssociations   []*ZoneAssociation

	order            order
	rules            [2]ruleIndex // By direction.
	endpointPolicies endpointPolicyIndex
}
