package faults

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

var policyFaults = []Fault{
	{
		Name:      "endpoint-fence",
		Says:      "the policy of a private API names the stack's endpoint instead of its VPC",
		Rules:     []string{"resource-policy-source-vpc"},
		Invisible: onlyNextUpdate,
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			api := n.api("api", "PRIVATE", nil)
			key, id := either(n, "aws:SourceVpce", "aws:SourceVpc"), either(n, endpoint, vpc).ID()
			n.policyOf(api, pulumi.Sprintf(document(denyUnless("StringNotEquals", key, "%s")+`, {
				"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "%s/*"
			}`), id, api.ExecutionArn))
		},
	},
	{
		Name:  "other-api",
		Says:  "the policy of an endpoint allows another API than the one that is associated with it",
		Rules: []string{"endpoint-policy-restricts-apis"},
		Unseen: map[View]string{
			PreviewExisting: notYetAPI, PreviewCreated: notYetAPI,
		},
		Clients: []Question{
			{From: "subnet-a", URL: ownAPI, To: "endpoint", Compliant: "200", Sees: "403 AccessDeniedException"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			api := n.api("api", "", pulumi.Map{"endpointConfiguration": pulumi.Map{"types": pulumi.String("PRIVATE"),
				"vpcEndpointIds": pulumi.Array{endpoint.ID()}}})
			n.policy(api, inside)
			n.method("GET", api)
			n.servePublic(api, pulumi.Map{"endpoints": pulumi.Sprintf("%v", api.EndpointConfiguration)})
			other := n.api("other", "PRIVATE", nil)
			n.add("aws:apigateway/restApiPolicy:RestApiPolicy", "other",
				pulumi.Map{"restApiId": other.ID(), "policy": pulumi.String(document(fence))})
			n.add("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "names", pulumi.Map{
				"vpcEndpointId": endpoint.ID(), "policy": pulumi.Sprintf(document(`{
					"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "%s/*"
				}`), either(n, other, api).ExecutionArn),
			})
		},
	},
}

// notYetAPI is why the policy of an endpoint decides nothing about a new API.
const notYetAPI = "the ARN of an API is not known before the first deployment, so the policy that names it is not"
