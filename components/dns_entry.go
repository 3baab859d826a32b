package components

import (
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
)

// regionalName matches vpce-<id>-<hash>.execute-api.…, but neither the zonal
// names, which have a zone after the hash, nor the private names. The order of
// the entries is a convention and not documented.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
var regionalName = regexp.MustCompile(`^vpce-[0-9a-z]+-[0-9a-z]+\.`)

// regionalDnsEntry returns the entry whose name resolves to the endpoint's
// addresses in every zone. An alias to a zonal name would fail with that zone.
func regionalDnsEntry(entries ec2.VpcEndpointDnsEntryArrayOutput) ec2.VpcEndpointDnsEntryOutput {
	return entries.ApplyT(pickRegional).(ec2.VpcEndpointDnsEntryOutput)
}

// pickRegional returns the regional entry, or an error if there is none.
func pickRegional(entries []ec2.VpcEndpointDnsEntry) (ec2.VpcEndpointDnsEntry, error) {
	for _, entry := range entries {
		if entry.DnsName != nil && entry.HostedZoneId != nil && regionalName.MatchString(*entry.DnsName) {
			return entry, nil
		}
	}
	return ec2.VpcEndpointDnsEntry{}, fmt.Errorf(
		"the endpoint has %d DNS entries: want one with its regional name", len(entries))
}
