package cloud

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// publicImages are the parameters that give the current Amazon Linux 2023.
// https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
const publicImages = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"

// getParameter knows the public parameters of publicImages only.
func getParameter(c *call, args props) (props, error) {
	name := args.str("name")
	architecture, ok := strings.CutPrefix(name, publicImages)
	if !ok || !slices.Contains(architectures, architecture) {
		return nil, Refusal{"ParameterNotFound",
			"couldn't find parameter %s; the sandbox knows " + publicImages + "{" + strings.Join(architectures, ",") + "}",
			"https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html"}.with(name)
	}
	image := amazonLinux(c.region, architecture)
	return props{"id": name, "arn": "arn:aws:ssm:" + c.region + "::parameter" + name, "type": "String", "value": image,
		"insecureValue": image, "version": 1.0}, nil
}

func getNetworkInterfaces(c *call, args props) (props, error) {
	ids := []any{}
	for _, eni := range c.networkInterfaces(args) {
		ids = append(ids, eni.str("id"))
	}
	return props{"id": c.region, "ids": ids}, nil
}

func getNetworkInterface(c *call, args props) (props, error) {
	return only("EC2 Network Interface", c.networkInterfaces(args), args)
}

// networkInterfaces gives the interfaces that match, by id.
func (c *call) networkInterfaces(args props) []props {
	var found []props
	for _, owner := range c.objects {
		if owner.Region != c.region {
			continue
		}
		for _, eni := range owner.Interfaces {
			if out := c.describeInterface(owner, eni); matches(out, args, []string{"id"}) {
				found = append(found, out)
			}
		}
	}
	slices.SortFunc(found, func(a, b props) int { return cmp.Compare(a.str("id"), b.str("id")) })
	return found
}

func (c *call) describeInterface(owner *Object, eni Interface) props {
	subnet := c.find(subnetType, eni.Subnet, owner.Region)
	kind, description := interfaceUse(owner)
	groups := append(owner.outputs().strings("securityGroups"), owner.outputs().strings("securityGroupIds")...)
	out := props{"id": eni.ID, "arn": c.arn("ec2", "network-interface/"+eni.ID), "associations": []any{}, "attachments": []any{},
		"availabilityZone": subnet.Computed.str("availabilityZone"), "description": description, "interfaceType": kind,
		"ipv6Addresses": []any{}, "macAddress": macAddress(eni.ID), "outpostArn": "", "ownerId": AccountID,
		"privateDnsName": "", "privateIp": eni.IPv4, "privateIps": []any{eni.IPv4}, "requesterId": "",
		"securityGroups": list(append(groups, owner.outputs().strings("vpcSecurityGroupIds")...)), "subnetId": subnet.ID,
		"tags": map[string]any{}, "vpcId": subnet.Inputs.str("vpcId")}
	if eni.IPv6 != "" {
		out["ipv6Addresses"] = []any{eni.IPv6}
	}
	return out
}

// interfaceUse is how EC2 describes what has an interface. Provisioners find
// the addresses of a load balancer by it.
// https://repost.aws/knowledge-center/elb-find-load-balancer-IP
func interfaceUse(owner *Object) (kind, description string) {
	switch owner.Type {
	case loadBalancerType:
		kind = "interface"
		if owner.Inputs.str("loadBalancerType") == "network" {
			kind = "network_load_balancer"
		}
		return kind, "ELB " + owner.Computed.str("arnSuffix")
	case vpcEndpointType:
		return "vpc_endpoint", "VPC Endpoint Interface " + owner.ID
	case natGatewayType:
		return "nat_gateway", "Interface for NAT Gateway " + owner.ID
	}
	return "interface", ""
}

func macAddress(id string) string {
	return fmt.Sprintf("02:%x", repeatable(id)(1)) + strings.ReplaceAll(fmt.Sprintf(":% x", repeatable(id)(4)), " ", ":")
}
