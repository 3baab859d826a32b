package blueprints

import "testing"

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
