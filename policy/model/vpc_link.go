package model

// VPCLink is a VPC link, through which API Gateway reaches servers in a VPC.
type VPCLink struct {
	Element
	// Target is the network load balancer of a VPC link for REST APIs. It is absent for a VPC link for HTTP APIs,
	// which leads to subnets.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
	Target Ref[LoadBalancer]
	// V2 is whether it is a VPC link V2, which leads to subnets. HTTP APIs use it, and REST APIs if the integration
	// names a load balancer.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
	V2 bool
	// Subnets and Groups are those of the network interfaces of a VPC link V2.
	Subnets Refs[Subnet]
	Groups  Refs[SecurityGroup]
}
