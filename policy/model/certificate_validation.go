package model

// CertificateValidation waits until ACM has issued a certificate.
type CertificateValidation struct {
	Element
	Certificate Ref[Certificate]
}
