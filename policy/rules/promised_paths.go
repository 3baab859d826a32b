package rules

import (
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/trace"
)

var promisedPaths = &rule.Rule{
	ID:    "promised-paths",
	Title: "Each promised request arrives, and each forbidden one does not",
	Why: `A stack whose parts are all well may still lead nowhere, or lead strangers in: a listener
on another port, a mapping to another stage, a rule for another group. A component, or the
configuration of this policy, promises what must happen to a request. The pack follows the
request through names, routes, security groups, load balancers, endpoints and API Gateway. The
message says where it ends, and which property of which resource decides that.`,
	Fix: `Change what the message names. If the stack is right, correct the promise: in the
program's component, or in the parameter promises of this policy.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html",
		"https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
	},
	Tags: []string{"api-gateway", "vpc", "privatelink", "dns", "load-balancer"},
	Defects: []*rule.Defect{
		promiseExposed, promiseBroken, promiseOtherAnswer, promiseAtRisk, promiseUnreadable,
	},
	Parameters: []rule.Parameter{promises},
	Check:      checkPromisedPaths,
}

var promiseExposed = &rule.Defect{
	ID: "exposed", Outcome: rule.Exposed,
	Summary: "A request arrives that must be refused.",
	Effect:  "Clients get in whom the promise keeps out.",
}

var promiseBroken = &rule.Defect{
	ID: "broken", Outcome: rule.Broken,
	Summary: "A request does not arrive that must be delivered.",
	Effect:  "Clients get an error or no answer, on at least one of the ways that their requests take.",
}

var promiseOtherAnswer = &rule.Defect{
	ID: "other-answer", Outcome: rule.Broken,
	Summary: "A request ends in another way than promised: at another element, over another protocol, or with " +
		"another refusal.",
	Effect: "Clients get the answer of another server, another protocol or another error than the promise says.",
}

var promiseAtRisk = &rule.Defect{
	ID: "at-risk", Outcome: rule.Risky,
	Summary: "A load balancer on the way of a promised request cannot reach all of its targets.",
	Effect: "Health checks of the target fail, so the load balancer uses the others. If those fail, no request " +
		"arrives.",
}

var promiseUnreadable = &rule.Defect{
	ID: "unreadable", Outcome: rule.Required,
	Summary: "A promise cannot be read, or names a resource that the stack does not have.",
	Effect:  "Nobody checks what the promise is about.",
}

// promises are promises that the configuration makes for stacks that make none.
var promises = rule.Objects("promises",
	"What must happen to requests, or must not: where each comes from, what it asks for, how it must end, and the "+
		"stack that it is about. docs/trace.md lists the keys.",
	promiseSchema(), parsePromise)

// promiseSchema returns the JSON Schema of a promise.
func promiseSchema() map[string]any {
	text := func(description string) map[string]any {
		return map[string]any{"type": "string", "description": description}
	}
	flag := func(description string) map[string]any {
		return map[string]any{"type": "boolean", "description": description}
	}
	return map[string]any{
		"type": "object", "additionalProperties": false, "required": []any{"from", "request", "expect"},
		"properties": map[string]any{
			"from": text("Where the client is: internet; internet and an address; another-vpc for a client of " +
				"private APIs with its own endpoint; the name or ID of a subnet, a VPC, a function or an " +
				"instance; or an address."),
			"groups": map[string]any{
				"type": "array", "items": map[string]any{"type": "string"},
				"description": "The names of the client's security groups.",
			},
			"request": text("The URL, after an HTTP method if that is not GET. ${NAME} stands for the ID of the " +
				"resource with that name in the program, or for its DNS name if it is the whole host."),
			"headers": map[string]any{
				"type": "object", "additionalProperties": map[string]any{"type": "string"},
				"description": "Headers of the request, such as Host.",
			},
			"connectTo": text("The name of the resource that the client connects to without asking DNS, or internet " +
				"for a server on the internet that is not in the stack."),
			"server": map[string]any{
				"type": "string", "enum": []any{"https", "http", "https" + model.WithProxy, "http" + model.WithProxy},
				"description": "What the stack's servers speak. With +proxy, connections begin with a PROXY header.",
			},
			"serverMethod": text("The HTTP method with which the server behind API Gateway must get the request."),
			"protocol": map[string]any{
				"type": "string", "enum": []any{"h2", "http/1.1"}, "description": "What must be spoken.",
			},
			"private": flag("Whether a client in a subnet or a VPC has no public IPv4 address."),
			"signed":  flag("Whether an IAM identity of the stack's account signs the request."),
			"foreign": flag("Whether an IAM identity of another account signs the request."),
			"apiKey":  flag("Whether the request has a valid API key."),
			"ipVersion": map[string]any{
				"type": "integer", "enum": []any{4, 6}, "description": "The only IP version that the client has.",
			},
			"expect": map[string]any{
				"type": "string", "enum": expectations(),
				"description": "How the request must end; refused is anything except delivered.",
			},
			"by": text("The name of the resource that must answer or refuse the request."),
			"stack": map[string]any{
				"type": []any{"string", "array"}, "items": map[string]any{"type": "string"}, "minItems": 1,
				"description": "The stack that the promise is about, such as dev or shop/dev, or a list of stacks. " +
					"Without it, the promise is about each stack of the policy group.",
			},
		},
	}
}

// expectations returns the words for how a request can end.
func expectations() []any {
	all := []any{model.ExpectDelivered, model.ExpectRefused}
	for _, m := range trace.Dispositions() {
		if m.Disposition != trace.Delivered && m.Disposition != trace.InsufficientInfo {
			all = append(all, string(m.Disposition))
		}
	}
	return all
}

// parsePromise reads a promise of the configuration.
func parsePromise(given any) (model.Promise, error) {
	p, err := model.ParsePromise(given)
	if err == nil {
		err = checkExpectation(p)
	}
	return p, err
}

// checkExpectation returns an error if a promise expects something that is no end
// of a request.
func checkExpectation(p model.Promise) error {
	var words []string
	for _, word := range expectations() {
		if word == p.Expect {
			return nil
		}
		words = append(words, word.(string))
	}
	return fmt.Errorf("expect = %q: want one of %s", p.Expect, strings.Join(words, ", "))
}

func checkPromisedPaths(s *model.Stack, r *rule.Report) {
	for _, p := range s.Promises {
		judgePromise(s, r, *p)
	}
	for _, p := range promises.Value(r) {
		if p.IsAbout(s) {
			judgePromise(s, r, p)
		}
	}
}

// judgePromise judges one promise.
func judgePromise(s *model.Stack, r *rule.Report, p model.Promise) {
	if p.Unknown {
		r.Unknown(p.Origin, "%s: its promises are not known yet", p.Name)
		return
	}
	problem := p.Problem
	if problem == "" {
		if err := checkExpectation(p); err != nil {
			problem = err.Error()
		}
	}
	var ways []trace.Trace
	if problem == "" {
		var err error
		if ways, err = trace.Of(s).TracePromise(p); err != nil {
			problem = err.Error()
		}
	}
	if problem != "" {
		r.Judge(p.Origin, promiseUnreadable.If(model.True, p.Origin, "%s", problem))
		return
	}
	r.Judge(p.Origin, judgeWays(s, p, ways), atRisk(p, ways))
}

// atRisk returns the fault that a load balancer cannot reach a target on a way that
// must lead to a server. The way may end at targets that others register. A doubt about an earlier step changes nothing
// about the load balancer.
func atRisk(p model.Promise, ways []trace.Trace) rule.Fault {
	found := promiseAtRisk.If(model.False, p.Origin, "")
	for _, way := range ways {
		fails := way.Arrives() == model.False
		if p.Expect != model.ExpectDelivered || way.Alternative || fails {
			continue
		}
		if len(way.Unused) > 0 {
			return unreachedTarget(p, way.Unused[0], model.True)
		}
		if len(way.MayBeUnused) > 0 {
			found = unreachedTarget(p, way.MayBeUnused[0], model.Maybe)
		}
	}
	return found
}

// unreachedTarget returns the fault that a load balancer cannot reach a target, if it has the target.
func unreachedTarget(p model.Promise, way trace.Trace, has model.Truth) rule.Fault {
	unused := judgement{promiseAtRisk, has, way}
	return promiseAtRisk.If(unused.shown, unused.origin(p), "%s: want each target of its load balancer reached\n"+
		"  one is %s: %s\n  %s", p.Request, unused.ending(p), lastHops(unused.way), unused.fix(p))
}

// judgement is what one way of a request means for a promise: which defect it
// shows, and whether it does. A way without a defect keeps the promise.
type judgement struct {
	defect *rule.Defect
	shown  model.Truth
	way    trace.Trace
}

// judgeWays returns the fault of the first way that breaks a promise. Without one,
// it returns the fault of a way that may break it. Of ways that are alternatives
// only one is real, so they break a promise only if all of them do.
func judgeWays(s *model.Stack, p model.Promise, ways []trace.Trace) rule.Fault {
	worst := judgement{shown: model.False}
	keeps := false // Whether an alternative keeps the promise, or may keep it.
	for _, way := range ways {
		if way.Alternative && judgeWay(s, p, way).shown != model.True {
			keeps = true
		}
	}
	for _, way := range ways {
		j := judgeWay(s, p, way)
		if way.Alternative && keeps {
			j.shown = j.shown.AtMostMaybe()
		}
		if worst.shown != model.True && j.shown != model.False {
			if j.shown == model.True || worst.shown == model.False {
				worst = j
			}
		}
	}
	if worst.defect == nil {
		return promiseBroken.If(worst.shown, p.Origin, "")
	}
	return worst.defect.If(worst.shown, worst.origin(p), "%s", worst.message(p))
}

// judgeWay judges one way of a request.
func judgeWay(s *model.Stack, p model.Promise, way trace.Trace) judgement {
	switch p.Expect {
	case model.ExpectDelivered:
		return judgeDelivery(s, p, way)
	case model.ExpectRefused:
		return judgement{promiseExposed, refusal(way).Not(), way}
	}
	return judgeRefusal(s, p, way)
}

// judgeDelivery judges a way that must lead to a server. If something else answers at
// its end, the way breaks the promise even if an earlier step is not known: such a
// step can stop the request, and cannot lead it elsewhere. A way to another server is
// an alternative.
func judgeDelivery(s *model.Stack, p model.Promise, way trace.Trace) judgement {
	switch arrives := way.Arrives(); {
	case arrives == model.False:
		return judgement{promiseBroken, model.True, way}
	case arrives == model.Maybe && (isBy(s, p, way) || !way.Answers()):
		return judgement{promiseBroken, model.Maybe, way}
	}
	other := model.TruthOf(!isBy(s, p, way))
	if p.Protocol != "" && way.Protocol != p.Protocol {
		other = other.Or(model.TruthOf(way.Protocol != "").OrMaybeIf(way.Protocol == ""))
	}
	return judgement{promiseOtherAnswer, other, way}
}

// judgeRefusal judges a way that must end with a certain refusal. If an earlier
// step is not known, the way may end there instead.
func judgeRefusal(s *model.Stack, p model.Promise, way trace.Trace) judgement {
	if string(way.Past) == p.Expect {
		return judgement{promiseOtherAnswer, model.True, way}
	}
	if refusal(way) != model.True {
		return judgement{promiseExposed, refusal(way).Not(), way}
	}
	other := model.TruthOf(string(way.Disposition) != p.Expect || !isBy(s, p, way))
	if way.Doubtful {
		other = model.Maybe
	}
	return judgement{promiseOtherAnswer, other, way}
}

// refusal asks whether a request is certainly refused on a way.
func refusal(way trace.Trace) model.Truth { return way.Arrives().Not() }

// isBy reports whether the element that a promise names ends a way. If several
// resources of its type have the name, the nearest to the component is meant.
func isBy(s *model.Stack, p model.Promise, way trace.Trace) bool {
	if p.By == "" || way.By.ID.Is(p.By) {
		return true
	}
	return p.By == way.By.NameInProgram && slices.Contains(s.Nearest(p.URN, s.Namesakes(way.By.URN)), way.By.URN)
}

// origin returns the place that decided how a way ended: an element of the stack.
// Otherwise it returns the component that made the promise.
func (j judgement) origin(p model.Promise) model.Origin {
	if last := lastStep(j.way); last.At.URN != "" {
		return last.At
	}
	if j.way.By.URN != "" {
		return j.way.By.Origin
	}
	return p.Origin
}

// lastStep returns the last step of a way.
func lastStep(way trace.Trace) trace.Step {
	for i := len(way.Hops) - 1; i >= 0; i-- {
		if steps := way.Hops[i].Steps; len(steps) > 0 {
			return steps[len(steps)-1]
		}
	}
	return trace.Step{}
}

// message says what was asked, where the request ended and why, and what lets it
// end as promised.
func (j judgement) message(p model.Promise) string {
	text := fmt.Sprintf("%s: want it %s\n", p.Request, wanted(p))
	text += fmt.Sprintf("  it is %s: %s", j.ending(p), lastHops(j.way))
	return text + "\n  " + j.fix(p)
}

// wanted says how a promise wants a request to end.
func wanted(p model.Promise) string {
	text := p.Expect
	if p.By != "" {
		text += " by " + p.By
	}
	if p.Protocol != "" && p.Expect == model.ExpectDelivered {
		text += " over " + p.Protocol
	}
	return text
}

// ending says how a way ended, or that it certainly does not end as promised.
func (j judgement) ending(p model.Promise) string {
	way := j.way
	text := string(way.Disposition)
	if way.Past != "" && string(way.Past) == p.Expect {
		return "not " + string(way.Past)
	}
	if way.Disposition == trace.Delivered {
		text += " to " + way.By.Name
		if way.Protocol != "" {
			text += " over " + way.Protocol
		}
	}
	return text
}

// mostHops is how many hops of a way a message tells.
const mostHops = 3

// lastHops tells the last step of each of the last hops of a way.
func lastHops(way trace.Trace) string {
	var told []string
	for i := len(way.Hops) - 1; i >= 0 && len(told) < mostHops; i-- {
		if steps := way.Hops[i].Steps; len(steps) > 0 {
			told = append([]string{way.Hops[i].Node + ": " + steps[len(steps)-1].Text}, told...)
		}
	}
	return strings.Join(told, "; ")
}

// fix says what lets a request end as promised.
func (j judgement) fix(p model.Promise) string {
	switch {
	case j.defect == promiseExposed:
		return "to fix it, restrict what lets it pass, or correct the promise"
	case j.way.Disposition == trace.NameNotInStack:
		return "to fix it, add a record for the name, or connectTo to the promise if another stack has the record"
	case (j.defect == promiseBroken || j.defect == promiseAtRisk) && j.way.Fix != "":
		return "to fix it, " + j.way.Fix
	}
	return "to fix it, change what decides this, or correct the promise"
}
