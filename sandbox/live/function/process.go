package function

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"time"

	"private-api-blueprints/internal/runtimeapi"
	"private-api-blueprints/sandbox/live/identity"
	"private-api-blueprints/sandbox/live/inventory"
)

// initLimit is how long a process may take until it asks for work.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const initLimit = 10 * time.Second

// process is one execution environment of a function.
type process struct {
	function *inventory.Object
	api      *runtimeapi.Server
	log      *log
	// running is done when the process has ended. Its cause says how.
	running context.Context
	kill    context.CancelFunc
}

// stopped is the error of a process that gave no answer.
type stopped struct{ kind, message string }

func (s *stopped) Error() string { return s.message }

// payload returns what Lambda answers instead of the function.
func (s *stopped) payload(id string) []byte {
	data, _ := json.Marshal(map[string]string{ // Texts only.
		"errorType": s.kind, "errorMessage": "RequestId: " + id + " Error: " + s.message,
	})
	return data
}

// start starts a process of a function.
func (r *Runner) start(function *inventory.Object) (*process, error) {
	executable, err := r.archives.executable(function.Object)
	if err != nil {
		return nil, &Error{"InvalidRuntimeException", 502, err.Error()}
	}
	api, err := runtimeapi.Serve()
	if err != nil {
		return nil, err
	}
	ctx, kill := context.WithCancel(r.ctx)
	running, ended := context.WithCancelCause(context.Background())
	p := &process{function: function, api: api, running: running, kill: kill}
	p.log = newLog(function, r.options.Logs)
	cmd := exec.CommandContext(ctx, executable)
	cmd.Env = p.environment()
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		kill()
		ended(err)
		return nil, &Error{"InvalidRuntimeException", 502, errors.Join(err, api.Close()).Error()}
	}
	r.wait.Add(1)
	go func() {
		defer r.wait.Done()
		err := cmd.Wait()
		kill()
		ended(&stopped{"Runtime.ExitError", "Runtime exited with error: " + exit(err)})
		_ = api.Close() // Nobody uses it any more.
	}()
	return p, nil
}

// exit says how a process ended.
func exit(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// until returns a context that also ends when the process ends, or after some time. Its
// cause is then a *stopped.
func (p *process) until(ctx context.Context, limit time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	unwatch := context.AfterFunc(p.running, func() { cancel(context.Cause(p.running)) })
	ctx, done := context.WithTimeoutCause(ctx, limit,
		&stopped{"Sandbox.Timedout", fmt.Sprintf("Task timed out after %.2f seconds", limit.Seconds())})
	return ctx, func() {
		done()
		unwatch()
		cancel(nil)
	}
}

// ready waits until the process asks for work. If it ends or takes too long, the error
// is a *stopped.
func (p *process) ready(ctx context.Context) error {
	ctx, done := p.until(ctx, initLimit)
	defer done()
	err := p.api.Ready(ctx)
	var failed *runtimeapi.StartError
	switch {
	case errors.As(err, &failed):
		return &stopped{"Runtime.ExitError", string(failed.Report)}
	case err != nil:
		return context.Cause(ctx)
	}
	return nil
}

// invoke gives work to a process that is ready, and returns its result. If it ends or
// takes too long, the error is a *stopped.
func (p *process) invoke(ctx context.Context, work runtimeapi.Invocation,
	limit time.Duration) (runtimeapi.Result, error) {
	ctx, done := p.until(ctx, limit)
	defer done()
	work.Deadline = time.Now().Add(limit)
	result, err := p.api.Invoke(ctx, work)
	if err != nil {
		return result, context.Cause(ctx)
	}
	return result, nil
}

// environment returns the variables of a function: those that Lambda sets, and the
// function's own.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (p *process) environment() []string {
	in, out := p.function.Inputs, p.function.Out
	role := identity.Role(in.String("role"))
	all := map[string]string{
		"AWS_LAMBDA_RUNTIME_API": p.api.Address(), "_HANDLER": in.String("handler"),
		"AWS_REGION": p.function.Region, "AWS_DEFAULT_REGION": p.function.Region,
		"AWS_LAMBDA_FUNCTION_NAME": p.function.ID, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(cmp.Or(in.Int("memorySize"), 128)),
		"AWS_LAMBDA_LOG_GROUP_NAME":       p.log.group, "AWS_LAMBDA_LOG_STREAM_NAME": p.log.stream,
		"AWS_LAMBDA_LOG_FORMAT": out.Object("loggingConfig").StringOr("logFormat", "Text"),
		"AWS_LAMBDA_LOG_LEVEL":  out.Object("loggingConfig").String("applicationLogLevel"),
		"AWS_ACCESS_KEY_ID":     role.AccessKeyID, "AWS_SECRET_ACCESS_KEY": role.SecretAccessKey,
		"AWS_SESSION_TOKEN": role.SessionToken, "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
		"LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime", "TZ": ":UTC", "LANG": "en_US.UTF-8",
		"PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
	}
	if all["AWS_LAMBDA_LOG_LEVEL"] == "" {
		delete(all, "AWS_LAMBDA_LOG_LEVEL")
	}
	own := in.Object("environment").Object("variables")
	for name := range own {
		all[name] = own.String(name)
	}
	var env []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		env = append(env, name+"="+all[name])
	}
	return env
}

// log is the log stream of a process. What the process writes becomes events, line by
// line. Its methods may be called concurrently.
type log struct {
	group, stream string
	json          bool
	logs          Logger

	mu   sync.Mutex
	rest []byte
}

// newLog returns the log of a new process of a function. Its stream is named as
// Lambda's are.
func newLog(function *inventory.Object, logs Logger) *log {
	b := make([]byte, 16)
	rand.Read(b) // Never fails.
	config := function.Out.Object("loggingConfig")
	return &log{
		group:  config.StringOr("logGroup", "/aws/lambda/"+function.ID),
		stream: time.Now().UTC().Format("2006/01/02/") + "[$LATEST]" + hex.EncodeToString(b),
		json:   config.String("logFormat") == "JSON", logs: logs,
	}
}

// Write logs the lines that are complete.
func (l *log) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, data...)
	for {
		line, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			return len(data), nil
		}
		l.line(string(line))
		l.rest = rest
	}
}

// line logs one event. As on AWS, events of a group that does not exist are lost.
func (l *log) line(text string) { _ = l.logs.Log(l.group, l.stream, time.Now(), text) }

// platform logs an event of Lambda itself, in the format of the function's logs.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
func (l *log) platform(text, kind, id string) {
	if !l.json {
		l.line(fmt.Sprintf(text, id))
		return
	}
	data, _ := json.Marshal(map[string]any{ // Texts only.
		"time": time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), "type": kind,
		"record": map[string]string{"requestId": id},
	})
	l.line(string(data))
}
