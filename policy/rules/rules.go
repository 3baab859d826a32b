// Package rules holds the rules of the policy pack: what each of them requires
// of a stack, why, and how to fix a violation.
//
// A rule is one file, its fixtures testdata/<id>.txtar, and one line in All.
package rules

import "private-api-blueprints/policy/rule"

// All returns every rule, in the order of their IDs.
func All() []*rule.Rule {
	return []*rule.Rule{
		apiDeploymentTriggers,
		apiEndpointConfiguration,
		certificateCoversName,
		certificateIssued,
		customDomainTLS,
		dnsAliasZonalName,
		dnsDualstackAAAA,
		dnsSplitHorizon,
		dnsZoneVPCsSingleOwner,
		endpointInterfaceType,
		endpointMultipleZones,
		endpointPinnedAddresses,
		endpointPrivateDNSPublicAPIs,
		endpointPrivateDNSSingleOwner,
		endpointPrivateDNSUnique,
		endpointSecurityGroup,
		endpointServiceAcceptance,
		endpointServiceALPN,
		endpointServiceInternalLoadBalancer,
		endpointServiceIPv6,
		endpointServicePrivateDNSVerified,
		integrationTLSVerification,
		integrationVPCLinkHost,
		integrationVPCLinkRedeployment,
		lambdaPermissionSourceARN,
		loadBalancerAccessLogs,
		loadBalancerALBTarget,
		loadBalancerDualstackSubnets,
		loadBalancerElasticIPs,
		loadBalancerHTTP2Targets,
		loadBalancerMultipleZones,
		loadBalancerNoFixedName,
		loadBalancerPrivateLinkSecurityGroups,
		loadBalancerSecurityGroupAtCreation,
		loadBalancerSinglePrivateLinkOwner,
		loadBalancerSubnetAddresses,
		loadBalancerTargetOutsideVPC,
		loadBalancerTLSListener,
		loadBalancerToEndpointALPN,
		loadBalancerToEndpointClientIP,
		loadBalancerToEndpointHealthCheck,
		loadBalancerToEndpointTargetGroup,
		loadBalancerToEndpointZones,
		privateAPIResourcePolicy,
		privateDomainComplete,
		publicLoadBalancerAuthorization,
		resourcePolicyAllowsCalls,
		resourcePolicyConditionKeys,
		resourcePolicyRestrictsNetwork,
		resourcePolicySingleOwner,
		resourcePolicyVPCKeyMismatch,
		stageAccessLogs,
		stageTracing,
		vpcDNSAttributes,
		vpcPeeringRoutes,
	}
}
