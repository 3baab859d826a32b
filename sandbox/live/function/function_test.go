package function

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/identity"
	"private-api-blueprints/sandbox/live/inventory"
)

// TestMain makes the test's own executable the function that the tests invoke.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		if os.Getenv("BEHAVIOR") == "never starts" {
			os.Exit(7)
		}
		lambda.Start(behave)
	}
	os.Exit(m.Run())
}

// behave does what the event says, and says who did it.
func behave(ctx context.Context, event string) (any, error) {
	switch event {
	case "fail":
		return nil, errors.New("it fails")
	case "sleep":
		time.Sleep(time.Minute)
	case "crash":
		os.Exit(3)
	case "wait":
		time.Sleep(300 * time.Millisecond)
	case "large":
		return strings.Repeat("x", 7<<20), nil
	case "log":
		fmt.Println("first line")
		fmt.Println("second line")
	}
	lc, _ := lambdacontext.FromContext(ctx)
	return map[string]any{"pid": os.Getpid(), "request": lc.AwsRequestID, "arn": lc.InvokedFunctionArn,
		"env": os.Environ(), "trace": ctx.Value("x-amzn-trace-id")}, nil //nolint:staticcheck // The library's key.
}

// events are what a Logger got.
type events struct {
	mu   sync.Mutex
	text map[string][]string
}

func (e *events) Log(group, _ string, _ time.Time, text string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.text[group] = append(e.text[group], text)
	return nil
}

func (e *events) of(group string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.text[group], "\n")
}

const arn = "arn:aws:lambda:us-east-1:123456789012:function:tested"

// world is an account with the function "tested", whose code is the test itself.
type world struct {
	*Runner
	logs          *events
	built, folder string
}

// newWorld returns a world. The settings are inputs of the function in YAML, the
// objects are others.
func newWorld(t *testing.T, settings, objects string) *world {
	t.Helper()
	folder := t.TempDir()
	built, kept := filepath.Join(folder, "bin"), filepath.Join(folder, "code")
	require.NoError(t, os.MkdirAll(filepath.Join(built, "local"), 0o755))
	require.NoError(t, os.MkdirAll(kept, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(built, "tested.zip"), []byte("an archive"), 0o644))
	executable, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(executable, filepath.Join(built, "local", "tested")))
	hash, err := hashOf(filepath.Join(built, "tested.zip"))
	require.NoError(t, err)
	c := catalog.New()
	c.Existing = append(append([]byte(nil), c.Existing...), "\n"+`- type: aws:lambda/function:Function
  id: tested
  inputs:
    name: tested
    role: arn:aws:iam::123456789012:role/orders
    runtime: provided.al2023
    handler: bootstrap
    code: `+hash+"\n"+settings+objects...)
	account, err := cloud.Open(filepath.Join(folder, "account.json"), c)
	require.NoError(t, err)
	logs := &events{text: map[string][]string{}}
	r := New(t.Context(), inventory.New(account.Objects()), Options{Built: built, Kept: kept, Logs: logs})
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return &world{r, logs, built, kept}
}

// call invokes the function with an event.
func (w *world) call(t *testing.T, event string) Result {
	t.Helper()
	result, err := w.Invoke(t.Context(), Call{Function: arn, Event: []byte(`"` + event + `"`), Trace: "Root=1-2-3"})
	require.NoError(t, err)
	return result
}

// said is what a function said about itself.
type said struct {
	PID          int
	Request, ARN string
	Env          []string
	Trace        string
}

func parse(t *testing.T, payload []byte) said {
	t.Helper()
	var s said
	require.NoError(t, json.Unmarshal(payload, &s), string(payload))
	return s
}

func TestAProcessServesOneInvocationAfterAnother(t *testing.T) {
	w := newWorld(t, "    environment: {variables: {COLOR: green}}\n", "")
	first := w.call(t, "")
	one, two := parse(t, first.Payload), parse(t, w.call(t, "").Payload)
	assert.False(t, first.Failed)
	assert.Equal(t, one.PID, two.PID, "it is warm")
	assert.Equal(t, first.RequestID, one.Request)
	assert.NotEqual(t, one.Request, two.Request)
	assert.Equal(t, arn, one.ARN)
	assert.Equal(t, "Root=1-2-3", one.Trace)
	secret := identity.Role("arn:aws:iam::123456789012:role/orders")
	assert.Subset(t, one.Env, []string{"COLOR=green", "AWS_REGION=us-east-1", "AWS_LAMBDA_FUNCTION_NAME=tested",
		"AWS_ACCESS_KEY_ID=" + secret.AccessKeyID, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128"})
	for _, variable := range one.Env {
		assert.False(t, strings.HasPrefix(variable, "HOME="), "nothing of the person's environment reaches it")
		assert.False(t, strings.HasPrefix(variable, "AWS_LAMBDA_LOG_LEVEL="), "the function has no log level")
	}
}

func TestConcurrentInvocationsHaveTheirOwnProcesses(t *testing.T) {
	w := newWorld(t, "", "")
	pids := make(chan int, 2)
	for range 2 {
		go func() { pids <- parse(t, w.call(t, "wait").Payload).PID }()
	}
	assert.NotEqual(t, <-pids, <-pids)
}

func TestManyInvocationsAtOnceAllAnswer(t *testing.T) {
	w := newWorld(t, "", "")
	var all sync.WaitGroup
	var failed atomic.Int32
	for range 20 {
		all.Go(func() {
			for range 50 {
				result, err := w.Invoke(t.Context(), Call{Function: arn, Event: []byte(`""`)})
				if err != nil || result.Failed {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	assert.Zero(t, failed.Load())
	assert.LessOrEqual(t, len(w.idle["tested"]), 20, "a process serves one after another")
}

func TestWhatAFunctionDoesWrongIsAPayload(t *testing.T) {
	for _, row := range []struct{ event, kind, message, why string }{
		{"fail", "errorString", "it fails", "an error of the function itself"},
		{"crash", "Runtime.ExitError", "Runtime exited with error: exit status 3", "the process ends"},
		{"sleep", "Sandbox.Timedout", "Task timed out after 1.00 seconds", "the function's timeout"},
		{"large", "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size", "the limit of 6 MB"},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t, "    timeout: 1\n", "")
			got := w.call(t, row.event)
			assert.True(t, got.Failed)
			var failure struct{ ErrorType, ErrorMessage string }
			require.NoError(t, json.Unmarshal(got.Payload, &failure))
			assert.Equal(t, row.kind, failure.ErrorType)
			assert.Contains(t, failure.ErrorMessage, row.message)
			assert.False(t, w.call(t, "").Failed, "the next invocation has a process that works")
		})
	}
}

func TestAFunctionThatCannotStartFails(t *testing.T) {
	w := newWorld(t, "    environment: {variables: {BEHAVIOR: never starts}}\n", "")
	got := w.call(t, "")
	assert.True(t, got.Failed)
	assert.Contains(t, string(got.Payload), "exit status 7")
}

func TestAKilledProcessIsReplaced(t *testing.T) {
	w := newWorld(t, "", "")
	pid := parse(t, w.call(t, "").Payload).PID
	process, err := os.FindProcess(pid)
	require.NoError(t, err)
	require.NoError(t, process.Kill())
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.idle["tested"][0].running.Err() != nil
	}, 10*time.Second, time.Millisecond)
	assert.NotEqual(t, pid, parse(t, w.call(t, "").Payload).PID)
}

func TestProcessesEndWithTheRunner(t *testing.T) {
	w := newWorld(t, "", "")
	w.call(t, "")
	waiting := w.idle["tested"][0]
	require.NoError(t, w.Close())
	assert.Error(t, waiting.running.Err())
}

func TestReservedConcurrencyIsALimit(t *testing.T) {
	w := newWorld(t, "    reservedConcurrentExecutions: 1\n", "")
	running := make(chan Result)
	go func() { running <- w.call(t, "wait") }()
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.running["tested"] == 1
	}, 10*time.Second, time.Millisecond)
	_, err := w.Invoke(t.Context(), Call{Function: arn, Event: []byte(`""`)})
	assert.EqualError(t, err,
		"TooManyRequestsException: Rate Exceeded. (ReservedFunctionConcurrentInvocationLimitExceeded)")
	assert.False(t, (<-running).Failed)
	assert.False(t, w.call(t, "").Failed, "once the other has ended")
}

func TestWhatAFunctionWritesIsInItsLogGroup(t *testing.T) {
	for _, row := range []struct{ settings, group, start string }{
		{"", "/aws/lambda/tested", "START RequestId: "},
		{"    loggingConfig: {logFormat: JSON, logGroup: own}\n", "own", `"type":"platform.start"`},
	} {
		w := newWorld(t, row.settings, "")
		w.call(t, "log")
		assert.Eventually(t, func() bool {
			_, after, found := strings.Cut(w.logs.of(row.group), "first line\n")
			return found && strings.Contains(after+"\n", "second line\n")
		}, 10*time.Second, time.Millisecond, "in this order, but Lambda's own events may come between them")
		assert.Contains(t, w.logs.of(row.group), row.start)
	}
}

func TestTheFunctionsPolicyDecidesWhoMayInvoke(t *testing.T) {
	const gateway, route = "apigateway.amazonaws.com", "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/v1/GET/hello"
	permission := func(inputs string) string {
		return `- type: aws:lambda/permission:Permission
  id: tested/one
  inputs: {statementId: one, function: tested, action: "lambda:InvokeFunction", ` + inputs + "}\n"
	}
	for _, row := range []struct {
		objects, why string
		want         bool
	}{
		{"", "there is no statement", false},
		{permission("principal: apigateway.amazonaws.com"), "the service may always", true},
		{permission("principal: events.amazonaws.com"), "another service may", false},
		{permission(`principal: "*"`), "everyone may, services of AWS too", true},
		{
			permission(`principal: apigateway.amazonaws.com, sourceArn: ` +
				`"arn:aws:execute-api:us-east-1:123456789012:a1b2c3/*/*"`),
			"the API may", true,
		},
		{
			permission(`principal: apigateway.amazonaws.com, sourceArn: ` +
				`"arn:aws:execute-api:us-east-1:123456789012:zzz/*/*"`),
			"another API may", false,
		},
		{
			permission(`principal: apigateway.amazonaws.com, sourceAccount: "999988887777"`), "another account may",
			false,
		},
		{
			permission("principal: apigateway.amazonaws.com, qualifier: $LATEST"), "only a version may be invoked",
			false,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t, "", row.objects)
			_, err := w.Invoke(t.Context(), Call{Function: arn, Principal: gateway, Source: route, Event: []byte(`""`)})
			if row.want {
				assert.NoError(t, err)
				return
			}
			var refused *Error
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, "AccessDeniedException", refused.Code)
		})
	}
}

func TestARoleInvokesWithItsOwnPolicies(t *testing.T) {
	const policy = `
- type: aws:iam/rolePolicy:RolePolicy
  id: orders:invokes
  inputs:
    name: invokes
    role: orders
    policy: >-
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}]}
`
	for _, row := range []struct {
		objects, role, want string
	}{
		{policy, "arn:aws:iam::123456789012:role/orders", ""},
		{"", "arn:aws:iam::123456789012:role/orders", "no statement"},
		{policy, "arn:aws:iam::123456789012:role/missing", "the role arn:aws:iam::123456789012:role/missing does not " +
			"exist"},
	} {
		w := newWorld(t, "", row.objects)
		_, err := w.Invoke(t.Context(), Call{Function: arn, Principal: "apigateway.amazonaws.com", Role: row.role,
			Event: []byte(`""`)})
		if row.want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, row.want)
	}
}

func TestInvocationsThatLambdaRefuses(t *testing.T) {
	w := newWorld(t, "", "")
	for _, row := range []struct{ function, event, code, why string }{
		{arn + ":live", `""`, "ResourceNotFoundException", "an alias that does not exist"},
		{strings.Replace(arn, "tested", "missing", 1), `""`, "ResourceNotFoundException", "no such function"},
		{strings.Replace(arn, "us-east-1", "eu-west-1", 1), `""`, "ResourceNotFoundException", "another region"},
		{"tested", `""`, "ValidationException", "no ARN"},
		{arn, strings.Repeat(" ", eventLimit+1), "RequestTooLargeException", "an event of more than 6 MB"},
	} {
		_, err := w.Invoke(t.Context(), Call{Function: row.function, Event: []byte(row.event)})
		var refused *Error
		require.ErrorAs(t, err, &refused, row.why)
		assert.Equal(t, row.code, refused.Code, row.why)
	}
}

// write writes the archive of a function to the folder that the account keeps.
func (w *world) write(t *testing.T, name, content string) {
	t.Helper()
	file, err := os.Create(filepath.Join(w.folder, "kept.zip"))
	require.NoError(t, err)
	defer file.Close()
	archive := zip.NewWriter(file)
	entry, err := archive.Create(name)
	require.NoError(t, err)
	_, err = entry.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, archive.Close())
}

func TestCodeThatThisMachineCannotRunSaysWhy(t *testing.T) {
	other := map[string]byte{"amd64": 0xb7, "arm64": 0x3e}[runtime.GOARCH] // The ELF number of the other CPU.
	header := "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9) + "\x02\x00" + string([]byte{other, 0}) +
		"\x01\x00\x00\x00" + strings.Repeat("\x00", 28) + "\x40\x00\x38\x00\x00\x00\x40\x00\x00\x00\x00\x00"
	for _, row := range []struct{ code, runtime, file, content, want, why string }{
		{"hash", "provided.al2023", "", "", "the sandbox has no code of the function f",
			"a function that existed before"},
		{"kept", "python3.13", "bootstrap", "", "has the runtime python3.13", "AWS's image"},
		{"kept", "provided.al2023", "main", "", "it has no file bootstrap", "a wrong name"},
		{"kept", "provided.al2023", "bootstrap", header, "its executable is for linux/", "another CPU"},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t, "", "")
			if row.file != "" {
				w.write(t, row.file, row.content)
			}
			_, err := w.archives.executable(cloud.Object{ID: "f",
				Inputs: cloud.Props{"code": row.code, "runtime": row.runtime}})
			assert.ErrorContains(t, err, row.want)
		})
	}
}

func TestAKeptArchiveRuns(t *testing.T) {
	w := newWorld(t, "", "")
	executable, err := os.Executable()
	require.NoError(t, err)
	content, err := os.ReadFile(executable)
	require.NoError(t, err)
	w.write(t, "bootstrap", string(content))
	require.NoError(t, os.Remove(filepath.Join(w.built, "local", "tested")))
	w.inv.Find(functionType, "tested").Inputs["code"] = "kept"
	assert.False(t, w.call(t, "").Failed)
	info, err := os.Stat(filepath.Join(w.folder, "kept"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode())
}
