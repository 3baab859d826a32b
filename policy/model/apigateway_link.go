package model

// VPCLink is a VPC link of the first version, through which a REST API reaches
// a network load balancer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
type VPCLink struct {
	Element
	Target Ref[LoadBalancer]
}
