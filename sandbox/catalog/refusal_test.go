package catalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

type refusalRow struct {
	why    string
	code   string
	says   string // part of the message: the reason, where others share the code
	thing  string
	change func(w *world) props
	after  string // what must exist besides
	update bool   // the change comes after the creation
}

// refusals make AWS refuse a thing that it accepts as it is in things: each
// differs from it in the named change alone.
var refusals = map[string][]refusalRow{
	"peering and routes": peeringRefusals,
	"ipv6":               dualstackRefusals,
	"endpoint service":   serviceRefusals,
	"backend":            backendRefusals,
	"ec2": {
		{why: "a range outside what a VPC can have", code: "InvalidVpc.Range", says: "The CIDR '10.0.0.0/8' is invalid", thing: "vpc", change: set("cidrBlock", "10.0.0.0/8")},
		{why: "a subnet outside its VPC", code: "InvalidSubnet.Range", says: "The CIDR '10.1.1.0/24' is invalid", thing: "subnet a", change: set("cidrBlock", "10.1.1.0/24")},
		{why: "a subnet smaller than /28", code: "InvalidSubnet.Range", says: "The CIDR '10.0.1.0/29' is invalid", thing: "subnet a", change: set("cidrBlock", "10.0.1.0/29")},
		{why: "a subnet over another", code: "InvalidSubnet.Conflict", says: "The CIDR '10.0.1.128/25' conflicts with another subnet", thing: "subnet b", after: "subnet a", change: set("cidrBlock", "10.0.1.128/25")},
		{why: "a zone of another region", code: "InvalidParameterValue", says: "Value (eu-west-1a) for parameter availabilityZone is invalid.", thing: "subnet a", change: set("availabilityZone", "eu-west-1a")},
		{why: "a VPC that is not there", code: "InvalidVpcID.NotFound", says: "The vpc ID 'vpc-00000000000000000' does not exist", thing: "subnet a", change: set("vpcId", "vpc-00000000000000000")},
		{why: "a second internet gateway in a VPC", code: "Resource.AlreadyAssociated", says: "is already attached to network", thing: "loose gateway", after: "gateway", change: id("vpcId", "vpc")},
		{why: "a gateway of another VPC", code: "InvalidParameterValue", says: "belong to different networks", thing: "route", change: id("gatewayId", "other gateway")},
		{why: "a route with two targets", code: "InvalidParameterCombination", says: "vpcPeeringConnectionId, not 2", thing: "route", change: id("natGatewayId", "nat")},
		{why: "a second route to a destination", code: "RouteAlreadyExists", says: "The route identified by 0.0.0.0/0 already exists", thing: "second route", after: "route", change: set("destinationCidrBlock", "0.0.0.0/0")},
		{why: "a gateway that is not there", code: "InvalidInternetGatewayID.NotFound", says: "The internetGateway ID 'igw-00000000000000000' does not exist", thing: "route", change: set("gatewayId", "igw-00000000000000000")},
		{why: "a route table that is not there", code: "InvalidRouteTableID.NotFound", says: "The routeTable ID 'rtb-00000000000000000' does not exist", thing: "association", change: set("routeTableId", "rtb-00000000000000000")},
		{why: "a subnet associated twice", code: "Resource.AlreadyAssociated", says: "the specified association for route table", thing: "second association", after: "association", change: id("subnetId", "subnet a")},
		{why: "a subnet of another VPC than the route table", code: "InvalidParameterValue", says: "belong to different networks", thing: "association", change: id("subnetId", "other subnet b")},
		{why: "a NAT gateway without an address", code: "MissingParameter", says: "The request must contain the parameter AllocationId", thing: "nat", change: without("allocationId")},
		{why: "a NAT gateway on an address in use", code: "Resource.AlreadyAssociated", says: "] is already associated", thing: "second nat", after: "nat", change: id("allocationId", "eip")},
		{why: "a NAT gateway without an internet gateway", code: "Gateway.NotAttached", says: "has no Internet gateway attached", thing: "nat", change: id("subnetId", "other subnet b")},
		{why: "an address that is not there", code: "InvalidAllocationID.NotFound", says: "The allocation ID 'eipalloc-00000000000000000' does not exist", thing: "nat", change: set("allocationId", "eipalloc-00000000000000000")},
		{why: "a sixth Elastic IP in a region", code: "AddressLimitExceeded", says: "The maximum number of addresses has been reached", thing: "eip", change: func(w *world) props {
			for range 5 {
				_, err := w.create("eip", props{})
				require.NoError(w.t, err)
			}
			return nil
		}},
		{why: "a security group's name twice in a VPC", code: "InvalidGroup.Duplicate", says: "The security group 'one' already exists for VPC", thing: "second group", after: "group", change: set("name", "one")},
		{why: "a rule from nowhere", code: "InvalidParameterCombination", says: "The request must contain exactly one of cidrIpv4, cidrIpv6,", thing: "rule", change: without("cidrIpv4")},
		{why: "a rule from two sources", code: "InvalidParameterCombination", says: "The request must contain exactly one of cidrIpv4, cidrIpv6,", thing: "rule", change: set("cidrIpv6", "2001:db8::/32")},
		{why: "a rule from a malformed range", code: "InvalidParameterValue", says: "CIDR block 10.0.0.0 is malformed", thing: "rule", change: set("cidrIpv4", "10.0.0.0")},
		{why: "the same rule twice", code: "InvalidPermission.Duplicate", says: `tcp 443-443 10.0.0.0/16   " already exists`, thing: "second rule", after: "rule", change: set("cidrIpv4", "10.0.0.0/16")},
		{why: "a rule of a group that is not there", code: "InvalidGroup.NotFound", says: "The security group 'sg-00000000000000000' does not exist", thing: "rule", change: set("securityGroupId", "sg-00000000000000000")},
	},
	"endpoint": {
		{why: "private DNS twice for a service in a VPC", code: "InvalidParameter", says: "already a conflicting DNS domain for execute-api", thing: "second endpoint", after: "endpoint", change: set("privateDnsEnabled", true)},
		{why: "private DNS turned on beside another", code: "InvalidParameter", says: "already a conflicting DNS domain for execute-api", thing: "second endpoint", after: "endpoint", change: set("privateDnsEnabled", true), update: true},
		{why: "private DNS in a VPC without DNS host names", code: "InvalidParameter", says: "Enabling private DNS requires both enableDnsSupport and", thing: "endpoint without hostnames", change: set("privateDnsEnabled", true)},
		{why: "private DNS beside a private zone of that name", code: "InvalidParameter", says: "already a conflicting DNS domain for execute-api", thing: "endpoint", change: func(w *world) props {
			_, err := w.create("private zone", w.changed("private zone", props{"name": "execute-api.us-east-1.amazonaws.com"}))
			require.NoError(w.t, err)
			return nil
		}},
		{why: "a subnet of another VPC", code: "InvalidParameter", says: "does not belong to VPC", thing: "endpoint", change: ids("subnetIds", "other subnet b")},
		{why: "a security group of another VPC", code: "InvalidParameter", says: "does not belong to VPC", thing: "endpoint", change: ids("securityGroupIds", "other group")},
		{why: "two subnets of one zone", code: "DuplicateSubnetsInSameZone", says: "Found another VPC endpoint subnet in the availability zone of", thing: "endpoint", change: ids("subnetIds", "subnet a", "second subnet a")},
		{why: "execute-api has no gateway endpoint", code: "InvalidParameter", says: "Endpoint type (Gateway) does not match available service types", thing: "endpoint", change: set("vpcEndpointType", "Gateway")},
		{why: "an address for a subnet that the endpoint is not in", code: "InvalidParameter", says: "subnetConfigurations names subnet", thing: "endpoint", change: pinned("second subnet a", "10.0.3.10")},
		{why: "an address outside its subnet", code: "InvalidParameterValue", says: "Address 10.0.2.10 does not fall within the subnet's address", thing: "endpoint", change: pinned("subnet a", "10.0.2.10")},
		{why: "the router's address", code: "InvalidParameterValue", says: "Address 10.0.1.1 is in subnet's reserved address range", thing: "endpoint", change: pinned("subnet a", "10.0.1.1")},
		{why: "the last address of the subnet", code: "InvalidParameterValue", says: "Address 10.0.1.255 is in subnet's reserved address range", thing: "endpoint", change: pinned("subnet a", "10.0.1.255")},
		{why: "an address that the NLB has", code: "InvalidIPAddress.InUse", says: "Address 10.0.1.10 is in use", thing: "endpoint", after: "nlb", change: pinned("subnet a", "10.0.1.10")},
		{why: "an address taken by a later change", code: "InvalidIPAddress.InUse", says: "Address 10.0.1.10 is in use", thing: "endpoint", after: "nlb", change: pinned("subnet a", "10.0.1.10"), update: true},
		{why: "a policy that is not JSON", code: "InvalidPolicyDocument", says: "Policy document is not valid JSON with a Statement", thing: "endpoint", change: set("policy", "allow all")},
		{why: "a subnet that is not there", code: "InvalidSubnetID.NotFound", says: "The subnet ID 'subnet-00000000000000000' does not exist", thing: "endpoint", change: set("subnetIds", []any{"subnet-00000000000000000"})},
	},
	"elb": {
		{why: "subnets and mappings", code: "ValidationError", says: "You must specify either subnets or subnet mappings, and not both", thing: "nlb", change: ids("subnets", "subnet a")},
		{why: "neither subnets nor mappings", code: "ValidationError", says: "You must specify either subnets or subnet mappings, and not both", thing: "nlb", change: without("subnetMappings")},
		{why: "an application load balancer in one zone", code: "ValidationError", says: "At least two subnets in two different Availability Zones must", thing: "alb", change: ids("subnets", "subnet a")},
		{why: "an Elastic IP on an internal load balancer", code: "InvalidConfigurationRequest", says: "You cannot specify an allocation ID", thing: "public nlb", change: set("internal", true)},
		{why: "a private address on a public load balancer", code: "InvalidConfigurationRequest", says: "You cannot specify a private IPv4 address (10.0.1.10) for an", thing: "nlb", after: "gateway", change: set("internal", false)},
		{why: "an Elastic IP that is not there", code: "AllocationIdNotFound", says: "The allocation ID 'eipalloc-00000000000000000' does not exist", thing: "public nlb", change: mapping("subnet a", "allocationId", "eipalloc-00000000000000000")},
		{why: "an Elastic IP in use", code: "ResourceInUse", says: "The allocation IDs are not available for use", thing: "public nlb", change: func(w *world) props {
			w.id("nat")
			return nil
		}},
		{why: "a subnet that is not there", code: "SubnetNotFound", says: "The subnet ID 'subnet-00000000000000000' does not exist", thing: "second nlb", change: set("subnets", []any{"subnet-00000000000000000"})},
		{why: "a public load balancer in a VPC without internet gateway", code: "InvalidSubnet", says: "has no internet gateway", thing: "second nlb", change: set("internal", false)},
		{why: "two subnets of one zone", code: "InvalidConfigurationRequest", says: "A load balancer cannot be attached to multiple subnets in the", thing: "second nlb", change: ids("subnets", "subnet a", "second subnet a")},
		{why: "subnets of two VPCs", code: "InvalidConfigurationRequest", says: "All subnets must belong to the same VPC", thing: "second nlb", change: ids("subnets", "subnet a", "other subnet b")},
		{why: "a security group of another VPC", code: "InvalidConfigurationRequest", says: "does not belong to VPC", thing: "nlb with group", change: ids("securityGroups", "other group")},
		{why: "a security group that is not there", code: "InvalidSecurityGroup", says: "The security group 'sg-00000000000000000' does not exist", thing: "nlb with group", change: set("securityGroups", []any{"sg-00000000000000000"})},
		{why: "a security group on a load balancer made without", code: "InvalidConfigurationRequest", says: "Security groups cannot be added to or all removed from Network", thing: "nlb", change: ids("securityGroups", "group"), update: true},
		{why: "no security group on a load balancer made with one", code: "InvalidConfigurationRequest", says: "Security groups cannot be added to or all removed from Network", thing: "nlb with group", change: without("securityGroups"), update: true},
		{why: "a subnet taken away", code: "InvalidConfigurationRequest", says: "of Network Load Balancer 'nlb-2' cannot be removed, nor its", thing: "second nlb", change: ids("subnets", "subnet b"), update: true},
		{why: "another Elastic IP for a subnet", code: "InvalidConfigurationRequest", says: "of Network Load Balancer 'public' cannot be removed, nor its", thing: "public nlb", update: true, change: func(w *world) props {
			return mapping("subnet a", "allocationId", w.id("second eip"))(w)
		}},
		{why: "a subnet with fewer than 8 free addresses", code: "InvalidSubnet", says: "ELB requires at least 8 free IP addresses in each subnet", thing: "small nlb", change: func(w *world) props {
			for range 4 {
				_, err := w.create("private nat", things["private nat"].inputs(w))
				require.NoError(w.t, err)
			}
			return nil
		}},
		{why: "a name twice", code: "DuplicateLoadBalancerName", says: "A load balancer with the same name 'nlb' exists, but with", thing: "second nlb", after: "nlb", change: set("name", "nlb")},
		{why: "dualstack in subnets without IPv6", code: "ValidationError", says: "You must specify subnets with an associated IPv6 CIDR block", thing: "second nlb", change: set("ipAddressType", "dualstack")},
		{why: "a pinned address that the endpoint has", code: "failed", says: "InvalidIPAddress.InUse: Address 10.0.1.10 is in use", thing: "nlb", change: func(w *world) props {
			_, err := w.create("endpoint", w.changed("endpoint", pinned("subnet a", "10.0.1.10")(w)))
			require.NoError(w.t, err)
			return nil
		}},
		{why: "logs to a bucket that is not there", code: "InvalidConfigurationRequest", says: "S3 bucket does not exist: nowhere", thing: "nlb with logs", change: set("accessLogs", map[string]any{"enabled": true, "bucket": "nowhere"})},
		{why: "logs to a bucket without a policy", code: "InvalidConfigurationRequest", says: "Access Denied for bucket: other-logs. Please check S3bucket", thing: "nlb with logs", change: func(w *world) props {
			return props{"accessLogs": map[string]any{"enabled": true, "bucket": w.id("second bucket")}}
		}},
		{why: "logs to a bucket that lets another service write", code: "InvalidConfigurationRequest", says: "Access Denied for bucket: logs-of-the-nlb. Please check", thing: "nlb with logs", change: func(w *world) props {
			require.NoError(w.t, w.update("bucket policy", w.changed("bucket policy", props{"policy": strings.ReplaceAll(allowLogs, "delivery.logs", "s3")})))
			return nil
		}},
		{why: "a target group without a port", code: "ValidationError", says: "A port must be specified", thing: "targets", change: without("port")},
		{why: "a target group's name twice", code: "DuplicateTargetGroupName", says: "A target group with the same name 'one' exists, but with", thing: "second targets", after: "targets", change: set("name", "one")},
		{why: "a target outside the VPC that names no zone", code: "ValidationError", says: "You must specify a valid Availability Zone or select 'all' for", thing: "outside attachment", change: without("availabilityZone")},
		{why: "a target inside the VPC for all zones", code: "ValidationError", says: "is within the VPC, and cannot have its Availability Zone overridden to 'all'", thing: "attachment", change: set("availabilityZone", "all")},
		{why: "a public target", code: "InvalidTarget", says: "is neither in the VPC nor in RFC 1918 or RFC 6598 space", thing: "outside attachment", change: set("targetId", "198.51.100.7")},
		{why: "a target that is no address", code: "ValidationError", says: "is not a valid IP address", thing: "attachment", change: set("targetId", "i-0123456789abcdef0")},
		{why: "a target group that is not there", code: "TargetGroupNotFound", says: "targetgroup/x/0000000000000000' not found", thing: "attachment", change: set("targetGroupArn", "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/0000000000000000")},
		{why: "TLS without a certificate", code: "ValidationError", says: "A certificate must be specified for TLS listeners", thing: "listener", change: without("certificateArn")},
		{why: "a certificate that is not there", code: "CertificateNotFound", says: "not found", thing: "listener", change: set("certificateArn", strings.Replace(existingCertificate, "/1", "/2", 1))},
		{why: "a certificate that is not issued", code: "UnsupportedCertificate", says: "must have a fully-qualified domain name, a supported signature,", thing: "listener", change: id("certificateArn", "certificate")},
		{why: "a certificate without TLS", code: "ValidationError", says: "Certificates and SSL policies can be specified only for TLS and", thing: "tcp listener", change: set("certificateArn", existingCertificate)},
		{why: "an unknown security policy", code: "SSLPolicyNotFound", says: "SSL policy 'ELBSecurityPolicy-TLS-1-2' not found", thing: "listener", change: set("sslPolicy", "ELBSecurityPolicy-TLS-1-2")},
		{why: "an unknown ALPN policy", code: "ALPNPolicyNotFound", says: "ALPN policy 'HTTP2' not found", thing: "listener", change: set("alpnPolicy", "HTTP2")},
		{why: "ALPN without TLS", code: "ValidationError", says: "ALPN policy HTTP2Preferred", thing: "tcp listener", change: set("alpnPolicy", "HTTP2Preferred")},
		{why: "a port twice", code: "DuplicateListener", says: "A listener already exists on this port for this load balancer", thing: "second listener", after: "listener", change: set("port", 443.0)},
		{why: "a listener without a port", code: "ValidationError", says: "A listener port must be specified", thing: "listener", change: without("port")},
		{why: "an HTTPS listener on a network load balancer", code: "ValidationError", says: "Listener protocol 'HTTPS' must be one of 'TCP, TLS, UDP, TCP_UDP", thing: "listener", change: set("protocol", "HTTPS")},
		{why: "TLS to a UDP target group", code: "IncompatibleProtocols", says: "has protocol UDP, which a listener with protocol TLS cannot", thing: "listener", change: forward("udp targets")},
		{why: "a target group of another VPC", code: "InvalidConfigurationRequest", says: "is not in the VPC of the load balancer", thing: "listener", change: forward("other targets")},
		{why: "a target group behind two load balancers", code: "TargetGroupAssociationLimit", says: "The following target groups cannot be associated with more than", thing: "listener of second nlb", after: "listener", change: forward("targets")},
	},
	"api gateway": {
		{why: "endpoints of an API that is not private", code: "BadRequestException", says: "VPCEndpoints can only be specified with PRIVATE apis", thing: "linked api", change: func(w *world) props {
			return props{"endpointConfiguration": map[string]any{"types": "REGIONAL", "vpcEndpointIds": []any{w.id("endpoint")}}}
		}},
		{why: "a private API with IPv4 only", code: "BadRequestException", says: "IP address type ipv4 is not supported for PRIVATE endpoints,", thing: "private api", change: set("endpointConfiguration", map[string]any{"types": "PRIVATE", "ipAddressType": "ipv4"})},
		{why: "an endpoint that is not there", code: "BadRequestException", says: "Invalid VPC endpoint ID vpce-00000000000000000", thing: "private api", change: set("endpointConfiguration", map[string]any{"types": "PRIVATE", "vpcEndpointIds": []any{"vpce-00000000000000000"}})},
		{why: "an unknown endpoint type", code: "BadRequestException", says: "Endpoint type LOCAL is none of EDGE, REGIONAL, PRIVATE", thing: "private api", change: set("endpointConfiguration", map[string]any{"types": "LOCAL"})},
		{why: "a resource policy that is not JSON", code: "BadRequestException", says: "Invalid policy document. Please check the policy syntax and", thing: "api policy", change: set("policy", "{Version: 1}")},
		{why: "a resource policy that is too long", code: "BadRequestException", says: "Policy size limit exceeded: 8310 characters, at most 8192", thing: "api policy", change: set("policy", allowVPC+strings.Repeat(" ", 8192))},
		{why: "an API that is not there", code: "NotFoundException", says: "Invalid API identifier specified abcdefghij", thing: "api policy", change: set("restApiId", "abcdefghij")},
		{why: "a path twice", code: "ConflictException", says: "Another resource with the same parent already has this name:", thing: "second resource", after: "resource", change: set("pathPart", "hello")},
		{why: "a slash in a path part", code: "BadRequestException", says: "the end: a/b", thing: "resource", change: set("pathPart", "a/b")},
		{why: "a parent that is not there", code: "NotFoundException", says: "Invalid Resource identifier specified abcdef", thing: "resource", change: set("parentId", "abcdef")},
		{why: "a method of a resource that is not there", code: "NotFoundException", says: "Invalid Resource identifier specified abcdef", thing: "method", change: set("resourceId", "abcdef")},
		{why: "a custom authorizer without its id", code: "BadRequestException", says: "Invalid authorizer ID specified. Setting the authorization type", thing: "method", change: set("authorization", "CUSTOM")},
		{why: "an unknown authorization", code: "BadRequestException", says: "Invalid authorization type none", thing: "method", change: set("authorization", "none")},
		{why: "an integration of a method that is not there", code: "NotFoundException", says: "Invalid Method identifier specified: POST", thing: "integration", change: set("httpMethod", "POST")},
		{why: "a Lambda integration without a method", code: "BadRequestException", says: "Enumeration value for HttpMethod must be non-empty", thing: "integration", change: without("integrationHttpMethod")},
		{why: "a Lambda function called by GET", code: "BadRequestException", says: "Lambda functions are invoked by POST, not GET", thing: "integration", change: set("integrationHttpMethod", "GET")},
		{why: "an integration with nothing", code: "BadRequestException", says: "Uri must be specified for integration type AWS_PROXY", thing: "integration", change: without("uri")},
		{why: "a private integration without a link", code: "BadRequestException", says: "Connection ID must be specified for connection type VPC_LINK", thing: "integration", change: set("connectionType", "VPC_LINK")},
		{why: "a timeout over 29 s", code: "BadRequestException", says: "Timeout should be between 50 ms and 29000 ms, not 30000 ms", thing: "integration", change: set("timeoutMilliseconds", 30000.0)},
		{why: "a private API deployed without a policy", code: "BadRequestException", says: "Private REST API doesn't have a resource policy attached to it", thing: "deployment", change: func(w *world) props {
			method := props{"restApi": w.id("private api"), "resourceId": w.root("private api"), "httpMethod": "GET"}
			_, err := w.create("method", w.changed("method", method))
			require.NoError(w.t, err)
			_, err = w.create("integration", w.changed("integration", method))
			require.NoError(w.t, err)
			return props{"restApi": w.id("private api")}
		}},
		{why: "an API deployed without a method", code: "BadRequestException", says: "The REST API doesn't contain any methods", thing: "deployment", change: func(w *world) props {
			other, err := w.create("api", props{"name": "empty"})
			require.NoError(w.t, err)
			return props{"restApi": other}
		}},
		{why: "an API deployed before a method's integration", code: "BadRequestException", says: "No integration defined for method GET", thing: "second deployment", change: func(w *world) props {
			require.NoError(w.t, w.delete("integration"))
			return nil
		}},
		{why: "a deployment that is not there", code: "BadRequestException", says: "Deployment id abcdef does not exist", thing: "stage", change: set("deployment", "abcdef")},
		{why: "a deployment of another API", code: "BadRequestException", says: "does not exist in this API", thing: "stage", change: id("restApi", "private api")},
		{why: "a stage's name twice", code: "ConflictException", says: "Stage already exists", thing: "second stage", after: "stage", change: set("stageName", "v1")},
		{why: "access logs before the account has a role", code: "BadRequestException", says: "CloudWatch Logs role ARN must be set in account settings to", thing: "stage", change: logs("$context.requestId")},
		{why: "access logs without a request id", code: "BadRequestException", says: "Access Log format must contain $context.requestId or", thing: "stage", after: "account", change: logs("$context.status")},
		{why: "access logs of two lines", code: "BadRequestException", says: "Access Log format must be single line, new line character is", thing: "stage", after: "account", change: logs("$context.requestId\n$context.status")},
		{why: "access logs to nowhere", code: "BadRequestException", says: "log-group:/none: no such log group", thing: "stage", after: "account", change: set("accessLogSettings", map[string]any{
			"destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:/none", "format": "$context.requestId"})},
		{why: "method logs before the account has a role", code: "BadRequestException", says: "CloudWatch Logs role ARN must be set in account settings to", thing: "settings", change: set("settings", map[string]any{"loggingLevel": "INFO"})},
		{why: "settings of a stage that is not there", code: "NotFoundException", says: "Invalid stage identifier specified v9", thing: "settings", change: set("stageName", "v9")},
		{why: "a log role that API Gateway cannot assume", code: "BadRequestException", says: "required permissions configured. Please grant trust permission", thing: "account", change: func(w *world) props {
			_, err := w.create("attached policy", w.changed("attached policy", props{"role": w.id("role")}))
			require.NoError(w.t, err)
			return props{"cloudwatchRoleArn": w.arn("role")}
		}},
		{why: "a log role before its policy is attached", code: "BadRequestException", says: "add the required role policy. (arn:aws:iam::123456789012:role/gateway)", thing: "account", change: func(w *world) props {
			require.NoError(w.t, w.delete("attached policy"))
			return nil
		}},
		{why: "a domain whose certificate is not there", code: "BadRequestException", says: "certificate does not exist: arn:aws:acm:us-east-1:123456789012:certificate/none", thing: "domain", change: set("regionalCertificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/none")},
		{why: "a domain without a certificate", code: "BadRequestException", says: "A certificate was not provided for the endpoint type REGIONAL", thing: "domain", change: without("regionalCertificateArn")},
		{why: "a regional domain with an edge certificate", code: "BadRequestException", says: "A certificate was not provided for the endpoint type REGIONAL", thing: "domain", change: func(*world) props {
			return props{"regionalCertificateArn": nil, "certificateArn": existingCertificate}
		}},
		{why: "an edge domain with a regional certificate", code: "BadRequestException", says: "A certificate was not provided for the endpoint type EDGE", thing: "domain", change: without("endpointConfiguration")},
		{why: "a domain whose certificate is not issued", code: "BadRequestException", says: "in account 123456789012 not yet issued", thing: "domain", change: id("regionalCertificateArn", "certificate")},
		{why: "a domain that the certificate does not cover", code: "BadRequestException", says: "not covered by the provided certificate. (api.example.net)", thing: "domain", change: set("domainName", "api.example.net")},
		{why: "a wildcard covers one label", code: "BadRequestException", says: "not covered by the provided certificate. (a.b.example.com)", thing: "domain", change: set("domainName", "a.b.example.com")},
		{why: "a domain twice", code: "BadRequestException", says: "The domain name you provided already exists", thing: "second domain", after: "domain", change: set("domainName", "api.example.com")},
		{why: "a private domain with IPv4 only", code: "BadRequestException", says: "IP address type ipv4 is not supported for PRIVATE endpoints,", thing: "private domain", change: set("endpointConfiguration", map[string]any{"types": "PRIVATE", "ipAddressType": "ipv4"})},
		{why: "a domain policy that is not JSON", code: "BadRequestException", says: "Invalid policy document. Please check the policy syntax and", thing: "private domain", change: set("policy", "none")},
		{why: "a mapping to a stage that is not there", code: "BadRequestException", says: "Invalid stage identifier specified: v9", thing: "mapping", change: set("stageName", "v9")},
		{why: "a mapping of a domain that is not there", code: "NotFoundException", says: "Invalid domain name identifier specified: none.example.com", thing: "mapping", change: set("domainName", "none.example.com")},
		{why: "a mapping of a private domain by its name only", code: "NotFoundException", says: "Invalid domain name identifier specified: api.example.com", thing: "private mapping", change: without("domainNameId")},
		{why: "a base path twice", code: "ConflictException", says: "Base path already exists for this domain name", thing: "second mapping", change: without("basePath")},
		{why: "access through an endpoint that is not there", code: "BadRequestException", says: "Invalid VPC endpoint ID vpce-00000000000000000", thing: "access", change: set("accessAssociationSource", "vpce-00000000000000000")},
		{why: "access to a domain that is not private", code: "BadRequestException", says: "Domain name api.example.com is not private", thing: "access", change: arn("domainNameArn", "domain")},
		{why: "access from something else than an endpoint", code: "BadRequestException", says: "Access association source type VPC is not VPCE", thing: "access", change: set("accessAssociationSourceType", "VPC")},
		{why: "a usage plan of a stage that is not there", code: "NotFoundException", says: "API Stage not found", thing: "plan", change: func(w *world) props {
			return props{"apiStages": []any{map[string]any{"apiId": w.id("api"), "stage": "v9"}}}
		}},
		{why: "an API key that is not there", code: "NotFoundException", says: "Invalid API Key identifier specified abcdefghij", thing: "plan key", change: set("keyId", "abcdefghij")},
	},
	"lambda, iam, logs": {
		{why: "a role that Lambda cannot assume", code: "InvalidParameterValueException", says: "cannot be assumed by Lambda: arn:aws:iam::123456789012:role/gateway", thing: "function", change: arn("role", "gateway role")},
		{why: "a role that is not there", code: "InvalidParameterValueException", says: "The role defined for the function cannot be assumed by Lambda: arn:aws:iam::123456789012:role/none", thing: "function", change: set("role", "arn:aws:iam::123456789012:role/none")},
		{why: "a timeout over 15 minutes", code: "ValidationException", says: "1 validation error detected: Value '901' at 'timeout' failed to", thing: "function", change: set("timeout", 901.0)},
		{why: "too little memory", code: "ValidationException", says: "1 validation error detected: Value '64' at 'memorySize' failed", thing: "function", change: set("memorySize", 64.0)},
		{why: "a function's name twice", code: "ResourceConflictException", says: "Function already exist: hello", thing: "second function", after: "function", change: set("name", "hello")},
		{why: "a permission on a function that is not there", code: "ResourceNotFoundException", says: "Function not found: none", thing: "permission", change: set("function", "none")},
		{why: "a trust policy that is not JSON", code: "MalformedPolicyDocument", says: "This policy contains invalid Json", thing: "role", change: set("assumeRolePolicy", "{")},
		{why: "a trust policy that trusts nobody", code: "MalformedPolicyDocument", says: "AssumeRolepolicy must contain a Principal in every statement", thing: "role", change: set("assumeRolePolicy", `{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}`)},
		{why: "a role's name twice", code: "EntityAlreadyExists", says: "Role with name role already exists", thing: "second role", after: "role", change: set("name", "role")},
		{why: "a policy that is not there", code: "NoSuchEntity", says: "does not exist or is not attachable", thing: "attached policy", change: set("policyArn", "arn:aws:iam::123456789012:policy/none")},
		{why: "a policy on a role that is not there", code: "NoSuchEntity", says: "The role with name none cannot be found", thing: "attached policy", change: set("role", "none")},
		{why: "a log group's name twice", code: "ResourceAlreadyExistsException", says: "The specified log group already exists", thing: "second log group", after: "log group", change: set("name", "/api")},
		{why: "a retention that is not offered", code: "InvalidParameterException", says: "retentionInDays 31 is not one of [0 1 3 5 7 14 30 60 90 120 150", thing: "log group", change: set("retentionInDays", 31.0)},
	},
	"route 53, acm, s3": {
		{why: "a private zone's name twice in a VPC", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "second private zone", after: "private zone", change: set("name", "api.example.com")},
		{why: "a private zone with an endpoint's private DNS name", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "private zone", after: "endpoint", change: set("name", "execute-api.us-east-1.amazonaws.com")},
		{why: "a private zone in a VPC that is not there", code: "InvalidVPCId", says: "The VPC: vpc-00000000000000000 that you provided is not a valid", thing: "private zone", change: set("vpcs", []any{map[string]any{"vpcId": "vpc-00000000000000000"}})},
		{why: "a public zone made private", code: "PublicZoneVPCAssociation", says: "is public and cannot be associated with a VPC", thing: "zone", update: true, change: func(w *world) props {
			return props{"vpcs": []any{map[string]any{"vpcId": w.id("vpc")}}}
		}},
		{why: "a private zone made public", code: "LastVPCAssociation", says: "The last VPC of private hosted zone", thing: "private zone", update: true, change: without("vpcs")},
		{why: "a record whose name only looks like the zone's", code: "InvalidChangeBatch", says: "RRSet with DNS name notexample.com. is not permitted in zone", thing: "record", change: set("name", "notexample.com")},
		{why: "a record of a zone that is not there", code: "NoSuchHostedZone", says: "No hosted zone found with ID: Z00000000000000000000", thing: "record", change: set("zoneId", "Z00000000000000000000")},
		{why: "a record twice, named without its zone", code: "InvalidChangeBatch", says: "[name='a.example.com.', type='A'] but it already exists", thing: "second record", after: "record", change: set("name", "a")},
		{why: "a CNAME beside another record", code: "InvalidChangeBatch", says: "it conflicts with other records with the same DNS name", thing: "second record", after: "record", change: func(*world) props {
			return props{"name": "a.example.com", "type": "CNAME"}
		}},
		{why: "a CNAME at the top of a zone", code: "InvalidChangeBatch", says: "is not permitted at apex in zone example.com.", thing: "certificate record", change: set("name", "example.com")},
		{why: "a record without values", code: "InvalidInput", says: "must have either records and a ttl, or an alias", thing: "record", change: without("records")},
		{why: "a record without a time to live", code: "InvalidInput", says: "must have either records and a ttl, or an alias", thing: "record", change: without("ttl")},
		{why: "an alias with the wrong zone of its target", code: "InvalidChangeBatch", says: "but the alias target name does not lie within the target zone", thing: "alias", change: func(w *world) props {
			return props{"aliases": []any{map[string]any{"name": w.out("nlb", "dnsName"), "zoneId": hostedZone("application", "us-east-1")}}}
		}},
		{why: "a certificate for no domain name", code: "ValidationException", says: "Value 'localhost' at 'domainName' failed to satisfy constraint:", thing: "certificate", change: set("domainName", "localhost")},
		{why: "validation before the record exists", code: "PENDING_VALIDATION", says: "to become ISSUED: a public zone lacks its validation record", thing: "validation", change: func(w *world) props {
			require.NoError(w.t, w.delete("certificate record"))
			return nil
		}},
		{why: "validation by a record in a private zone", code: "PENDING_VALIDATION", says: "to become ISSUED: a public zone lacks its validation record", thing: "validation", change: func(w *world) props {
			record := w.changed("certificate record", nil)
			require.NoError(w.t, w.delete("certificate record"))
			zone, err := w.create("private zone", w.changed("private zone", props{"name": "example.com"}))
			require.NoError(w.t, err)
			record["zoneId"] = zone
			_, err = w.create("certificate record", record)
			require.NoError(w.t, err)
			return nil
		}},
		{why: "a certificate that is not there", code: "ResourceNotFoundException", says: "Could not find certificate arn:aws:acm:us-east-1:123456789012:certificate/none.", thing: "validation", change: set("certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/none")},
		{why: "a bucket's name twice", code: "BucketAlreadyOwnedByYou", says: "Your previous request to create the named bucket succeeded and", thing: "second bucket", after: "bucket", change: set("bucket", "logs-of-the-nlb")},
		{why: "a bucket's name in upper case", code: "InvalidBucketName", says: "The specified bucket is not valid: Logs", thing: "bucket", change: set("bucket", "Logs")},
		{why: "a bucket policy that is not JSON", code: "MalformedPolicy", says: "Policies must be valid JSON and the first byte must be '{", thing: "bucket policy", change: set("policy", "")},
		{why: "settings of a bucket that is not there", code: "NoSuchBucket", says: "The specified bucket does not exist: nowhere", thing: "encryption", change: set("bucket", "nowhere")},
	},
}

// TestHostBitsAreRefusedByTheProvider: AWS would clear them, so that no code of
// AWS is right.
func TestHostBitsAreRefusedByTheProvider(t *testing.T) {
	for _, row := range []struct{ thing, key, cidr, meant string }{
		{"vpc", "cidrBlock", "10.0.0.1/16", "10.0.0.0/16"},
		{"subnet a", "cidrBlock", "10.0.1.7/24", "10.0.1.0/24"},
		{"rule", "cidrIpv4", "10.0.0.7/16", "10.0.0.0/16"},
		{"ipv6 rule", "cidrIpv6", "2001:db8::7/32", "2001:db8::/32"},
	} {
		t.Run(row.thing, func(t *testing.T) {
			w := newWorld(t)
			_, err := w.create(row.thing, w.changed(row.thing, props{row.key: row.cidr}))
			assert.EqualError(t, err, fmt.Sprintf("%s: %q is not a valid CIDR block; did you mean %q?", row.key, row.cidr, row.meant))
		})
	}
}

// TestLogsNeedABucketPolicyForThem differs from a policy that is right in one
// place each.
func TestLogsNeedABucketPolicyForThem(t *testing.T) {
	for why, change := range map[string][2]string{
		"another bucket":            {"logs-of-the-nlb/AWSLogs", "other/AWSLogs"},
		"another prefix":            {"logs-of-the-nlb/AWSLogs", "logs-of-the-nlb/nlb/AWSLogs"},
		"another account's folder":  {"AWSLogs/123456789012", "AWSLogs/111122223333"},
		"another account as source": {`["123456789012"]`, `["111122223333"]`},
		"another region":            {"logs:us-east-1", "logs:eu-west-1"},
		"no look at the bucket":     {"s3:GetBucketAcl", "s3:GetObject"},
		"another owner of the logs": {"bucket-owner-full-control", "private"},
		"all denied":                {`"Condition":{"Bool":{"aws:SecureTransport":false}}`, `"Sid":"all"`},
	} {
		t.Run(why, func(t *testing.T) {
			w := newWorld(t)
			inputs := things["nlb with logs"].inputs(w)
			require.Contains(t, allowLogs, change[0])
			require.NoError(t, w.update("bucket policy", w.changed("bucket policy", props{"policy": strings.ReplaceAll(allowLogs, change[0], change[1])})))
			_, err := w.create("nlb with logs", inputs)
			assert.ErrorContains(t, err, "Access Denied for bucket: logs-of-the-nlb")
		})
	}
}

// TestReferencesAreByIdOrByArn names things the wrong way: by ARN where
// AWS wants the id or name, or the other way round.
func TestReferencesAreByIdOrByArn(t *testing.T) {
	for _, row := range []struct {
		thing  string
		change func(*world) props
		says   string
	}{
		{"endpoint", arns("securityGroupIds", "group"), "The security group 'arn:aws:ec2"},
		{"endpoint", arns("subnetIds", "subnet a"), "The subnet ID 'arn:aws:ec2"},
		{"subnet a", arn("vpcId", "vpc"), "The vpc ID 'arn:aws:ec2"},
		{"nlb with group", arns("securityGroups", "group"), "The security group 'arn:aws:ec2"},
		{"linked api", func(w *world) props {
			return props{"endpointConfiguration": map[string]any{"types": "PRIVATE", "vpcEndpointIds": []any{w.arn("endpoint")}}}
		}, "Invalid VPC endpoint ID arn:aws:ec2"},
		{"function", id("role", "role"), "cannot be assumed by Lambda: role"},
		{"attached policy", arn("role", "gateway role"), "The role with name arn:aws:iam"},
		{"account", id("cloudwatchRoleArn", "gateway role"), "add the required role policy. (gateway)"},
		{"stage", func(w *world) props {
			w.id("account")
			return props{"accessLogSettings": map[string]any{"destinationArn": w.id("log group"), "format": "$context.requestId"}}
		}, "Invalid access log destination /api"},
		{"nlb with logs", func(w *world) props {
			return props{"accessLogs": map[string]any{"enabled": true, "bucket": w.arn("bucket")}}
		}, "S3 bucket does not exist: arn:aws:s3"},
		{"access", id("domainNameArn", "private domain"), "Invalid domain name identifier specified"},
		{"deployment", arn("restApi", "api"), "Invalid API identifier specified arn:aws:apigateway"},
	} {
		t.Run(row.thing+": "+row.says, func(t *testing.T) {
			w := newWorld(t)
			_, err := w.create(row.thing, w.changed(row.thing, row.change(w)))
			assert.ErrorContains(t, err, row.says)
		})
	}
}

func arns(key string, things ...string) func(*world) props {
	return func(w *world) props {
		var all []any
		for _, thing := range things {
			all = append(all, w.arn(thing))
		}
		return props{key: all}
	}
}

func set(key string, value any) func(*world) props {
	return func(*world) props { return props{key: value} }
}

func without(key string) func(*world) props { return set(key, nil) }

func id(key, thing string) func(*world) props {
	return func(w *world) props { return props{key: w.id(thing)} }
}

func arn(key, thing string) func(*world) props {
	return func(w *world) props { return props{key: w.arn(thing)} }
}

func ids(key string, things ...string) func(*world) props {
	return func(w *world) props {
		var all []any
		for _, thing := range things {
			all = append(all, w.id(thing))
		}
		return props{key: all}
	}
}

func pinned(subnet, ip string) func(*world) props {
	return func(w *world) props {
		return props{"subnetConfigurations": []any{map[string]any{"subnetId": w.id(subnet), "ipv4": ip}}}
	}
}

func mapping(subnet, key, value string) func(*world) props {
	return func(w *world) props {
		return props{"subnetMappings": []any{map[string]any{"subnetId": w.id(subnet), key: value}}}
	}
}

func forward(targets string) func(*world) props {
	return func(w *world) props {
		return props{"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": w.id(targets)}}}
	}
}

func logs(format string) func(*world) props {
	return func(w *world) props {
		return props{"accessLogSettings": map[string]any{"destinationArn": w.arn("log group"), "format": format}}
	}
}

func TestRefusals(t *testing.T) {
	for service, rows := range refusals {
		for _, row := range rows {
			t.Run(service+"/"+row.why, func(t *testing.T) {
				twin := newWorld(t)
				if row.after != "" {
					twin.id(row.after)
				}
				twin.id(row.thing) // fails the test unless accepted

				w := newWorld(t)
				if row.after != "" {
					w.id(row.after)
				}
				if row.update {
					w.id(row.thing)
					require.NoError(t, w.update(row.thing, things[row.thing].inputs(w)), "a change of nothing")
				}
				inputs := w.changed(row.thing, nil) // before the change: it may delete what these need
				for key, value := range row.change(w) {
					inputs[key] = value
				}
				before := len(w.account.Objects())
				var err error
				if row.update {
					err = w.update(row.thing, inputs)
				} else {
					_, err = w.create(row.thing, inputs)
				}
				assertRefused(t, err, row.code)
				require.NotEmpty(t, row.says)
				assert.ErrorContains(t, err, row.says)
				assert.Len(t, w.account.Objects(), before, "a refused request leaves nothing behind")
			})
		}
	}
}

func assertRefused(t *testing.T, err error, code string) {
	t.Helper()
	var refusal *cloud.Refusal
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, code, refusal.Code, refusal.Message)
	assert.Regexp(t, `^https://\S+$`, refusal.Source)
	assert.NotContains(t, refusal.Message, "%", "a template that was not filled in")
}

// TestRefusedDeletions deletes a thing while another holds it, and again when
// the holder is gone.
func TestRefusedDeletions(t *testing.T) {
	for _, row := range []struct{ thing, holder, code string }{
		{"vpc", "subnet a", "DependencyViolation"},
		{"vpc", "gateway", "DependencyViolation"},
		{"vpc", "group", "DependencyViolation"},
		{"subnet a", "second nlb", "DependencyViolation"},
		{"subnet a", "nat", "DependencyViolation"},
		{"subnet b", "endpoint", "DependencyViolation"},
		{"route table", "association", "DependencyViolation"},
		{"group", "endpoint", "DependencyViolation"},
		{"second group", "group rule", "DependencyViolation"},
		{"gateway", "public nlb", "DependencyViolation"},
		{"eip", "nat", "InvalidIPAddress.InUse"},
		{"eip", "public nlb", "InvalidIPAddress.InUse"},
		{"targets", "listener", "ResourceInUse"},
		{"deployment", "stage", "BadRequestException"},
		{"gateway role", "attached policy", "DeleteConflict"},
		{"private zone", "record in private zone", "HostedZoneNotEmpty"},
		{"certificate", "domain with certificate", "ResourceInUseException"},
		{"certificate", "listener with certificate", "ResourceInUseException"},
		{"vpc", "egress-only gateway", "DependencyViolation"},
		{"service nlb", "service", "ResourceInUse"},
		{"service", "service endpoint", "ExistingVpcEndpointConnections"},
		{"nlb", "link", "ResourceInUse"},
		{"link", "linked stage", "BadRequestException"},
		{"group", "instance", "DependencyViolation"},
		{"gateway", "public instance", "DependencyViolation"},
		{"subnet b", "vpc function", "DependencyViolation"},
		{"role", "profile", "DeleteConflict"},
		{"lambda targets", "lambda listener", "ResourceInUse"},
	} {
		t.Run(row.thing+" held by "+row.holder, func(t *testing.T) {
			w := newWorld(t)
			w.id(row.thing)
			w.id(row.holder)
			assertRefused(t, w.delete(row.thing), row.code)
			require.NoError(t, w.delete(row.holder))
			require.NoError(t, w.delete(row.thing))
			assert.Nil(t, find(w.account, things[row.thing].token, w.ids[row.thing]))
		})
	}
}

func TestDeletionProtectionHoldsUntilTurnedOff(t *testing.T) {
	w := newWorld(t)
	w.id("protected nlb")
	assertRefused(t, w.delete("protected nlb"), "OperationNotPermitted")
	require.NoError(t, w.update("protected nlb", w.changed("protected nlb", props{"enableDeletionProtection": false})))
	assert.NoError(t, w.delete("protected nlb"))
}

func TestUnknownTypesAndFunctionsAreRefusedByName(t *testing.T) {
	account, _ := open(t)
	_, _, err := account.Create("us-east-1", urn("x"), "aws:rds/instance:Instance", nil)
	assert.ErrorContains(t, err, "the sandbox does not simulate aws:rds/instance:Instance")
	assert.ErrorContains(t, err, vpcType, "says what there is")
	_, err = account.Invoke(cloud.Caller{Region: "us-east-1"}, "aws:ec2/getAmi:getAmi", nil)
	assert.ErrorContains(t, err, "the sandbox does not simulate the function aws:ec2/getAmi:getAmi")
}
