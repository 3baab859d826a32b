package components

import (
	"errors"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// placesTag is the tag of a load balancer that records its subnets and
// addresses.
const placesTag = "Places"

// placesOf returns a digest of the subnets and addresses of a dualstack load
// balancer's nodes, or nil if the provider itself can tell whether they changed.
// It cannot if there are fixed IPv6 addresses: it does not read them back, so
// that it would find them changed at every update and replace the load balancer.
// https://github.com/hashicorp/terraform-provider-aws/issues/49531
func placesOf(nodes []Node) pulumi.StringInput {
	if !hasFixedAddresses(nodes) {
		return nil
	}
	places := pulumi.StringArray{}
	for _, node := range nodes {
		places = append(places, pulumi.Sprintf("%s %s %s", node.Subnet.Id, node.Ipv4.String(), node.Ipv6))
	}
	return pulumi.Sprintf("%s", places.ToStringArrayOutput()).ApplyT(digest).(pulumi.StringOutput)
}

// FixedPlaces returns the problem of a change to the subnets or addresses of a load balancer.
func FixedPlaces(urn string) string {
	return "the configuration changes the subnets or addresses of a load balancer, which are fixed for its life; to " +
		"create it again, delete it first: pulumi destroy --target-dependents --target '" + urn + "'"
}

// checkPlaces returns the load balancer's DNS name, or an error if the places
// that it was created with, which its tag records, differ from the wanted ones.
func checkPlaces(balancer *lb.LoadBalancer, want pulumi.StringInput) pulumi.StringOutput {
	outputs := pulumi.All(balancer.DnsName, balancer.Tags, want, balancer.URN())
	return outputs.ApplyT(func(known []any) (string, error) {
		dnsName, tags := known[0].(string), known[1].(map[string]string)
		if want, urn := known[2].(string), known[3].(pulumi.URN); tags[placesTag] != want {
			return "", errors.New(FixedPlaces(string(urn)))
		}
		return dnsName, nil
	}).(pulumi.StringOutput)
}
