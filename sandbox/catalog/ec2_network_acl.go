package catalog

import "private-api-blueprints/sandbox/cloud"

func networkACLKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         networkACLType,
		ComputedLists: words("egress ingress subnetIds"),
		Replace:       words("vpcId"),
		Sets:          words("egress ingress subnetIds"),
		ID:            cloud.HexID("acl-"),
		NotFound: cloud.NewRefusal("InvalidNetworkAclID.NotFound", "The networkAcl ID '%s' does not exist",
			ec2Errors),
		BlocksDeletionOf: map[string]string{"vpcId": vpcType},
		References:       map[string]string{"subnetIds[]": subnetType},
		OutputDefaults: cloud.Props{
			"egress": []any{}, "ingress": []any{}, "ownerId": cloud.AccountID, "subnetIds": []any{},
		},
		Check: checkACLNumbers,
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("ec2", "network-acl/"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name: "network acl",
			Inputs: cloud.Props{
				"vpcId": "${vpc}", "subnetIds": []any{"${subnet a}"},
				"ingress": []any{map[string]any{
					"action": "allow", "cidrBlock": "10.0.0.0/16", "fromPort": 443, "protocol": "tcp", "ruleNo": 100,
					"toPort": 443,
				}},
			},
		},
	}
}

// checkACLNumbers refuses two rules of a direction with the same number.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
func checkACLNumbers(r *cloud.Request) error {
	for _, direction := range words("egress ingress") {
		seen := map[any]bool{}
		for _, rule := range r.Inputs.Objects(direction) {
			if seen[rule["ruleNo"]] {
				return cloud.NewRefusal("NetworkAclEntryAlreadyExists",
					"The network acl entry identified by %v already exists.", ec2Errors).With(rule["ruleNo"])
			}
			seen[rule["ruleNo"]] = true
		}
	}
	return nil
}
