package catalog

import "private-api-blueprints/sandbox/cloud"

func natGatewayKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         natGatewayType,
		ComputedLists: words("secondaryPrivateIpAddresses"),
		Replace:       words("subnetId allocationId connectivityType privateIp secondaryPrivateIpAddressCount"),
		Sets:          words("secondaryAllocationIds secondaryPrivateIpAddresses"),
		Constraints:   []cloud.Constraint{cloud.OneOf("connectivityType", "public", "private")},
		Conflicts:     [][]string{words("secondaryPrivateIpAddresses secondaryPrivateIpAddressCount")},
		Defaults:      cloud.Props{"connectivityType": "public"},
		ID:            cloud.HexID("nat-"),
		NotFound: cloud.NewRefusal("InvalidNatGatewayID.NotFound",
			"The Nat Gateway '%s' was not found", ec2Errors),
		BlocksDeletionOf: map[string]string{"subnetId": subnetType},
		References:       map[string]string{"allocationId": elasticIPType},
		OutputDefaults: cloud.Props{
			"associationId": "", "publicIp": "", "secondaryPrivateIpAddressCount": 0,
			"secondaryPrivateIpAddresses": []any{},
		},
		Check:    checkNatGateway,
		OnCreate: natGatewayOnCreate,
		Example: cloud.Example{
			Name:   "nat",
			Inputs: cloud.Props{"allocationId": "${eip}", "connectivityType": "public", "subnetId": "${subnet a}"},
			After:  []string{"gateway"},
		},
	}
}

func checkNatGateway(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html"
	allocation := r.Inputs.String("allocationId")
	if r.Inputs.String("connectivityType") != "public" {
		if allocation != "" {
			return cloud.NewRefusal("InvalidParameter",
				"An Elastic IP address cannot be associated with a private NAT gateway: %s", source).With(allocation)
		}
		return nil
	}
	if allocation == "" {
		return cloud.NewRefusal("MissingParameter", "The request must contain the parameter AllocationId",
			source).With()
	}
	if addressUser(r, allocation) != nil {
		return cloud.NewRefusal("Resource.AlreadyAssociated", "Elastic IP address [%s] is already associated",
			source).With(allocation)
	}
	subnet := r.Find(subnetType, r.Inputs.String("subnetId"), r.Region)
	if internetGatewayOf(r, subnet.Inputs.String("vpcId")) == nil {
		return cloud.NewRefusal("Gateway.NotAttached", "Network %s has no Internet gateway attached",
			source).With(subnet.Inputs.String("vpcId"))
	}
	return nil
}

func natGatewayOnCreate(r *cloud.Request) error {
	subnet := r.Find(subnetType, r.Inputs.String("subnetId"), r.Region)
	eni, err := placeInterface(r, nil, subnet, cloud.Interface{IPv4: r.Inputs.String("privateIp")}, "ipv4")
	if err != nil {
		return err
	}
	r.Object.Interfaces = []cloud.Interface{eni}
	r.Set("networkInterfaceId", eni.ID)
	r.Set("privateIp", eni.IPv4)
	if eip := r.Find(elasticIPType, r.Inputs.String("allocationId"), r.Region); eip != nil {
		r.Set("associationId", cloud.HexID("eipassoc-")(r))
		r.Set("publicIp", eip.Computed.String("publicIp"))
	}
	return nil
}
