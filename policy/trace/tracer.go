package trace

import (
	"private-api-blueprints/policy/model"
)

// Tracer follows requests through one stack. It may be used by several goroutines.
type Tracer struct {
	stack *model.Stack
	names names
}

// New returns a tracer for a stack. The stack must not change afterwards.
func New(stack *model.Stack) *Tracer {
	return &Tracer{stack: stack, names: newNames(stack)}
}

// Trace follows a request and returns its ways, at least one. The error says what
// is wrong with the request: a URL that cannot be read, or a name that no resource
// of the stack has.
func (t *Tracer) Trace(r Request) ([]Trace, error) {
	calls, err := t.begin(r)
	if err != nil {
		return nil, err
	}
	var all []Trace
	for _, c := range calls {
		w := walk{Tracer: t}.enter("client", c.client.element)
		all = append(all, w.call(c)...)
	}
	return all, nil
}
