package model

import "strings"

// HTTPIntegration is the backend to which routes of an HTTP or WebSocket API send requests.
type HTTPIntegration struct {
	Element
	API Ref[HTTPAPI]
	// Type is AWS_PROXY or HTTP_PROXY. An integration of a WebSocket API can also be AWS, HTTP or MOCK.
	Type Known[IntegrationType]
	// Connection is INTERNET or VPC_LINK. API Gateway's default is INTERNET.
	Connection Known[ConnectionType]
	// Link is the VPC link of a private integration.
	Link Ref[VPCLink]
	// URI is a URL, or an ARN. A private integration of an HTTP API has the ARN of a load balancer's listener or of a
	// Cloud Map service.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
	URI Known[string]
	// FunctionRef is the Lambda function that the URI names, and its alias or version.
	FunctionRef
	// HasCredentials is whether API Gateway calls the backend with a role. Then a function needs no [Permission].
	HasCredentials Truth
	// MadeFrom are the load balancers and target groups that the URI is made from. It is empty if the URI is known, or
	// also made from something else.
	MadeFrom []Element
	// Listener is the listener that the URI names, if it names one.
	Listener Ref[Listener]
	// Parameters change the request, such as overwrite:path.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
	Parameters List[ParameterMapping]
}

// IsPrivate asks whether the integration uses a VPC link.
func (i *HTTPIntegration) IsPrivate() Truth { return i.Connection.Equals(ConnectionVPCLink) }

// ReachesInternet asks whether the integration calls an HTTP server over the
// internet.
func (i *HTTPIntegration) ReachesInternet() Truth {
	return callsServer(i.Type).And(i.Connection.Equals(ConnectionInternet))
}

// Scheme returns the URI's scheme in lower case. It is unknown if the URI has a
// stage variable there.
func (i *HTTPIntegration) Scheme() Known[string] { return scheme(i.URI) }

// URIOrigin returns the place of the URI: the target of an API that is created
// quickly, an OpenAPI document, or a property of the integration.
func (i *HTTPIntegration) URIOrigin() Origin {
	if i.Property != "" {
		return i.Origin
	}
	return i.At("integrationUri")
}

// NamesListener asks whether the URI is the ARN of a load balancer's listener or
// of a Cloud Map service. A stage variable in the URI may stand for either. A URI
// that is made from load balancers and target groups alone is neither.
func (i *HTTPIntegration) NamesListener() Truth {
	uri, known := i.URI.Get()
	switch {
	case i.URI.IsAbsent(), len(i.MadeFrom) > 0:
		return False
	case !known && len(i.Listener.Candidates) > 0:
		return True
	case !known || strings.Contains(uri, "${"):
		return Maybe
	}
	fields := strings.SplitN(uri, ":", 6)
	if len(fields) < 6 || fields[0] != "arn" {
		return False
	}
	isListener := fields[2] == "elasticloadbalancing" && strings.HasPrefix(fields[5], "listener/")
	return TruthOf(isListener || fields[2] == "servicediscovery")
}
