package openapi

import "strings"

// authExtension is an extension that says who may call an operation. The case of its
// type does not matter to API Gateway.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-auth.html
const authExtension = "x-amazon-apigateway-auth"

// access fills in who may call an operation. API Gateway applies only authExtension and
// security.
func (c *checker) access(at string, n *node, o *Operation) {
	o.Authorization = "NONE"
	kind := n.field(authExtension, "type").text()
	switch {
	case strings.EqualFold(kind, "AWS_IAM"):
		o.Authorization = "AWS_IAM"
	case n.field(authExtension) != nil && !strings.EqualFold(kind, "NONE"):
		c.reject(at+"."+authExtension+".type", "%q: want AWS_IAM or NONE; user pools and the API key are in security",
			kind)
	}
	requirements := n.field("security")
	if requirements == nil {
		return
	}
	at += ".security"
	if !requirements.isList {
		c.reject(at, "want a list")
		return
	}
	for _, requirement := range requirements.items {
		if len(requirement.keys) == 0 {
			c.reject(at, "has an empty requirement; want only those of securitySchemes: API Gateway has no choice "+
				"between a requirement and none")
		}
		for _, name := range requirement.keys {
			c.require(at, name, o)
		}
	}
}

// require adds what a security scheme requires of callers.
func (c *checker) require(at, name string, o *Operation) {
	authorization, key := c.scheme(at, name)
	switch {
	case key:
		o.ApiKeyRequired = true
	case authorization == "":
	case o.Authorization != "NONE" && o.Authorization != authorization:
		c.reject(at, "wants %s and %s; want one of them", o.Authorization, authorization)
	default:
		o.Authorization = authorization
	}
}

// scheme returns the authorization that a security scheme stands for, or that it
// stands for the API key. It stands for nothing if the stack cannot serve it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
func (c *checker) scheme(at, name string) (authorization string, key bool) {
	scheme := c.root.field("components", "securitySchemes", name)
	where := "components.securitySchemes." + name
	authorizer := scheme.field("x-amazon-apigateway-authorizer")
	inHeader := scheme.field("type").text() == "apiKey" && scheme.field("in").text() == "header"
	header := scheme.field("name").text()
	switch {
	case scheme == nil:
		c.reject(at, "%q: want a name among components.securitySchemes", name)
	case strings.EqualFold(scheme.field("x-amazon-apigateway-authtype").text(), "awsSigv4"):
		return "AWS_IAM", false
	case authorizer != nil && strings.EqualFold(authorizer.field("type").text(), "cognito_user_pools"):
		if !inHeader || header == "" || c.tokenHeader != "" && c.tokenHeader != header {
			c.rejectOnce(where, "want type: apiKey, in: header and the name of the header that has the token, the "+
				"same for all operations")
		}
		c.tokenHeader = header
		return "TOKEN", false
	case authorizer != nil:
		c.rejectOnce(where, "want user pools of Cognito, or api.routes with api.authorizer: the stack lets API "+
			"Gateway invoke no function that a document has as its authorizer")
	case inHeader && strings.EqualFold(header, "x-api-key"):
		return "", true
	default:
		c.rejectOnce(where, "want x-amazon-apigateway-authtype: awsSigv4, user pools of Cognito in "+
			"x-amazon-apigateway-authorizer, or the API key in the header x-api-key: API Gateway applies no others")
	}
	return "", false
}

// rejectOnce records that a part of the document is not acceptable, if it is not yet
// recorded.
func (c *checker) rejectOnce(at, reason string) {
	for _, p := range c.problems {
		if p.At == at {
			return
		}
	}
	c.reject(at, "%s", reason)
}
