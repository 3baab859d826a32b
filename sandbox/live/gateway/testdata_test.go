package gateway

import "private-api-blueprints/sandbox/cloud"

// domainID is the ID of the private custom domain. The account chooses it: by the ID that
// the object has in the file, which is none.
var domainID = cloud.Repeatable("").Code(10)

// role is a role that API Gateway may log with, and the setting that makes it do so.
const role = `
- type: aws:iam/role:Role
  id: gateway
  inputs:
    name: gateway
    assumeRolePolicy: >-
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},
      "Action":"sts:AssumeRole"}]}
    managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"]
- type: aws:iam/rolePolicyAttachment:RolePolicyAttachment
  id: gateway-1
  inputs:
    role: gateway
    policyArn: arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs
- type: aws:apigateway/account:Account
  id: api-gateway-account
  inputs: {cloudwatchRoleArn: "arn:aws:iam::123456789012:role/gateway"}
- type: aws:cloudwatch/logGroup:LogGroup
  id: access
  inputs: {name: access}
`

// shared is an interface endpoint for execute-api in the shared network.
const shared = `
- type: aws:ec2/vpcEndpoint:VpcEndpoint
  id: vpce-0a1b2c3d4e5f60718
  inputs:
    vpcId: vpc-0e1f2a3b4c5d6e7f8
    serviceName: com.amazonaws.us-east-1.execute-api
    vpcEndpointType: Interface
    subnetIds: [subnet-0a10000000000000a]
`

// hello is the URI of the hello function.
const hello = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" +
	"arn:aws:lambda:us-east-1:123456789012:function:hello/invocations"

// api returns a REST API in YAML, with a stage v1. Its paths and its policy are JSON.
func api(id, kind, paths, policy string, more ...string) string {
	text := "\n- type: aws:apigateway/restApi:RestApi\n  id: " + id + "\n  inputs:\n    name: " + id +
		"\n    endpointConfiguration: {types: " + kind + "}\n" +
		"    body: '{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"a\",\"version\":\"1\"},\"paths\":" + paths + "}'\n"
	if policy != "" {
		text += "    policy: '" + policy + "'\n"
	}
	for _, line := range more {
		text += "    " + line + "\n"
	}
	return text + `- type: aws:apigateway/deployment:Deployment
  id: d` + id + `
  inputs: {restApi: ` + id + `}
- type: aws:apigateway/stage:Stage
  id: ags-` + id + `-v1
  inputs:
    restApi: ` + id + `
    stageName: v1
    deployment: d` + id + `
    accessLogSettings:
      destinationArn: arn:aws:logs:us-east-1:123456789012:log-group:access
      format: '` + format + `'
- type: aws:apigateway/methodSettings:MethodSettings
  id: ` + id + `-v1-*/*
  inputs: {restApi: ` + id + `, stageName: v1, methodPath: "*/*", settings: {loggingLevel: ERROR}}
`
}

// format is the format of the access logs.
const format = "$context.requestId $context.httpMethod $context.resourcePath $context.status " +
	"$context.identity.sourceIp $context.identity.vpceId $context.error.responseType $context.unknown"

// Paths and policies of APIs.
const (
	helloPath = `{"/hello":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","uri":"` +
		hello + `"}}}}`
	everyone = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke",` +
		`"Resource":"execute-api:/*"}}`
	onlyVPC = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke",` +
		`"Resource":"execute-api:/*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-0e1f2a3b4c5d6e7f8"}}},` +
		`{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}`
)

// domains are custom domains: two regional ones and a private one, with their APIs.
var domains = api("regional01", "REGIONAL", helloPath, "") + api("orders0001", "REGIONAL", helloPath, "") +
	api("private001", "PRIVATE", helloPath, onlyVPC) + `
- type: aws:apigateway/domainName:DomainName
  id: api.example.com
  inputs:
    domainName: api.example.com
    endpointConfiguration: {types: REGIONAL}
    regionalCertificateArn: ` + certificate + `
- type: aws:apigateway/basePathMapping:BasePathMapping
  id: api.example.com/
  inputs: {domainName: api.example.com, restApi: regional01, stageName: v1}
- type: aws:apigateway/basePathMapping:BasePathMapping
  id: api.example.com/orders
  inputs: {domainName: api.example.com, basePath: orders, restApi: orders0001, stageName: v1}
- type: aws:apigateway/basePathMapping:BasePathMapping
  id: api.example.com/staged
  inputs: {domainName: api.example.com, basePath: staged, restApi: orders0001}
- type: aws:apigateway/domainName:DomainName
  id: old.example.com
  inputs:
    domainName: old.example.com
    endpointConfiguration: {types: REGIONAL}
    regionalCertificateArn: ` + certificate + `
    securityPolicy: TLS_1_0
- type: aws:apigateway/basePathMapping:BasePathMapping
  id: old.example.com/
  inputs: {domainName: old.example.com, restApi: private001, stageName: v1}
- type: aws:apigateway/domainName:DomainName
  inputs:
    domainName: inside.example.com
    endpointConfiguration: {types: PRIVATE}
    certificateArn: ` + certificate + `
    policy: '` + onlyVPC + `'
- type: aws:apigateway/domainName:DomainName
  id: inside.example.com
  inputs:
    domainName: inside.example.com
    endpointConfiguration: {types: REGIONAL}
    regionalCertificateArn: ` + certificate + `
- type: aws:apigateway/basePathMapping:BasePathMapping
  id: inside.example.com/
  inputs: {domainName: inside.example.com, restApi: regional01, stageName: v1}
- type: aws:apigateway/basePathMapping:BasePathMapping
  id: inside.example.com//x
  inputs: {domainName: inside.example.com, domainNameId: ` + domainID + `, restApi: private001, stageName: v1}
- type: aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation
  id: access
  inputs:
    domainNameArn: arn:aws:apigateway:us-east-1:123456789012:/domainnames/inside.example.com+` + domainID + `
    accessAssociationSource: vpce-0a1b2c3d4e5f60718
    accessAssociationSourceType: VPCE
`

// certificate is the ARN of a certificate that every account has.
const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
