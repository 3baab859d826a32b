package account

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// reader is the program of lookups. It names functions and types by their tokens, because the SDK of the provider takes
// minutes to compile.
type reader struct {
	version string
	found   Account
	ran     bool // Whether the engine has run the program.
}

// object is the arguments of a lookup.
type object = map[string]any

// program reads every part of the account.
func (r *reader) program(ctx *pulumi.Context) error {
	r.ran = true
	for _, part := range []struct {
		name string
		read func(*pulumi.Context) error
	}{
		{"its number", r.readIdentity},
		{"its Availability Zones", r.readZones},
		{"its hosted zones", r.readHostedZones},
		{"its VPCs", r.readVPCs},
		{"its Elastic IPs", r.readAddresses},
	} {
		if err := part.read(ctx); err != nil {
			r.found.Unread = append(r.found.Unread, part.name+": "+inOneLine(err))
		}
	}
	return r.readLogsRole(ctx)
}

// inOneLine returns the message of an error, which the provider breaks into lines.
func inOneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// invoke calls a function of the provider.
func (r *reader) invoke(ctx *pulumi.Context, token string, args object, result any) error {
	return ctx.Invoke(token, args, result, pulumi.Version(r.version))
}

// readIdentity reads the number of the account and its partition.
func (r *reader) readIdentity(ctx *pulumi.Context) error {
	var identity struct {
		AccountID string `pulumi:"accountId"`
	}
	if err := r.invoke(ctx, "aws:index/getCallerIdentity:getCallerIdentity", nil, &identity); err != nil {
		return err
	}
	var partition struct {
		Partition string `pulumi:"partition"`
	}
	r.found.ID = identity.AccountID
	err := r.invoke(ctx, "aws:index/getPartition:getPartition", nil, &partition)
	r.found.Partition = partition.Partition
	return err
}

// readZones reads the Availability Zones that have endpoints of API Gateway. Local Zones need an account to opt in.
func (r *reader) readZones(ctx *pulumi.Context) error {
	var zones struct {
		Names []string `pulumi:"names"`
	}
	args := object{"state": "available", "filters": []object{
		{"name": "opt-in-status", "values": []string{"opt-in-not-required"}},
	}}
	if err := r.invoke(ctx, "aws:index/getAvailabilityZones:getAvailabilityZones", args, &zones); err != nil {
		return err
	}
	var service struct {
		Zones []string `pulumi:"availabilityZones"`
	}
	args = object{"service": "execute-api", "serviceType": "Interface"}
	if err := r.invoke(ctx, "aws:ec2/getVpcEndpointService:getVpcEndpointService", args, &service); err != nil {
		return err
	}
	r.found.Zones = slices.DeleteFunc(zones.Names, func(zone string) bool {
		return !slices.Contains(service.Zones, zone)
	})
	return nil
}

// readHostedZones reads the zones of Route 53.
func (r *reader) readHostedZones(ctx *pulumi.Context) error {
	var zones struct {
		IDs []string `pulumi:"ids"`
	}
	if err := r.invoke(ctx, "aws:route53/getZones:getZones", nil, &zones); err != nil {
		return err
	}
	for _, id := range zones.IDs {
		var zone struct {
			Name    string `pulumi:"name"`
			Private bool   `pulumi:"privateZone"`
		}
		if err := r.invoke(ctx, "aws:route53/getZone:getZone", object{"zoneId": id}, &zone); err != nil {
			return err
		}
		r.found.HostedZones = append(r.found.HostedZones,
			HostedZone{ID: id, Name: strings.TrimSuffix(zone.Name, "."), Private: zone.Private})
	}
	return nil
}

// readVPCs reads the VPCs of the region.
func (r *reader) readVPCs(ctx *pulumi.Context) error {
	var vpcs struct {
		IDs []string `pulumi:"ids"`
	}
	if err := r.invoke(ctx, "aws:ec2/getVpcs:getVpcs", nil, &vpcs); err != nil {
		return err
	}
	for _, id := range vpcs.IDs {
		var vpc struct {
			CIDR      string            `pulumi:"cidrBlock"`
			Hostnames bool              `pulumi:"enableDnsHostnames"`
			Tags      map[string]string `pulumi:"tags"`
		}
		if err := r.invoke(ctx, "aws:ec2/getVpc:getVpc", object{"id": id}, &vpc); err != nil {
			return err
		}
		subnets, err := r.subnets(ctx, id)
		if err != nil {
			return err
		}
		r.found.VPCs = append(r.found.VPCs,
			VPC{ID: id, Name: vpc.Tags["Name"], CIDR: vpc.CIDR, Hostnames: vpc.Hostnames, Subnets: subnets})
	}
	return nil
}

// subnets reads the subnets of a VPC.
func (r *reader) subnets(ctx *pulumi.Context, vpc string) ([]Subnet, error) {
	var list struct {
		IDs []string `pulumi:"ids"`
	}
	args := object{"filters": []object{{"name": "vpc-id", "values": []string{vpc}}}}
	if err := r.invoke(ctx, "aws:ec2/getSubnets:getSubnets", args, &list); err != nil {
		return nil, err
	}
	var subnets []Subnet
	for _, id := range list.IDs {
		var subnet struct {
			Zone   string `pulumi:"availabilityZone"`
			Public bool   `pulumi:"mapPublicIpOnLaunch"`
			IPv6   string `pulumi:"ipv6CidrBlock"`
		}
		if err := r.invoke(ctx, "aws:ec2/getSubnet:getSubnet", object{"id": id}, &subnet); err != nil {
			return nil, err
		}
		subnets = append(subnets, Subnet{ID: id, Zone: subnet.Zone, Public: subnet.Public, IPv6: subnet.IPv6 != ""})
	}
	return subnets, nil
}

// readAddresses reads the Elastic IPs of the region.
func (r *reader) readAddresses(ctx *pulumi.Context) error {
	var addresses struct {
		IDs []string `pulumi:"allocationIds"`
	}
	if err := r.invoke(ctx, "aws:ec2/getEips:getEips", nil, &addresses); err != nil {
		return err
	}
	for _, id := range addresses.IDs {
		var address struct {
			IP          string `pulumi:"publicIp"`
			Association string `pulumi:"associationId"`
		}
		if err := r.invoke(ctx, "aws:ec2/getElasticIp:getElasticIp", object{"id": id}, &address); err != nil {
			return err
		}
		r.found.Addresses = append(r.found.Addresses, Address{IP: address.IP, InUse: address.Association != ""})
	}
	return nil
}

// gatewayAccount is the setting of API Gateway for the whole account and region.
type gatewayAccount struct {
	pulumi.CustomResourceState
	RoleARN pulumi.StringOutput `pulumi:"cloudwatchRoleArn"`
}

// readLogsRole reads the role for the logs of API Gateway. The provider has no function for it, but reads the resource
// as an import does. The preview waits for what ApplyT gets.
func (r *reader) readLogsRole(ctx *pulumi.Context) error {
	var setting gatewayAccount
	err := ctx.ReadResource("aws:apigateway/account:Account", "account", pulumi.ID("api-gateway-account"), nil,
		&setting, pulumi.Version(r.version))
	if err != nil {
		return err
	}
	setting.RoleARN.ApplyT(func(arn string) string {
		r.found.LogsRole = LogsRoleUnset
		if arn != "" {
			r.found.LogsRole = LogsRoleSet
		}
		return arn
	})
	return nil
}
