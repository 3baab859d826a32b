package trace

import (
	"private-api-blueprints/policy/model"
)

// Tracer follows requests through one stack. It may be used by several goroutines.
type Tracer struct {
	stack       *model.Stack
	names       names
	records     recordIndex
	zones       map[string][]*model.HostedZone // By domain.
	aliases     aliasIndex
	gateways    gateways
	forwardings *model.Forwardings
	// beyond goes on at API Gateway. Tests of the network replace it.
	beyond func(walk, call, *model.Endpoint) []Trace
}

// tracerKey is the key under which a stack keeps its tracer.
type tracerKey struct{}

// Of returns the tracer of a stack. Each call returns the same one.
func Of(stack *model.Stack) *Tracer {
	return stack.Derived(tracerKey{}, func() any { return New(stack) }).(*Tracer)
}

// New returns a tracer for a stack. The stack must not change afterwards.
func New(stack *model.Stack) *Tracer {
	return &Tracer{
		stack: stack, names: newNames(stack), records: newRecordIndex(stack.Records), gateways: newGateways(stack),
		zones: zonesByDomain(stack), aliases: newAliasIndex(stack), forwardings: stack.Forwardings(),
		beyond: walk.atGateway,
	}
}

// TracePromise follows the request of a promise, as [Tracer.Trace] does. It looks for names
// inside the component that makes the promise first.
func (t *Tracer) TracePromise(p model.Promise) ([]Trace, error) {
	inside := *t
	inside.names.component = p.URN
	return inside.Trace(p.Request)
}

// Trace follows a request and returns its ways, at least one. The error says what
// is wrong with the request: a URL that cannot be read, or a name that no resource
// of the stack has.
func (t *Tracer) Trace(r model.Request) ([]Trace, error) {
	calls, err := t.begin(r)
	if err != nil {
		return nil, err
	}
	var all []Trace
	for _, c := range calls {
		w := walk{Tracer: t}.enter("client", c.client.element)
		if c.from.own != nil {
			all = append(all, w.throughOwnEndpoint(c)...)
			continue
		}
		all = append(all, w.call(c)...)
	}
	return all, nil
}
