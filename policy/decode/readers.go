package decode

// reader says how to read one type of resource, in four passes. Each pass visits
// all resources of a stack before the next one begins, so the order of the
// resources does not matter.
type reader struct {
	// make creates the element.
	make pass
	// alias lets a resource that only repeats an element's ID stand for the element. Other resources may then refer
	// to a certificate through its validation.
	alias pass
	// link resolves references to other elements.
	link pass
	// inline reads properties that a dedicated resource overrides, such as RestApi.policy and SecurityGroup.ingress.
	// The provider copies into them what the dedicated resource has set.
	inline pass
}

// pass reads one resource.
type pass func(*builder, *node)

// readers lists every type of resource that the model keeps. A type of a load
// balancer has two tokens; the list has the one that begins with aws:lb/.
var readers = map[string]reader{
	"aws:acm/certificate:Certificate":                     {make: (*builder).makeCertificate},
	"aws:acm/certificateValidation:CertificateValidation": {alias: (*builder).aliasValidation},

	"aws:apigateway/account:Account":                 {link: (*builder).linkGatewayAccount},
	"aws:apigateway/apiKey:ApiKey":                   {make: (*builder).makeAPIKey},
	"aws:apigateway/basePathMapping:BasePathMapping": {link: (*builder).linkMapping},
	"aws:apigateway/deployment:Deployment": {
		make: (*builder).makeDeployment, alias: (*builder).aliasStage, link: (*builder).linkDeployment,
	},
	"aws:apigateway/domainName:DomainName": {
		make: (*builder).makeDomain, link: (*builder).linkDomain, inline: (*builder).inlineDomainPolicy,
	},
	"aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation": {
		link: (*builder).linkAccess,
	},
	"aws:apigateway/integration:Integration":                 {link: (*builder).linkIntegration},
	"aws:apigateway/integrationResponse:IntegrationResponse": {link: (*builder).linkIntegrationResponse},
	"aws:apigateway/method:Method": {
		make: (*builder).makeMethod, alias: (*builder).aliasMethodPath, link: (*builder).linkMethod,
	},
	"aws:apigateway/methodSettings:MethodSettings": {link: (*builder).linkMethodSettings},
	"aws:apigateway/resource:Resource":             {make: (*builder).makePath, alias: (*builder).aliasPath},
	"aws:apigateway/restApi:RestApi": {
		make: (*builder).makeRestAPI, link: (*builder).linkRestAPI, inline: (*builder).inlinePolicy,
	},
	"aws:apigateway/restApiPolicy:RestApiPolicy": {link: (*builder).linkRestAPIPolicy},
	"aws:apigateway/restApiPut:RestApiPut":       {link: (*builder).linkRestAPIPut},
	"aws:apigateway/usagePlan:UsagePlan": {
		make: (*builder).makeUsagePlan, link: (*builder).linkUsagePlan,
	},
	"aws:apigateway/usagePlanKey:UsagePlanKey": {link: (*builder).linkUsagePlanKey},
	"aws:apigateway/stage:Stage": {
		make: (*builder).makeStage, alias: (*builder).aliasStage, link: (*builder).linkStage,
	},
	"aws:apigateway/vpcLink:VpcLink": {make: (*builder).makeVPCLink, link: (*builder).linkVPCLink},

	"aws:apigatewayv2/api:Api":               {make: (*builder).makeHTTPAPI, link: (*builder).linkHTTPAPI},
	"aws:apigatewayv2/apiMapping:ApiMapping": {link: (*builder).linkAPIMapping},
	"aws:apigatewayv2/domainName:DomainName": {make: (*builder).makeHTTPDomain, link: (*builder).linkHTTPDomain},
	"aws:apigatewayv2/integration:Integration": {
		make: (*builder).makeHTTPIntegration, link: (*builder).linkHTTPIntegration,
	},
	"aws:apigatewayv2/route:Route": {link: (*builder).linkAPIRoute},
	"aws:apigatewayv2/stage:Stage": {
		make: (*builder).makeHTTPStage, alias: (*builder).aliasHTTPStage, link: (*builder).linkHTTPStage,
	},
	"aws:apigatewayv2/vpcLink:VpcLink": {make: (*builder).makeVPCLink, link: (*builder).linkVPCLinkV2},

	"aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": {
		make: (*builder).makeNetworkACL, alias: (*builder).aliasDefaultACL, link: (*builder).linkNetworkACL,
		inline: (*builder).inlineACLRules,
	},
	"aws:ec2/defaultRouteTable:DefaultRouteTable": {
		make: (*builder).makeRouteTable, alias: (*builder).aliasDefaultTable, link: (*builder).linkRouteTable,
	},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
		make: (*builder).makeSecurityGroup, link: (*builder).linkDefaultGroup, inline: (*builder).inlineRules,
	},
	"aws:ec2/defaultSubnet:DefaultSubnet": {
		make: (*builder).makeSubnet, link: (*builder).linkSubnet,
	},
	"aws:ec2/defaultVpc:DefaultVpc":         {make: (*builder).makeDefaultVPC},
	"aws:ec2/eip:Eip":                       {make: (*builder).makeElasticIP, link: (*builder).linkElasticIP},
	"aws:ec2/eipAssociation:EipAssociation": {link: (*builder).linkEIPAssociation},
	"aws:ec2/flowLog:FlowLog":               {link: (*builder).linkFlowLog},
	"aws:ec2/instance:Instance": {
		make: (*builder).makeInstance, link: (*builder).linkInstance,
	},
	"aws:ec2/internetGateway:InternetGateway": {
		make: (*builder).makeInternetGateway, link: (*builder).linkInternetGateway,
	},
	"aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": {
		alias: (*builder).aliasAttachment, link: (*builder).linkAttachment,
	},
	"aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": {link: (*builder).linkMainTable},
	"aws:ec2/managedPrefixList:ManagedPrefixList":                 {make: (*builder).makePrefixList},
	"aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry":       {link: (*builder).linkPrefixListEntry},
	"aws:ec2/natGateway:NatGateway": {
		make: (*builder).makeNATGateway, link: (*builder).linkNATGateway,
	},
	"aws:ec2/networkAcl:NetworkAcl": {
		make: (*builder).makeNetworkACL, link: (*builder).linkNetworkACL, inline: (*builder).inlineACLRules,
	},
	"aws:ec2/networkAclAssociation:NetworkAclAssociation": {link: (*builder).linkACLAssociation},
	"aws:ec2/networkAclRule:NetworkAclRule":               {link: (*builder).linkACLRule},
	"aws:ec2/networkInterface:NetworkInterface": {
		make: (*builder).makeNetworkInterface, link: (*builder).linkNetworkInterface,
	},
	"aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": {
		link: (*builder).linkGroupAttachment,
	},
	"aws:ec2/route:Route": {link: (*builder).linkRoute},
	"aws:ec2/routeTable:RouteTable": {
		make: (*builder).makeRouteTable, link: (*builder).linkRouteTable,
	},
	"aws:ec2/routeTableAssociation:RouteTableAssociation": {
		alias: (*builder).aliasTableAssociation, link: (*builder).linkTableAssociation,
	},
	"aws:ec2/securityGroup:SecurityGroup": {
		make: (*builder).makeSecurityGroup, inline: (*builder).inlineRules,
	},
	"aws:ec2/securityGroupAssociation:SecurityGroupAssociation": {link: (*builder).linkEndpointGroup},
	"aws:ec2/securityGroupRule:SecurityGroupRule":               {link: (*builder).linkGroupRule},
	"aws:ec2/subnet:Subnet": {
		make: (*builder).makeSubnet, link: (*builder).linkSubnet,
	},
	"aws:ec2/vpc:Vpc": {make: (*builder).makeVPC},
	"aws:ec2/vpcEndpoint:VpcEndpoint": {
		make: (*builder).makeEndpoint, link: (*builder).linkEndpoint, inline: (*builder).inlineEndpointPolicy,
	},
	"aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": {link: (*builder).linkEndpointPolicy},
	"aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter": {
		alias: (*builder).aliasAcceptance, link: (*builder).linkAcceptance,
	},
	"aws:ec2/vpcEndpointService:VpcEndpointService": {
		make: (*builder).makeEndpointService, link: (*builder).linkEndpointService,
	},
	"aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": {
		link: (*builder).linkPrincipal,
	},
	"aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": {
		link: (*builder).linkEndpointSubnet,
	},
	"aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": {alias: (*builder).aliasRange},
	"aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation": {alias: (*builder).aliasRange6},
	"aws:ec2/vpcPeeringConnection:VpcPeeringConnection": {
		make: (*builder).makePeering, link: (*builder).linkPeering,
	},
	"aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
		alias: (*builder).aliasPeering, link: (*builder).linkPeeringAcceptance,
	},

	"aws:globalaccelerator/accelerator:Accelerator": {make: (*builder).makeAccelerator},
	"aws:globalaccelerator/endpointGroup:EndpointGroup": {
		link: (*builder).linkAcceleratorEndpoints,
	},
	"aws:globalaccelerator/listener:Listener": {alias: (*builder).aliasAcceleratorListener},

	"aws:iam/instanceProfile:InstanceProfile":   {link: (*builder).linkInstanceProfile},
	"aws:iam/policy:Policy":                     {make: (*builder).makeManagedPolicy},
	"aws:iam/policyAttachment:PolicyAttachment": {link: (*builder).linkPolicyAttachment},
	"aws:iam/role:Role":                         {make: (*builder).makeRole, link: (*builder).linkRole},
	"aws:iam/rolePolicy:RolePolicy":             {link: (*builder).linkRolePolicy},
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
		link: (*builder).linkRolePolicyAttachment,
	},
	"aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": {
		link: (*builder).linkExclusiveAttachments,
	},

	"aws:lambda/alias:Alias":                   {make: (*builder).makeFunctionAlias, alias: (*builder).aliasFunction},
	"aws:lambda/function:Function":             {make: (*builder).makeFunction, link: (*builder).linkFunction},
	"aws:lambda/permission:Permission":         {link: (*builder).linkPermission},
	"aws:lambda/resourcePolicy:ResourcePolicy": {link: (*builder).linkFunctionPolicy},

	"aws:lb/listener:Listener": {
		make: (*builder).makeListener, link: (*builder).linkListener,
	},
	"aws:lb/listenerCertificate:ListenerCertificate": {link: (*builder).linkListenerCertificate},
	"aws:lb/listenerRule:ListenerRule":               {link: (*builder).linkListenerRule},
	"aws:lb/loadBalancer:LoadBalancer": {
		make: (*builder).makeLoadBalancer, link: (*builder).linkLoadBalancer,
	},
	"aws:lb/targetGroup:TargetGroup": {
		make: (*builder).makeTargetGroup, link: (*builder).linkTargetGroup,
	},
	"aws:lb/targetGroupAttachment:TargetGroupAttachment": {link: (*builder).linkTarget},

	"aws:route53/record:Record": {
		make: (*builder).makeRecord, alias: (*builder).aliasRecord, link: (*builder).linkRecord,
	},
	"aws:route53/zone:Zone":                       {make: (*builder).makeHostedZone, link: (*builder).linkHostedZone},
	"aws:route53/zoneAssociation:ZoneAssociation": {link: (*builder).linkZoneAssociation},

	"aws:vpc/endpointPrivateDns:EndpointPrivateDns": {link: (*builder).linkPrivateDNS},
	"aws:vpc/endpointServicePrivateDnsVerification:EndpointServicePrivateDnsVerification": {
		link: (*builder).linkNameVerification,
	},
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   {link: (*builder).linkEgressRule},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {link: (*builder).linkIngressRule},

	"aws:wafv2/webAclAssociation:WebAclAssociation": {link: (*builder).linkWebACL},
}

// Reads reports whether resources of a type enter the model.
func Reads(resourceType string) bool {
	_, read := readers[canonical(resourceType)]
	return read
}
