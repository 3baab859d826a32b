package trace

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

// showing returns the traces with another symptom than most clients see.
func showing(symptom string, traces []Trace) []Trace {
	for i := range traces {
		traces[i].symptom = symptom
	}
	return traces
}

// gatewayLog begins what API Gateway writes to its log if TLS with a backend fails.
// The client does not see that.
const gatewayLog = "HTTP 500; the log of API Gateway says Execution failed due to configuration error: "

// untrusted returns what is seen if the client of a call does not trust a certificate.
func (c call) untrusted() string {
	if !c.fromGateway {
		return "unable to get local issuer certificate"
	}
	return gatewayLog + "PKIX path building failed"
}

// mismatch returns what is seen if a certificate is not valid for the name that the
// client of a call asks for.
func (c call) mismatch(ref model.Ref[model.Certificate]) string {
	if !c.fromGateway {
		return fmt.Sprintf("no alternative certificate subject name matches target host name '%s'", c.sni)
	}
	text := fmt.Sprintf("%sHost name '%s' does not match the certificate subject provided by the peer", gatewayLog,
		c.sni)
	if certificate, certain := ref.Sole(); certain && len(certificate.Names.Items) > 0 {
		if name, known := certificate.Names.Items[0].Get(); known {
			text += " (CN=" + name + ")"
		}
	}
	return text
}

// behindGateway returns what the client of an API sees if API Gateway does not reach
// the backend. The client gets a response of the backend as it is.
func behindGateway(t Trace) string {
	switch t.Disposition {
	case NoRoute, DeniedBySecurityGroup, DeniedByNetworkACL, NotListening, NoTarget, NotConnected:
		return "HTTP 504 or 500, after API Gateway has waited for the backend"
	case NameNotResolved, TLSFailed:
		return "HTTP 500"
	}
	return t.symptom
}
