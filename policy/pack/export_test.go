package pack

import (
	"compress/gzip"
	"io"
	"os"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
)

// LimitRules gives each rule less time than usual, until the test ends.
func LimitRules(t *testing.T, limit time.Duration) {
	usual := ruleLimit
	ruleLimit = limit
	t.Cleanup(func() { ruleLimit = usual })
}

// Recordings are those in testdata: the sound networks of tests/faults in the
// repository, as the CLI sent them. tests/record there writes them anew.
var Recordings = []string{"sound_at_first_preview", "sound_when_deployed"}

// Recorded is a request to judge a stack as the CLI sent it.
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
