// Package faults holds small networks that show what the policy pack is for. Each
// has one fault that its rules are about, and a compliant twin without the fault.
// Tests run both through the real engine, before and after a deployment.
package faults

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox"
)

// Fault is a network with one thing wrong, and the same network without it.
type Fault struct {
	// Name begins the names of all its resources.
	Name string
	// Says is what is wrong, in a line.
	Says string
	// Rules are the rules that it violates. Its compliant twin violates none.
	Rules []string
	// Advisory is whether its findings are advisory although its rules have graver
	// ones.
	Advisory bool
	// Early are the rules that it violates at a first preview, if they are not Rules:
	// those that see it before its IDs are known.
	Early []string
	// Configuration is the configuration of the policy pack that the fault needs,
	// as `--policy-pack-config` takes it: a level to switch on a rule that is off
	// by default, or parameters. It holds for the networks of all faults.
	Configuration map[string]any
	// Number is its place in the table of faults that the articles and AWS warn
	// of, from 1. It is 0 for a fault that is not in the table.
	Number int
	// Refused is why AWS refuses to deploy it. It is empty if AWS does not.
	Refused string
	// Unseen is why no rule can see it, by view. It has no entry for a view in
	// which a rule sees it.
	Unseen map[View]string
	// Clients are questions that clients of the fault and of its compliant twin see answered differently.
	Clients []Question
	// Invisible is why no client sees another answer than with the compliant twin. It is empty if there are questions,
	// or if AWS refuses to deploy the fault.
	Invisible Reason
	// Build registers the network.
	Build func(n *Network)
}

// Reason is why clients do not see a fault.
type Reason string

// These are the reasons. Each completes the sentence "Clients do not see it, because …".
const (
	onlyLogs       Reason = "only logs and traces differ"
	onlyNextUpdate Reason = "it makes a later update fail, or change more than it says"
	onlyPromise    Reason = "nothing that is deployed differs from the compliant twin"
	onlyReaders    Reason = "the answers are the same, and who carries them can read them"
	onlyPrincipals Reason = "it decides what other accounts may create or assume, and the sandbox has one account"
	onlyRefused    Reason = "AWS refuses the endpoint by which a client would see it"
	unverified     Reason = "AWS does not say whether an execute-api endpoint speaks HTTP/2, and the one here does"
	onlyForeign    Reason = "the endpoint belongs to another stack, and is not in the account"
)

// Reasons lists all reasons.
var Reasons = []Reason{
	onlyLogs, onlyNextUpdate, onlyPromise, onlyReaders, onlyPrincipals, onlyRefused, unverified, onlyForeign,
}

// View is what a policy pack sees of a stack. It depends on when and how the pack
// runs.
type View string

// These are the views. A program takes an existing network by its IDs.
const (
	PreviewExisting View = "first preview, existing network"
	PreviewCreated  View = "first preview, created network"
	Deployed        View = "after `pulumi up`"
	Analysis        View = "`policy analyze --file`"
)

// Views lists all views.
var Views = []View{PreviewExisting, PreviewCreated, Deployed, Analysis}

// All returns every fault.
func All() []Fault {
	var all []Fault
	for _, some := range [][]Fault{
		endpointFaults,
		balancerFaults,
		apiFaults,
		callerFaults,
		nameFaults,
		serviceFaults,
		linkFaults,
		packetFaults,
		policyFaults,
		deadEndFaults,
		roleFaults,
	} {
		all = append(all, some...)
	}
	return all
}

// Configuration returns the configuration of the policy pack that all faults
// together need.
func Configuration() map[string]any {
	all := map[string]any{}
	for _, f := range All() {
		maps.Copy(all, f.Configuration)
	}
	return all
}

// Options say in which form the networks are built.
type Options struct {
	// Faulty is true for the networks with their faults, and false for their
	// compliant twins.
	Faulty bool
	// Later is true for the second version of the program, in which something has changed that an API serves with its
	// next deployment.
	Later bool
	// Existing holds the VPCs and subnets that the program reads by ID. If it is
	// nil, the program creates them.
	Existing *Existing
}

// Program returns a program that registers the networks of faults side by side.
func Program(list []Fault, options Options) sandbox.Program {
	return func(ctx *pulumi.Context, _ map[string]string) error {
		p := &program{ctx: ctx, Options: options}
		p.buildCommon()
		for _, f := range list {
			f.Build(&Network{program: p, prefix: f.Name})
		}
		return p.err
	}
}

// notSent is why facts of an existing network decide nothing at a preview.
// https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/resource/deploy/step_executor.go
const notSent = "the engine sends policies what a stack manages, not what its program only reads"
