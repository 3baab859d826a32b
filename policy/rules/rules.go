package rules

// All lists every rule, in the order of their ids.
func All() []*Rule {
	return []*Rule{
		apigwDeploymentTriggers,
		apigwDomainPrivateComplete,
		apigwDomainTLS,
		apigwEndpointArgs,
		apigwPolicyAllow,
		apigwPolicyFence,
		apigwPolicySingleOwner,
		apigwPolicySourceIPPrivate,
		apigwPolicyVPCKeyMismatch,
		apigwPrivateNeedsPolicy,
		apigwPublicNLBNeedsAuth,
		apigwStageLogs,
		intTLSWeak,
		intVPCLinkHost,
		intVPCLinkRedeploy,
		lambdaPermissionSourceARN,
		nlbVpceAZAlign,
		vpceMultiAZ,
		vpcePrivateDNSVsPublicAPIs,
		vpceSG443,
	}
}
