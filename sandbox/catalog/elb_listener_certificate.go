package catalog

import "private-api-blueprints/sandbox/cloud"

const listenerCertificateType = "aws:lb/listenerCertificate:ListenerCertificate"

// addListenerCertificates is the page that the refusals of this file come from.
const addListenerCertificates = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/" +
	"API_AddListenerCertificates.html"

// listenerCertificateKind returns the kind of further certificates of listeners, which
// load balancers choose by the name that a client asks for.
func listenerCertificateKind() *cloud.Kind {
	return &cloud.Kind{
		Token:       listenerCertificateType,
		Replace:     words("certificateArn listenerArn"),
		Constraints: []cloud.Constraint{arnAt("certificateArn"), arnAt("listenerArn")},
		ID: func(r *cloud.Request) string {
			return r.Inputs.String("listenerArn") + "_" + r.Inputs.String("certificateArn")
		},
		References:       map[string]string{"listenerArn": listenerType},
		BlocksDeletionOf: map[string]string{"certificateArn": certificateType},
		ReferenceErrors: map[string]cloud.Refusal{
			"certificateArn": cloud.NewRefusal("CertificateNotFound", "Certificate '%s' not found",
				addListenerCertificates),
		},
		Check: checkListenerCertificate,
		Example: cloud.Example{
			Name:   "listener certificate",
			Inputs: cloud.Props{"listenerArn": "${listener}", "certificateArn": "${certificate}"},
			After:  []string{"validation"},
		},
	}
}

// checkListenerCertificate refuses certificates of listeners without TLS, and
// certificates that ACM has not issued.
func checkListenerCertificate(r *cloud.Request) error {
	listener := r.Find(listenerType, r.Inputs.String("listenerArn"), r.Region)
	if protocol := listener.Inputs.String("protocol"); protocol != "TLS" && protocol != "HTTPS" {
		return cloud.NewRefusal("InvalidConfigurationRequest",
			"Certificates can be specified only for TLS and HTTPS listeners, not for %s",
			addListenerCertificates).With(protocol)
	}
	arn := r.Inputs.String("certificateArn")
	if !issued(r, r.Find(certificateType, arn, r.Region)) {
		return cloud.NewRefusal("UnsupportedCertificate",
			"The certificate '%s' must have a fully-qualified domain name, a supported signature, and a "+
				"supported key size.", addListenerCertificates).With(arn)
	}
	return nil
}
