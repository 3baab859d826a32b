// Package model is a stack as a network engineer would draw it: networks,
// subnets and their zones, security groups, interface endpoints, load
// balancers and what they forward to, APIs and their resource policies.
//
// It knows nothing of Pulumi and mirrors no provider's schema. Package decode
// fills it; rules read it. What a stack does not say yet (an id before the
// first deployment) is not false but unknown, and every question to the model
// has three answers: see [Truth] and [Known]. README.md lists what it holds and
// what it leaves out.
package model
