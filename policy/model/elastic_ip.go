package model

// ElasticIP is a public IPv4 address that the account owns until it releases it.
type ElasticIP struct{ Element }
