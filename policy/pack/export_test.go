package pack

import (
	"compress/gzip"
	"io"
	"math"
	"os"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
)

// Valid is what a pack needs to start.
var Valid = About{Version: "1.2.3", Website: "https://example.com/rules"}

// LimitRules changes how long each rule of a pack may take.
func LimitRules(p *Pack, limit time.Duration) { p.ruleLimit = limit }

// LiftLimits lets the rules of a pack take as long as a test may, so that no result depends on how fast a machine is.
func LiftLimits(p *Pack) { p.stackLimit, p.ruleLimit = math.MaxInt64, math.MaxInt64 }

// Recordings are the recordings in testdata: the compliant twins of the
// repository's tests/faults, as the CLI sent them. cmd/record writes them.
var Recordings = []string{"compliant_at_first_preview", "compliant_when_deployed"}

// Recorded returns a request to judge a stack, as the CLI sent it.
func Recorded(t testing.TB, recording string) *pulumirpc.AnalyzeStackRequest {
	t.Helper()
	file, err := os.Open("testdata/" + recording + ".json.gz")
	require.NoError(t, err)
	defer file.Close()
	compressed, err := gzip.NewReader(file)
	require.NoError(t, err)
	text, err := io.ReadAll(compressed)
	require.NoError(t, err)
	var request pulumirpc.AnalyzeStackRequest
	require.NoError(t, protojson.Unmarshal(text, &request))
	return &request
}
