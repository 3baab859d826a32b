package catalog

import "private-api-blueprints/sandbox/cloud"

const vpcEndpointPolicyType = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"

// fullAccess is the policy that AWS shows for an endpoint without a policy.
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
const fullAccess = `{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}`

var invalidEndpointPolicy = cloud.NewRefusal("InvalidPolicyDocument",
	"Policy document is not valid JSON with a Statement", createEndpoint)

// vpcEndpointPolicyKind returns the kind of an endpoint's policy. Deleting it
// gives the endpoint full access again.
func vpcEndpointPolicyKind() *cloud.Kind {
	return &cloud.Kind{
		Token:          vpcEndpointPolicyType,
		Replace:        words("vpcEndpointId"),
		Upsert:         true,
		ID:             cloud.InputID("vpcEndpointId"),
		References:     map[string]string{"vpcEndpointId": vpcEndpointType},
		OutputDefaults: cloud.Props{"policy": fullAccess},
		Check:          checkEndpointPolicy,
		Compute: func(r *cloud.Request) error {
			setEndpointPolicy(r, r.Inputs.StringOr("policy", fullAccess))
			return nil
		},
		OnDelete: func(r *cloud.Request) { setEndpointPolicy(r, fullAccess) },
		Example: cloud.Example{
			Name: "endpoint policy",
			Inputs: cloud.Props{
				"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",
					"Action":"execute-api:Invoke",
					"Resource":["arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*"]}]}`,
				"vpcEndpointId": "${endpoint}",
			},
		},
	}
}

// setEndpointPolicy sets the policy that an endpoint shows.
func setEndpointPolicy(r *cloud.Request, policy string) {
	if endpoint := r.Find(vpcEndpointType, r.Inputs.String("vpcEndpointId"), r.Region); endpoint != nil {
		r.SetOn(endpoint, "policy", policy)
	}
}
