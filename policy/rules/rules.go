package rules

// All lists every rule, in the order of their ids.
func All() []*Rule {
	return []*Rule{
		apigwPolicyVPCKeyMismatch,
		apigwPrivateNeedsPolicy,
		certCoversName,
		lbNoFixedName,
		nlbAccessLogs,
		nlbAddressArgs,
		nlbDualstackIPv6,
		nlbPrivateLinkEnforcement,
		nlbPublicEIP,
		nlbSGAtCreation,
		nlbSinglePrivateLinkOwner,
		nlbTargetOutsideVPC,
		nlbTLSListener,
		nlbVpceALPN,
		nlbVpceAZAlign,
		nlbVpceHealthCheck,
		nlbVpceNoClientIP,
		nlbVpceTGShape,
		vpceMultiAZ,
		vpcePrivateDNSVsPublicAPIs,
		vpceSG443,
	}
}
