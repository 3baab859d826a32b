package gateway

import (
	"io"
	"net/http"
	"testing"
)

// BenchmarkRequest measures a request to a private API over a connection that stays
// open, with an endpoint policy, a resource policy and an access log.
func BenchmarkRequest(b *testing.B) {
	w := newWorld(b, role+shared+endpointPolicy("arn:aws:execute-api:us-east-1:123456789012:private001/*")+
		api(private, "PRIVATE", helloPath, onlyVPC), nil)
	w.gateway.inv.Find(settingsType, private+"-v1-*/*").Out.Object("settings")["throttlingRateLimit"] = -1.0
	client := w.client(endpoint, private+".execute-api.us-east-1.amazonaws.com")
	client.Transport.(*http.Transport).DisableKeepAlives = false
	for b.Loop() {
		got, err := client.Get(base(private) + "/v1/hello")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, got.Body); err != nil {
			b.Fatal(err)
		}
		got.Body.Close()
	}
}
