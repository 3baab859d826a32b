package rules

// All lists every rule, in the order of their ids.
func All() []*Rule {
	return []*Rule{
		apigwPolicyVPCKeyMismatch,
		apigwPrivateNeedsPolicy,
		epsALPNH2,
		epsInternalNLB,
		epsIPv6NLB,
		epsOpenService,
		epsPrivateDNSVerified,
		nlbVpceAZAlign,
		r53AliasZonalName,
		r53DualstackAAAA,
		r53SplitHorizon,
		r53ZoneVpcsOwner,
		vpcDNSAttributes,
		vpcPeeringRoutes,
		vpceInterfaceType,
		vpceMultiAZ,
		vpcePrivateDNSSingleOwner,
		vpcePrivateDNSUnique,
		vpcePrivateDNSVsPublicAPIs,
		vpceSG443,
		vpceSubnetcfgConsistent,
	}
}
