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
	// Unseen is why no rule can see it, where none can.
	Unseen map[View]string
	// Build registers the network.
	Build func(n *Network)
}

// View is what a policy pack sees of a stack, by when and how it is run.
type View string

// The views. An existing network is one that the program takes by its ids.
const (
	PreviewExisting View = "first preview, existing network"
	PreviewCreated  View = "first preview, created network"
	Deployed        View = "after `pulumi up`"
	Analysis        View = "`policy analyze --file`"
)

// Views lists all views.
var Views = []View{PreviewExisting, PreviewCreated, Deployed, Analysis}

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

// notSent is why facts of an existing network decide nothing at a preview.
// https://github.com/pulumi/pulumi/blob/v3.258.0/pkg/resource/deploy/step_executor.go
const notSent = "the engine sends policies what a stack manages, not what its program only reads"
