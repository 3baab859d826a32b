package tests

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const functionType = "aws:lambda/function:Function"

// examples say what is special about the stack of each file in examples/.
var examples = map[string]func(t *testing.T, s *stack){
	"authorizer": func(t *testing.T, s *stack) {
		for _, api := range []string{"shared-vpc-private", "shared-vpc-regional"} {
			authorizer := s.find("aws:apigateway/authorizer:Authorizer", api+"-authorizer")
			method := s.find("aws:apigateway/method:Method", api+"-method")
			assert.Equal(t, []any{"CUSTOM", string(authorizer.ID)},
				[]any{method.Outputs["authorization"], method.Outputs["authorizerId"]})
		}
	},
	"base-paths": func(t *testing.T, s *stack) {
		mapping := s.find("aws:apigateway/basePathMapping:BasePathMapping", "static-ip-mapping/stock").Inputs
		assert.Equal(t, []any{"stock", "p1r2i3v4a5", "live"},
			[]any{mapping["basePath"], mapping["restApi"], mapping["stageName"]})
		policy := s.find("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "static-ip-endpoint-policy").Inputs["policy"]
		assert.Contains(t, policy, ":p1r2i3v4a5/*", "the endpoint leads to it too")
	},
	"callers": func(t *testing.T, s *stack) {
		assert.Equal(t, 2, s.counts()["aws:apigateway/restApiPolicy:RestApiPolicy"], "of both APIs")
	},
	"cors": func(t *testing.T, s *stack) {
		counts := s.counts()
		assert.Equal(t, []int{4, 2, 2, 2}, []int{
			counts["aws:apigateway/method:Method"], counts["aws:apigateway/methodResponse:MethodResponse"],
			counts["aws:apigateway/integrationResponse:IntegrationResponse"],
			counts["aws:apigateway/response:Response"],
		})
		policy := s.find("aws:apigateway/restApiPolicy:RestApiPolicy", "static-ip-policy").Outputs["policy"]
		assert.Contains(t, policy, `/*/OPTIONS/*"`)
		assert.NotContains(t, policy, `/*/*/orders/*"`, "the methods that callers sign do not include OPTIONS")
	},
	"consumer-client": func(t *testing.T, s *stack) {
		client := s.find(functionType, "h2-consumer-client-function").Outputs
		variables := client["environment"].(map[string]any)["variables"]
		assert.Equal(t, map[string]any{"URL": "https://h2.example.com/", "IP_VERSION": "4"}, variables)
		assert.Equal(t, 1, s.counts()[functionType], "and no gate")
		assert.Contains(t, s.up().Outputs["invokeClient"].Value, "--function-name h2-consumer-client-function-")
	},
	"existing-api": func(t *testing.T, s *stack) {
		assert.True(t, s.find(restAPIType, "static-ip-api").External)
		assert.NotContains(t, s.counts(), stageType)
		mapping := s.find("aws:apigateway/basePathMapping:BasePathMapping", "static-ip-mapping")
		assert.Equal(t, []any{"p1r2i3v4a5", "live"}, []any{mapping.Inputs["restApi"], mapping.Inputs["stageName"]})
	},
	"existing-function": func(t *testing.T, s *stack) {
		assert.NotContains(t, s.counts(), functionType)
		permission := s.find("aws:lambda/permission:Permission", "static-ip-permission")
		assert.Equal(t, []any{"orders", "live"},
			[]any{permission.Inputs["function"], permission.Inputs["qualifier"]})
	},
	"ipv6-base-paths": func(t *testing.T, s *stack) {
		outputs := s.up().Outputs
		assert.Equal(t, "https://ipv6.example.com/hello", outputs["url"].Value)
		assert.Contains(t, outputs["curlRoutes"].Value, signedCurl("-v -6 https://ipv6.example.com/billing/invoices"))
		assert.Contains(t, outputs["curlRoutes"].Value, signedCurl("-v -6 https://billing.example.com/invoices"))
		client := s.find(functionType, "ipv6-client-function").Outputs
		variables := client["environment"].(map[string]any)["variables"]
		assert.Equal(t, map[string]any{"URL": "https://ipv6.example.com/hello"}, variables, "without a Host header")
	},
	"ipv6-names": func(t *testing.T, s *stack) {
		assert.Equal(t, 4, s.counts()[recordType]-2, "two names with A and AAAA, next to the proofs")
		assert.NotContains(t, s.counts(), "aws:apigateway/domainName:DomainName")
		billing := string(s.find(restAPIType, "ipv6-api-billing-api").ID)
		outputs := s.up().Outputs
		assert.Equal(t, map[string]any{"billing": billing}, outputs["apiIds"].Value)
		assert.Contains(t, outputs["curlRoutes"].Value, signedCurl("-v -6 https://six.example.com/prod/invoices "+
			`-H "Host: `+billing+`.execute-api.us-east-1.amazonaws.com"`))
	},
	"openapi": func(t *testing.T, s *stack) {
		assert.NotContains(t, s.counts(), "aws:apigateway/method:Method")
		assert.NotContains(t, s.counts(), "aws:apigateway/restApiPolicy:RestApiPolicy")
		for _, api := range []string{"shared-vpc-private", "shared-vpc-regional"} {
			permission := s.find("aws:lambda/permission:Permission", api+"-fn-orders-permission")
			assert.Equal(t, "live", permission.Inputs["qualifier"])
			assert.NotContains(t, s.find(restAPIType, api+"-api").Outputs["body"], "${function")
		}
	},
	"openapi-authorizer": func(t *testing.T, s *stack) {
		for _, api := range []string{"shared-vpc-private", "shared-vpc-regional"} {
			permission := s.find("aws:lambda/permission:Permission", api+"-fn-tokens-permission")
			assert.Equal(t, s.find(restAPIType, api+"-api").Outputs["executionArn"].(string)+"/*/*",
				permission.Inputs["sourceArn"])
			body := s.find(restAPIType, api+"-api").Outputs["body"]
			assert.Contains(t, body, "function:orders:live/invocations")
		}
		assert.Contains(t, s.up().Outputs["curlRegional"].Value, `-H "X-Token: $TOKEN"`)
	},
	"own-functions": func(t *testing.T, s *stack) {
		image := s.find(functionType, "shared-vpc-fn-orders-function").Outputs
		assert.Equal(t, []any{"Image", []any{"x86_64"}}, []any{image["packageType"], image["architectures"]})
		assert.Equal(t, "python3.13", s.find(functionType, "shared-vpc-fn-items-function").Outputs["runtime"])
	},
	"routes": func(t *testing.T, s *stack) {
		counts := s.counts()
		assert.Equal(t, []int{5, 5, 5, 3, 2}, []int{
			counts["aws:apigateway/method:Method"], counts["aws:apigateway/integration:Integration"],
			counts["aws:apigateway/resource:Resource"], counts["aws:lambda/permission:Permission"],
			counts[functionType],
		})
		items := s.find("aws:apigateway/resource:Resource", "ipv6-resource/orders/{id}/items/{item+}")
		assert.Equal(t, "/orders/{id}/items/{item+}", items.Outputs["path"])
	},
	"several-names": func(t *testing.T, s *stack) {
		certificate := s.find("aws:acm/certificate:Certificate", "static-ip-certificate").Inputs
		assert.Equal(t, []any{"billing.example.com"}, certificate["subjectAlternativeNames"])
		further := s.find("aws:lb/listenerCertificate:ListenerCertificate",
			"static-ip-certificate-12345678-1234-1234-1234-123456789012")
		assert.Equal(t, s.find(listenerType, "static-ip-listener").Outputs["arn"], further.Inputs["listenerArn"])
		billing := string(s.find(restAPIType, "static-ip-api-billing-api").ID)
		for name, path := range map[string]any{
			"static-ip-mapping/billing": "billing", "static-ip-billing.example.com-mapping": nil,
		} {
			mapping := s.find("aws:apigateway/basePathMapping:BasePathMapping", name).Inputs
			assert.Equal(t, []any{path, billing}, []any{mapping["basePath"], mapping["restApi"]})
		}
		assert.Equal(t, 3, s.counts()["aws:route53/zone:Zone"], "a private zone for each name")
		outputs := s.up().Outputs
		assert.Contains(t, outputs["curlRoutes"].Value, signedCurl("https://api.example.com/billing/invoices/1"))
		assert.Contains(t, outputs["curlRoutes"].Value, "curl https://old.example.com/hello")
		record := outputs["dnsRecords"].Value.([]any)[0].(map[string]any)
		assert.Equal(t, []any{"old.example.com", outputs["loadBalancerDnsName"].Value},
			[]any{record["name"], record["value"]})
	},
	"session-manager": func(t *testing.T, s *stack) {
		profile := s.find("aws:iam/instanceProfile:InstanceProfile", "link-simulated-web-session-profile")
		server := s.find(instanceType, "link-simulated-web-us-east-1a")
		assert.Equal(t, profile.Outputs["name"], server.Outputs["iamInstanceProfile"])
		sessions := s.up().Outputs["startSession"].Value
		assert.Contains(t, sessions, "aws ssm start-session --region us-east-1 --target "+string(server.ID))
	},
	"servers-without-nat": func(t *testing.T, s *stack) {
		counts := s.counts()
		assert.Equal(t, []int{0, 2}, []int{counts["aws:ec2/natGateway:NatGateway"], counts[instanceType]})
		tables := s.find(endpointType, "h2-s3").Outputs["routeTableIds"]
		assert.Len(t, tables, 2, "those of both private subnets")
		rule := s.find("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "h2-web-to-s3")
		assert.Equal(t, s.find(endpointType, "h2-s3").Outputs["prefixListId"], rule.Inputs["prefixListId"])
	},
	"three-apis": func(t *testing.T, s *stack) {
		edge := s.find(restAPIType, "shared-vpc-edge-api")
		assert.Equal(t, "EDGE", edge.Outputs["endpointConfiguration"].(map[string]any)["types"])
		outputs := s.up().Outputs
		assert.Contains(t, outputs["dig"].Value, "dig +short "+string(edge.ID)+".execute-api.us-east-1.amazonaws.com")
		host := string(edge.ID) + ".execute-api.us-east-1.amazonaws.com"
		assert.Contains(t, outputs["curlEdge"].Value, "https://"+host+"/prod/")
		assert.Len(t, outputs["accessLogGroups"].Value, 3)
		client := s.find(functionType, "shared-vpc-client-function").Outputs
		variables := client["environment"].(map[string]any)["variables"].(map[string]any)
		assert.Equal(t, 5, strings.Count(variables["REQUESTS"].(string), `"sign":true`), "three ways, two public APIs")
		assert.Contains(t, outputs["invokeClient"].Value, "--function-name shared-vpc-client-function-")
	},
	"vpc-apis": func(t *testing.T, s *stack) {
		for _, kind := range []string{"private", "regional"} {
			s.find(restAPIType, "shared-vpc-"+kind+"-api")
			s.find(restAPIType, "shared-vpc-api-billing-"+kind+"-api")
		}
		assert.Equal(t, 1, s.counts()[functionType], "behind all of them")
		assert.Len(t, s.up().Outputs["accessLogGroups"].Value, 4)
	},
}

// signedCurl returns the command that sends a signed request, without what signs.
func signedCurl(rest string) string {
	return `curl --aws-sigv4 aws:amz:us-east-1:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" ` +
		`-H "x-amz-security-token: $AWS_SESSION_TOKEN" ` + rest
}

// TestEveryExampleDeploys deploys each file in examples/ twice, and no policy objects, neither at the first preview nor
// later.
func TestEveryExampleDeploys(t *testing.T) {
	paths, err := filepath.Glob("examples/*.yaml")
	require.NoError(t, err)
	assert.Len(t, paths, len(examples))
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		t.Run(name, func(t *testing.T) {
			require.Contains(t, examples, name)
			s := newStack(t)
			s.options.Stack, s.options.ConfigFile = name, absolute(t, path)
			s.preview()
			s.up()
			s.assertPromises()
			examples[name](t, s)
			s.assertUpChangesNothing()
			s.assertRefreshChangesNothing()
			s.destroy()
			s.assertNothingLeft()
		})
	}
}
