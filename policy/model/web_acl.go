package model

// WebACLAssociation protects the stages of a REST API with an AWS WAF web ACL, which may admit only some callers.
// AWS WAF does not protect HTTP and WebSocket APIs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
type WebACLAssociation struct {
	Element
	API Ref[RestAPI]
}
