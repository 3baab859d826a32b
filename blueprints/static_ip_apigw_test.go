package blueprints

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	for _, row := range []struct {
		why    string
		change string
		keys   []string
	}{
		{
			"problems that only AWS can tell, and problems that the text tells", `
blueprint:nmae: x
blueprint:network:
  existing:
    vpcId: vpc-00000000000000001
    publicSubnetIds: [subnet-0000000000000001b, subnet-00000000000000009]
    privateSubnetIds: [subnet-0000000000000011a, subnet-0000000000000011b]
blueprint:endpoint: {privateDnsEnabled: "yes"}
blueprint:domain: {name: api, endpointType: regional, publicZoneId: Z0123456789EXAMPLE02, createCertificate: true}
blueprint:front: {}`,
			[]string{
				"blueprint:nmae", "blueprint:endpoint.privateDnsEnabled", "blueprint:domain.name",
				"blueprint:front.allowedCidrs", "blueprint:network.existing.publicSubnetIds[1]",
			},
		},
		{
			"one problem of the network does not hide the others", `
blueprint:network:
  create: {cidrBlock: 10.0.0.0/16, availabilityZones: [us-east-1a, us-east-1e], natGateways: Two}
blueprint:endpoint: {ipv4Addresses: [10.0.0.3, 10.0.64.10]}`,
			[]string{"blueprint:network.create.natGateways", "blueprint:network.create.availabilityZones[1]"},
		},
		{
			"nor does it hide the endpoint's problems", `
blueprint:network:
  create: {cidrBlock: 10.0.0.0/16, availabilityZones: [us-east-1a, us-east-1b], natGateways: Two}
blueprint:endpoint: {ipv4Addresses: [10.0.0.3, 10.0.64.10]}`,
			[]string{"blueprint:network.create.natGateways", "blueprint:endpoint.ipv4Addresses[0]"},
		},
		{
			"a bad zone does not hide subnets that overlap", `
blueprint:network:
  create:
    cidrBlock: 10.0.0.0/16
    availabilityZones: [us-east-1a, us-east-1a]
    publicSubnets: [10.0.0.0/24, 10.0.1.0/24]
    privateSubnets: [10.0.1.0/24, 10.0.2.0/24]`,
			[]string{"blueprint:network.create.availabilityZones[1]", "blueprint:network.create.publicSubnets[1]"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			_, err := deploy(t, stackOf(t, "static-ip-apigw", "good", row.change))
			assertProblems(t, err, row.keys...)
		})
	}
}

func TestAnExistingApiMustBePrivate(t *testing.T) {
	_, err := deploy(t, stackOf(t, "static-ip-apigw", "existing API",
		"blueprint:api: {existing: {restApiId: r1e2g3i4o5, stageName: live}}"))
	assert.ErrorContains(t, err,
		"the REST API r1e2g3i4o5 has the endpoint type REGIONAL; want a private API")
}

func TestNothingIsPromisedAboutTheAnswersOfAnExistingApi(t *testing.T) {
	assertPromises(t, "static-ip-apigw", promised{
		why:   "only the way to it",
		stack: "existing API",
		want: []string{
			"internet: GET https://api.example.com/ → refused",
			"internet 192.0.2.128: GET https://api.example.com/, Host: otherapi00.aws → denied-by-endpoint-policy",
		},
		never: []string{"delivered", "p1r2i3v4a5", "internet 192.0.2.128: POST"},
	})
}

func TestEachPathOfEachNameIsPromised(t *testing.T) {
	const from = "internet 192.0.2.128: "
	assertPromises(t, "static-ip-apigw", promised{
		why:   "APIs at paths and at their own names; only what is refused of one that exists",
		stack: "several names and APIs",
		want: []string{
			from + "GET https://api.example.com/hello" + helloAnswers,
			from + "GET https://api.example.com/billing/invoices, signed true" + helloAnswers,
			from + "GET https://api.example.com/billing/invoices → refused",
			"internet 192.0.3.128: GET https://api.example.com/billing/invoices, signed true → refused",
			"static-ip-vpc-private-1: GET https://api.example.com/billing/invoices, signed true → refused",
			from + "GET https://shop.example.com/items, apiKey true → delivered by static-ip-fn-items-function",
			from + "GET https://shop.example.com/about, apiKey true" + helloAnswers,
			from + "GET https://shop.example.com/no-such-path → refused",
			"internet: GET https://shop.example.com/stock/ → refused",
			from + "GET https://old.example.net/hello, connectTo static-ip-nlb" + helloAnswers,
			"internet: GET https://${static-ip-api-billing-api}.aws/prod/invoices, signed true → refused",
		},
		never: []string{"stock/ → delivered", "https://old.example.net/invoices"},
	})
}
