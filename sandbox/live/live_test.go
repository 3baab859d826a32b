package live_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	miekg "github.com/miekg/dns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live"
)

// api is a regional API that answers GET /hello with 200 itself, and GET /signed if the request has a signature.
const api = `
- {type: "aws:apigateway/restApi:RestApi", id: region0001, inputs: {name: region,
   endpointConfiguration: {types: REGIONAL}, body: '{"openapi":"3.0.1","info":{"title":"a","version":"1"},"paths":{
   "/hello":{"get":{"responses":{"200":{"description":"x"}},"x-amazon-apigateway-integration":MOCK}},
   "/signed":{"get":{"responses":{"200":{"description":"x"}},"x-amazon-apigateway-auth":{"type":"AWS_IAM"},
   "x-amazon-apigateway-integration":MOCK}}}}'}}
- {type: "aws:apigateway/deployment:Deployment", id: dregion0001, inputs: {restApi: region0001}}
- {type: "aws:apigateway/stage:Stage", id: ags-region0001-v1, inputs: {restApi: region0001, stageName: v1,
   deployment: dregion0001}}
`

const mock = `{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\":200}"},
   "responses":{"default":{"statusCode":"200"}}}`

const (
	host = "region0001.execute-api.us-east-1.amazonaws.com"
	url  = "https://" + host + "/v1/hello"
)

// write writes the file of an account that holds the objects.
func write(t *testing.T, path, objects string) {
	t.Helper()
	kinds := catalog.New()
	kinds.Existing = []byte(strings.ReplaceAll(objects, "MOCK", mock))
	temp := filepath.Join(t.TempDir(), "account.json")
	account, err := cloud.Open(temp, kinds)
	require.NoError(t, err)
	require.NoError(t, account.Happen("us-east-1", func(*cloud.Request) error { return nil })) // It saves the file.
	require.NoError(t, os.Rename(temp, path))
}

// open returns the world of the API.
func open(t *testing.T) *live.World {
	t.Helper()
	path := filepath.Join(t.TempDir(), "aws.json")
	write(t, path, api)
	w, err := live.Open(t.Context(), live.Options{Account: path})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.Close()) })
	return w
}

func TestACallSaysHowItEnded(t *testing.T) {
	w := open(t)
	for _, row := range []struct {
		why    string
		call   live.Call
		want   live.Outcome
		status int
		text   string // Of the transcript.
	}{
		{"an answer", live.Call{URL: url}, live.Answered, 200, "< HTTP/2.0 200"},
		{"an answer by HTTP/1.1", live.Call{URL: url, Protocol: "http/1.1"}, live.Answered, 200, "< HTTP/1.1 200"},
		{"an answer by an old version of TLS", live.Call{URL: url, TLSVersion: "1.2"}, live.Answered, 200,
			"* TLS 1.2,"},
		{"a version of TLS that the server refuses", live.Call{URL: url, TLSVersion: "1.1"}, live.TLSFailed, 0,
			"= tls-failed: "},
		{"an answer to another method", live.Call{URL: url, Method: "POST"}, live.Answered, 403,
			"Missing Authentication Token"},
		{"an answer to another host", live.Call{URL: url, Header: http.Header{"Host": {"x." + host}}}, live.Answered,
			403, "Forbidden"},
		{"an answer without a signature", live.Call{URL: "https://" + host + "/v1/signed"}, live.Answered, 403,
			"Missing Authentication Token"},
		{"an answer with a signature", live.Call{URL: "https://" + host + "/v1/signed", Signed: true}, live.Answered,
			200, "API Gateway"},
		{"a name that nobody knows", live.Call{URL: "https://nowhere.example.com/"}, live.NameNotResolved, 0,
			"= name-not-resolved: "},
		{"a closed port", live.Call{URL: "https://" + host + ":8443/"}, live.NotConnected, 0, "= not-connected: "},
		{"an address without a route", live.Call{URL: "https://10.0.0.1/"}, live.NotConnected, 0, "timed out"},
	} {
		if row.call.From == "" {
			row.call.From = "internet"
		}
		result, err := w.Call(t.Context(), row.call)
		require.NoError(t, err, row.why)
		var text strings.Builder
		require.NoError(t, result.Transcript(&text))
		assert.Equal(t, row.want, result.Outcome, "%s: %s", row.why, text.String())
		assert.Contains(t, text.String(), row.text, row.why)
		if row.status != 0 && assert.NotNil(t, result.Response, row.why) {
			assert.Equal(t, row.status, result.Response.Status, "%s: %s", row.why, text.String())
		}
	}
}

func TestAQuestionThatMakesNoSenseIsAnError(t *testing.T) {
	w := open(t)
	for _, row := range []struct {
		call live.Call
		want string
	}{
		{live.Call{From: "nowhere", URL: url}, `place = "nowhere": want internet, on-premises, an address`},
		{live.Call{From: "internet", URL: "api.example.com"}, "want one such as https://api.example.com/hello"},
		{live.Call{From: "internet", URL: url, TLSVersion: "1.4"}, `TLS version = "1.4": want 1.0, 1.1, 1.2 or 1.3`},
		{live.Call{From: "internet", URL: url, Protocol: "h3"}, `protocol = "h3": want h2 or http/1.1`},
	} {
		_, err := w.Call(t.Context(), row.call)
		assert.ErrorContains(t, err, row.want)
	}
}

func TestTheInternetIsAClientWhomNoListOfRangesNames(t *testing.T) {
	w := open(t)
	for text, want := range map[string][]netip.Addr{
		"internet":             {netip.MustParseAddr("198.18.0.1"), netip.MustParseAddr("3fff:fff::1")},
		"internet 192.0.2.128": {netip.MustParseAddr("192.0.2.128")},
	} {
		place, err := w.Place(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, place.Addrs, text)
	}
}

func TestAFailedZoneMustBeOneOfTheAccount(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.json")
	write(t, path, `
- {type: aws:ec2/vpc:Vpc, id: vpc-1, inputs: {cidrBlock: 10.0.0.0/16}}
- {type: aws:ec2/subnet:Subnet, id: subnet-b, inputs: {vpcId: vpc-1, cidrBlock: 10.0.1.0/24,
   availabilityZone: us-east-1b}}
- {type: aws:ec2/subnet:Subnet, id: subnet-a, inputs: {vpcId: vpc-1, cidrBlock: 10.0.0.0/24,
   availabilityZone: us-east-1a}}
`)
	_, err := live.Open(t.Context(), live.Options{Account: path, FailedZone: "us-east-1c"})
	require.ErrorContains(t, err, `failed zone = "us-east-1c": want one of us-east-1a, us-east-1b`)
	w, err := live.Open(t.Context(), live.Options{Account: path, FailedZone: "us-east-1a"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.Close()) })
	result, err := w.Call(t.Context(), live.Call{From: "subnet-a", URL: "https://10.0.1.10/"})
	require.NoError(t, err)
	assert.Contains(t, result.Error, "zone us-east-1a fails, and subnet-a is in it")
}

// balanced is a load balancer with a node in each of two zones, and a server in the first one.
const balanced = `
- {type: aws:ec2/vpc:Vpc, id: vpc-1, inputs: {cidrBlock: 10.0.0.0/16}}
- {type: aws:ec2/subnet:Subnet, id: subnet-a, inputs: {vpcId: vpc-1, cidrBlock: 10.0.0.0/24,
   availabilityZone: us-east-1a}}
- {type: aws:ec2/subnet:Subnet, id: subnet-b, inputs: {vpcId: vpc-1, cidrBlock: 10.0.1.0/24,
   availabilityZone: us-east-1b}}
- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-web, inputs: {name: web, vpcId: vpc-1,
   ingress: [{protocol: tcp, fromPort: 443, toPort: 443, cidrBlocks: [10.0.0.0/16]}]}}
- {type: aws:ec2/instance:Instance, id: i-web, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-a, privateIp: 10.0.0.20, vpcSecurityGroupIds: [sg-web]}}
- {type: aws:lb/loadBalancer:LoadBalancer, id: "` + balancerARN + `", inputs: {name: front, loadBalancerType: network,
   internal: true, subnetMappings: [{subnetId: subnet-a, privateIpv4Address: 10.0.0.40},
   {subnetId: subnet-b, privateIpv4Address: 10.0.1.40}]}}
- {type: aws:lb/targetGroup:TargetGroup, id: "` + groupARN + `",
   inputs: {name: web, vpcId: vpc-1, targetType: ip, protocol: TCP, port: 443}}
- {type: aws:lb/targetGroupAttachment:TargetGroupAttachment, id: attachment-1,
   inputs: {targetGroupArn: "` + groupARN + `", targetId: 10.0.0.20}}
- {type: aws:lb/listener:Listener,
   id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/front/1/2", inputs: {protocol: TCP, port: 443,
   loadBalancerArn: "` + balancerARN + `", defaultActions: [{type: forward, targetGroupArn: "` + groupARN + `"}]}}
`

const (
	balancerARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/front/1"
	groupARN    = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/3"
)

// TestClientsOfALoadBalancerFindItsHealthyNodes resolves the name, and connects with the object.
func TestClientsOfALoadBalancerFindItsHealthyNodes(t *testing.T) {
	for _, row := range []struct {
		why     string
		options live.Options
		want    []string
		answers bool
	}{
		{"the zone of the server", live.Options{}, []string{"10.0.0.40"}, true},
		{"health checks have not failed yet", live.Options{AllNodes: true}, []string{"10.0.0.40", "10.0.1.40"}, true},
		{"nobody is healthy", live.Options{FailedZone: "us-east-1a"}, []string{"10.0.0.40", "10.0.1.40"}, false},
	} {
		row.options.Account = filepath.Join(t.TempDir(), "aws.json")
		write(t, row.options.Account, balanced)
		w, err := live.Open(t.Context(), row.options)
		require.NoError(t, err, row.why)
		url, err := w.Fill("https://${" + balancerARN + "}/")
		require.NoError(t, err, row.why)
		name := strings.TrimSuffix(strings.TrimPrefix(url, "https://"), "/")
		answer, err := w.Dig(t.Context(), "subnet-b", name, miekg.TypeA)
		require.NoError(t, err, row.why)
		var addrs []string
		for _, record := range answer.Records {
			addrs = append(addrs, record[strings.LastIndex(record, " ")+1:])
		}
		assert.Equal(t, row.want, addrs, row.why)
		result, err := w.Call(t.Context(),
			live.Call{From: "subnet-b", URL: url, ConnectTo: balancerARN, Insecure: true})
		require.NoError(t, err, row.why)
		assert.Equal(t, row.answers, result.Outcome == live.Answered, "%s: %s", row.why, result.Error)
		assert.NoError(t, w.Close())
	}
}

func TestDigSaysWhoAnswered(t *testing.T) {
	answer, err := open(t).Dig(t.Context(), "internet", host, miekg.TypeA)
	require.NoError(t, err)
	var text strings.Builder
	require.NoError(t, answer.Transcript(&text))
	assert.Contains(t, text.String(), ";; "+host+". A: NOERROR\n;; ")
	assert.NotEmpty(t, answer.Records)
	assert.Contains(t, text.String(), answer.Records[0])
}

func TestAPromiseIsKeptIfItsRequestEndsAsItSays(t *testing.T) {
	w := open(t)
	for _, row := range []struct {
		why     string
		promise live.Promise
		want    bool
	}{
		{"it arrives", live.Promise{Request: "GET " + url, Expect: "delivered"}, true},
		{"it must not arrive, and does", live.Promise{Request: "GET " + url, Expect: "refused"}, false},
		{"it is refused", live.Promise{Request: "POST " + url, Expect: "refused"}, true},
		{"its name is unknown", live.Promise{Request: "GET https://nowhere.example.com/", Expect: "name-not-resolved"},
			true},
		{"its name is known", live.Promise{Request: "GET " + url, Expect: "name-not-resolved"}, false},
	} {
		row.promise.From = "internet"
		result, err := w.Try(t.Context(), row.promise)
		require.NoError(t, err, row.why)
		assert.Equal(t, row.want, row.promise.Kept(result), row.why)
	}
}

// publicSubnet is a public subnet of a VPC without a resolver.
const publicSubnet = `
- {type: "aws:ec2/vpc:Vpc", id: vpc-01, inputs: {cidrBlock: 10.0.0.0/16, enableDnsSupport: false}}
- {type: "aws:ec2/internetGateway:InternetGateway", id: igw-01, inputs: {vpcId: vpc-01}}
- {type: "aws:ec2/subnet:Subnet", id: subnet-01, inputs: {vpcId: vpc-01, cidrBlock: 10.0.0.0/24,
   availabilityZone: us-east-1a, mapPublicIpOnLaunch: true}}
- {type: "aws:ec2/routeTable:RouteTable", id: rtb-01, inputs: {vpcId: vpc-01, routes: [
   {cidrBlock: 0.0.0.0/0, gatewayId: igw-01}]}}
- {type: "aws:ec2/routeTableAssociation:RouteTableAssociation", id: rtbassoc-01, inputs: {subnetId: subnet-01,
   routeTableId: rtb-01}}
`

func TestNobodyLeavesAVPCWithoutAResolverByName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.json")
	for settings, want := range map[string]live.Outcome{"false": live.NameNotResolved, "true": live.Left} {
		write(t, path, strings.Replace(publicSubnet, "enableDnsSupport: false", "enableDnsSupport: "+settings, 1))
		w, err := live.Open(t.Context(), live.Options{Account: path})
		require.NoError(t, err)
		call := live.Call{From: "subnet-01", URL: "https://cdn.example.com/", ConnectTo: "internet"}
		result, err := w.Call(t.Context(), call)
		require.NoError(t, err)
		assert.Equal(t, want, result.Outcome, "%s: %s", settings, result.Error)
		require.NoError(t, w.Close())
	}
}

func TestAClientTriesNoAddressOfAnIPVersionThatItHasNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.json")
	dualstack := strings.Replace(api, "types: REGIONAL", "types: REGIONAL, ipAddressType: dualstack", 1)
	write(t, path, dualstack+strings.Replace(publicSubnet, "enableDnsSupport: false", "enableDnsSupport: true", 1))
	w, err := live.Open(t.Context(), live.Options{Account: path})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.Close()) })
	results, err := w.TryEach(t.Context(), live.Promise{From: "subnet-01", Request: "GET " + url})
	require.NoError(t, err)
	assert.Len(t, results, 2, "both IPv4 addresses of API Gateway, and neither of IPv6")
	for _, r := range results {
		assert.Equal(t, live.Answered, r.Outcome, r.Error)
	}
	results, err = w.TryEach(t.Context(), live.Promise{From: "subnet-01", Request: "GET " + url, IPVersion: 6})
	require.NoError(t, err)
	assert.NotEmpty(t, results)
	assert.Equal(t, live.NotConnected, results[0].Outcome, "it has nothing else to try")
}

func TestTheWorldFollowsTheAccountsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.json")
	write(t, path, "[]")
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	var told []string
	current, err := live.Follow(ctx, live.Options{Account: path}, func(message string) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, message)
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		current.Wait()
	})
	tells := func(text string) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return strings.Contains(strings.Join(told, "\n"), text)
		}
	}
	old, release := current.Use()
	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	require.Eventually(t, tells("what was deployed before still answers"), 20*time.Second, 20*time.Millisecond)
	write(t, path, api)
	require.Eventually(t, tells("what is deployed now answers"), 20*time.Second, 20*time.Millisecond)
	status := func(w *live.World) string {
		answer, err := w.Dig(t.Context(), "internet", host, miekg.TypeA)
		require.NoError(t, err)
		return answer.Status
	}
	now, done := current.Use()
	defer done()
	assert.Equal(t, "NOERROR", status(now))
	assert.Equal(t, "NXDOMAIN", status(old), "who has the old world keeps it")
	release()
}

func TestTheErrorsOfAFrontShowNoSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.json")
	secretive := strings.Replace(publicSubnet, "inputs: {cidrBlock: 10.0.0.0/16",
		"secrets: [canary-7f3a, 10.0.0.77], inputs: {tags: {Name: Canary-7f3a}, cidrBlock: 10.0.0.0/16", 1)
	write(t, path, strings.Replace(secretive, "enableDnsSupport: false", "enableDnsSupport: true", 1))
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan string, 9)
	current, err := live.Follow(ctx, live.Options{Account: path}, func(message string) { told <- message })
	require.NoError(t, err)
	_, err = current.Serve(ctx, "nonsense")
	require.ErrorContains(t, err, "[secret]", "it lists the VPCs")
	assert.NotContains(t, strings.ToLower(err.Error()), "canary")
	front, err := current.Serve(ctx, "subnet-01")
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		front.Wait()
		current.Wait()
	})
	status, text := throughProxy(t, front, "canary-7f3a.example.com:443")
	assert.Equal(t, http.StatusBadGateway, status)
	assert.Contains(t, text, "[secret].example.com")
	assert.NotContains(t, text, "canary")
	status, text = throughProxy(t, front, "10.0.0.77:443")
	assert.Equal(t, http.StatusGatewayTimeout, status, "it is still a timeout")
	assert.Contains(t, text, "[secret]")

	require.NoError(t, os.WriteFile(path, []byte(`{"canary-7f3a": canary-7f3a`), 0o600))
	select {
	case message := <-told:
		assert.Contains(t, message, "what was deployed before still answers")
		assert.NotContains(t, message, "canary")
	case <-time.After(20 * time.Second):
		assert.Fail(t, "nobody tells of the change")
	}
}

// throughProxy asks the proxy of a front for a connection that it refuses. It returns the status and the reason.
func throughProxy(t *testing.T, front *live.Front, hostPort string) (status int, reason string) {
	t.Helper()
	conn, err := net.Dial("tcp", front.Proxy.String())
	require.NoError(t, err)
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %[1]s\r\n\r\n", hostPort)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

func TestThePrintedLinesMakeThePromisedRequest(t *testing.T) {
	front := &live.Front{DNS: netip.MustParseAddrPort("127.0.0.1:53"), Proxy: netip.MustParseAddrPort("127.0.0.1:80")}
	const curl = "curl --proxy http://127.0.0.1:80 --cacert ca.pem "
	for _, row := range []struct {
		why     string
		promise live.Promise
		want    []string
	}{
		{"a name", live.Promise{Request: "GET " + url}, []string{"dig @127.0.0.1 -p 53 " + host, curl + url}},
		{"an address has no name to resolve", live.Promise{Request: "GET https://192.0.2.1/"},
			[]string{curl + "https://192.0.2.1/"}},
		{"what a shell would read is quoted", live.Promise{Request: "GET https://192.0.2.1/?a=it's&b",
			Headers: map[string]string{"host": "a.example.com"}},
			[]string{curl + `--header 'Host: a.example.com' 'https://192.0.2.1/?a=it'\''s&b'`}},
		{"a method, HTTP/2 and a signature",
			live.Promise{Request: "POST https://192.0.2.1/", Protocol: "h2", Signed: true},
			[]string{curl + "--request POST --http2 --aws-sigv4 aws:amz:us-east-1:execute-api " +
				"--user AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY https://192.0.2.1/"}},
	} {
		lines, err := open(t).Lines(row.promise, front, "ca.pem")
		require.NoError(t, err, row.why)
		assert.Equal(t, row.want, lines, row.why)
	}
}
