package model

import (
	"net/netip"
	"net/url"
	"strings"
)

// Integration is the backend to which a method of a REST API sends requests. It
// is a resource of the program, or part of an operation in an OpenAPI document.
type Integration struct {
	Element
	API Ref[RestAPI]
	// Method is the method that has this backend. It is open if the stack does not show it.
	Method Ref[Method]
	// Path is the path of that method, such as /orders/{id}.
	Path Known[string]
	// MethodVerb is the HTTP method of that method, such as GET, or ANY.
	MethodVerb Known[string]
	// Type is HTTP, HTTP_PROXY, AWS, AWS_PROXY or MOCK.
	Type Known[IntegrationType]
	// Connection is INTERNET or VPC_LINK. API Gateway's default is INTERNET.
	Connection Known[ConnectionType]
	// Link is the VPC link of a private integration. If the program writes a stage variable there, it names
	// nothing in the stack.
	Link Ref[VPCLink]
	URI  Known[string]
	// Verb is the HTTP method with which API Gateway calls the backend. Lambda takes POST only. It is absent for a
	// backend that takes none.
	Verb Known[string]
	// FunctionRef is the Lambda function that the URI names, and its alias or version.
	FunctionRef
	// HasCredentials is whether API Gateway calls the backend with a role. Then a function needs no [Permission].
	// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
	HasCredentials Truth
	// Target is the load balancer to which a VPC link V2 leads. It is absent for a VPC link V1, which has a target.
	Target Ref[LoadBalancer]
	// Balancer is the load balancer whose DNS name is part of the URI.
	Balancer Ref[LoadBalancer]
	// Parameters set parts of the request to the backend, such as integration.request.path.proxy.
	Parameters List[ParameterMapping]
	// ConvertsBodies is whether the integration says how API Gateway converts bodies between text and binary.
	ConvertsBodies Truth
	// SkipsVerification is whether API Gateway accepts a server certificate from an unknown authority.
	SkipsVerification Known[bool]
}

// ParameterMapping sets a part of the request to a backend.
type ParameterMapping struct {
	// To is the part, such as integration.request.path.proxy.
	To string
	// From is the expression that gives its value, such as method.request.path.proxy.
	From Known[string]
}

// IntegrationType is the type of an integration.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
type IntegrationType string

// Types of integrations.
const (
	IntegrationHTTP      IntegrationType = "HTTP"
	IntegrationHTTPProxy IntegrationType = "HTTP_PROXY"
	IntegrationAWS       IntegrationType = "AWS"
	IntegrationAWSProxy  IntegrationType = "AWS_PROXY"
	IntegrationMock      IntegrationType = "MOCK"
)

// ConnectionType is how an integration reaches its backend.
type ConnectionType string

// Connection types. A private integration uses a VPC link.
const (
	ConnectionInternet ConnectionType = "INTERNET"
	ConnectionVPCLink  ConnectionType = "VPC_LINK"
)

// IsPrivate asks whether the integration uses a VPC link.
func (i *Integration) IsPrivate() Truth { return i.Connection.Equals(ConnectionVPCLink) }

// Scheme returns the URI's scheme in lower case. It is unknown if the URI has a
// stage variable there.
func (i *Integration) Scheme() Known[string] { return scheme(i.URI) }

// scheme returns the scheme of a URI in lower case. It is unknown if the URI has a
// stage variable there.
func scheme(uri Known[string]) Known[string] {
	text, known := uri.Get()
	if !known {
		return uri
	}
	scheme, _, hasScheme := strings.Cut(text, "://")
	if !hasScheme || strings.Contains(scheme, "${") {
		return Unknown[string]()
	}
	return Of(strings.ToLower(scheme))
}

// Host returns the URI's host in lower case and without a port. It is unknown
// if the URI has a stage variable there.
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

// Placeholders returns the names of the path parameters in a URI, such as proxy in
// https://backend.example.com/{proxy}. The second result is false if the URI is
// not known, or has a stage variable, which may stand for a part of the path.
func Placeholders(uri Known[string]) ([]string, bool) {
	text, known := uri.Get()
	if !known || strings.Contains(text, "${") {
		return nil, false
	}
	var names []string
	rest, _, _ := strings.Cut(text, "?")
	for {
		_, after, found := strings.Cut(rest, "{")
		name, left, closed := strings.Cut(after, "}")
		if !found || !closed {
			return names, true
		}
		names, rest = append(names, name), left
	}
}

// GreedyParameter returns the name of the parameter at the end of a path that
// takes all segments that follow, such as proxy in /orders/{proxy+}. It is absent
// if the path has none.
func GreedyParameter(path Known[string]) Known[string] {
	text, known := path.Get()
	if !known {
		return path
	}
	before, greedy := strings.CutSuffix(text, "+}")
	start := strings.LastIndexByte(before, '{')
	if !greedy || start < 0 {
		return Known[string]{}
	}
	return Of(before[start+1:])
}

// ReachesInternet asks whether the integration calls an HTTP server over the
// internet.
func (i *Integration) ReachesInternet() Truth {
	return callsServer(i.Type).And(i.Connection.Equals(ConnectionInternet))
}

// callsServer asks whether an integration of a type calls an HTTP server.
func callsServer(kind Known[IntegrationType]) Truth {
	return kind.Equals(IntegrationHTTP).Or(kind.Equals(IntegrationHTTPProxy))
}

// HasBalancerName asks whether the URI's host is a DNS name that AWS gives to
// load balancers.
func (i *Integration) HasBalancerName() Truth {
	if host, known := i.Host().Get(); known {
		return TruthOf(isBalancerName(host))
	}
	if i.URI.IsUnknown() && i.Balancer.IsClosed() {
		return True
	}
	if i.URI.IsAbsent() {
		return False
	}
	return Maybe
}

// BalancerTakesOnly asks whether all listeners of the load balancer in an
// integration's URI have one of some protocols. Without listeners in the stack the
// answer is Maybe.
func (s *Stack) BalancerTakesOnly(i *Integration, protocols ...Protocol) Truth {
	return i.Balancer.Ask(func(lb *LoadBalancer) Truth {
		answer, found := True, False
		for _, l := range s.Listeners {
			listens := l.LoadBalancer.Names(lb)
			if listens == False {
				continue
			}
			is := False
			for _, p := range protocols {
				is = is.Or(l.Protocol.Equals(p))
			}
			answer, found = answer.And(is.Or(listens.Not())), found.Or(listens)
		}
		return answer.And(found.Or(Maybe))
	})
}

// HasAddress asks whether the URI's host is an IP address.
func (i *Integration) HasAddress() Truth {
	if i.URI.IsAbsent() || i.HasBalancerName() == True {
		return False
	}
	host, known := i.Host().Get()
	if !known {
		return Maybe
	}
	_, err := netip.ParseAddr(host)
	return TruthOf(err == nil)
}

// isBalancerName reports whether AWS gives such names to load balancers:
// name.elb.<region>.amazonaws.com to network load balancers, and
// name.<region>.elb.amazonaws.com to others.
func isBalancerName(host string) bool {
	rest := strings.TrimSuffix(host, ".cn")
	rest, isAWS := strings.CutSuffix(rest, ".amazonaws.com")
	labels := strings.Split(rest, ".")
	n := len(labels)
	return isAWS && n >= 3 && (labels[n-1] == "elb" || labels[n-2] == "elb")
}
