package model

// ElasticIP is a public IPv4 address that the account owns until it releases it.
type ElasticIP struct {
	Element
	// PublicIP is the address. It is unknown before AWS has given it out.
	PublicIP Known[string]
}
