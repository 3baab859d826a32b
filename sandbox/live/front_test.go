package live_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live"
)

// staticFront is a static front: a load balancer with an Elastic IP, which ends TLS and encrypts again, an endpoint and
// a private API. Its paths lead to two functions, whose code is this test's: one that may run for a long time, and one
// that Lambda stops after a second.
const staticFront = `
- {type: "aws:ec2/vpc:Vpc", id: vpc-1, inputs: {cidrBlock: 10.0.0.0/16}}
- {type: "aws:ec2/internetGateway:InternetGateway", id: igw-1, inputs: {vpcId: vpc-1}}
- {type: "aws:ec2/subnet:Subnet", id: subnet-1, inputs: {vpcId: vpc-1, cidrBlock: 10.0.0.0/24,
   availabilityZone: us-east-1a}}
- {type: "aws:ec2/routeTable:RouteTable", id: rtb-1, inputs: {vpcId: vpc-1}}
- {type: "aws:ec2/route:Route", id: r-1, inputs: {routeTableId: rtb-1, destinationCidrBlock: 0.0.0.0/0,
   gatewayId: igw-1}}
- {type: "aws:ec2/routeTableAssociation:RouteTableAssociation", id: rtbassoc-1,
   inputs: {routeTableId: rtb-1, subnetId: subnet-1}}
- {type: "aws:ec2/eip:Eip", id: eipalloc-1, inputs: {domain: vpc}}
- {type: "aws:acm/certificate:Certificate", id: "arn:aws:acm:us-east-1:123456789012:certificate/1",
   inputs: {domainName: api.example.com, keyAlgorithm: EC_prime256v1, validationMethod: DNS}, private: {issued: true}}
- {type: "aws:ec2/securityGroup:SecurityGroup", id: sg-1, inputs: {name: endpoint, vpcId: vpc-1}}
- {type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", id: sgr-1, inputs: {securityGroupId: sg-1,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 10.0.0.0/16}}
- {type: "aws:ec2/vpcEndpoint:VpcEndpoint", id: vpce-1, inputs: {vpcId: vpc-1, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.execute-api, subnetIds: [subnet-1], securityGroupIds: [sg-1],
   subnetConfigurations: [{subnetId: subnet-1, ipv4: 10.0.0.20}]}}
- {type: "aws:lb/loadBalancer:LoadBalancer", id: "LB:loadbalancer/net/front/1", inputs: {name: front,
   loadBalancerType: network, subnetMappings: [{subnetId: subnet-1, allocationId: eipalloc-1}]}}
- {type: "aws:lb/targetGroup:TargetGroup", id: "LB:targetgroup/tg/1", inputs: {name: tg, port: 443, protocol: TLS,
   targetType: ip, vpcId: vpc-1}}
- {type: "aws:lb/targetGroupAttachment:TargetGroupAttachment", id: attachment-1,
   inputs: {targetGroupArn: "LB:targetgroup/tg/1", targetId: 10.0.0.20}}
- {type: "aws:lb/listener:Listener", id: "LB:listener/net/front/1/1", inputs: {
   loadBalancerArn: "LB:loadbalancer/net/front/1", port: 443, protocol: TLS,
   certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
   sslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06,
   defaultActions: [{type: forward, targetGroupArn: "LB:targetgroup/tg/1"}]}}
- {type: "aws:iam/role:Role", id: role, inputs: {name: role, assumeRolePolicy: '{"Version":"2012-10-17",
   "Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}'}}
- {type: "aws:lambda/function:Function", id: patient, inputs: {name: patient, timeout: 900, CODE}}
- {type: "aws:lambda/function:Function", id: hasty, inputs: {name: hasty, timeout: 1, CODE}}
- {type: "aws:lambda/permission:Permission", id: patient/all, inputs: {statementId: all, function: patient,
   action: "lambda:InvokeFunction", principal: apigateway.amazonaws.com}}
- {type: "aws:lambda/permission:Permission", id: hasty/all, inputs: {statementId: all, function: hasty,
   action: "lambda:InvokeFunction", principal: apigateway.amazonaws.com}}
- {type: "aws:apigateway/restApi:RestApi", id: front00001, inputs: {name: front,
   endpointConfiguration: {types: PRIVATE}, policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow",
   "Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}}',
   body: '{"openapi":"3.0.1","info":{"title":"a","version":"1"},"paths":{
   "/patient":{"x-amazon-apigateway-any-method":{"x-amazon-apigateway-integration":PATIENT}},
   "/hasty":{"get":{"x-amazon-apigateway-integration":HASTY}},
   "/impatient":{"get":{"x-amazon-apigateway-integration":IMPATIENT}}}}'}}
- {type: "aws:apigateway/deployment:Deployment", id: dfront00001, inputs: {restApi: front00001}}
- {type: "aws:apigateway/stage:Stage", id: ags-front00001-v1, inputs: {restApi: front00001, stageName: v1,
   deployment: dfront00001}}
`

// What clients ask for: a load balancer, and the API behind it.
const (
	frontARN  = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/front/1"
	frontHost = "front00001.execute-api.us-east-1.amazonaws.com"
)

// TestMain makes the test's own executable the functions of the front.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		lambda.Start(behave)
	}
	os.Exit(m.Run())
}

// behave does what the header Do says. One that waits sends its process ID to the address in the header Tell, waits
// until nothing more comes from there, and says that it is done.
func behave(_ context.Context, e events.APIGatewayProxyRequest) (*events.APIGatewayProxyResponse, error) {
	answer := &events.APIGatewayProxyResponse{StatusCode: http.StatusOK, Body: e.Headers["Say"] + e.Body}
	switch e.Headers["Do"] {
	case "crash":
		os.Exit(3)
	case "fail":
		return nil, errors.New("it fails")
	case "talk nonsense":
		answer.StatusCode = 42
	case "talk much":
		answer.Body = strings.Repeat("x", much)
	case "hang":
		time.Sleep(time.Hour)
	case "wait":
		conn, err := net.Dial("tcp", e.Headers["Tell"])
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		fmt.Fprintln(conn, os.Getpid())
		io.Copy(io.Discard, conn)
		fmt.Fprintln(conn, "done")
	}
	return answer, nil
}

// much is more than connections keep for a client that does not read.
const much = 5 << 20

// integration returns the integration with a function.
func integration(function string, timeout int) string {
	text, _ := json.Marshal(map[string]any{ // Texts and a number.
		"type": "aws_proxy", "httpMethod": "POST", "timeoutInMillis": timeout,
		"uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:" +
			"function:" + function + "/invocations",
	})
	return string(text)
}

// front is a front that serves, as clients reach it.
type front struct {
	t    *testing.T
	dial func() net.Conn
}

// writeFront writes the account of a front, and what its functions run.
func writeFront(t *testing.T) live.Options {
	t.Helper()
	folder := t.TempDir()
	o := live.Options{Account: filepath.Join(folder, "aws.json"), Built: filepath.Join(folder, "bin")}
	require.NoError(t, os.MkdirAll(filepath.Join(o.Built, "local"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(o.Built, "tested.zip"), []byte("an archive"), 0o644))
	executable, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(executable, filepath.Join(o.Built, "local", "tested")))
	hash := sha256.Sum256([]byte("an archive"))
	write(t, o.Account, strings.NewReplacer(
		"LB:", "arn:aws:elasticloadbalancing:us-east-1:123456789012:",
		"CODE", "role: 'arn:aws:iam::123456789012:role/role', runtime: provided.al2023, handler: bootstrap, code: "+
			hex.EncodeToString(hash[:]),
		"PATIENT", integration("patient", 29000), "HASTY", integration("hasty", 29000),
		"IMPATIENT", integration("hasty", 50),
	).Replace(staticFront))
	return o
}

// openFront returns a front that clients in the internet reach.
func openFront(t *testing.T, o live.Options) *front {
	t.Helper()
	w, err := live.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.Close()) })
	address := addressOf(t, w)
	return &front{t, func() net.Conn {
		conn, err := w.Reach(context.Background(), "internet", address)
		require.NoError(t, err)
		return conn
	}}
}

// addressOf returns the address of the front.
func addressOf(t *testing.T, w *live.World) string {
	t.Helper()
	call := live.Call{From: "internet", ConnectTo: frontARN, URL: "https://api.example.com/"}
	result, err := w.Call(t.Context(), call)
	require.NoError(t, err)
	require.NotEmpty(t, result.Address, "%+v", result)
	return result.Address
}

// serveFront returns a front that clients reach through the proxy of the internet, as with `sandbox serve`.
func serveFront(t *testing.T, o live.Options) *front {
	t.Helper()
	w, err := live.Open(t.Context(), o)
	require.NoError(t, err)
	address := addressOf(t, w)
	require.NoError(t, w.Close())
	ctx, cancel := context.WithCancel(t.Context())
	current, err := live.Follow(ctx, o, func(message string) { assert.Fail(t, message) })
	require.NoError(t, err)
	servers, err := current.Serve(ctx, "internet")
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		servers.Wait()
		current.Wait()
	})
	return &front{t, func() net.Conn {
		conn, err := net.Dial("tcp", servers.Proxy.String())
		require.NoError(t, err)
		fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", address, address)
		const established = "HTTP/1.1 200 Connection established\r\n\r\n"
		got := make([]byte, len(established))
		_, err = io.ReadFull(conn, got)
		require.NoError(t, err)
		require.Equal(t, established, string(got))
		return conn
	}}
}

// assertServes checks that the front answers a request on a new connection.
func (f *front) assertServes() {
	f.t.Helper()
	c := f.connect()
	defer c.Close()
	c.assertServes()
}

// assertServes checks that the front answers a request on the connection.
func (c *client) assertServes() {
	c.t.Helper()
	c.write(head("GET", "/v1/patient", "Say: hello"))
	status, body := c.answer()
	assert.Equal(c.t, http.StatusOK, status, body)
	assert.Equal(c.t, "hello", body)
}

// client is a client's connection with the front.
type client struct {
	net.Conn
	t      *testing.T
	reader *bufio.Reader
}

// connect opens a connection and ends the TLS handshake.
func (f *front) connect() *client {
	f.t.Helper()
	secure := tls.Client(f.dial(), &tls.Config{ServerName: "api.example.com", InsecureSkipVerify: true})
	f.t.Cleanup(func() { secure.Close() })
	require.NoError(f.t, secure.Handshake())
	return &client{secure, f.t, bufio.NewReader(secure)}
}

// write sends bytes.
func (c *client) write(text string) {
	c.t.Helper()
	_, err := io.WriteString(c, text)
	require.NoError(c.t, err)
}

// head returns the head of a request.
func head(method, path string, fields ...string) string {
	fields = append([]string{method + " " + path + " HTTP/1.1", "Host: " + frontHost}, fields...)
	return strings.Join(fields, "\r\n") + "\r\n\r\n"
}

// answer reads an answer.
func (c *client) answer() (status int, body string) {
	c.t.Helper()
	response, err := http.ReadResponse(c.reader, nil)
	require.NoError(c.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	return response.StatusCode, string(text)
}

// task is a function that waits.
type task struct {
	*net.TCPConn
	t      *testing.T
	reader *bufio.Reader
	pid    int
}

// start lets a function wait that a client asks for, and returns it.
func (c *client) start() *task {
	c.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(c.t, err)
	defer listener.Close()
	require.NoError(c.t, listener.(*net.TCPListener).SetDeadline(time.Now().Add(time.Minute)))
	c.write(head("GET", "/v1/patient", "Do: wait", "Say: at last", "Tell: "+listener.Addr().String()))
	conn, err := listener.Accept()
	require.NoError(c.t, err)
	c.t.Cleanup(func() { conn.Close() })
	running := &task{TCPConn: conn.(*net.TCPConn), t: c.t, reader: bufio.NewReader(conn)}
	_, err = fmt.Fscan(running.reader, &running.pid)
	require.NoError(c.t, err)
	return running
}

// end lets a function end, and checks that it has run until then.
func (r *task) end() {
	r.t.Helper()
	require.NoError(r.t, r.CloseWrite())
	said, err := io.ReadAll(r.reader)
	require.NoError(r.t, err)
	assert.Equal(r.t, "done", strings.TrimSpace(string(said)), "the function runs to its end")
}

// ofConnection matches the stacks of goroutines that serve a connection or wait for a function.
var ofConnection = regexp.MustCompile(`sandbox/live/(network|balancer|gateway|httpconn|memconn)\.|` +
	`live/proxy\.\(\*Server\)\.serve|live/function\.\(\*Runner\)\.(Invoke|work)`)

// assertNothingLeft checks that no goroutine of a connection stays.
func assertNothingLeft(t *testing.T) {
	t.Helper()
	var left []string
	ended := func() bool {
		stacks := make([]byte, 4<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left = slices.DeleteFunc(strings.Split(string(stacks), "\n\n"),
			func(stack string) bool { return !ofConnection.MatchString(stack) })
		return len(left) == 0
	}
	if !assert.Eventually(t, ended, 20*time.Second, 5*time.Millisecond, "goroutines leak") {
		t.Log(strings.Join(left, "\n\n"))
	}
}

// assertGoroutines checks that the number of goroutines returns to a number.
func assertGoroutines(t *testing.T, before int) {
	t.Helper()
	returns := func() bool { return runtime.NumGoroutine()-1 <= before } // Eventually has one.
	assert.Eventually(t, returns, 20*time.Second, 5*time.Millisecond, "goroutines leak")
}
