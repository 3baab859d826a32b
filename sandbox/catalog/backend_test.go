package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func backendThings() map[string]thing {
	return map[string]thing{
		"instance": {instanceType, func(w *world) props {
			return props{"ami": amazonLinux("us-east-1", "arm64"), "instanceType": "t4g.nano", "subnetId": w.id("subnet a"),
				"vpcSecurityGroupIds": []any{w.id("group")}, "privateIp": "10.0.1.30"}
		}},
		"second instance": {instanceType, func(w *world) props {
			return props{"ami": "ami-0123456789abcdef0", "instanceType": "t3.nano", "subnetId": w.id("subnet a")}
		}},
		"other instance": {instanceType, func(w *world) props {
			return props{"ami": "ami-0123456789abcdef0", "instanceType": "t3.nano", "subnetId": w.id("other subnet b")}
		}},
		"dual instance": {instanceType, func(w *world) props {
			return props{"ami": "ami-0123456789abcdef0", "instanceType": "t3.nano", "subnetId": w.id("dual subnet a"), "ipv6AddressCount": 1.0}
		}},
		"kept instance": {instanceType, func(w *world) props {
			return props{"ami": "ami-0123456789abcdef0", "instanceType": "t3.nano", "subnetId": w.id("subnet b"), "disableApiTermination": true}
		}},
		"public instance": {instanceType, func(w *world) props {
			w.id("gateway")
			return props{"ami": "ami-0123456789abcdef0", "instanceType": "t3.nano", "subnetId": w.id("subnet a"), "associatePublicIpAddress": true}
		}},
		"profile": {instanceProfileType, func(w *world) props { return props{"name": "profile", "role": w.id("role")} }},
		"profiled instance": {instanceType, func(w *world) props {
			return props{"ami": "ami-0123456789abcdef0", "instanceType": "t3.nano", "subnetId": w.id("subnet a"), "iamInstanceProfile": w.id("profile")}
		}},

		"http targets":     {targetGroupType, targets("http", "vpc", "HTTP")},
		"tcp targets":      {targetGroupType, targets("tcp", "vpc", "TCP")},
		"ipv6 targets":     {targetGroupType, typedTargets("six", "ip", "TCP", "ipv6")},
		"instance targets": {targetGroupType, typedTargets("machines", "instance", "TCP", "ipv4")},
		"alb targets":      {targetGroupType, typedTargets("alb", "alb", "TCP", "ipv4")},
		"lambda targets":   {targetGroupType, func(*world) props { return props{"name": "lambda", "targetType": "lambda"} }},
		"https listener": {listenerType, func(w *world) props {
			return props{"loadBalancerArn": w.id("alb"), "port": 443.0, "protocol": "HTTPS", "certificateArn": existingCertificate,
				"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": w.id("http targets")}}}
		}},
		"pass-through": {listenerType, func(w *world) props {
			return props{"loadBalancerArn": w.id("nlb"), "port": 443.0, "protocol": "TCP",
				"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": w.id("tcp targets")}}}
		}},
		"lambda listener": {listenerType, func(w *world) props {
			return props{"loadBalancerArn": w.id("alb"), "port": 80.0, "protocol": "HTTP",
				"defaultActions": []any{map[string]any{"type": "forward", "forward": map[string]any{"targetGroups": []any{map[string]any{"arn": w.id("lambda targets")}}}}}}
		}},
		"instance attachment": {attachmentType, func(w *world) props {
			return props{"targetGroupArn": w.id("instance targets"), "targetId": w.id("second instance")}
		}},
		"alb attachment": {attachmentType, func(w *world) props {
			w.id("https listener")
			return props{"targetGroupArn": w.id("alb targets"), "targetId": w.id("alb")}
		}},
		"lambda attachment": {attachmentType, func(w *world) props {
			w.id("elb permission")
			return props{"targetGroupArn": w.id("lambda targets"), "targetId": w.arn("function")}
		}},
		"elb permission": {permissionType, func(w *world) props {
			return props{"action": "lambda:InvokeFunction", "function": w.arn("function"), "principal": "elasticloadbalancing.amazonaws.com", "statementId": "elb"}
		}},

		"link":        {vpcLinkType, func(w *world) props { return props{"name": "link", "targetArn": w.id("nlb")} }},
		"second link": {vpcLinkType, func(w *world) props { return props{"name": "link-2", "targetArn": w.id("second nlb")} }},
		"proxy": {apiResourceType, func(w *world) props {
			return props{"restApi": w.id("api"), "parentId": w.root("api"), "pathPart": "{proxy+}"}
		}},
		"proxy method": {methodType, func(w *world) props {
			return props{"restApi": w.id("api"), "resourceId": w.id("proxy"), "httpMethod": "ANY", "authorization": "NONE",
				"requestParameters": map[string]any{"method.request.path.proxy": true}}
		}},
		"private integration": {integrationType, func(w *world) props {
			w.id("proxy method")
			return props{"restApi": w.id("api"), "resourceId": w.id("proxy"), "httpMethod": "ANY", "type": "HTTP_PROXY", "connectionType": "VPC_LINK",
				"connectionId": w.id("link"), "integrationHttpMethod": "ANY", "uri": "https://backend.example.com/{proxy}", "timeoutMilliseconds": 29000.0,
				"requestParameters": map[string]any{"integration.request.path.proxy": "method.request.path.proxy"},
				"tlsConfig":         map[string]any{"insecureSkipVerification": false}}
		}},
		"linked deployment": {deploymentType, func(w *world) props {
			w.id("private integration")
			return props{"restApi": w.id("api")}
		}},
		"linked stage": {stageType, func(w *world) props {
			return props{"restApi": w.id("api"), "deployment": w.id("linked deployment"), "stageName": "v1"}
		}},

		"vpc access": {roleAttachmentType, func(w *world) props {
			return props{"role": w.id("role"), "policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"}
		}},
		"vpc function": {functionType, func(w *world) props {
			w.id("vpc access")
			return props{"name": "inside", "role": w.arn("role"), "code": "hash", "vpcConfig": map[string]any{
				"subnetIds": []any{w.id("subnet a"), w.id("subnet b")}, "securityGroupIds": []any{w.id("group")}}}
		}},

		"zone association":    {zoneAssociationType, func(w *world) props { return props{"zoneId": w.id("private zone"), "vpcId": w.id("other vpc")} }},
		"same zone elsewhere": {zoneType, zoneIn("api.example.com", "other vpc")},
		"authorization":       {associationAuthorizationType, func(w *world) props { return props{"zoneId": w.id("private zone"), "vpcId": "vpc-0123456789abcdef0"} }},
		"ipv6 record": {recordType, func(*world) props {
			return props{"zoneId": existingZone, "name": "six.example.com", "type": "AAAA", "ttl": 300.0, "records": []any{"2001:db8::1"}}
		}},
		"ipv6 alias": {recordType, func(w *world) props {
			return props{"zoneId": existingZone, "name": "d.example.com", "type": "AAAA",
				"aliases": []any{map[string]any{"name": w.out("dual nlb", "dnsName"), "zoneId": w.out("dual nlb", "zoneId"), "evaluateTargetHealth": true}}}
		}},
	}
}

func typedTargets(name, kind, protocol, family string) func(*world) props {
	return func(w *world) props {
		return props{"name": name, "targetType": kind, "protocol": protocol, "port": 443.0, "vpcId": w.id("vpc"), "ipAddressType": family}
	}
}

func inVPC(subnets []string, groups ...string) func(*world) props {
	return func(w *world) props {
		return props{"vpcConfig": map[string]any{"subnetIds": ids("x", subnets...)(w)["x"], "securityGroupIds": ids("x", groups...)(w)["x"]}}
	}
}

var backendRefusals = []refusalRow{
	{why: "an instance of no image", code: "MissingParameter", says: "The request must contain the parameter ImageId", thing: "second instance", change: without("ami")},
	{why: "an instance of no type", code: "MissingParameter", says: "The request must contain the parameter InstanceType", thing: "second instance", change: without("instanceType")},
	{why: "an image's name as its id", code: "InvalidAMIID.Malformed", says: `Invalid id: "al2023" (expecting "ami-...")`, thing: "second instance", change: set("ami", "al2023")},
	{why: "an ARM image on an x86 instance", code: "InvalidParameterValue", says: "The architecture 'x86_64' of the specified instance type does", thing: "instance", change: set("instanceType", "t3.nano")},
	{why: "an x86 image on an ARM instance", code: "InvalidParameterValue", says: "The architecture 'arm64' of the specified instance type does", thing: "instance", change: set("ami", amazonLinux("us-east-1", "x86_64"))},
	{why: "an instance nowhere", code: "VPCIdNotSpecified", says: "No default VPC for this user: subnetId must be given", thing: "second instance", change: without("subnetId")},
	{why: "a security group of another VPC", code: "InvalidParameter", says: "belong to different networks", thing: "instance", change: ids("vpcSecurityGroupIds", "other group")},
	{why: "an address outside the subnet", code: "InvalidParameterValue", says: "Address 10.0.2.30 does not fall within the subnet's address", thing: "instance", change: set("privateIp", "10.0.2.30")},
	{why: "an address that another instance has", code: "InvalidIPAddress.InUse", says: "Address 10.0.1.30 is in use", thing: "second instance", after: "instance", change: set("privateIp", "10.0.1.30")},
	{why: "an IPv6 address in a subnet without", code: "InvalidParameterValue", says: "has no IPv6 CIDR block", thing: "dual instance", change: id("subnetId", "plain subnet")},
	{why: "IPv6 by number and by address", code: "InvalidParameterCombination", says: "ipv6AddressCount and ipv6Addresses exclude each other", thing: "dual instance", change: set("ipv6Addresses", []any{"2001:db8::1"})},
	{why: "too much user data", code: "InvalidParameterValue", says: "User data is limited to 16384 bytes, not 16385", thing: "instance", change: set("userData", strings.Repeat("#", 16385))},
	{why: "an instance profile that is not there", code: "InvalidParameterValue", says: "Value (none) for parameter iamInstanceProfile.name is invalid.", thing: "profiled instance", change: set("iamInstanceProfile", "none")},
	{why: "a profile of a role that is not there", code: "NoSuchEntity", says: "The role with name none cannot be found", thing: "profile", change: set("role", "none")},

	{why: "a port of a function's target group", code: "ValidationError", says: "A port cannot be specified for target type 'lambda", thing: "lambda targets", change: set("port", 443.0)},
	{why: "an unknown kind of target", code: "ValidationError", says: "Target type 'host' is none of instance, ip, lambda, alb", thing: "tcp targets", change: set("targetType", "host")},
	{why: "an unknown protocol", code: "ValidationError", says: "Target group protocol 'QUIC' is not supported", thing: "tcp targets", change: set("protocol", "QUIC")},
	{why: "TLS to an application load balancer", code: "ValidationError", says: "Target group protocol 'TLS' is not supported for target type", thing: "alb targets", change: set("protocol", "TLS")},
	{why: "an instance of another VPC", code: "InvalidTarget", says: "The following targets are not in the target group VPC", thing: "instance attachment", change: id("targetId", "other instance")},
	{why: "an instance that is not there", code: "InvalidTarget", says: "The following targets do not exist: 'i-00000000000000000", thing: "instance attachment", change: set("targetId", "i-00000000000000000")},
	{why: "a network load balancer as target", code: "InvalidTarget", says: "is not an Application Load Balancer", thing: "alb attachment", change: id("targetId", "nlb")},
	{why: "an application load balancer that does not listen", code: "InvalidTarget", says: "has no listener on the port of the target group, 443", thing: "alb attachment", change: func(w *world) props {
		require.NoError(w.t, w.delete("https listener"))
		return nil
	}},
	{why: "a function that does not let load balancers in", code: "AccessDenied", says: "elasticloadbalancing principal does not have permission to", thing: "lambda attachment", change: func(w *world) props {
		require.NoError(w.t, w.delete("elb permission"))
		return nil
	}},
	{why: "an IPv6 address in an IPv4 target group", code: "ValidationError", says: "is not a valid IP address of type ipv4", thing: "attachment", change: set("targetId", "2001:db8::1")},
	{why: "HTTPS listener without a certificate", code: "ValidationError", says: "A certificate must be specified for HTTPS listeners", thing: "https listener", change: without("certificateArn")},
	{why: "TCP on an application load balancer", code: "ValidationError", says: "Listener protocol 'TCP' must be one of 'HTTP, HTTPS", thing: "https listener", change: func(*world) props {
		return props{"protocol": "TCP", "certificateArn": nil}
	}},
	{why: "HTTPS to a TCP target group", code: "IncompatibleProtocols", says: "has protocol TCP, which a listener with protocol HTTPS cannot", thing: "https listener", change: forward("tcp targets")},
	{why: "TCP to an HTTP target group", code: "IncompatibleProtocols", says: "has protocol HTTP, which a listener with protocol TCP cannot", thing: "pass-through", change: forward("http targets")},
	{why: "TCP to a function", code: "IncompatibleProtocols", says: "has protocol , which a listener with protocol TCP cannot", thing: "pass-through", change: forward("lambda targets")},
	{why: "TLS to an application load balancer behind", code: "IncompatibleProtocols", says: "has protocol TCP, which a listener with protocol TLS cannot", thing: "listener", change: forward("alb targets")},
	{why: "IPv6 targets of an IPv4 load balancer", code: "InvalidConfigurationRequest", says: "has IP address type ipv6, for which the load balancer must be", thing: "pass-through", change: forward("ipv6 targets")},

	{why: "a link to an application load balancer", code: "BadRequestException", says: "NLB ARN is malformed", thing: "link", change: id("targetArn", "alb")},
	{why: "a link to a load balancer that is not there", code: "BadRequestException", says: "NLB ARN is malformed", thing: "link", change: set("targetArn", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/x/0")},
	{why: "a link to an endpoint service's load balancer", code: "FAILED", says: "NLB is already associated with another VPC Endpoint Service", thing: "link", after: "service", change: id("targetArn", "service nlb")},
	{why: "a second link to a load balancer", code: "FAILED", says: "NLB is already associated with another VPC Endpoint Service", thing: "second link", after: "link", change: id("targetArn", "nlb")},
	{why: "a service of a link's load balancer", code: "FAILED", says: "NLB is already associated with another VPC Endpoint Service", thing: "second service", after: "link", change: ids("networkLoadBalancerArns", "nlb")},
	{why: "a private integration by no link", code: "BadRequestException", says: "Connection ID must be specified for connection type VPC_LINK", thing: "private integration", change: without("connectionId")},
	{why: "a private integration by a link that is not there", code: "NotFoundException", says: "Invalid VpcLink identifier specified abcdef", thing: "private integration", change: set("connectionId", "abcdef")},
	{why: "a path parameter that the method does not declare", code: "BadRequestException", says: "[Invalid mapping expression parameter specified: method.request.path.p", thing: "private integration",
		change: set("requestParameters", map[string]any{"integration.request.path.proxy": "method.request.path.path"})},
	{why: "a mapping to no part of the request", code: "BadRequestException", says: "[Invalid mapping expression specified: path.proxy]", thing: "private integration",
		change: set("requestParameters", map[string]any{"path.proxy": "method.request.path.proxy"})},
	{why: "a URI that is no URL", code: "BadRequestException", says: "Invalid HTTP endpoint specified for URI:", thing: "private integration", change: set("uri", "backend.example.com/{proxy}")},
	{why: "an integration without a method of its own", code: "BadRequestException", says: "Enumeration value for HttpMethod must be non-empty", thing: "private integration", change: without("integrationHttpMethod")},
	{why: "TLS settings of a function", code: "BadRequestException", says: "TlsConfig is supported for HTTP and HTTP_PROXY integrations", thing: "integration", change: set("tlsConfig", map[string]any{"insecureSkipVerification": true})},
	{why: "a method that declares no part of the request", code: "BadRequestException", says: "[Invalid mapping expression specified: path.proxy]", thing: "proxy method", change: set("requestParameters", map[string]any{"path.proxy": true})},

	{why: "a function in subnets without a security group", code: "InvalidParameterValueException", says: "SubnetIds and SecurityIds must coexist or be both empty list", thing: "vpc function", change: inVPC([]string{"subnet a"})},
	{why: "a function in two VPCs", code: "InvalidParameterValueException", says: "Subnets are required to be in the same VPC", thing: "vpc function", change: inVPC([]string{"subnet a", "other subnet b"}, "group")},
	{why: "a function with another VPC's security group", code: "InvalidParameterValueException", says: "Security Groups are required to be in the same VPC", thing: "vpc function", change: inVPC([]string{"subnet a"}, "other group")},
	{why: "a function in a subnet that is not there", code: "InvalidParameterValueException", says: "Error occurred while DescribeSubnets. The subnet ID", thing: "vpc function",
		change: set("vpcConfig", map[string]any{"subnetIds": []any{"subnet-00000000000000000"}, "securityGroupIds": []any{}})},
	{why: "a function whose role may not make interfaces", code: "InvalidParameterValueException", says: "The provided execution role does not have permissions to call", thing: "vpc function", change: func(w *world) props {
		require.NoError(w.t, w.delete("vpc access"))
		return nil
	}},
	{why: "IPv6 of a function in subnets without", code: "InvalidParameterValueException", says: "Ipv6AllowedForDualStack requires dual-stack subnets", thing: "vpc function", change: func(w *world) props {
		return props{"vpcConfig": map[string]any{"subnetIds": []any{w.id("subnet a")}, "securityGroupIds": []any{w.id("group")}, "ipv6AllowedForDualStack": true}}
	}},

	{why: "a VPC for a public zone", code: "PublicZoneVPCAssociation", says: "The hosted zone Z0123456789EXAMPLE01 is public and cannot be", thing: "zone association", change: set("zoneId", existingZone)},
	{why: "authorization for a public zone", code: "PublicZoneVPCAssociation", says: "The hosted zone Z0123456789EXAMPLE01 is public and cannot be", thing: "authorization", change: set("zoneId", existingZone)},
	{why: "a zone in a VPC that has it already", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "zone association", change: id("vpcId", "vpc")},
	{why: "a zone in a VPC that has another of its name", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "zone association", change: func(w *world) props {
		w.id("same zone elsewhere")
		return nil
	}},
	{why: "a zone of the name of one that is associated", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "same zone elsewhere", change: func(w *world) props {
		w.id("zone association")
		return nil
	}},
	{why: "a VPC for a zone where another of its name is", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "private zone", after: "same zone elsewhere", update: true,
		change: func(w *world) props {
			return props{"vpcs": []any{map[string]any{"vpcId": w.id("vpc")}, map[string]any{"vpcId": w.id("other vpc")}}}
		}},
	{why: "a zone in a VPC that has an endpoint of its name", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "zone association", change: func(w *world) props {
		w.id("named endpoint")
		return props{"zoneId": h2Zone(w)}
	}},
	{why: "a VPC that is not there", code: "InvalidVPCId", says: "The VPC: vpc-00000000000000000 that you provided is not a valid", thing: "zone association", change: set("vpcId", "vpc-00000000000000000")},
	{why: "an IPv4 address in an AAAA record", code: "InvalidChangeBatch", says: "Invalid Resource Record: Value is not a valid IPv6 address:", thing: "ipv6 record", change: set("records", []any{"192.0.2.1"})},
	{why: "a name in an A record", code: "InvalidChangeBatch", says: "Invalid Resource Record: Value is not a valid IPv4 address:", thing: "record", change: set("records", []any{"example.com"})},
	{why: "an AAAA alias with the wrong zone of its target", code: "InvalidChangeBatch", says: "but the alias target name does not lie within the target zone", thing: "ipv6 alias", change: func(w *world) props {
		return props{"aliases": []any{map[string]any{"name": w.out("dual nlb", "dnsName"), "zoneId": hostedZone("application", "us-east-1")}}}
	}},
}

// h2Zone is a zone of an endpoint service's private name, in another VPC than
// the service's consumers are.
func h2Zone(w *world) string {
	zone, err := w.create("private zone", w.changed("private zone", props{"name": "h2.example.com"}))
	require.NoError(w.t, err)
	return zone
}

func TestLinkStaysWhileAStageWasDeployedWithIt(t *testing.T) {
	w := newWorld(t)
	w.id("linked stage")
	// Another link takes its place, and the old deployment still knows the old.
	require.NoError(t, w.update("private integration", w.changed("private integration", props{"connectionId": w.id("second link")})))
	err := w.delete("link")
	assertRefused(t, err, "BadRequestException")
	assert.ErrorContains(t, err, "is referenced in [ANY:"+w.id("proxy")+":v1]")
	require.NoError(t, w.delete("second link"), "what was never deployed holds nothing")

	next, err := w.create("linked deployment", w.changed("linked deployment", nil))
	require.NoError(t, err)
	require.NoError(t, w.update("linked stage", w.changed("linked stage", props{"deployment": next})))
	assert.NoError(t, w.delete("link"))
}

func TestLinkOfAStageVariableStays(t *testing.T) {
	w := newWorld(t)
	w.ids["private integration"], _ = w.create("private integration", w.changed("private integration", props{"connectionId": "${stageVariables.link}"}))
	variables := props{"variables": map[string]any{"link": w.id("link")}}
	require.NoError(t, w.update("linked stage", w.changed("linked stage", variables)))
	assertRefused(t, w.delete("link"), "BadRequestException")
}

func TestFunctionSaysWhichVpcItIsIn(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, w.id("vpc"), w.object("vpc function").Outputs().Object("vpcConfig").String("vpcId"))
	require.NoError(t, w.update("vpc function", w.changed("vpc function", props{"vpcConfig": nil})))
	assert.NotContains(t, w.object("vpc function").Outputs(), "vpcConfig")
}

func TestInlinePolicyLetsAFunctionIntoAVpc(t *testing.T) {
	w := newWorld(t)
	inputs := w.changed("vpc function", nil)
	require.NoError(t, w.delete("vpc access"))
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:CreateNetwork*","Resource":"*"}]}`
	require.NoError(t, w.update("role", w.changed("role", props{"inlinePolicies": []any{map[string]any{"name": "eni", "policy": policy}}})))
	_, err := w.create("vpc function", inputs)
	assert.NoError(t, err)
}

func TestInstanceAddresses(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "10.0.1.30", w.out("instance", "privateIp"))
	assert.Equal(t, "ip-10-0-1-30.ec2.internal", w.out("instance", "privateDns"))
	assert.Empty(t, w.out("instance", "publicIp"))
	assert.Len(t, w.object("dual instance").Outputs().Strings("ipv6Addresses"), 1)
	assert.Regexp(t, `^ec2-\d+-\d+-\d+-\d+\.compute-1\.amazonaws\.com$`, w.out("public instance", "publicDns"))
}

func TestProtectedInstanceStaysUntilProtectionIsTurnedOff(t *testing.T) {
	w := newWorld(t)
	w.id("kept instance")
	assertRefused(t, w.delete("kept instance"), "OperationNotPermitted")
	require.NoError(t, w.update("kept instance", w.changed("kept instance", props{"disableApiTermination": false})))
	assert.NoError(t, w.delete("kept instance"))
}

func TestHealthChecksByKindOfTarget(t *testing.T) {
	w := newWorld(t)
	check := func(thing string) props { return w.object(thing).Outputs().Object("healthCheck") }
	assert.Equal(t, "TCP", check("tcp targets").String("protocol"))
	assert.Equal(t, "HTTP", check("http targets").String("protocol"))
	assert.Equal(t, "200", check("http targets").String("matcher"))
	assert.False(t, check("lambda targets").Bool("enabled"))
}

func TestApplicationLoadBalancerWithoutSecurityGroupHasTheDefaultOne(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, []string{w.out("vpc", "defaultSecurityGroupId")}, w.object("alb").Outputs().Strings("securityGroups"))
	assert.Empty(t, w.object("nlb").Outputs().Strings("securityGroups"), "a network load balancer has none")
}

func TestAddressesOfALoadBalancerAreFoundByItsDescription(t *testing.T) {
	w := newWorld(t)
	w.id("nlb")
	found, err := w.account.Invoke(cloud.Caller{Region: "us-east-1"}, "aws:ec2/getNetworkInterfaces:getNetworkInterfaces",
		engine(props{"filters": filters("description", "ELB "+w.out("alb", "arnSuffix"), "subnet-id", w.id("subnet b"))}))
	require.NoError(t, err)
	ids := known(found).Strings("ids")
	require.Len(t, ids, 1)
	one, err := w.account.Invoke(cloud.Caller{Region: "us-east-1"}, "aws:ec2/getNetworkInterface:getNetworkInterface", engine(props{"id": ids[0]}))
	require.NoError(t, err)
	assert.Equal(t, w.object("alb").Interfaces[1].IPv4, known(one).String("privateIp"))
	assert.Equal(t, "interface", known(one).String("interfaceType"))
}

func TestInstanceIsReplacedForItsUserDataOnlyIfToldSo(t *testing.T) {
	assert.Empty(t, instanceReplaceIf(nil, engine(props{"userData": "b", "userDataReplaceOnChange": false})))
	assert.Contains(t, instanceReplaceIf(nil, engine(props{"userData": "b", "userDataReplaceOnChange": true})), "userData")
}
