package components

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Environment is where a stack is deployed, as the provider's credentials and
// region say.
type Environment struct {
	Region    string // Such as us-east-1.
	AccountId string // Twelve digits.
	Partition string // aws, aws-cn or aws-us-gov.
	DnsSuffix string // Of AWS's names, such as amazonaws.com.
}

// LookupEnvironment asks AWS for the region, account and partition in use.
func LookupEnvironment(ctx *pulumi.Context) (*Environment, error) {
	region, err := aws.GetRegion(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("region: %w", err)
	}
	caller, err := aws.GetCallerIdentity(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("caller identity: %w", err)
	}
	partition, err := aws.GetPartition(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("partition: %w", err)
	}
	return &Environment{Region: region.Name, AccountId: caller.AccountId, Partition: partition.Partition, DnsSuffix: partition.DnsSuffix}, nil
}

// ServiceDetail is what interface endpoints lead to, as AWS describes it to
// those who may have one.
type ServiceDetail struct {
	Name                    string   // Such as com.amazonaws.us-east-1.execute-api.
	AvailabilityZones       []string // Where it can have endpoints; it may lack a zone. Empty where it does not tell.
	SupportedIpAddressTypes []string // ipv4, ipv6 or both.
	AcceptanceRequired      bool     // Whether its owner has to accept an endpoint first.
	PrivateDnsName          string   // Empty without one.
}

// In tells whether the service can have an endpoint in a zone. A service that
// does not tell its zones can have them everywhere.
func (s *ServiceDetail) In(zone string) bool {
	return len(s.AvailabilityZones) == 0 || slices.Contains(s.AvailabilityZones, zone)
}

// LookupExecuteApiService asks AWS for API Gateway's service in the region.
func LookupExecuteApiService(ctx *pulumi.Context) (*ServiceDetail, error) {
	return lookupEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{Service: pulumi.StringRef("execute-api")})
}

// LookupEndpointService asks AWS for a service by its name. The zones are by
// the names that they have in the account that asks.
func LookupEndpointService(ctx *pulumi.Context, name string, opts ...pulumi.InvokeOption) (*ServiceDetail, error) {
	return lookupEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{ServiceName: &name}, opts...)
}

func lookupEndpointService(ctx *pulumi.Context, args *ec2.LookupVpcEndpointServiceArgs, opts ...pulumi.InvokeOption) (*ServiceDetail, error) {
	found, err := ec2.LookupVpcEndpointService(ctx, args, opts...)
	if err != nil {
		return nil, fmt.Errorf("endpoint service: %w", err)
	}
	return &ServiceDetail{
		Name:                    found.ServiceName,
		AvailabilityZones:       found.AvailabilityZones,
		SupportedIpAddressTypes: found.SupportedIpAddressTypes,
		AcceptanceRequired:      found.AcceptanceRequired,
		PrivateDnsName:          found.PrivateDnsName,
	}, nil
}

// LookupZoneIds asks AWS for the zones of the region: the id of each by the
// name that it has in the account that asks. An id, such as use1-az1, is the
// same place for every account; a name may be another place for each.
// https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
func LookupZoneIds(ctx *pulumi.Context, opts ...pulumi.InvokeOption) (map[string]string, error) {
	found, err := aws.GetAvailabilityZones(ctx, nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("availability zones: %w", err)
	}
	ids := map[string]string{}
	for i, name := range found.Names {
		ids[name] = found.ZoneIds[i]
	}
	return ids, nil
}

// HostedZone is a Route 53 zone that exists already.
type HostedZone struct {
	Name    string // Without the final dot.
	Private bool
}

// LookupHostedZone asks AWS for a zone by its id.
func LookupHostedZone(ctx *pulumi.Context, id string) (*HostedZone, error) {
	found, err := route53.LookupZone(ctx, &route53.LookupZoneArgs{ZoneId: pulumi.StringRef(id)})
	if err != nil {
		return nil, err
	}
	return &HostedZone{Name: found.Name, Private: found.PrivateZone != nil && *found.PrivateZone}, nil
}
