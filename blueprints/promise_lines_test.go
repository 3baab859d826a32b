package blueprints

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// promised is a stack with a change, and lines about its promises.
type promised struct {
	why    string
	stack  string // Its name among the test cases; good if empty.
	change string // YAML.
	want   []string
	never  []string // Parts that no line has.
}

// assertPromises checks the promises of a blueprint's stacks.
func assertPromises(t *testing.T, blueprint string, rows ...promised) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.why, func(t *testing.T) {
			if row.stack == "" {
				row.stack = "good"
			}
			lines := linesOf(t, stackOf(t, blueprint, row.stack, row.change))
			assert.Subset(t, lines, row.want)
			for _, line := range lines {
				for _, part := range row.never {
					assert.NotContains(t, line, part)
				}
			}
		})
	}
}

const helloAnswers = " → delivered by static-ip-hello-function"

func TestStaticIpApigwPromisesItsNameToAllowedClientsOnly(t *testing.T) {
	const get, own = ": GET https://api.example.com/hello", ": GET https://${static-ip-api}.aws/prod/hello"
	assertPromises(t, "static-ip-apigw",
		promised{
			why: "the example: one range of clients, none in the VPC",
			want: []string{
				"internet 192.0.2.128" + get + helloAnswers,
				"internet 192.0.3.128" + get + " → refused",
				"internet" + get + " → refused",
				"static-ip-vpc-private-1" + get + " → refused",
				"static-ip-vpc-public-2" + get + " → refused",
				"internet 192.0.2.128: POST https://api.example.com/hello → refused",
				"internet 192.0.2.128" + get + ", Host: otherapi00.aws → denied-by-endpoint-policy",
				"internet" + own + " → refused",
				"static-ip-vpc-private-2" + own + " → name-not-resolved",
			},
			never: []string{"signed", "apiKey"},
		},
		promised{
			why:    "neighbors that are admitted too",
			change: "blueprint:front: {allowedCidrs: [192.0.2.0/24, 192.0.3.0/24, 198.51.100.7/32]}",
			want: []string{
				"internet 192.0.3.128" + get + helloAnswers, "internet 192.0.0.128" + get + " → refused",
				"internet 192.0.1.128" + get + " → refused", "internet 198.51.100.7" + get + helloAnswers,
				"internet 198.51.100.6" + get + " → refused",
			},
			never: []string{"192.0.3.128" + get + " → refused"},
		},
		promised{
			why:    "everyone",
			change: "blueprint:front: {allowedCidrs: [0.0.0.0/0, 192.0.2.0/24]}",
			want:   []string{"internet" + get + helloAnswers},
			never:  []string{"internet" + get + " → refused", "internet 192"},
		},
		promised{
			why:    "everyone, in two halves",
			change: "blueprint:front: {allowedCidrs: [0.0.0.0/1, 128.0.0.0/1]}",
			want:   []string{"internet 64.0.0.0" + get + helloAnswers, "internet 192.0.0.0" + get + helloAnswers},
			never:  []string{"internet" + get + " → refused"},
		},
		promised{
			why:    "half of everyone, and multicast, from which nobody calls",
			change: "blueprint:front: {allowedCidrs: [0.0.0.0/1, 224.0.0.0/4]}",
			want:   []string{"internet 192.0.0.0" + get + " → refused", "internet" + get + " → refused"},
			never:  []string{"internet 232", "internet 248"},
		},
		promised{
			why:    "a private range, in which no client is on the internet",
			change: "blueprint:front: {allowedCidrs: [10.8.0.0/16, 11.0.0.0/8]}",
			want:   []string{"internet 11.128.0.0" + get + helloAnswers, "internet" + get + " → refused"},
			never:  []string{"internet 10."},
		},
		promised{
			why:    "clients in the VPC, and private DNS",
			change: "blueprint:endpoint: {clientCidrs: [10.0.0.0/18], privateDnsEnabled: true}",
			want: []string{
				"static-ip-vpc-private-1" + get + helloAnswers, "static-ip-vpc-private-2" + get + " → refused",
				"static-ip-vpc-private-1" + own + helloAnswers, "static-ip-vpc-private-2" + own + " → refused",
			},
			never: []string{"name-not-resolved"},
		},
		promised{
			why:    "clients in a part of a subnet",
			change: "blueprint:endpoint: {clientCidrs: [10.0.1.0/24]}",
			want:   []string{"10.0.1.128" + get + helloAnswers, "10.0.0.128" + get + " → refused"},
			never:  []string{"static-ip-vpc-private-1" + get},
		},
		promised{
			why:    "signatures",
			change: "blueprint:api: {authorization: AWS_IAM, cloudwatchRole: create, httpMethod: ANY, path: pets}",
			want: []string{
				"internet 192.0.2.128: GET https://api.example.com/pets, signed true" + helloAnswers,
				"internet 192.0.2.128: GET https://api.example.com/pets → refused",
			},
			never: []string{"POST", "apiKey"},
		},
		promised{
			why:   "pages of other origins: browsers ask without credentials",
			stack: "a page of another origin",
			want: []string{
				"internet 192.0.2.128: OPTIONS https://api.example.com/1 → delivered by static-ip-api",
				"internet 192.0.2.128: OPTIONS https://api.example.com/health → delivered by static-ip-api",
			},
			never: []string{"OPTIONS https://api.example.com/health → refused"},
		},
		promised{
			why:    "keys",
			change: "blueprint:api: {authorization: API_KEY, cloudwatchRole: create, httpMethod: POST}",
			want: []string{
				"internet 192.0.2.128: POST https://api.example.com/hello, apiKey true" + helloAnswers,
				"internet 192.0.2.128: POST https://api.example.com/hello → refused",
				"internet 192.0.2.128" + get + ", apiKey true → refused",
			},
			never: []string{"signed"},
		},
		promised{
			why: "an open endpoint", change: "blueprint:endpoint: {policy: open}", never: []string{"otherapi00"},
		},
		promised{
			why: "an existing network",
			change: `
blueprint:network:
  existing:
    vpcId: vpc-00000000000000001
    publicSubnetIds: [subnet-0000000000000001b, subnet-0000000000000001a]
    privateSubnetIds: [subnet-0000000000000011a, subnet-0000000000000011b]
blueprint:endpoint: {ipv4Addresses: [10.1.10.19, 10.1.11.31], clientCidrs: [10.1.10.0/24]}`,
			want: []string{
				"subnet-0000000000000011a" + get + helloAnswers, "subnet-0000000000000001a" + get + " → refused",
			},
		},
		promised{
			why: "clients in a part of an existing subnet, whose addresses a preview does not know",
			change: `
blueprint:network:
  existing:
    vpcId: vpc-00000000000000001
    publicSubnetIds: [subnet-0000000000000001b, subnet-0000000000000001a]
    privateSubnetIds: [subnet-0000000000000011a, subnet-0000000000000011b]
blueprint:endpoint: {ipv4Addresses: [10.1.10.19, 10.1.11.31], clientCidrs: [10.1.10.0/28]}`,
			want:  []string{"subnet-0000000000000011b" + get + " → refused"},
			never: []string{"10.1.10.", "subnet-0000000000000011a" + get},
		},
	)
}

func TestIpv6FrontPromisesItsNameToMembersOfTheGroupOverIpv6(t *testing.T) {
	const (
		get     = ": GET https://ipv6.example.com/prod/hello, Host: ${ipv6-api}.aws"
		members = " [ipv6-clients-sg] 6"
		answers = " → delivered by ipv6-hello-function"
		direct  = ": GET https://${ipv6-endpoint-vpce}/prod/hello, Host: ${ipv6-api}.aws"
	)
	assertPromises(t, "ipv6-front",
		promised{
			why: "one network",
			want: []string{
				"ipv6-dualstack-us-east-1b" + members + get + answers,
				"ipv6-dualstack-us-east-1a [ipv6-clients-sg] 4" + get + " → refused",
				"ipv6-dualstack-us-east-1a 6" + get + " → refused",
				"ipv6-dualstack-us-east-1a 4" + get + " → refused",
				"internet" + get + " → refused", "internet" + get + ", connectTo ipv6-nlb → refused",
				"ipv6-vpc-private-1" + direct + " → refused",
				"internet: GET https://${ipv6-api}.aws/prod/hello → refused",
				"ipv6-dualstack-us-east-1a" + members + ": GET https://ipv6.example.com/prod/hello, " +
					"Host: otherapi00.aws → denied-by-endpoint-policy",
			},
			never: []string{"client-function"},
		},
		promised{
			why: "a test client", stack: "with client", want: []string{"ipv6-client-function 6" + get + answers},
		},
		promised{
			why: "two networks", stack: "two networks",
			want: []string{
				"ipv6-front-dualstack-us-east-1a" + members + get + answers,
				"ipv6-vpc-private-2" + direct + " → refused",
			},
			never: []string{"ipv6-dualstack"},
		},
		promised{
			why:    "ranges in a new network, whose IPv6 ranges AWS chooses",
			change: `blueprint:front: {allowedCidrs: ["2001:db8::/32", 10.0.0.0/16]}`,
			want:   []string{"ipv6-dualstack-us-east-1a 4" + get + answers},
			never:  []string{"ipv6-dualstack-us-east-1a 6", "ipv6-dualstack-us-east-1a 4" + get + " → refused"},
		},
		promised{
			why: "everyone over IPv6", change: `blueprint:front: {allowedCidrs: ["::/0"]}`,
			want: []string{
				"ipv6-dualstack-us-east-1a 6" + get + answers, "ipv6-dualstack-us-east-1a 4" + get + " → refused",
			},
		},
		promised{
			why: "a range in an existing network", stack: "existing network",
			change: `
blueprint:front: {allowedCidrs: ["2001:db8:2:20::/64"], ipv4Addresses: [10.1.20.10, 10.1.21.10]}`,
			want: []string{
				"subnet-0000000000000021a 6" + get + answers, "subnet-0000000000000021b 6" + get + " → refused",
				"subnet-0000000000000021b" + members + get + answers,
			},
		},
		promised{
			why: "clients of the endpoint", change: "blueprint:endpoint: {clientCidrs: [10.0.0.0/16]}",
			want: []string{"ipv6-vpc-private-1" + direct + answers},
		},
	)
}

func TestH2EndpointServicePromisesHttp2ToConsumersOnly(t *testing.T) {
	const (
		get = ": GET https://h2.example.com/"
		two = ", protocol h2"
		// The stack launches the servers, so it knows what they speak.
		own      = ", server https" + two + " → delivered"
		packages = ": GET https://cdn.amazonlinux.com/, connectTo internet → delivered"
	)
	assertPromises(t, "h2-endpoint-service",
		promised{
			why: "both halves",
			want: []string{
				"h2-consumer-vpc-private-1" + get + own,
				"h2-web-us-east-1a" + packages,
				"h2-web-us-east-1b" + packages, "h2-vpc-private-1 [h2-web-sg] true" + packages,
				"internet" + get + two + " → refused",
				"internet" + get + ", connectTo h2-nlb" + two + " → refused",
				"h2-vpc-private-2" + get + ", connectTo h2-nlb" + two + " → refused",
				"h2-vpc-private-2" + get + two + " → refused",
			},
		},
		promised{
			why: "a consumer alone", stack: "consumer alone",
			want: []string{"h2-consumer-vpc-private-2: GET https://h2.example.net/" + two + " → delivered"},
		},
		promised{
			why: "a service without a name, and clients in a part of the subnets", stack: "consumer alone",
			change: `
blueprint:consumer:
  network: {create: {cidrBlock: 10.6.0.0/16, availabilityZones: [us-east-1a, us-east-1b]}}
  clientCidrs: [10.6.64.0/20]
  serviceName: com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000002
  privateDnsEnabled: false`,
			want: []string{
				"h2-consumer-vpc-private-1: GET https://${h2-consumer-vpce}/" + two + " → refused",
				"10.6.72.0: GET https://${h2-consumer-vpce}/" + two + " → delivered",
				"10.6.88.0: GET https://${h2-consumer-vpce}/" + two + " → refused",
			},
		},
		promised{
			why: "no private DNS",
			change: `
blueprint:consumer:
  network: {create: {cidrBlock: 10.6.0.0/16, availabilityZones: [us-east-1a, us-east-1b]}}
  clientCidrs: [10.6.0.0/16]
  privateDnsEnabled: false`,
			want: []string{
				"h2-consumer-vpc-private-1" + get + two + " → refused",
				"h2-consumer-vpc-private-1" + get + ", connectTo h2-consumer-vpce" + own,
			},
		},
		promised{
			why: "both halves in one VPC, in which the name resolves for everyone",
			change: `
blueprint:service:
  allowedPrincipals: [arn:aws:iam::123456789012:root]
  network:
    existing:
      vpcId: vpc-00000000000000001
      privateSubnetIds: [subnet-0000000000000011a, subnet-0000000000000011b]
  domain: {name: h2.example.com, publicZoneId: Z0123456789EXAMPLE01, createCertificate: true}
  targets: {ipv4Addresses: [10.1.10.7, 10.1.11.7]}
blueprint:consumer:
  network:
    existing:
      vpcId: vpc-00000000000000001
      privateSubnetIds: [subnet-0000000000000011a, subnet-0000000000000011b]
  clientCidrs: [10.1.10.0/24]`,
			want: []string{
				"subnet-0000000000000011a" + get + two + " → delivered",
				"subnet-0000000000000011a" + get + ", connectTo h2-nlb" + two + " → refused",
			},
			never: []string{"subnet-0000000000000011a" + get + two + " → refused", "server", "amazonlinux"},
		},
		promised{
			why: "clients in a part of a subnet, whose addresses the service's network may have too",
			change: `
blueprint:consumer:
  network: {create: {cidrBlock: 10.5.0.0/16, availabilityZones: [us-east-1a, us-east-1b]}}
  clientCidrs: [10.5.0.0/18, 10.5.64.0/24]`,
			want:  []string{"h2-consumer-vpc-private-1" + get + own},
			never: []string{"10.5.", "h2-consumer-vpc-private-2"},
		},
		promised{
			why: "servers that want a PROXY header",
			change: `
blueprint:service:
  allowedPrincipals: [arn:aws:iam::123456789012:root]
  network: {create: {cidrBlock: 10.5.0.0/16, availabilityZones: [us-east-1a, us-east-1b], natGateways: Single}}
  domain: {name: h2.example.com, publicZoneId: Z0123456789EXAMPLE01, createCertificate: true}
  targets: {launch: {}, proxyProtocol: true}`,
			want: []string{"h2-consumer-vpc-private-1" + get + ", server https+proxy" + two + " → delivered"},
		},
		promised{
			why: "clients by address: the owner admits one of the consumer's subnets, and one of its own",
			change: `
blueprint:service:
  allowedPrincipals: [arn:aws:iam::123456789012:root]
  network: {create: {cidrBlock: 10.5.0.0/16, availabilityZones: [us-east-1a, us-east-1b], natGateways: Single}}
  domain: {name: h2.example.com, publicZoneId: Z0123456789EXAMPLE01, createCertificate: true}
  front: {allowedCidrs: [10.6.0.0/18, 10.5.64.0/18]}
  targets: {launch: {}}`,
			want: []string{
				"h2-consumer-vpc-private-1" + get + own, "h2-consumer-vpc-private-2" + get + two + " → refused",
				"h2-vpc-private-1" + get + ", connectTo h2-nlb" + two + " → refused",
				"h2-vpc-private-2" + get + ", connectTo h2-nlb" + own,
				"internet" + get + ", connectTo h2-nlb" + two + " → refused",
			},
		},
		promised{
			why: "a service alone whose load balancer prefers HTTP/1.1",
			change: `
blueprint:consumer: null
blueprint:service:
  allowedPrincipals: [arn:aws:iam::123456789012:root]
  network: {create: {cidrBlock: 10.5.0.0/16, availabilityZones: [us-east-1a, us-east-1b], natGateways: Single}}
  domain: {name: h2.example.com, publicZoneId: Z0123456789EXAMPLE01, createCertificate: true}
  front: {alpnPolicy: HTTP2Optional}
  targets: {launch: {}}`,
			want:  []string{"internet" + get + " → refused"},
			never: []string{"protocol", "consumer"},
		},
	)
}

func TestSharedVpcApisPromisesThreeWaysToThePrivateApi(t *testing.T) {
	const (
		regional = ": GET https://${shared-vpc-regional-api}.aws/prod/hello"
		alias    = ": GET https://${shared-vpc-private-api}-${shared-vpc-endpoint-vpce}.aws/prod/hello"
		endpoint = ": GET https://${shared-vpc-endpoint-vpce}/prod/hello"
		host     = ", Host: ${shared-vpc-private-api}.aws"
		answers  = " → delivered by shared-vpc-hello-function"
	)
	assertPromises(t, "shared-vpc-apis",
		promised{
			why: "no NAT gateway",
			want: []string{
				"shared-vpc-vpc-private-1" + alias + answers, "shared-vpc-vpc-private-2" + endpoint + host + answers,
				"shared-vpc-vpc-private-1" + endpoint + ", x-apigw-api-id: ${shared-vpc-private-api}" + answers,
				"shared-vpc-vpc-private-1: GET https://${shared-vpc-private-api}.aws/prod/hello → name-not-resolved",
				"internet" + alias + " → refused",
				"internet: GET https://${shared-vpc-private-api}.aws/prod/hello → refused",
				"internet" + regional + answers,
				"shared-vpc-vpc-private-1" + endpoint + ", Host: otherapi00.aws → denied-by-endpoint-policy",
			},
			never: []string{"private-1" + regional},
		},
		promised{
			why: "a NAT gateway, and signatures",
			change: `
blueprint:api: {authorization: AWS_IAM, cloudwatchRole: create}
blueprint:network:
  create: {cidrBlock: 10.0.0.0/16, availabilityZones: [us-east-1a, us-east-1b], natGateways: Single}`,
			want: []string{
				"shared-vpc-vpc-private-2 true" + regional + ", signed true" + answers,
				"internet" + regional + " → refused", "shared-vpc-vpc-private-1" + alias + " → refused",
				"another-vpc: GET https://${shared-vpc-private-api}.aws/prod/hello, signed true → refused",
			},
		},
		promised{
			why: "an existing network, which may have a NAT gateway",
			change: `
blueprint:endpoint: {ipv4Addresses: [10.1.10.19, 10.1.11.31], clientCidrs: [10.1.0.0/16]}
blueprint:network:
  existing:
    vpcId: vpc-00000000000000001
    privateSubnetIds: [subnet-0000000000000011a, subnet-0000000000000011b]`,
			want: []string{
				"subnet-0000000000000011a" + alias + answers, "subnet-0000000000000011b true" + regional + answers,
			},
		},
		promised{
			why: "clients in another range", change: "blueprint:endpoint: {clientCidrs: [10.9.0.0/16]}",
			want:  []string{"shared-vpc-vpc-private-1" + alias + " → refused"},
			never: []string{"otherapi00"},
		},
	)
}

func TestVpclinkHttpsBackendPromisesEveryPathAndMethod(t *testing.T) {
	const (
		stage, backend = "https://${link-api}.aws/prod/", ": GET https://backend.example.com/"
		get, post      = ", server https, serverMethod GET", ", server https, serverMethod POST"
		packages       = ": GET https://cdn.amazonlinux.com/, connectTo internet → delivered"
	)
	assertPromises(t, "vpclink-https-backend",
		promised{
			why: "no authorization, and a simulated data center",
			want: []string{
				"internet: GET " + stage + get + " → delivered",
				"internet: GET " + stage + "any/path" + get + " → delivered",
				"internet: POST " + stage + post + " → delivered",
				"internet: POST " + stage + "any/path" + post + " → delivered",
				"internet" + backend + ", connectTo link-nlb → refused",
				"link-vpc-private-1" + backend + " → refused",
				"link-vpc-private-2" + backend + ", connectTo link-nlb → refused",
				"link-simulated-web-us-east-1b" + packages,
				"link-simulated-vpc-private-2 [link-simulated-web-sg] true" + packages,
				"link-simulated-vpc-private-1" + backend + ", connectTo link-nlb → refused",
			},
			never: []string{"link-vpc-private-1" + backend + ", server https → delivered"},
		},
		promised{
			why: "clients in the VPC",
			change: `
blueprint:backend: {hostName: backend.example.com, ipv4Addresses: ["10.103.10.172"], vpcClients: true}`,
			want: []string{
				"internet" + backend + ", connectTo link-nlb → refused",
				"link-vpc-private-1" + backend + " → delivered",
				"link-vpc-private-2" + backend + ", connectTo link-nlb → delivered",
			},
		},
		promised{
			why:    "signatures",
			change: "blueprint:api: {authorization: AWS_IAM, cloudwatchRole: create, stageName: live}",
			want: []string{
				"internet: GET https://${link-api}.aws/live/" + get + ", signed true → delivered",
				"internet: GET https://${link-api}.aws/live/ → refused",
				"internet: POST https://${link-api}.aws/live/any/path → refused",
			},
		},
		promised{
			why:    "a server that exists",
			change: "blueprint:backend: {hostName: backend.example.com, ipv4Addresses: [10.20.0.10]}",
			want: []string{
				"internet: POST " + stage + ", serverMethod POST → delivered",
				"link-vpc-private-1" + backend + " → refused",
			},
			never: []string{"server https", "simulated"},
		},
	)
}

func TestEachRouteIsPromisedWithItsAuthorizationAndItsFunction(t *testing.T) {
	const at = "internet 192.0.2.128: "
	routes := `
blueprint:functions: {orders: {}, items: {arn: "arn:aws:lambda:us-east-1:123456789012:function:orders:live"}}
blueprint:api:
  authorization: AWS_IAM
  cloudwatchRole: create
  routes:
    - {path: health, authorization: NONE}
    - {path: "orders/{id}", function: orders}
    - {path: "orders/{id}", method: POST, function: orders, apiKeyRequired: true}
    - {path: items, authorization: API_KEY, function: items}`
	assertPromises(t, "static-ip-apigw",
		promised{
			why:    "four routes",
			change: routes,
			want: []string{
				at + "GET https://api.example.com/health" + helloAnswers,
				at + "POST https://api.example.com/health → refused",
				at + "GET https://api.example.com/orders/1, signed true → delivered by static-ip-fn-orders-function",
				at + "GET https://api.example.com/orders/1 → refused",
				at + "POST https://api.example.com/orders/1, signed true, apiKey true → " +
					"delivered by static-ip-fn-orders-function",
				at + "PUT https://api.example.com/orders/1, signed true → refused",
				at + "GET https://api.example.com/items, apiKey true → delivered",
				at + "GET https://api.example.com/no-such-path → refused",
			},
		},
		promised{
			why: "a route for every path and method",
			change: "blueprint:api: {authorization: NONE, cloudwatchRole: create, " +
				`routes: [{path: "{proxy+}", method: ANY}, {path: items}]}`,
			want:  []string{at + "GET https://api.example.com/1" + helloAnswers},
			never: []string{"no-such-path", "POST"},
		},
		promised{
			why: "tokens, of which only the authorizer knows the right ones",
			change: "blueprint:api: {authorization: TOKEN, cloudwatchRole: create, authorizer: {functionArn: " +
				`"arn:aws:lambda:us-east-1:123456789012:function:orders"}}`,
			want:  []string{at + "GET https://api.example.com/hello → refused"},
			never: []string{"delivered"},
		},
		promised{
			why: "named callers: nobody knows whether the caller is one of them",
			change: "blueprint:api: {authorization: AWS_IAM, cloudwatchRole: create, " +
				`callers: ["arn:aws:iam::123456789012:role/orders"]}`,
			want:  []string{at + "GET https://api.example.com/hello → refused"},
			never: []string{"delivered"},
		},
	)
}
