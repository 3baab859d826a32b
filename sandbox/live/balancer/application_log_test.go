package balancer

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
)

// slowly answers in a second, and needs another one for the body. It answers health checks at once.
func slowly(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.UserAgent(), "ELB-HealthChecker") {
		return
	}
	time.Sleep(time.Second)
	w.Header().Set("Content-Length", "5")
	w.WriteHeader(http.StatusCreated)
	_ = http.NewResponseController(w).Flush()
	time.Sleep(time.Second)
	fmt.Fprint(w, "hello")
}

// requestEntries are requests and their entries, without the times and what depends on chance. The fields stand in
// AWS's order.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
var requestEntries = []struct {
	why   string
	scene webScene
	h2    bool
	url   string
	want  string
}{
	{
		why: "a target that answers", scene: webScene{targets: oneTarget}, url: "https://api.example.com/a?b=c",
		want: "https 192.0.2.1:50000 10.0.1.20:80 0.000 1.000 1.000 201 201 SIZE SIZE " +
			`"GET https://api.example.com:443/a?b=c HTTP/1.1" "a \x22client\x22" ` +
			`ECDHE-ECDSA-AES128-GCM-SHA256 TLSv1.2 ` +
			groupARN + ` "Root=1-58337262-36d228ad5d99923122bbe354" "api.example.com" "` + certARN +
			`" 0 "forward" "-" "-" "10.0.1.20:80" "201" "-" "-" "-" "-" "-"`,
	},
	{
		why: "HTTP/2, and a rule", scene: webScene{targets: oneTarget, rules: []string{
			"priority: 7, conditions: [{pathPattern: {values: [/a]}}], actions: [{type: forward, targetGroupArn: '" +
				groupARN + "'}]"}}, h2: true, url: "https://api.example.com/a",
		want: "h2 192.0.2.1:50000 10.0.1.20:80 0.000 1.000 1.000 201 201 SIZE SIZE " +
			`"GET https://api.example.com:443/a HTTP/2.0" "a \x22client\x22" ECDHE-ECDSA-AES128-GCM-SHA256 TLSv1.2 ` +
			groupARN + ` "Root=1-58337262-36d228ad5d99923122bbe354" "api.example.com" "` + certARN +
			`" 7 "forward" "-" "-" "10.0.1.20:80" "201" "-" "-" "-" "-" "-"`,
	},
	{
		why: "no target", url: "https://api.example.com/",
		want: `https 192.0.2.1:50000 - -1 -1 -1 503 - SIZE SIZE "GET https://api.example.com:443/ HTTP/1.1" ` +
			`"a \x22client\x22" ECDHE-ECDSA-AES128-GCM-SHA256 TLSv1.2 ` + groupARN +
			` "Root=1-58337262-36d228ad5d99923122bbe354" "api.example.com" "` + certARN +
			`" 0 "forward" "-" "-" "-" "-" "-" "-" "-" "-" "-"`,
	},
	{
		why: "a target that refuses", scene: webScene{targets: []string{"targetId: 10.0.1.21"}},
		url: "https://api.example.com/",
		want: `https 192.0.2.1:50000 10.0.1.21:80 -1 -1 -1 502 - SIZE SIZE "GET https://api.example.com:443/ ` +
			`HTTP/1.1" "a \x22client\x22" ECDHE-ECDSA-AES128-GCM-SHA256 TLSv1.2 ` + groupARN +
			` "Root=1-58337262-36d228ad5d99923122bbe354" "api.example.com" "` + certARN +
			`" 0 "forward" "-" "-" "10.0.1.21:80" "-" "-" "-" "-" "-" "-"`,
	},
	{
		why: "a fixed response without TLS", url: "http://api.example.com/",
		scene: webScene{listener: "port: 80, protocol: HTTP",
			defaultAction: "type: fixed-response, fixedResponse: {contentType: text/plain, statusCode: '404'}"},
		want: `http 192.0.2.1:50000 - -1 -1 -1 404 - SIZE SIZE "GET http://api.example.com:80/ HTTP/1.1" ` +
			`"a \x22client\x22" - - - "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 "fixed-response" "-" "-" ` +
			`"-" "-" "-" "-" "-" "-" "-"`,
	},
	{
		why: "a redirection", url: "http://api.example.com/a",
		scene: webScene{listener: "port: 80, protocol: HTTP",
			defaultAction: "type: redirect, redirect: {protocol: HTTPS, port: '443', statusCode: HTTP_301}"},
		want: `http 192.0.2.1:50000 - -1 -1 -1 301 - SIZE SIZE "GET http://api.example.com:80/a HTTP/1.1" ` +
			`"a \x22client\x22" - - - "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 "redirect" ` +
			`"https://api.example.com:443/a" "-" "-" "-" "-" "-" "-" "-" "-"`,
	},
}

// chance matches what an entry does not have in common with others: the time of the answer with the load balancer, the
// numbers of bytes, the time of the request, and the ID of the connection.
var chance = regexp.MustCompile(`^(\S+) ` + moment + ` app/web/00000000000000dd (.*?) [1-9]\d+ [1-9]\d+ (".*) ` +
	moment + ` (.*) TID_[0-9a-f]{32} ("-" "-" "-")$`)

const moment = `2000-01-01T00:00:0\d\.000000Z`

func TestEntryOfARequestHasWhatAWSWrites(t *testing.T) {
	for _, row := range requestEntries {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				row.scene.balancer = "accessLogs: {bucket: logs, enabled: true}"
				w := newWorldOf(t, bucketYAML+row.scene.yaml())
				w.network.Listen("10.0.1.20:80", webServer{handle: slowly})
				request, err := http.NewRequest(http.MethodGet, row.url, nil)
				require.NoError(t, err)
				request.Header = http.Header{"User-Agent": {`a "client"`},
					"X-Amzn-Trace-Id": {"Root=1-58337262-36d228ad5d99923122bbe354"}}
				var a network.Arrival
				if request.URL.Scheme == "http" {
					a.To = netip.MustParseAddrPort("10.0.1.10:80")
				}
				response, err := w.clientOf(row.h2, a).Do(request)
				require.NoError(t, err)
				_, err = io.Copy(io.Discard, response.Body)
				require.NoError(t, err)
				response.Body.Close()
				synctest.Wait()
				require.NoError(t, w.balancers.Close())
				lines := w.journal.lines(t)
				require.Len(t, lines, 1)
				require.Regexp(t, chance, lines[0])
				assert.Equal(t, row.want, chance.ReplaceAllString(lines[0], "$1 $2 SIZE SIZE $3 $4 $5"))
			})
		})
	}
}

func TestARequestThatCannotBeReadIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		scene := webScene{listener: "port: 80, protocol: HTTP", balancer: "accessLogs: {bucket: logs, enabled: true}"}
		w := newWorldOf(t, bucketYAML+scene.yaml())
		conn := w.connect(t.Context(), network.Arrival{To: netip.MustParseAddrPort("10.0.1.10:80")})
		_, err := io.WriteString(conn, "nonsense\r\n\r\n")
		require.NoError(t, err)
		_, err = io.ReadAll(conn)
		require.NoError(t, err)
		conn.Close()
		synctest.Wait()
		require.NoError(t, w.balancers.Close())
		lines := w.journal.lines(t)
		require.Len(t, lines, 1)
		assert.Regexp(t, `^http `+moment+` app/web/00000000000000dd 192\.0\.2\.1:50000 - -1 -1 -1 400 - 0 [1-9]\d+ `+
			`"- http://internal-web-\S+\.us-east-1\.elb\.amazonaws\.com:80- -" "-" - - - "-" "-" "-" - `+moment+
			` "-" "-" "-" "-" "-" "-" "-" TID_[0-9a-f]{32} "-" "-" "-"$`, lines[0])
	})
}

func TestALoadBalancerWithoutTheAttributeKeepsNoAccessLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorldOf(t, webScene{}.yaml())
		response, err := w.client(false).Get("https://api.example.com/")
		require.NoError(t, err)
		response.Body.Close()
		synctest.Wait()
		require.NoError(t, w.balancers.Close())
		assert.Empty(t, w.journal.files())
	})
}

func TestTimesOfARequestThatIsNotSentAsAWhole(t *testing.T) {
	begun := time.Date(2026, time.November, 28, 12, 0, 0, 0, time.UTC)
	v := visit{result: &result{begun: begun, answered: begun.Add(2 * time.Second)}}
	assert.Equal(t, []string{"-1", "2.000", "1.000"}, v.times(begun.Add(3*time.Second)), "the target answered before")
}

func TestProtocolAndStatusOfRareRequests(t *testing.T) {
	grpc := &targetGroup{Object: &inventory.Object{Out: cloud.Props{"protocolVersion": "GRPC"}}}
	v := visit{Request: &http.Request{ProtoMajor: 2}, scheme: "https", result: &result{group: grpc}}
	assert.Equal(t, "grpcs", v.kind(http.StatusOK))
	answer := httptest.NewRecorder()
	failed(answer, fmt.Errorf("forward: %w", context.Canceled))
	assert.Equal(t, 460, answer.Code, "the client has left")
}
