package model

import "sync"

// Stack holds the elements of a stack. Their order depends on their URNs only.
type Stack struct {
	Accelerators       []*Accelerator
	Acceptances        []*EndpointAcceptance
	APIDocuments       []*APIDocument
	APIKeys            []*APIKey
	Certificates       []*Certificate
	CertificateUses    []*CertificateUse
	Deployments        []*Deployment
	DomainAccesses     []*DomainAccess
	DomainMappings     []*DomainMapping
	Domains            []*Domain
	Endpoints          []*Endpoint
	EndpointServices   []*EndpointService
	Functions          []*Function
	GatewayAccounts    []*GatewayAccount
	HostedZones        []*HostedZone
	HTTPAPIs           []*HTTPAPI
	HTTPIntegrations   []*HTTPIntegration
	Instances          []*Instance
	Integrations       []*Integration
	InternetGateways   []*InternetGateway
	ListenerRules      []*ListenerRule
	Listeners          []*Listener
	LoadBalancers      []*LoadBalancer
	Methods            []*Method
	MethodSettings     []*MethodSettings
	NameVerifications  []*NameVerification
	NATGateways        []*NATGateway
	NetworkACLs        []*NetworkACL
	NetworkInterfaces  []*NetworkInterface
	Peerings           []*Peering
	Permissions        []*Permission
	PolicyOwners       []*PolicyOwner
	PrivateDNSSettings []*PrivateDNSSetting
	Promises           []*Promise
	Records            []*Record
	ResourcePolicies   []*ResourcePolicy
	RestAPIs           []*RestAPI
	Roles              []*Role
	RoleUses           []*RoleUse
	Routes             []*Route
	RouteTables        []*RouteTable
	SecurityGroups     []*SecurityGroup
	Stages             []*Stage
	Subnets            []*Subnet
	TargetGroups       []*TargetGroup
	Targets            []*Target
	UsagePlanKeys      []*UsagePlanKey
	UsagePlans         []*UsagePlan
	Validations        []*CertificateValidation
	VPCLinks           []*VPCLink
	VPCRoutes          []*VPCRoute
	VPCs               []*VPC
	WebACLAssociations []*WebACLAssociation
	ZoneAssociations   []*ZoneAssociation

	order            order
	rules            [2]ruleIndex // Of security groups, by direction.
	derived          sync.Map     // What [Stack.Derived] returns, by key.
	frontsOnce       sync.Once
	fronts           func() []Front
	outer            sync.Map // The outer listeners of load balancers that have been asked about.
	endpointPolicies endpointPolicyIndex
	apiPartsOnce     sync.Once
	apiParts         apiParts
	namesakesOnce    sync.Once
	namesakes        map[string][]string // URNs by type and name.
	targetsOnce      sync.Once
	targetsOf        index[TargetGroup, *Target]
	permissionsOf    index[Function, *Permission]
	rolePolicies     index[Role, *RolePolicy]
	routesOf         index[RouteTable, *VPCRoute]
	tablesOf         index[Subnet, Association[RouteTable]]
	aclRules         [2]index[NetworkACL, *NetworkACLRule] // By direction.
	aclsOf           index[Subnet, Association[NetworkACL]]
}

// Derived returns what derive returns, and calls derive only once for each key.
// Packages that read a stack keep there what they find out about it. Each key has
// a type of the package that uses it.
func (s *Stack) Derived(key any, derive func() any) any {
	once, found := s.derived.Load(key)
	if !found {
		once, _ = s.derived.LoadOrStore(key, sync.OnceValue(derive))
	}
	return once.(func() any)()
}
