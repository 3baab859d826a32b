package catalog

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

// things are inputs that AWS accepts, by the name that tests use. Each is
// made when a test, or another thing, first asks for its id.
var things map[string]thing

type thing struct {
	token  string
	inputs func(w *world) props
}

const trustLambda = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
const trustGateway = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":["apigateway.amazonaws.com"]},"Action":["sts:*"]}}`
const allowVPC = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}`
const allowLogs = `{"Version":"2012-10-17","Statement":[
	{"Effect":"Allow","Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":"s3:GetBucketAcl","Resource":"arn:aws:s3:::logs-of-the-nlb",
		"Condition":{"StringEquals":{"aws:SourceAccount":["123456789012"]},"ArnLike":{"aws:SourceArn":["arn:aws:logs:us-east-1:123456789012:*"]}}},
	{"Effect":"Allow","Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::logs-of-the-nlb/AWSLogs/123456789012/*",
		"Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}},
	{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::logs-of-the-nlb/*","Condition":{"Bool":{"aws:SecureTransport":false}}}]}`

const existingCertificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
const existingZone = "Z0123456789EXAMPLE01"

func init() { // because the things name each other
	things = map[string]thing{
		"vpc": {vpcType, func(*world) props {
			return props{"cidrBlock": "10.0.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true}
		}},
		"other vpc": {vpcType, func(*world) props {
			return props{"cidrBlock": "10.1.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true}
		}},
		"vpc without hostnames": {vpcType, func(*world) props {
			return props{"cidrBlock": "10.2.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": false}
		}},
		"subnet a":                {subnetType, subnetIn("vpc", "10.0.1.0/24", "us-east-1a")},
		"subnet b":                {subnetType, subnetIn("vpc", "10.0.2.0/24", "us-east-1b")},
		"second subnet a":         {subnetType, subnetIn("vpc", "10.0.3.0/24", "us-east-1a")},
		"other subnet b":          {subnetType, subnetIn("other vpc", "10.1.2.0/24", "us-east-1b")},
		"subnet without hostname": {subnetType, subnetIn("vpc without hostnames", "10.2.1.0/24", "us-east-1a")},
		"gateway":                 {internetGatewayType, func(w *world) props { return props{"vpcId": w.id("vpc")} }},
		"loose gateway":           {internetGatewayType, func(w *world) props { return props{} }},
		"other gateway":           {internetGatewayType, func(w *world) props { return props{"vpcId": w.id("other vpc")} }},
		"route table":             {routeTableType, func(w *world) props { return props{"vpcId": w.id("vpc")} }},
		"route": {routeType, func(w *world) props {
			return props{"routeTableId": w.id("route table"), "gatewayId": w.id("gateway"), "destinationCidrBlock": "0.0.0.0/0"}
		}},
		"second route": {routeType, func(w *world) props {
			return props{"routeTableId": w.id("route table"), "gatewayId": w.id("gateway"), "destinationCidrBlock": "192.0.2.0/24"}
		}},
		"association": {associationType, func(w *world) props {
			return props{"routeTableId": w.id("route table"), "subnetId": w.id("subnet a")}
		}},
		"second association": {associationType, func(w *world) props {
			return props{"routeTableId": w.id("route table"), "subnetId": w.id("subnet b")}
		}},
		"eip":        {elasticIPType, func(*world) props { return props{} }},
		"second eip": {elasticIPType, func(*world) props { return props{} }},
		"nat": {natGatewayType, func(w *world) props {
			w.id("gateway")
			return props{"subnetId": w.id("subnet a"), "allocationId": w.id("eip"), "connectivityType": "public"}
		}},
		"second nat": {natGatewayType, func(w *world) props {
			w.id("gateway")
			return props{"subnetId": w.id("subnet a"), "allocationId": w.id("second eip"), "connectivityType": "public"}
		}},
		"small subnet": {subnetType, subnetIn("vpc", "10.0.4.0/28", "us-east-1c")},
		"small nlb": {loadBalancerType, func(w *world) props {
			return props{"name": "small", "loadBalancerType": "network", "internal": true, "subnets": []any{w.id("small subnet")}}
		}},
		"private nat": {natGatewayType, func(w *world) props {
			return props{"subnetId": w.id("small subnet"), "connectivityType": "private"}
		}},
		"group":        {securityGroupType, func(w *world) props { return props{"vpcId": w.id("vpc"), "name": "one"} }},
		"second group": {securityGroupType, func(w *world) props { return props{"vpcId": w.id("vpc"), "name": "two"} }},
		"other group":  {securityGroupType, func(w *world) props { return props{"vpcId": w.id("other vpc"), "name": "one"} }},
		"rule":         {ingressRuleType, ruleFrom("10.0.0.0/16")},
		"second rule":  {ingressRuleType, ruleFrom("10.1.0.0/16")},
		"group rule": {egressRuleType, func(w *world) props {
			return props{"securityGroupId": w.id("group"), "ipProtocol": "-1", "referencedSecurityGroupId": w.id("second group")}
		}},
		"endpoint":        {vpcEndpointType, endpoint(true)},
		"second endpoint": {vpcEndpointType, endpoint(false)},
		"endpoint without hostnames": {vpcEndpointType, func(w *world) props {
			return props{"vpcId": w.id("vpc without hostnames"), "serviceName": "com.amazonaws.us-east-1.execute-api", "vpcEndpointType": "Interface",
				"subnetIds": []any{w.id("subnet without hostname")}, "privateDnsEnabled": false}
		}},

		"bucket":        {bucketType, func(*world) props { return props{"bucket": "logs-of-the-nlb"} }},
		"second bucket": {bucketType, func(*world) props { return props{"bucket": "other-logs"} }},
		"bucket policy": {bucketPolicyType, func(w *world) props { return props{"bucket": w.id("bucket"), "policy": allowLogs} }},
		"nlb": {loadBalancerType, func(w *world) props {
			return props{"name": "nlb", "loadBalancerType": "network", "internal": true, "subnetMappings": []any{
				map[string]any{"subnetId": w.id("subnet a"), "privateIpv4Address": "10.0.1.10"}, map[string]any{"subnetId": w.id("subnet b")}}}
		}},
		"second nlb": {loadBalancerType, func(w *world) props {
			return props{"name": "nlb-2", "loadBalancerType": "network", "internal": true, "subnets": []any{w.id("subnet a")}}
		}},
		"public nlb": {loadBalancerType, func(w *world) props {
			w.id("gateway")
			return props{"name": "public", "loadBalancerType": "network", "internal": false, "subnetMappings": []any{
				map[string]any{"subnetId": w.id("subnet a"), "allocationId": w.id("eip")}}}
		}},
		"nlb with group": {loadBalancerType, func(w *world) props {
			return props{"name": "grouped", "loadBalancerType": "network", "internal": true, "subnets": []any{w.id("subnet a")}, "securityGroups": []any{w.id("group")}}
		}},
		"nlb with logs": {loadBalancerType, func(w *world) props {
			return props{"name": "logged", "loadBalancerType": "network", "internal": true, "subnets": []any{w.id("subnet a")},
				"accessLogs": map[string]any{"enabled": true, "bucket": bucketOf(w, "bucket policy")}}
		}},
		"alb": {loadBalancerType, func(w *world) props {
			return props{"name": "alb", "loadBalancerType": "application", "internal": true, "subnets": []any{w.id("subnet a"), w.id("subnet b")}}
		}},
		"protected nlb": {loadBalancerType, func(w *world) props {
			return props{"name": "kept", "loadBalancerType": "network", "internal": true, "subnets": []any{w.id("subnet a")}, "enableDeletionProtection": true}
		}},
		"targets":        {targetGroupType, targets("one", "vpc", "TLS")},
		"second targets": {targetGroupType, targets("two", "vpc", "TLS")},
		"other targets":  {targetGroupType, targets("three", "other vpc", "TLS")},
		"udp targets":    {targetGroupType, targets("four", "vpc", "UDP")},
		"attachment": {attachmentType, func(w *world) props {
			return props{"targetGroupArn": w.id("targets"), "targetId": "10.0.1.20", "port": 443.0}
		}},
		"outside attachment": {attachmentType, func(w *world) props {
			return props{"targetGroupArn": w.id("targets"), "targetId": "10.9.1.20", "port": 443.0, "availabilityZone": "all"}
		}},
		"listener":               {listenerType, listener("nlb", "targets", 443)},
		"second listener":        {listenerType, listener("nlb", "targets", 8443)},
		"listener of second nlb": {listenerType, listener("second nlb", "second targets", 443)},
		"tcp listener": {listenerType, func(w *world) props {
			return props{"loadBalancerArn": w.id("nlb"), "port": 80.0, "protocol": "TCP", "defaultActions": []any{map[string]any{"type": "fixed-response"}}}
		}},

		"private api": {restAPIType, func(*world) props {
			return props{"name": "private", "endpointConfiguration": map[string]any{"types": "PRIVATE"}}
		}},
		"linked api": {restAPIType, func(w *world) props {
			return props{"name": "linked", "endpointConfiguration": map[string]any{"types": "PRIVATE", "vpcEndpointIds": []any{w.id("endpoint")}}}
		}},
		"api": {restAPIType, func(*world) props {
			return props{"name": "regional", "endpointConfiguration": map[string]any{"types": "REGIONAL"}}
		}},
		"api policy": {restAPIPolicyType, func(w *world) props { return props{"restApiId": w.id("api"), "policy": allowVPC} }},
		"resource": {apiResourceType, func(w *world) props {
			return props{"restApi": w.id("api"), "parentId": w.root("api"), "pathPart": "hello"}
		}},
		"second resource": {apiResourceType, func(w *world) props {
			return props{"restApi": w.id("api"), "parentId": w.root("api"), "pathPart": "bye"}
		}},
		"method": {methodType, func(w *world) props {
			return props{"restApi": w.id("api"), "resourceId": w.root("api"), "httpMethod": "GET", "authorization": "NONE"}
		}},
		"integration": {integrationType, func(w *world) props {
			w.id("method")
			return props{"restApi": w.id("api"), "resourceId": w.root("api"), "httpMethod": "GET", "type": "AWS_PROXY",
				"integrationHttpMethod": "POST", "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations", "timeoutMilliseconds": 29000.0}
		}},
		"deployment": {deploymentType, func(w *world) props {
			w.id("integration")
			return props{"restApi": w.id("api")}
		}},
		"second deployment": {deploymentType, func(w *world) props {
			w.id("integration")
			return props{"restApi": w.id("api")}
		}},
		"stage":        {stageType, stage("v1")},
		"second stage": {stageType, stage("v2")},
		"settings": {methodSettingsType, func(w *world) props {
			w.id("stage")
			return props{"restApi": w.id("api"), "stageName": "v1", "methodPath": "*/*", "settings": map[string]any{"loggingLevel": "OFF"}}
		}},
		"log group":        {logGroupType, func(*world) props { return props{"name": "/api", "retentionInDays": 30.0} }},
		"second log group": {logGroupType, func(*world) props { return props{"name": "/other", "retentionInDays": 30.0} }},
		"role":             {roleType, func(*world) props { return props{"name": "role", "assumeRolePolicy": trustLambda} }},
		"second role":      {roleType, func(*world) props { return props{"name": "other", "assumeRolePolicy": trustLambda} }},
		"gateway role":     {roleType, func(*world) props { return props{"name": "gateway", "assumeRolePolicy": trustGateway} }},
		"attached policy": {roleAttachmentType, func(w *world) props {
			return props{"role": w.id("gateway role"), "policyArn": "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"}
		}},
		"account": {gatewayAccountType, func(w *world) props {
			w.id("attached policy")
			return props{"cloudwatchRoleArn": w.arn("gateway role")}
		}},
		"function": {functionType, func(w *world) props {
			return props{"name": "hello", "role": w.arn("role"), "code": "hash", "timeout": 3.0, "memorySize": 128.0}
		}},
		"second function": {functionType, func(w *world) props {
			return props{"name": "bye", "role": w.arn("role"), "code": "hash", "timeout": 3.0, "memorySize": 128.0}
		}},
		"permission": {permissionType, func(w *world) props {
			return props{"action": "lambda:InvokeFunction", "function": w.arn("function"), "principal": "apigateway.amazonaws.com", "statementId": "one"}
		}},
		"domain":         {domainNameType, domain("REGIONAL", "regionalCertificateArn", "api.example.com")},
		"second domain":  {domainNameType, domain("REGIONAL", "regionalCertificateArn", "b.example.com")},
		"private domain": {domainNameType, domain("PRIVATE", "certificateArn", "api.example.com")},
		"mapping": {basePathMappingType, func(w *world) props {
			w.id("stage")
			w.id("domain")
			return props{"domainName": "api.example.com", "restApi": w.id("api"), "stageName": "v1"}
		}},
		"second mapping": {basePathMappingType, func(w *world) props {
			w.id("mapping")
			return props{"domainName": "api.example.com", "restApi": w.id("api"), "stageName": "v1", "basePath": "two"}
		}},
		"private mapping": {basePathMappingType, func(w *world) props {
			w.id("stage")
			return props{"domainName": "api.example.com", "restApi": w.id("api"), "stageName": "v1", "domainNameId": w.out("private domain", "domainNameId")}
		}},
		"access": {accessAssociationType, func(w *world) props {
			return props{"accessAssociationSource": w.id("endpoint"), "accessAssociationSourceType": "VPCE", "domainNameArn": w.arn("private domain")}
		}},
		"key": {apiKeyType, func(*world) props { return props{"name": "key"} }},
		"plan": {usagePlanType, func(w *world) props {
			w.id("stage")
			return props{"name": "plan", "apiStages": []any{map[string]any{"apiId": w.id("api"), "stage": "v1"}}}
		}},
		"plan key": {usagePlanKeyType, func(w *world) props {
			return props{"keyId": w.id("key"), "keyType": "API_KEY", "usagePlanId": w.id("plan")}
		}},

		"zone": {zoneType, func(*world) props { return props{"name": "example.net"} }},
		"private zone": {zoneType, func(w *world) props {
			return props{"name": "api.example.com", "vpcs": []any{map[string]any{"vpcId": w.id("vpc")}}}
		}},
		"second private zone": {zoneType, func(w *world) props {
			return props{"name": "api2.example.com", "vpcs": []any{map[string]any{"vpcId": w.id("vpc")}}}
		}},
		"record": {recordType, func(*world) props {
			return props{"zoneId": existingZone, "name": "a.example.com", "type": "A", "ttl": 300.0, "records": []any{"192.0.2.1"}}
		}},
		"second record": {recordType, func(*world) props {
			return props{"zoneId": existingZone, "name": "b.example.com", "type": "A", "ttl": 300.0, "records": []any{"192.0.2.1"}}
		}},
		"alias": {recordType, func(w *world) props {
			return props{"zoneId": existingZone, "name": "c.example.com", "type": "A",
				"aliases": []any{map[string]any{"name": w.out("nlb", "dnsName"), "zoneId": w.out("nlb", "zoneId"), "evaluateTargetHealth": true}}}
		}},
		"certificate": {certificateType, func(*world) props {
			return props{"domainName": "new.example.com", "validationMethod": "DNS"}
		}},
		"certificate record": {recordType, func(w *world) props {
			option := w.object("certificate").Computed.Objects("domainValidationOptions")[0]
			return props{"zoneId": existingZone, "name": option.String("resourceRecordName"), "type": "CNAME", "ttl": 60.0,
				"records": []any{option.String("resourceRecordValue")}}
		}},
		"record in private zone": {recordType, func(w *world) props {
			return props{"zoneId": w.id("private zone"), "name": "api.example.com", "type": "A", "ttl": 60.0, "records": []any{"10.0.1.10"}}
		}},
		"domain with certificate": {domainNameType, func(w *world) props {
			w.id("validation")
			return props{"domainName": "new.example.com", "regionalCertificateArn": w.id("certificate"), "endpointConfiguration": map[string]any{"types": "REGIONAL"}}
		}},
		"listener with certificate": {listenerType, func(w *world) props {
			w.id("validation")
			return props{"loadBalancerArn": w.id("nlb"), "port": 443.0, "protocol": "TLS", "certificateArn": w.id("certificate"),
				"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": w.id("targets")}}}
		}},
		"validation": {validationType, func(w *world) props {
			w.id("certificate record")
			return props{"certificateArn": w.id("certificate")}
		}},
		"public access block": {bucketPublicAccessType, func(w *world) props { return props{"bucket": w.id("bucket"), "blockPublicAcls": true} }},
		"encryption": {bucketEncryptionType, func(w *world) props {
			return props{"bucket": w.id("bucket"), "rules": []any{map[string]any{}}}
		}},
		"lifecycle": {bucketLifecycleType, func(w *world) props {
			return props{"bucket": w.id("bucket"), "rules": []any{map[string]any{"id": "x"}}}
		}},
		"ownership": {bucketOwnershipType, func(w *world) props {
			return props{"bucket": w.id("bucket"), "rule": map[string]any{"objectOwnership": "BucketOwnerEnforced"}}
		}},
	}
	for _, more := range []map[string]thing{peeringThings(), dualstackThings(), serviceThings(), backendThings()} {
		maps.Copy(things, more)
	}
}

func subnetIn(vpc, cidr, zone string) func(*world) props {
	return func(w *world) props {
		return props{"vpcId": w.id(vpc), "cidrBlock": cidr, "availabilityZone": zone}
	}
}

func ruleFrom(cidr string) func(*world) props {
	return func(w *world) props {
		return props{"securityGroupId": w.id("group"), "ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrIpv4": cidr}
	}
}

func endpoint(privateDNS bool) func(*world) props {
	return func(w *world) props {
		return props{"vpcId": w.id("vpc"), "serviceName": "com.amazonaws.us-east-1.execute-api", "vpcEndpointType": "Interface",
			"subnetIds": []any{w.id("subnet a"), w.id("subnet b")}, "securityGroupIds": []any{w.id("group")}, "privateDnsEnabled": privateDNS}
	}
}

func targets(name, vpc, protocol string) func(*world) props {
	return func(w *world) props {
		return props{"name": name, "targetType": "ip", "protocol": protocol, "port": 443.0, "vpcId": w.id(vpc)}
	}
}

func listener(balancer, targets string, port float64) func(*world) props {
	return func(w *world) props {
		return props{"loadBalancerArn": w.id(balancer), "port": port, "protocol": "TLS", "certificateArn": existingCertificate,
			"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": w.id(targets)}}}
	}
}

func stage(name string) func(*world) props {
	return func(w *world) props {
		return props{"restApi": w.id("api"), "deployment": w.id("deployment"), "stageName": name}
	}
}

func domain(kind, certificate, name string) func(*world) props {
	return func(w *world) props {
		return props{"domainName": name, certificate: existingCertificate, "endpointConfiguration": map[string]any{"types": kind}}
	}
}

func bucketOf(w *world, part string) string {
	w.id(part)
	return w.id("bucket")
}

// world is an account in which things are made as they are named.
type world struct {
	t       *testing.T
	account *cloud.Account
	ids     map[string]string
}

func newWorld(t *testing.T) *world {
	account, _ := open(t)
	return &world{t: t, account: account, ids: map[string]string{}}
}

// id makes a thing if it is not there yet.
func (w *world) id(name string) string {
	w.t.Helper()
	if id, ok := w.ids[name]; ok {
		return id
	}
	require.Contains(w.t, things, name)
	id, err := w.create(name, things[name].inputs(w))
	require.NoError(w.t, err, "making %q", name)
	w.ids[name] = id
	return id
}

func (w *world) create(name string, inputs props) (string, error) {
	id, _, err := w.account.Create("us-east-1", urn(name), things[name].token, engine(inputs))
	return id, err
}

func (w *world) update(name string, inputs props) error {
	_, err := w.account.Update("us-east-1", things[name].token, w.id(name), engine(inputs))
	return err
}

func (w *world) delete(name string) error {
	return w.account.Delete("us-east-1", things[name].token, w.id(name))
}

func (w *world) object(name string) *cloud.Object {
	return find(w.account, things[name].token, w.id(name))
}

func (w *world) out(name, key string) string { return w.object(name).Output(key) }
func (w *world) arn(name string) string      { return w.out(name, "arn") }
func (w *world) root(name string) string     { return w.out(name, "rootResourceId") }

// changed gives the inputs of a thing with other values; nil removes one.
func (w *world) changed(name string, change props) props {
	inputs := things[name].inputs(w)
	maps.Copy(inputs, change)
	return inputs
}
