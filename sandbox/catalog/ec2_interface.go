package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func getNetworkInterfaces(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	ids := []any{}
	for _, eni := range findInterfaces(r, args) {
		ids = append(ids, eni.String("id"))
	}
	return cloud.Props{"id": r.Region, "ids": ids}, nil
}

func getNetworkInterface(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	return only("EC2 Network Interface", findInterfaces(r, args), args)
}

// findInterfaces returns the interfaces that match, sorted by ID.
func findInterfaces(r *cloud.Request, args cloud.Props) []cloud.Props {
	var found []cloud.Props
	for _, owner := range r.Objects() {
		if owner.Region != r.Region {
			continue
		}
		for _, eni := range owner.Interfaces {
			if out := describeInterface(r, owner, eni); matches(out, args, []string{"id"}) {
				found = append(found, out)
			}
		}
	}
	slices.SortFunc(found, func(a, b cloud.Props) int { return cmp.Compare(a.String("id"), b.String("id")) })
	return found
}

func describeInterface(r *cloud.Request, owner *cloud.Object, eni cloud.Interface) cloud.Props {
	subnet := r.Find(subnetType, eni.Subnet, owner.Region)
	kind, description := interfaceUse(owner)
	groups := append(owner.Outputs().Strings("securityGroups"), owner.Outputs().Strings("securityGroupIds")...)
	out := cloud.Props{
		"id": eni.ID, "arn": r.ARN("ec2", "network-interface/"+eni.ID), "associations": []any{},
		"attachments": []any{}, "availabilityZone": subnet.Computed.String("availabilityZone"),
		"description": description, "interfaceType": kind, "ipv6Addresses": []any{}, "macAddress": macAddress(eni.ID),
		"outpostArn": "", "ownerId": cloud.AccountID, "privateDnsName": "", "privateIp": eni.IPv4,
		"privateIps": []any{eni.IPv4}, "requesterId": "",
		"securityGroups": list(append(groups, owner.Outputs().Strings("vpcSecurityGroupIds")...)),
		"subnetId":       subnet.ID, "tags": map[string]any{}, "vpcId": subnet.Inputs.String("vpcId"),
	}
	if eni.IPv6 != "" {
		out["ipv6Addresses"] = []any{eni.IPv6}
	}
	return out
}

// interfaceUse returns how EC2 describes the owner of an interface. Deployment
// tools find the addresses of a load balancer by this description.
// https://repost.aws/knowledge-center/elb-find-load-balancer-IP
func interfaceUse(owner *cloud.Object) (kind, description string) {
	switch owner.Type {
	case loadBalancerType:
		kind = "interface"
		if owner.Inputs.String("loadBalancerType") == "network" {
			kind = "network_load_balancer"
		}
		return kind, "ELB " + owner.Computed.String("arnSuffix")
	case vpcEndpointType:
		return "vpc_endpoint", "VPC Endpoint Interface " + owner.ID
	case natGatewayType:
		return "nat_gateway", "Interface for NAT Gateway " + owner.ID
	}
	return "interface", ""
}

// macAddress returns an address that follows from the ID of an interface.
func macAddress(id string) string {
	first, rest := cloud.Repeatable(id)(1), cloud.Repeatable(id)(4)
	return fmt.Sprintf("02:%x:", first) + strings.ReplaceAll(fmt.Sprintf("% x", rest), " ", ":")
}
