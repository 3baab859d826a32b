package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/network"
)

// responseLimit is the size of the largest answer of an integration, in bytes.
const responseLimit = 10 << 20

// upstream asks an HTTP server: over the internet, or over a VPC link, in which case the
// host of the URI is for the Host header and the certificate only.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
func (x *exchange) upstream(integration cloud.Props) (answer, *failure) {
	ctx, cancel := x.within()
	defer cancel()
	request, f := x.upstreamRequest(ctx, integration)
	if f != nil {
		return answer{}, f
	}
	place, addresses, f := x.addresses(ctx, integration, request.URL)
	if f != nil {
		return answer{}, f
	}
	transport := &http.Transport{
		DisableKeepAlives: true, DisableCompression: true, ForceAttemptHTTP2: false,
		TLSClientConfig: x.clientTLS(request.URL.Hostname(), integration.Object("tlsConfig")),
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return x.dial(ctx, place, addresses, request.URL)
		},
	}
	defer transport.CloseIdleConnections()
	x.info("Sending request to %s", request.URL)
	response, err := transport.RoundTrip(request)
	if err != nil {
		return answer{}, x.upstreamFailure(ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, responseLimit+1))
	switch {
	case err != nil:
		return answer{}, x.upstreamFailure(ctx, err)
	case len(body) > responseLimit:
		return answer{}, broken("the integration's answer is larger than 10 MB")
	}
	x.step("%s answers %d", request.URL, response.StatusCode)
	status := strconv.Itoa(response.StatusCode)
	x.facts["integrationStatus"], x.facts["integration.status"] = status, status
	if integration.String("type") == "HTTP" {
		return x.respond(status, response.Header, body)
	}
	return x.passed(response, body), nil
}

// passed returns the answer of a proxy integration. A body that is not binary for the
// API is read as UTF-8, which damages one that is not.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
func (x *exchange) passed(response *http.Response, body []byte) answer {
	a := answer{status: response.StatusCode, header: http.Header{}, body: body}
	for name, values := range response.Header {
		remap(a.header, name, values)
	}
	a.header["X-Amzn-Trace-Id"] = []string{x.trace}
	if !x.isBinary(or(x.r.Header.Get("Accept"), response.Header.Get("Content-Type"))) {
		a.body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	return a
}

// remapped are headers of an integration's answer that get another name, because they
// are for the connection between API Gateway and the integration.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
var remapped = map[string]bool{
	"Connection": true, "Content-Length": true, "Content-Md5": true, "Date": true, "Host": true, "Server": true,
	"Upgrade": true, "Www-Authenticate": true,
}

// dropped are headers of an integration's answer that the client does not get.
var dropped = map[string]bool{"Keep-Alive": true, "Te": true, "Trailer": true, "Transfer-Encoding": true}

// remap adds a header of an integration's answer to those for the client.
func remap(header http.Header, name string, values []string) {
	switch canonical := http.CanonicalHeaderKey(name); {
	case dropped[canonical] || strings.ContainsAny(name, " \r\n:"):
		return
	case remapped[canonical]:
		header["x-amzn-Remapped-"+strings.ToLower(canonical)] = values
	default:
		header[canonical] = append([]string(nil), values...)
	}
}

// upstreamRequest returns the request to the server of an integration.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
func (x *exchange) upstreamRequest(ctx context.Context, integration cloud.Props) (*http.Request, *failure) {
	proxy := integration.String("type") == "HTTP_PROXY"
	query, header, body := url.Values{}, http.Header{}, x.body
	if proxy {
		query, header = x.r.URL.Query(), x.forwarded()
		delete(header, "Host")
		for _, name := range hopByHop {
			header.Del(name)
		}
		if strings.HasPrefix(header.Get("Authorization"), algorithm) {
			header.Del("Authorization")
		}
	} else {
		template, f := x.requestTemplate(integration)
		if f != nil {
			return nil, f
		}
		rendered, f := x.render(template)
		if f != nil {
			return nil, f
		}
		body = []byte(rendered)
		header.Set("Content-Type", "application/json")
		header.Set("User-Agent", "AmazonAPIGateway_"+x.api.ID)
	}
	header["X-Amzn-Apigateway-Api-Id"] = []string{x.api.ID}
	uri := x.mapParameters(integration, query, header)
	target, err := url.Parse(uri)
	if err != nil || target.Host == "" {
		return nil, broken("Invalid endpoint address")
	}
	for key, values := range target.Query() {
		query[key] = append(query[key], values...)
	}
	target.RawQuery = query.Encode()
	method := integration.StringOr("integrationHttpMethod", "ANY")
	if method == "ANY" {
		method = x.r.Method
	}
	request, err := http.NewRequestWithContext(ctx, method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, broken("Invalid endpoint address: " + err.Error())
	}
	request.Header = header
	return request, nil
}

// mapParameters adds the integration's request parameters to the query and the headers,
// and returns its URI with those of the path.
func (x *exchange) mapParameters(integration cloud.Props, query url.Values, header http.Header) string {
	uri, parameters := x.withVariables(integration.String("uri")), integration.Object("requestParameters")
	for key := range parameters {
		value, ok := x.parameter(parameters.String(key))
		if !ok {
			continue
		}
		kind, name, _ := strings.Cut(strings.TrimPrefix(key, "integration.request."), ".")
		switch kind {
		case "path":
			uri = strings.ReplaceAll(uri, "{"+name+"}", value)
		case "querystring":
			query[name] = []string{value}
		case "header":
			header[http.CanonicalHeaderKey(name)] = []string{value}
		}
	}
	return uri
}

// hopByHop are headers that are for one connection.
// https://datatracker.ietf.org/doc/html/rfc9110#section-7.6.1
var hopByHop = []string{
	"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// addresses returns where the server of an integration is: at the nodes of its VPC
// link's load balancer, if its connection type says so, or where DNS says. The connection begins in AWS's networks.
func (x *exchange) addresses(ctx context.Context, integration cloud.Props,
	u *url.URL) (network.Place, []netip.Addr, *failure) {
	place := network.Place{Outside: network.Service}
	if integration.String("connectionType") == "VPC_LINK" {
		place.Owner = x.withVariables(integration.String("connectionId"))
		addresses, f := x.linked(place.Owner)
		return place, x.inTurn(addresses), f
	}
	if address, err := netip.ParseAddr(u.Hostname()); err == nil {
		return place, []netip.Addr{address}, nil
	}
	addresses, err := x.g.options.Lookup(ctx, u.Hostname())
	if err != nil || len(addresses) == 0 {
		x.step("%s does not resolve: %v", u.Hostname(), err)
		return place, nil, broken("Invalid endpoint address")
	}
	return place, addresses, nil
}

// inTurn returns the nodes behind a VPC link in the order in which the server of API Gateway tries them. AWS does not
// say which node a request takes. Here, servers with different addresses take different ones, so that a client
// reaches each node.
func (x *exchange) inTurn(nodes []netip.Addr) []netip.Addr {
	if len(nodes) == 0 || !x.arrival.To.IsValid() {
		return nodes
	}
	bytes := x.arrival.To.Addr().AsSlice()
	first := int(bytes[len(bytes)-1]) % len(nodes)
	return slices.Concat(nodes[first:], nodes[:first])
}

// linked returns the addresses of the load balancer of a VPC link.
func (x *exchange) linked(id string) ([]netip.Addr, *failure) {
	link := x.g.inv.Find(linkType, id)
	if link == nil {
		return nil, broken("the VPC link " + id + " does not exist")
	}
	arn := link.Out.String("targetArn")
	balancer := x.g.inv.Find(balancerType, arn)
	if balancer == nil {
		return nil, unreachable("the load balancer " + arn + " does not exist")
	}
	x.step("VPC link %s leads to %s", id, balancer.Out.String("name"))
	var addresses []netip.Addr
	for _, node := range balancer.Interfaces {
		if address, err := netip.ParseAddr(node.IPv4); err == nil {
			addresses = append(addresses, address)
		}
	}
	return addresses, nil
}

// dial connects with the first address that accepts.
func (x *exchange) dial(ctx context.Context, from network.Place, addresses []netip.Addr, u *url.URL) (net.Conn, error) {
	port := uint64(443)
	if u.Scheme == "http" {
		port = 80
	}
	if given := u.Port(); given != "" {
		var err error
		if port, err = strconv.ParseUint(given, 10, 16); err != nil {
			return nil, err
		}
	}
	failed := errors.New("there is no address")
	for _, address := range addresses {
		conn, err := x.g.options.Dialer.Dial(ctx, from, netip.AddrPortFrom(address, uint16(port)))
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	return nil, failed
}

// clientTLS returns how an integration's certificate is verified. Skipping the
// verification skips that of the issuer alone: the name and the dates count.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html
func (x *exchange) clientTLS(host string, config cloud.Props) *tls.Config {
	return &tls.Config{
		ServerName: host, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		VerifyConnection: func(state tls.ConnectionState) error {
			leaf := state.PeerCertificates[0]
			if err := leaf.VerifyHostname(host); err != nil {
				return certificateError("Host name '" + host + "' does not match the certificate subject provided by " +
					"the " +
					"peer (" + leaf.Subject.String() + ")")
			}
			if now := x.g.options.Now(); now.After(leaf.NotAfter) || now.Before(leaf.NotBefore) {
				return certificateError("PKIX path validation failed: java.security.cert.CertPathValidatorException: " +
					"validity check failed")
			}
			if config.Bool("insecureSkipVerification") {
				return nil
			}
			between := x509.NewCertPool()
			for _, certificate := range state.PeerCertificates[1:] {
				between.AddCert(certificate)
			}
			_, err := leaf.Verify(x509.VerifyOptions{Roots: x.g.options.Roots, Intermediates: between, DNSName: host,
				CurrentTime: x.g.options.Now()})
			if err != nil {
				return certificateError("PKIX path building failed: sun.security.provider.certpath." +
					"SunCertPathBuilderException: unable to find valid certification path to requested target")
			}
			return nil
		},
	}
}

// certificateError is why a certificate is not accepted, in the words of the execution
// log.
type certificateError string

func (e certificateError) Error() string { return string(e) }

// upstreamFailure returns what API Gateway answers if the connection with an
// integration fails. The network drops a packet at once, which is a time-out.
func (x *exchange) upstreamFailure(ctx context.Context, err error) *failure {
	var untrusted certificateError
	var stopped *network.Stopped
	switch {
	case errors.As(err, &untrusted):
		return broken(string(untrusted))
	case errors.As(err, &stopped) && stopped.End == network.TimedOut:
		x.step("%s", stopped)
		return timedOut()
	case ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded):
		return timedOut()
	}
	return unreachable(fmt.Sprint(err))
}
