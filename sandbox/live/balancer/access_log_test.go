package balancer

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"errors"
	"io"
	"maps"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/network"
)

// bucketYAML is a bucket to which load balancers deliver their logs.
const bucketYAML = `
- {type: "aws:s3/bucketV2:BucketV2", id: logs, inputs: {bucket: logs}}
- type: aws:s3/bucketPolicy:BucketPolicy
  id: logs
  inputs:
    bucket: logs
    policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
      "Principal":{"Service":["delivery.logs.amazonaws.com","logdelivery.elasticloadbalancing.amazonaws.com"]},
      "Action":["s3:GetBucketAcl","s3:PutObject"],
      "Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/*"]}]}'
`

// loggingScene is a load balancer that keeps access logs, with an endpoint of its
// service.
func loggingScene(listener string) scene {
	s := scene{listener: listener, targets: oneTarget,
		balancer: "accessLogs: {bucket: logs, enabled: true}", more: bucketYAML + `
- type: aws:ec2/vpcEndpoint:VpcEndpoint
  id: vpce-00000000000000001
  inputs:
    vpcId: vpc-00000000000000001
    serviceName: com.amazonaws.us-east-1.execute-api
    vpcEndpointType: Interface
    subnetIds: [subnet-0000000000000000a]
    subnetConfigurations: [{subnetId: subnet-0000000000000000a, ipv4: 10.0.1.40}]
`}
	if strings.HasPrefix(listener, "protocol: TCP") {
		s.group = "protocol: TCP"
	}
	return s
}

// files returns the files of access logs.
func (j *journal) files() map[string][]byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.objects)
}

// lines returns the entries of all files of access logs.
func (j *journal) lines(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, body := range j.files() {
		zipped, err := gzip.NewReader(bytes.NewReader(body))
		require.NoError(t, err)
		text, err := io.ReadAll(zipped)
		require.NoError(t, err)
		all = append(all, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...)
	}
	return all
}

func TestEntriesShowNoSecrets(t *testing.T) {
	j := &journal{}
	log := &accessLog{secrets: []string{"canary-7f3a"}, options: Options{
		Journal: j, LogFile: func(string, string) (bucket, key string, err error) { return "logs", "a.gz", nil },
	}}
	log.add("tls 2.0 Canary-7f3a.example.com h2")
	require.NoError(t, log.flush())
	assert.Equal(t, []string{"tls 2.0 [secret].example.com h2"}, j.lines(t))
}

// entryCases are connections of one second and their entries, without what begins all
// entries. The fields stand in AWS's order.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
var entryCases = []struct {
	why, listener string
	arrival       network.Arrival
	client        *tls.Config
	want          string
}{
	{
		why:    "a listener without an ALPN policy says nothing about ALPN",
		client: &tls.Config{ServerName: "api.example.com", NextProtos: []string{"h2"}},
		want: "192.0.2.1:50000 10.0.1.10:443 1000 0 6 6 - " + certARN + " - TLS_AES_128_GCM_SHA256 tlsv13 - " +
			"api.example.com - - - 2000-01-01T00:00:00",
	},
	{
		why: "ALPN with client and target, in the listener's order", listener: "alpnPolicy: HTTP2Preferred",
		client: &tls.Config{ServerName: "api.example.com", NextProtos: []string{"http/1.1", "h2"}},
		want: "192.0.2.1:50000 10.0.1.10:443 1000 0 6 6 - " + certARN + " - TLS_AES_128_GCM_SHA256 tlsv13 - " +
			`api.example.com h2 h2 "http/1.1","h2" 2000-01-01T00:00:00`,
	},
	{
		why:    "a suite of TLS 1.2 has OpenSSL's name, and IPv6 no brackets",
		client: &tls.Config{MaxVersion: tls.VersionTLS12, InsecureSkipVerify: true},
		arrival: network.Arrival{From: netip.MustParseAddrPort("[2001:db8::1]:50000"),
			To: netip.MustParseAddrPort("[2001:db8:1::10]:443")},
		want: "2001:db8::1:50000 2001:db8:1::10:443 1000 0 6 6 - " + certARN +
			" - ECDHE-ECDSA-AES128-GCM-SHA256 tlsv12 - - - - - 2000-01-01T00:00:00",
	},
	{
		why: "a consumer's destination is the endpoint", client: &tls.Config{ServerName: "api.example.com"},
		arrival: network.Arrival{From: netip.MustParseAddrPort("10.9.0.5:50000"), PrivateLink: true,
			Endpoint: "vpce-00000000000000001"},
		want: "10.9.0.5:50000 10.0.1.40:443 1000 0 6 6 - " + certARN + " - TLS_AES_128_GCM_SHA256 tlsv13 - " +
			"api.example.com - - - 2000-01-01T00:00:00",
	},
	{
		why:    "a client that does not accept the certificate sends an alert",
		client: &tls.Config{ServerName: "other.example.com"},
		want: "192.0.2.1:50000 10.0.1.10:443 0 0 0 0 42 " + certARN + " - - - - other.example.com - - - " +
			"2000-01-01T00:00:00",
	},
}

func TestEntryOfAccessLogHasWhatAWSWrites(t *testing.T) {
	for _, row := range entryCases {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, loggingScene(row.listener))
				w.network.Listen("10.0.1.20:443", &backend{config: speaks("h2", "http/1.1")})
				config := row.client.Clone()
				config.RootCAs = w.authority.Pool()
				conn := tls.Client(w.connect(t.Context(), row.arrival), config)
				if conn.Handshake() == nil {
					_, err := ask(conn, "hello")
					require.NoError(t, err)
					time.Sleep(time.Second)
				}
				conn.Close()
				synctest.Wait()
				require.NoError(t, w.balancers.Close())
				lines := w.journal.lines(t)
				require.Len(t, lines, 1)
				head, rest, _ := strings.Cut(lines[0], " net/front/00000000000000aa 00000000000000bb ")
				assert.Regexp(t, `^tls 2\.0 2000-01-01T00:00:0[01]$`, head)
				assert.Equal(t, row.want, rest)
			})
		})
	}
}

func TestTCPListenerKeepsNoAccessLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loggingScene("protocol: TCP"))
		w.network.Listen("10.0.1.20:443", &backend{})
		conn := w.connect(t.Context(), network.Arrival{})
		_, err := ask(conn, "hello")
		require.NoError(t, err)
		conn.Close()
		synctest.Wait()
		require.NoError(t, w.balancers.Close())
		assert.Empty(t, w.journal.files())
	})
}

func TestEntriesOfAMomentShareAFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loggingScene(""))
		w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
		for range 3 {
			conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
			require.NoError(t, err)
			conn.Close()
		}
		synctest.Wait()
		assert.Empty(t, w.journal.files(), "nothing is written at once")
		time.Sleep(logInterval)
		synctest.Wait()
		assert.Len(t, w.journal.files(), 1)
		assert.Len(t, w.journal.lines(t), 3)
		require.NoError(t, w.balancers.Close())
		assert.Len(t, w.journal.files(), 1)
	})
}

func TestAccessLogThatCannotBeWrittenIsAnErrorAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, loggingScene(""))
		w.journal.err = errors.New("no space left")
		w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
		conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
		require.NoError(t, err)
		conn.Close()
		time.Sleep(logInterval)
		synctest.Wait()
		assert.ErrorContains(t, w.balancers.Close(), "access log of "+balancerARN+": no space left")
		assert.NoError(t, w.balancers.Close(), "once")
	})
}
