package model

// Stack is everything that the model knows of a stack. The order of its
// elements depends on their URNs only.
type Stack struct {
	VPCs          []*VPC
	Subnets       []*Subnet
	Endpoints     []*Endpoint
	LoadBalancers []*LoadBalancer
	TargetGroups  []*TargetGroup
	Listeners     []*Listener
	Targets       []*Target
	Certificates  []*Certificate

	RestAPIs         []*RestAPI
	HTTPAPIs         []*HTTPAPI
	ResourcePolicies []*ResourcePolicy

	rules rulebook
}
