package model

// VPCLink is a way of API Gateway into a VPC.
type VPCLink struct {
	Element
	// Target is the network load balancer that a link of the first version leads
	// to. It is absent for one of the second version, which leads to subnets.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
	Target Ref[LoadBalancer]
}
