package trace

import "private-api-blueprints/policy/model"

// Trace is one way that a request takes, from the vantage point to its end.
type Trace struct {
	Disposition Disposition
	Hops        []Hop
	// By is the element that answered the request, or that stopped it. Its URN is empty if that is nothing of the
	// stack.
	By model.Element
	// Protocol is the version of HTTP that the client speaks: h2, http/1.1, or empty if the trace ends before that is
	// agreed.
	Protocol string
	// Fix is what would let the request pass, as an imperative. It is empty for a request that is delivered.
	Fix string
	// Doubtful is whether an earlier step is unknown: the request ends here or earlier, and certainly no later.
	Doubtful bool
	// Alternative is whether the request may take another way instead, and which one it takes is not known.
	Alternative bool
	// Past is a disposition with which the way certainly does not end, although its end is not known. It is empty if
	// the trace says nothing about that.
	Past Disposition
	// Unused are the ways to other targets of the same group that the load balancer certainly has and cannot reach.
	// Their health checks fail, so it does not use them.
	Unused []Trace
	// MayBeUnused is like Unused for targets that may be in the group.
	MayBeUnused []Trace
	symptom     string  // What the client sees, if that is not what most clients see.
	needs       []*need // What decides the doubts of the way.
}

// Symptom returns what the client sees, in the words of curl, of API Gateway or of
// its log.
func (t Trace) Symptom() string {
	if t.symptom != "" {
		return t.symptom
	}
	for _, m := range meanings {
		if m.Disposition == t.Disposition {
			return m.Symptom
		}
	}
	return ""
}

// Arrives asks whether the request is delivered on this way.
func (t Trace) Arrives() model.Truth {
	switch t.Disposition {
	case Delivered:
		return model.True
	case InsufficientInfo:
		return model.Maybe
	}
	return model.False
}

// Answers reports whether something answers the request at the end of the way. An
// earlier doubt may stop the request before.
func (t Trace) Answers() bool {
	if len(t.Hops) == 0 {
		return false
	}
	steps := t.Hops[len(t.Hops)-1].Steps
	return len(steps) > 0 && steps[len(steps)-1].Action == Answers
}

// Hop is a place that a request passes, with what happens there.
type Hop struct {
	Node  string // What it is and its name, such as "load balancer static-ip-nlb".
	At    model.Origin
	Steps []Step
}

// Step is one decision about a request.
type Step struct {
	Action Action
	// Text says what was decided and why, such as "rule static-ip-from-192.0.2.0/24 admits 192.0.2.1 on port 443".
	Text string
	// At is the element and the property that decided.
	At model.Origin
	// Connection is whether a doubt is about the connection. Its result is then the same for every request of the
	// client to the same place.
	Connection bool
}

// Action is what a step does with a request.
type Action string

// Actions of a step. Only the last step of a trace answers or stops.
const (
	Passes  Action = "passes"
	Doubts  Action = "unknown"
	Stops   Action = "stops"
	Answers Action = "answers"
)
