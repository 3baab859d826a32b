// Package model describes a stack as a network engineer would draw it:
// networks, subnets and their zones, security groups, interface endpoints,
// load balancers and their targets, APIs and their resource policies.
//
// The package does not import Pulumi and mirrors no provider's schema. Package
// decode builds a [Stack]; rules read it. Before the first deployment, AWS has
// not given out IDs and addresses yet. Therefore a value has three states (see
// [Known]) and a question to the model has three answers (see [Truth]).
//
// Comments use the same words everywhere: a function "returns" a value,
// "reports whether" something holds if it returns a bool, and "asks whether" it
// holds if it returns a [Truth].
//
// README.md lists what the model holds and what it leaves out.
package model
