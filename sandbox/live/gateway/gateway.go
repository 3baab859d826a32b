// Package gateway is the simulated API Gateway of a region: it accepts connections, as
// API Gateway's public addresses and its interface endpoints do, and serves the REST
// APIs of the account.
//
// # A request
//
//	connection ─▶ TLS (certificate by SNI) ─▶ HTTP/1.1 or HTTP/2
//	  ─▶ find.go       which API and stage: Host, alias, x-apigw-api-id, custom domains
//	  ─▶ route.go      which method of the stage's deployment
//	  ─▶ authorize.go  the policies of the endpoint, the private domain and the API; who calls
//	  ─▶ plan.go       API keys and throttling
//	  ─▶ integrate.go  what answers: a function, an HTTP server, or nothing at all
//	  ─▶ respond.go    the answer, or API Gateway's own
//	  ─▶ record.go     access log and execution log
//
// What an API serves comes from its stage's deployment, as it was cut.
//
// # What is not behaved
//
// User pools of Cognito, integrations with AWS services other than Lambda, and the
// language of mapping templates beyond variables: a method that needs one of them
// refuses or fails, and the execution log says what the sandbox lacks. Caches, web ACLs,
// client certificates, request validators and compression have no effect. Edge-optimized
// APIs answer as regional ones. Limits begin with nothing counted, whenever the account
// is read.
package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"private-api-blueprints/sandbox/live/function"
	"private-api-blueprints/sandbox/live/httpconn"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
	"private-api-blueprints/sandbox/policyeval"
)

// Types of the account's objects.
const (
	restAPIType    = "aws:apigateway/restApi:RestApi"
	stageType      = "aws:apigateway/stage:Stage"
	deploymentType = "aws:apigateway/deployment:Deployment"
	settingsType   = "aws:apigateway/methodSettings:MethodSettings"
	domainType     = "aws:apigateway/domainName:DomainName"
	mappingType    = "aws:apigateway/basePathMapping:BasePathMapping"
	accessType     = "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation"
	keyType        = "aws:apigateway/apiKey:ApiKey"
	planType       = "aws:apigateway/usagePlan:UsagePlan"
	planKeyType    = "aws:apigateway/usagePlanKey:UsagePlanKey"
	linkType       = "aws:apigateway/vpcLink:VpcLink"
	httpAPIType    = "aws:apigatewayv2/api:Api"
	endpointType   = "aws:ec2/vpcEndpoint:VpcEndpoint"
	balancerType   = "aws:lb/loadBalancer:LoadBalancer"
)

// Certificates issues the certificates that servers show.
type Certificates interface {
	// ACM returns the certificate of ACM with an ARN.
	ACM(arn string) (*tls.Certificate, error)
	// Certificate returns a certificate of AWS for host names. A name may begin with *.
	Certificate(names ...string) (*tls.Certificate, error)
}

// Functions invokes functions.
type Functions interface {
	Invoke(ctx context.Context, call function.Call) (function.Result, error)
}

// Journal takes the events of log groups.
type Journal interface {
	CreateGroup(group string) error
	Log(group, stream string, at time.Time, text string) error
}

// Options are what a Gateway needs from the rest of the sandbox.
type Options struct {
	Certificates Certificates
	Functions    Functions
	Journal      Journal
	Dialer       network.Dialer
	// Lookup returns the addresses of a name as AWS's own resolvers see it, for integrations over the internet.
	Lookup func(ctx context.Context, name string) ([]netip.Addr, error)
	// Roots are the authorities that integrations trust.
	Roots *x509.CertPool
	// Now is the clock. Nil is time.Now.
	Now func() time.Time
}

// Gateway is the API Gateway of an account. It is a network.Handler for the public
// addresses, and for those of interface endpoints, of which Arrival.Endpoint tells.
type Gateway struct {
	inv      *inventory.Inventory
	options  Options
	plans    *plans
	policies policyeval.Policies
}

// New returns the API Gateway of an account.
func New(inv *inventory.Inventory, o Options) *Gateway {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Gateway{inv: inv, options: o, plans: newPlans(o.Now)}
}

// Limits of a connection. API Gateway closes an idle one after 310 seconds.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const (
	handshakeLimit = 10 * time.Second
	headerLimit    = 10 * time.Second
	idleLimit      = 310 * time.Second
	headerBytes    = 10240
)

// Serve serves one connection until it ends, and closes it.
func (g *Gateway) Serve(ctx context.Context, conn net.Conn, a network.Arrival) {
	defer conn.Close()
	secure := tls.Server(conn, &tls.Config{
		NextProtos:         []string{"h2", "http/1.1"},
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) { return g.config(hello, a) },
	})
	handshake, cancel := context.WithTimeout(ctx, handshakeLimit)
	err := secure.HandshakeContext(handshake)
	cancel()
	if err != nil {
		trail.Add(ctx, place(a), a.Endpoint, "TLS fails: %s", err)
		return
	}
	state := secure.ConnectionState()
	trail.Add(ctx, place(a), a.Endpoint, "%s, SNI %s, ALPN %s", tls.VersionName(state.Version),
		or(state.ServerName, "absent"), or(state.NegotiatedProtocol, "absent"))
	httpconn.Serve(ctx, secure, &http.Server{
		ReadHeaderTimeout: headerLimit, IdleTimeout: idleLimit, MaxHeaderBytes: headerBytes,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.serve(ctx, w, r, a) }),
	})
}

// place says in a trail where a connection arrived.
func place(a network.Arrival) string {
	if a.Endpoint != "" {
		return "API Gateway behind " + a.Endpoint
	}
	return "API Gateway"
}

// or returns a text, or another one if it is empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// config returns the TLS settings for a client. A custom domain has its own certificate
// and security policy. All other names, and clients without SNI, get the certificate of
// the default names.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
func (g *Gateway) config(hello *tls.ClientHelloInfo, a network.Arrival) (*tls.Config, error) {
	config := &tls.Config{NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
	certificate, err := g.certificate(config, canonical(hello.ServerName), a)
	if err != nil {
		return nil, err
	}
	config.Certificates = []tls.Certificate{*certificate}
	// https://datatracker.ietf.org/doc/html/rfc9113#section-9.2
	if !slices.ContainsFunc(hello.SupportedVersions, func(v uint16) bool { return v >= tls.VersionTLS12 }) {
		config.NextProtos = []string{"http/1.1"}
	}
	return config, nil
}

// certificate returns the certificate for a server name. It lowers the oldest version of
// TLS if the custom domain of that name wants it.
func (g *Gateway) certificate(config *tls.Config, name string, a network.Arrival) (*tls.Certificate, error) {
	domain := g.domain(name, a)
	if domain == nil {
		api := "*.execute-api." + a.Region
		return g.options.Certificates.Certificate(api+".amazonaws.com", api+".vpce.amazonaws.com")
	}
	if domain.Out.String("securityPolicy") == "TLS_1_0" {
		config.MinVersion = tls.VersionTLS10
	}
	return g.options.Certificates.ACM(domain.Out.StringOr("regionalCertificateArn",
		domain.Out.String("certificateArn")))
}

// canonical returns a host name in lower case, without a port and a final dot.
func canonical(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
