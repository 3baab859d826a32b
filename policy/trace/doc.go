// Package trace follows a request through a stack as the network would, and says
// where it ends and which element decided.
//
// A request begins at a vantage point: the internet, or a subnet of the stack. The
// walk goes from element to element: names in DNS, routes, network ACLs and
// security groups, load balancers and their targets, endpoints and PrivateLink,
// API Gateway, its policies and its backends. If a name has several addresses, or
// a load balancer several targets, the request has several ways. Each is a
// [Trace].
//
// A trace reads package model and nothing else. So it can follow a request through
// a stack that does not exist yet. What the stack does not say is an unknown
// step: the walk goes on, because what comes later may stop the request anyway.
//
// docs/trace.md says what is walked and what is left out.
package trace
