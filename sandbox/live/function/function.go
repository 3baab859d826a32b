// Package function runs the account's Lambda functions: their own executables, each
// behind a Lambda Runtime API on loopback.
//
// The account knows the hash of a function's archive. The executable with that hash
// comes from one of two places:
//
//   - bin/local has the repository's own functions, built for this machine. The archives
//     next to it in bin, which have the same source, say which hash is whose.
//   - The account's folder keeps the archives of all other functions. One runs if it is
//     for this machine's operating system and CPU, and its runtime needs no image of AWS.
//
// Each concurrent invocation has its own process, which waits for the next one
// afterward, as Lambda's execution environments do.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
//
// A process is one of this machine: it has this machine's network and not that of the
// function's VPC, and it may do what the person may do who runs the sandbox.
package function

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"private-api-blueprints/internal/runtimeapi"
	"private-api-blueprints/sandbox/live/identity"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/requestid"
	"private-api-blueprints/sandbox/live/trail"
	"private-api-blueprints/sandbox/policyeval"
)

const (
	functionType   = "aws:lambda/function:Function"
	aliasType      = "aws:lambda/alias:Alias"
	permissionType = "aws:lambda/permission:Permission"
)

// eventLimit is the size of the largest event, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const eventLimit = 6291456

// accountConcurrency is how many invocations an account has at a time.
const accountConcurrency = 1000

// Logger takes the events of log groups.
type Logger interface {
	Log(group, stream string, at time.Time, text string) error
}

// Options are what a Runner needs.
type Options struct {
	// Built is the folder of the repository's own functions: BUILT/NAME.zip is an archive, BUILT/local/NAME the same
	// function for this machine.
	Built string
	// Kept is the folder of the archives that the account keeps: KEPT/HASH.zip.
	Kept string
	Logs Logger
}

// Runner runs functions. Its methods may be called concurrently.
type Runner struct {
	ctx      context.Context
	stop     context.CancelFunc
	inv      *inventory.Inventory
	options  Options
	archives archives
	policies policyeval.Policies

	mu      sync.Mutex
	idle    map[string][]*process // By the function's ARN.
	running map[string]int
	wait    sync.WaitGroup
}

// New returns a Runner for the functions of an account. Its processes end with the
// context, or when it is closed.
func New(ctx context.Context, inv *inventory.Inventory, o Options) *Runner {
	ctx, stop := context.WithCancel(ctx)
	return &Runner{ctx: ctx, stop: stop, inv: inv, options: o, archives: archives{built: o.Built, kept: o.Kept},
		idle: map[string][]*process{}, running: map[string]int{}}
}

// Close ends all processes, and returns when they have ended.
func (r *Runner) Close() error {
	r.stop()
	r.wait.Wait()
	return nil
}

// Call is a synchronous invocation.
type Call struct {
	// Function is the ARN of the function, with or without a version or an alias.
	Function string
	// Principal is the service that calls, such as apigateway.amazonaws.com, and Source the ARN that it calls for.
	// The function's policy must allow it. An empty principal may invoke every function.
	Principal, Source string
	// Role is the ARN of the role that the service calls with. If it is given, the role's policies must allow the
	// call, instead of the function's.
	Role  string
	Trace string // The value of the header X-Amzn-Trace-Id.
	Event []byte
}

// Result is what Lambda answers.
type Result struct {
	RequestID string
	Payload   []byte
	// Failed is whether the function failed. The payload then describes the error.
	Failed bool
}

// Error is a refusal of Lambda, before the function runs.
type Error struct {
	Code   string // Such as AccessDeniedException.
	Status int
	Reason string
}

func (e *Error) Error() string { return e.Code + ": " + e.Reason }

// Invoke invokes a function. An error is an *Error or that of the context. A function
// that fails is no error. A function runs to its end, even if the context ends before.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
// https://sielert.com/api-gateway-gotcha-with-aws-lambda/
func (r *Runner) Invoke(ctx context.Context, call Call) (Result, error) {
	function, err := r.find(call.Function)
	if err != nil {
		return Result{}, err
	}
	if err := r.authorize(function, call); err != nil {
		return Result{}, err
	}
	if len(call.Event) > eventLimit {
		return Result{}, &Error{"RequestTooLargeException", 413, fmt.Sprintf(
			"Request must be smaller than %d bytes for the InvokeFunction operation", eventLimit)}
	}
	if err := r.enter(function); err != nil {
		return Result{}, err
	}
	var result Result
	done := make(chan struct{})
	r.wait.Go(func() {
		defer close(done)
		defer r.leave(function)
		result, err = r.work(ctx, function, call)
	})
	select {
	case <-done:
		return result, err
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// work lets a function do its work. It ends with the Runner, and not with the context of the caller.
func (r *Runner) work(caller context.Context, function *inventory.Object, call Call) (Result, error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(caller))
	defer cancel()
	defer context.AfterFunc(r.ctx, cancel)()
	p, err := r.process(ctx, function)
	if p == nil {
		trail.Add(ctx, "function "+function.ID, function.ID, "does not run: %s", err)
		return Result{}, err
	}
	return r.run(ctx, p, err, call)
}

// find returns the function that an ARN names.
func (r *Runner) find(arn string) (*inventory.Object, error) {
	parts := strings.Split(arn, ":")
	if len(parts) < 7 || len(parts) > 8 {
		return nil, &Error{"ValidationException", 400, fmt.Sprintf("%q: want the ARN of a function", arn)}
	}
	function := r.inv.Find(functionType, parts[6])
	unknown := &Error{"ResourceNotFoundException", 404, "Function not found: " + arn}
	if function == nil || function.Region != parts[3] {
		return nil, unknown
	}
	if len(parts) == 8 && parts[7] != function.Out.String("version") && r.inv.Find(aliasType, arn) == nil {
		return nil, unknown
	}
	return function, nil
}

// authorize refuses a call that neither the function's policy nor the caller's role
// allows.
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func (r *Runner) authorize(function *inventory.Object, call Call) error {
	if call.Principal == "" {
		return nil
	}
	request := policyeval.Request{
		Action: "lambda:InvokeFunction", Resource: call.Function,
		Context: map[string][]string{"aws:sourcearn": {call.Source}, "aws:sourceaccount": {account(call.Source)}},
	}
	var verdict policyeval.Verdict
	var err error
	if call.Role != "" {
		caller := identity.OfRole(r.inv, call.Role)
		if caller == nil {
			return &Error{"AccessDeniedException", 403, "the role " + call.Role + " does not exist"}
		}
		verdict, err = caller.May(r.inv, request)
	} else {
		verdict, err = r.policies.Evaluate(r.policy(function, call), request)
	}
	if err != nil {
		return err
	}
	if verdict != policyeval.Allow {
		return &Error{"AccessDeniedException", 403, "no statement of the function's policy lets " + call.Principal +
			" invoke " + call.Function + " for " + call.Source}
	}
	return nil
}

// account returns the account in an ARN.
func account(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 4 {
		return parts[4]
	}
	return ""
}

// policy returns the statements of the function's policy that name the principal of a
// call, or everyone, and the version or alias that it invokes. Everyone includes the
// services of AWS.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (r *Runner) policy(function *inventory.Object, call Call) string {
	var statements []any
	for _, permission := range r.inv.All(permissionType) {
		in := permission.Inputs
		name := in.String("function")
		if parts := strings.Split(name, ":"); len(parts) > 6 {
			name = parts[6]
		}
		if name != function.ID || !slices.Contains([]string{call.Principal, "*"}, in.String("principal")) {
			continue
		}
		resource := function.Out.String("arn")
		if qualifier := in.String("qualifier"); qualifier != "" {
			resource += ":" + qualifier
		}
		conditions := map[string]any{}
		if source := in.String("sourceArn"); source != "" {
			conditions["ArnLike"] = map[string]any{"aws:SourceArn": source}
		}
		if owner := in.String("sourceAccount"); owner != "" {
			conditions["StringEquals"] = map[string]any{"aws:SourceAccount": owner}
		}
		statements = append(statements, map[string]any{
			"Effect": "Allow", "Principal": "*", "Action": in.String("action"), "Resource": resource,
			"Condition": conditions,
		})
	}
	document, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements}) // Texts only.
	return string(document)
}

// enter takes one of the function's concurrent invocations.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
func (r *Runner) enter(function *inventory.Object) error {
	limit, why := accountConcurrency, "ConcurrentInvocationLimitExceeded"
	if function.Inputs.Has("reservedConcurrentExecutions") {
		if own := function.Inputs.Int("reservedConcurrentExecutions"); own >= 0 {
			limit, why = own, "ReservedFunctionConcurrentInvocationLimitExceeded"
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[function.ID] >= limit {
		return &Error{"TooManyRequestsException", 429, "Rate Exceeded. (" + why + ")"}
	}
	r.running[function.ID]++
	return nil
}

// leave gives one of the function's concurrent invocations back.
func (r *Runner) leave(function *inventory.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[function.ID]--
}

// process returns a process of a function that is ready for work: one that has worked
// before, or a new one. A process with an error is a new one that did not get ready.
func (r *Runner) process(ctx context.Context, function *inventory.Object) (*process, error) {
	for p := r.waiting(function); p != nil; p = r.waiting(function) {
		if err := p.ready(ctx); err == nil || ctx.Err() != nil {
			return p, err
		}
		p.kill() // It has ended since its last work.
	}
	p, err := r.start(function)
	if err != nil {
		return nil, err
	}
	return p, p.ready(ctx)
}

// waiting takes a process that has worked before, or returns nil.
func (r *Runner) waiting(function *inventory.Object) *process {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.idle[function.ID]
	if len(all) == 0 {
		return nil
	}
	r.idle[function.ID] = all[:len(all)-1]
	return all[len(all)-1]
}

// keep puts a process back that may work again.
func (r *Runner) keep(p *process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle[p.function.ID] = append(r.idle[p.function.ID], p)
}

// run gives a process one event, and waits for the function's answer, unless the process
// did not get ready. A process that ended or took too long is not used again.
func (r *Runner) run(ctx context.Context, p *process, err error, call Call) (Result, error) {
	id := requestid.New()
	began := time.Now()
	limit := time.Duration(cmp.Or(p.function.Inputs.Int("timeout"), 3)) * time.Second
	p.log.platform("START RequestId: %s Version: $LATEST", "platform.start", id)
	var result runtimeapi.Result
	if err == nil {
		result, err = p.invoke(ctx, runtimeapi.Invocation{
			ID: id, Function: call.Function, Trace: call.Trace, Event: call.Event,
		}, limit)
	}
	payload, failed := result.Body, result.Outcome != runtimeapi.Response
	var stopped *stopped
	switch {
	case errors.As(err, &stopped):
		payload, failed = stopped.payload(id), true
		p.log.line(fmt.Sprintf("RequestId: %s Error: %s", id, stopped.message))
	case err != nil:
		p.kill()
		return Result{}, err
	}
	took := time.Since(began)
	p.log.platform("END RequestId: %s", "platform.runtimeDone", id)
	p.log.platform(fmt.Sprintf("REPORT RequestId: %%s\tDuration: %.2f ms\tMemory Size: %d MB", took.Seconds()*1000,
		cmp.Or(p.function.Inputs.Int("memorySize"), 128)), "platform.report", id)
	if stopped != nil {
		p.kill()
	} else {
		r.keep(p)
	}
	trail.Add(ctx, "function "+p.function.ID, p.function.ID, "%s in %d ms", outcome(failed), took.Milliseconds())
	return Result{RequestID: id, Payload: payload, Failed: failed}, nil
}

// outcome says how an invocation ended.
func outcome(failed bool) string {
	if failed {
		return "fails"
	}
	return "answers"
}
