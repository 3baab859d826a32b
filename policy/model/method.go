package model

import (
	"net/netip"
	"net/url"
	"strings"
)

// Method is a method of a REST API.
type Method struct {
	Element
	API  Ref[RestAPI]
	Verb Known[string] // GET, ANY …
	// Authorization is NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS.
	Authorization Known[string]
	KeyRequired   Known[bool]
}

// Kinds of authorization of a method.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
const (
	AuthorizationNone    = "NONE"
	AuthorizationIAM     = "AWS_IAM"
	AuthorizationCustom  = "CUSTOM" // A Lambda authorizer.
	AuthorizationCognito = "COGNITO_USER_POOLS"
)

// IsOpen asks whether the method answers callers that do not say who they are.
// One for OPTIONS has to: browsers ask it without credentials, before they call.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
func (m *Method) IsOpen() Truth {
	return m.Authorization.Equals(AuthorizationNone).And(m.KeyRequired.Equals(false)).And(m.Verb.Equals("OPTIONS").Not())
}

// Integration is what a method of a REST API hands requests to.
type Integration struct {
	Element
	API  Ref[RestAPI]
	Type Known[string] // HTTP, HTTP_PROXY, AWS, AWS_PROXY or MOCK.
	// Connection is INTERNET or VPC_LINK; API Gateway's default is INTERNET.
	Connection Known[string]
	// Link is what a private integration goes through. A stage's variable in its
	// place names nothing in the stack.
	Link Ref[VPCLink]
	URI  Known[string]
	// Balancer is the load balancer whose name the URI is made from.
	Balancer Ref[LoadBalancer]
	// SkipsVerification says that the server's certificate may be of an unknown
	// authority.
	SkipsVerification Known[bool]
}

// ConnectionLink is the connection of a private integration.
const ConnectionLink = "VPC_LINK"

// IsPrivate asks whether the integration goes through a VPC link.
func (i *Integration) IsPrivate() Truth { return i.Connection.Equals(ConnectionLink) }

// Scheme is the scheme of the URI in lower case: unknown where a stage's
// variable stands for it.
func (i *Integration) Scheme() Known[string] {
	uri, known := i.URI.Get()
	if !known {
		return i.URI
	}
	scheme, _, hasScheme := strings.Cut(uri, "://")
	if !hasScheme || strings.Contains(scheme, "${") {
		return Unknown[string]()
	}
	return Of(strings.ToLower(scheme))
}

// Host is the host of the URI, without a port, in lower case: unknown where a
// stage's variable is a part of it.
func (i *Integration) Host() Known[string] {
	uri, known := i.URI.Get()
	if !known {
		return i.URI
	}
	_, rest, hasScheme := strings.Cut(uri, "://")
	authority, _, _ := strings.Cut(rest, "/")
	parsed, err := url.Parse("https://" + authority)
	if !hasScheme || err != nil || strings.Contains(authority, "${") {
		return Unknown[string]()
	}
	return Of(strings.ToLower(parsed.Hostname()))
}

// HasBalancerName asks whether the URI's host is a name that AWS gives to load
// balancers.
func (i *Integration) HasBalancerName() Truth {
	if host, known := i.Host().Get(); known {
		return TruthOf(isBalancerName(host))
	}
	if i.URI.IsUnknown() && len(i.Balancer.Candidates) > 0 && !i.Balancer.Open {
		return True
	}
	if i.URI.IsAbsent() {
		return False
	}
	return Maybe
}

// HasAddress asks whether the URI's host is an IP address.
func (i *Integration) HasAddress() Truth {
	if i.URI.IsAbsent() {
		return False
	}
	host, known := i.Host().Get()
	if !known {
		return Maybe
	}
	_, err := netip.ParseAddr(host)
	return TruthOf(err == nil)
}

// isBalancerName knows name.elb.<region>.amazonaws.com, of network load
// balancers, and name.<region>.elb.amazonaws.com, of others.
func isBalancerName(host string) bool {
	rest := strings.TrimSuffix(host, ".cn")
	rest, isAWS := strings.CutSuffix(rest, ".amazonaws.com")
	labels := strings.Split(rest, ".")
	n := len(labels)
	return isAWS && n >= 3 && (labels[n-1] == "elb" || labels[n-2] == "elb")
}
