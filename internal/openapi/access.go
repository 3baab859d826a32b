package openapi

import (
	"regexp"
	"strings"
)

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
	authorizer := scheme.field(authorizerExtension)
	inHeader := scheme.field("type").text() == "apiKey" && scheme.field("in").text() == "header"
	header := scheme.field("name").text()
	switch {
	case scheme == nil:
		c.reject(at, "%q: want a name among components.securitySchemes", name)
	case strings.EqualFold(scheme.field("x-amazon-apigateway-authtype").text(), "awsSigv4"):
		return "AWS_IAM", false
	case authorizer != nil && strings.EqualFold(authorizer.field("type").text(), "cognito_user_pools"):
		if !inHeader {
			header = ""
		}
		c.takeHeader(where, header)
		return "TOKEN", false
	case authorizer != nil && isLambda(authorizer):
		c.lambdaHeader(where, scheme, authorizer)
		return "TOKEN", false
	case authorizer != nil:
		c.rejectOnce(where, "want x-amazon-apigateway-authorizer of the type token, request or cognito_user_pools")
	case inHeader && strings.EqualFold(header, "x-api-key"):
		return "", true
	default:
		c.rejectOnce(where, "want x-amazon-apigateway-authtype: awsSigv4, user pools of Cognito in "+
			"x-amazon-apigateway-authorizer, or the API key in the header x-api-key: API Gateway applies no others")
	}
	return "", false
}

// authorizerExtension is the extension that says what decides about tokens.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
const authorizerExtension = "x-amazon-apigateway-authorizer"

// isLambda reports whether a function decides about tokens.
func isLambda(authorizer *node) bool {
	kind := strings.ToLower(authorizer.field("type").text())
	return kind == "token" || kind == "request"
}

// takeHeader takes over the header that has the token.
func (c *checker) takeHeader(where, header string) {
	if header == "" || c.tokenHeader != "" && c.tokenHeader != header {
		c.rejectOnce(where, "want type: apiKey, in: header and the name of the header that has the token, the "+
			"same for all operations")
	}
	c.tokenHeader = header
}

// identityHeader matches a header among the sources of an identity.
var identityHeader = regexp.MustCompile(`\bmethod\.request\.header\.([A-Za-z0-9-]+)`)

// lambdaHeader takes over the header that a function decides about. One of the type
// request must have a header among its sources: API Gateway refuses a call without it,
// and asks the function about every call without a source.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html
func (c *checker) lambdaHeader(where string, scheme, authorizer *node) {
	header := scheme.field("name").text()
	if scheme.field("in").text() != "header" {
		header = ""
	}
	if strings.EqualFold(authorizer.field("type").text(), "request") {
		found := identityHeader.FindStringSubmatch(authorizer.field("identitySource").text())
		if found == nil {
			c.rejectOnce(where, "want a header in identitySource, such as method.request.header.Authorization: the "+
				"stack promises that a call without it is refused")
			return
		}
		header = found[1]
	}
	c.takeHeader(where, header)
}

// authorizers checks the functions that decide about tokens. API Gateway makes an
// authorizer of each scheme, whether an operation has it or not.
func (c *checker) authorizers() {
	schemes := c.root.field("components", "securitySchemes")
	if schemes == nil {
		return
	}
	for _, name := range schemes.keys {
		authorizer := schemes.field(name, authorizerExtension)
		if authorizer == nil || !isLambda(authorizer) {
			continue
		}
		uri := authorizer.field("authorizerUri").text()
		if found := functionURI.FindStringSubmatch(uri); found != nil {
			c.deciders = append(c.deciders, found[2])
		} else if !strings.Contains(uri, ":lambda:path/") || authorizer.field("authorizerCredentials").text() == "" {
			at := "components.securitySchemes." + name + "." + authorizerExtension + ".authorizerUri"
			c.reject(at, "%q: want %s or %s, with a function of the stack's configuration, or the URI of another "+
				"one with authorizerCredentials: the stack lets the API invoke no others", uri, placeholder(""),
				placeholder("NAME"))
		}
	}
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
