package catalog

import "private-api-blueprints/sandbox/cloud"

func internetGatewayKind() *cloud.Kind {
	return &cloud.Kind{
		Token: internetGatewayType,
		ID:    cloud.HexID("igw-"),
		NotFound: cloud.NewRefusal("InvalidInternetGatewayID.NotFound", "The internetGateway ID '%s' does not exist",
			ec2Errors),
		BlocksDeletionOf: map[string]string{"vpcId": vpcType},
		OutputDefaults:   cloud.Props{"ownerId": cloud.AccountID, "vpcId": ""},
		Check: func(r *cloud.Request) error {
			for _, other := range r.Others(internetGatewayType) {
				if vpc := r.Inputs.String("vpcId"); vpc != "" && vpc == other.Inputs.String("vpcId") {
					return cloud.NewRefusal("Resource.AlreadyAssociated",
						"resource %s is already attached to network %s",
						ec2Errors).With(other.ID, vpc)
				}
			}
			return nil
		},
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("ec2", "internet-gateway/"+r.Object.ID))
			return nil
		},
		CheckDelete: gatewayCheckDelete,
		Example: cloud.Example{
			Name:   "gateway",
			Inputs: cloud.Props{"vpcId": "${vpc}"},
		},
	}
}

// gatewayCheckDelete refuses the deletion while addresses of the VPC are
// public through the gateway.
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
func gatewayCheckDelete(r *cloud.Request) error {
	var users []*cloud.Object
	for _, eip := range r.All(elasticIPType) {
		if user := addressUser(r, eip.ID); user != nil {
			users = append(users, user)
		}
	}
	for _, instance := range r.All(instanceType) {
		if instance.Computed.Has("publicIp") {
			users = append(users, instance)
		}
	}
	for _, user := range users {
		if vpcOf(r, user) == r.Inputs.String("vpcId") {
			return cloud.NewRefusal(
				"DependencyViolation",
				"Network %s has some mapped public address(es). Please unmap those public address(es) before "+
					"detaching the gateway.",
				ec2Errors,
			).With(r.Inputs.String("vpcId"))
		}
	}
	return nil
}

func egressOnlyGatewayKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   egressOnlyGatewayType,
		Replace: words("vpcId"),
		ID:      cloud.HexID("eigw-"),
		NotFound: cloud.NewRefusal("InvalidEgressOnlyInternetGatewayId.NotFound",
			"The egressOnlyInternetGateway ID '%s' does not exist",
			ec2Errors),
		BlocksDeletionOf: map[string]string{"vpcId": vpcType},
		Example: cloud.Example{
			Name:   "egress-only gateway",
			Inputs: cloud.Props{"vpcId": "${vpc}"},
		},
	}
}

func internetGatewayOf(r *cloud.Request, vpc string) *cloud.Object {
	for _, gateway := range r.All(internetGatewayType) {
		if gateway.Inputs.String("vpcId") == vpc {
			return gateway
		}
	}
	return nil
}
