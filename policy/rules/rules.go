package rules

// All lists every rule, in the order of their ids.
func All() []*Rule {
	return []*Rule{
		apigwPolicyVPCKeyMismatch,
		apigwPrivateNeedsPolicy,
		nlbVpceAZAlign,
		vpceInterfaceType,
		vpceMultiAZ,
		vpcePrivateDNSVsPublicAPIs,
		vpceSG443,
		vpceSubnetcfgConsistent,
	}
}
