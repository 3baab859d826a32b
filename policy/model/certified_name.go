package model

// CertifiedName is a custom domain name of API Gateway, for any kind of API,
// with the certificates that it may show to clients.
type CertifiedName struct {
	Element
	Host         Known[string]
	Certificates Refs[Certificate]
}
