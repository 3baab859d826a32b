// Package faults holds small networks that show what the policy pack is for:
// each is sound, or has one fault that its rules are about. Tests run them
// through the real engine, before and after a deployment.
package faults

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox"
)

// Fault is a network with one thing wrong, and the same network without.
type Fault struct {
	// Name begins the names of all its resources.
	Name string
	// Says is what is wrong, in a line.
	Says string
	// Rules are those that object to it. To its sound twin none does.
	Rules []string
	// Number is its place in the table of faults that the articles and AWS warn
	// of, from 1; 0 for a fault beyond these.
	Number int
	// Refused is why AWS refuses it, where it does: it is never deployed.
	Refused string
	// Early and Late are why it cannot be decided at the first preview of a new
	// network, or once all exists; empty where it can.
	Early, Late string
	// Build registers the network.
	Build func(n *Network)
}

// All lists every fault.
func All() []Fault {
	var all []Fault
	for _, some := range [][]Fault{endpointFaults, balancerFaults, apiFaults, nameFaults, serviceFaults, linkFaults} {
		all = append(all, some...)
	}
	return all
}

// Options say in which form the networks are built.
type Options struct {
	// Faulty puts the fault in.
	Faulty bool
	// Existing are the VPCs and subnets where the program reads these by id and
	// creates the rest; nil where it creates all.
	Existing *Existing
}

// Program registers the networks of faults side by side.
func Program(list []Fault, options Options) sandbox.Program {
	return func(ctx *pulumi.Context, _ map[string]string) error {
		p := &program{ctx: ctx, Options: options}
		for _, f := range list {
			f.Build(&Network{program: p, prefix: f.Name})
		}
		return p.err
	}
}
