package trace

import "slices"

// Disposition is how a trace ends.
type Disposition string

// These are the dispositions. [Dispositions] has the condition of each.
const (
	Delivered             Disposition = "delivered"
	NameNotResolved       Disposition = "name-not-resolved"
	NameNotInStack        Disposition = "name-not-in-stack"
	NoRoute               Disposition = "no-route"
	DeniedBySecurityGroup Disposition = "denied-by-security-group"
	DeniedByNetworkACL    Disposition = "denied-by-network-acl"
	NotListening          Disposition = "not-listening"
	NoTarget              Disposition = "no-target"
	NotConnected          Disposition = "endpoint-not-connected"
	TLSUntrusted          Disposition = "tls-untrusted"
	TLSNameMismatch       Disposition = "tls-name-mismatch"
	TLSFailed             Disposition = "tls-failed"
	DeniedByEndpoint      Disposition = "denied-by-endpoint-policy"
	APINotFound           Disposition = "api-not-found"
	NotMapped             Disposition = "not-mapped"
	StageNotFound         Disposition = "stage-not-found"
	DeniedByPolicy        Disposition = "denied-by-resource-policy"
	MethodNotFound        Disposition = "method-not-found"
	DeniedByAuthorization Disposition = "denied-by-authorization"
	Throttled             Disposition = "throttled"
	AnsweredByBalancer    Disposition = "answered-by-load-balancer"
	IntegrationFailed     Disposition = "integration-failed"
	InsufficientInfo      Disposition = "insufficient-info"
)

// Meaning describes a disposition.
type Meaning struct {
	Disposition Disposition
	Condition   string // When a trace ends like this, as a sentence.
	Symptom     string // What most clients see.
}

// Dispositions returns all dispositions, in the order in which a walk can end.
func Dispositions() []Meaning { return slices.Clone(meanings) }

var meanings = []Meaning{
	{Delivered, "The request arrives at a function or a server, or API Gateway itself answers as the method says.",
		"the response"},
	{NameNotResolved, "The resolver of the vantage point has no address for the name, or none of the asked family.",
		"Could not resolve host; in nslookup, NXDOMAIN or no answer"},
	{NameNotInStack, "No zone and no element of the stack has the name. Another stack may have it.",
		"what the other stack says"},
	{NoRoute, "A subnet on the way has no route to the destination, or no route back.", "a time-out"},
	{DeniedBySecurityGroup, "No rule of the security groups lets the connection out, or none lets it in.",
		"a time-out"},
	{DeniedByNetworkACL, "A network ACL stops the packets of the connection, or those of its answers.",
		"a time-out"},
	{NotListening, "Nothing listens on the port at the destination.", "a time-out or Connection refused"},
	{NoTarget, "The load balancer has no target that its node can use.", "a time-out, a reset or HTTP 503"},
	{NotConnected, "The endpoint is not connected to its service: nobody has accepted it, or it may not ask.",
		"Could not resolve host, or a time-out"},
	{TLSUntrusted, "The server's certificate is from an authority that the client does not trust.",
		"unable to get local issuer certificate; in Java, PKIX path building failed"},
	{TLSNameMismatch, "The server's certificate is not valid for the name that the client asks for.",
		"no alternative certificate subject name matches"},
	{TLSFailed, "The two sides do not agree on TLS: one speaks it and the other does not, or they have no version " +
		"or protocol in common.", "wrong version number, handshake failure or HTTP 400"},
	{DeniedByEndpoint, "The policy of the endpoint does not allow the call.",
		"HTTP 403, not authorized to perform: execute-api:Invoke"},
	{APINotFound, "API Gateway finds no API by the request's host and headers, or the API is not reachable this way.",
		`HTTP 403 {"message":"Forbidden"}`},
	{NotMapped, "The custom domain name has no mapping for the path.", `HTTP 403 {"message":"Forbidden"}`},
	{StageNotFound, "The API has no stage with the name that the path begins with.",
		`HTTP 403 {"message":"Forbidden"}`},
	{DeniedByPolicy, "The resource policy of the API or of the custom domain name does not allow the call.",
		"HTTP 403, not authorized to perform: execute-api:Invoke"},
	{MethodNotFound, "The deployed API has no method or route for the path and the verb.",
		`HTTP 403 {"message":"Missing Authentication Token"}, or 404 {"message":"Not Found"}`},
	{DeniedByAuthorization, "The method wants a signature, a token or an API key that the request does not have.",
		"HTTP 403 or 401"},
	{Throttled, "A limit of 0 refuses every request.", "HTTP 429"},
	{AnsweredByBalancer, "The load balancer itself answers, with a redirect, a fixed response or an error.",
		"the redirect, the response or HTTP 464"},
	{IntegrationFailed, "API Gateway or a load balancer cannot call the backend, or calls it with another method " +
		"than the promise says.",
		"HTTP 500, 502, 503 or 504"},
	{InsufficientInfo, "The stack does not say enough: a value is not known yet, or is decided outside the stack.",
		"unknown"},
}
