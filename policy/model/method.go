package model

import (
	"regexp"
	"slices"
)

// Method is a method of a REST API. It is a resource of the program, or an operation in an OpenAPI document. An
// operation has its verb and its path as name, such as "GET /orders".
type Method struct {
	Element
	API Ref[RestAPI]
	// Verb is the HTTP method, such as GET, or ANY.
	Verb Known[string]
	// Path is the path below the stage, such as /orders/{id}.
	Path Known[string]
	// Misplaced is whether the resource with the path certainly belongs to another API. AWS refuses such a method.
	Misplaced bool
	// Authorization is NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS.
	Authorization Known[Authorization]
	// KeyRequired is whether callers must send an API key.
	KeyRequired Known[bool]
	// Parameters are the parts of the request that the method declares, such as method.request.path.proxy. An
	// operation does not list them: its path declares them.
	Parameters List[string]
	// Integration is the method's backend. It is open if the stack does not show one.
	Integration Ref[Integration]
}

// Authorization is how a method or a route checks who the caller is.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html
type Authorization string

// Kinds of authorization. AuthorizationCustom is a Lambda authorizer. Only HTTP
// APIs have AuthorizationJWT, and only REST APIs have AuthorizationCognito.
const (
	AuthorizationNone    Authorization = "NONE"
	AuthorizationIAM     Authorization = "AWS_IAM"
	AuthorizationCustom  Authorization = "CUSTOM"
	AuthorizationCognito Authorization = "COGNITO_USER_POOLS"
	AuthorizationJWT     Authorization = "JWT"
)

// IsOpen asks whether the method answers callers that do not identify
// themselves. A method for OPTIONS must do so, because browsers send that
// request without credentials before a call. It does not count as open.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
func (m *Method) IsOpen() Truth {
	anonymous := m.Authorization.Equals(AuthorizationNone).And(m.KeyRequired.Equals(false))
	return anonymous.And(m.Verb.Equals("OPTIONS").Not())
}

// NeedsAllow asks whether the method answers only callers whom the API's resource
// policy allows. With IAM and with Lambda authorizers another policy may allow
// them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (m *Method) NeedsAllow() Truth {
	return m.Authorization.Equals(AuthorizationNone).Or(m.Authorization.Equals(AuthorizationCognito))
}

// MethodsOf returns the methods that may belong to an API.
func (s *Stack) MethodsOf(api Ref[RestAPI]) []*Method {
	return slices.DeleteFunc(slices.Clone(s.Methods), func(m *Method) bool { return m.API.Same(api) == False })
}

// MayHaveOtherMethods returns Maybe if an OpenAPI document that is not known may
// define methods of the API, and False otherwise. Such methods may be of any kind.
func (s *Stack) MayHaveOtherMethods(api Ref[RestAPI]) Truth {
	has := False
	for _, a := range api.Among(s.RestAPIs) {
		has = has.Or(a.Document)
	}
	return has.AtMostMaybe()
}

// parameter matches a parameter in the path of a method or a route, such as {id} or {proxy+}.
var parameter = regexp.MustCompile(`\{[^/]*\}`)

// ReplaceParameters returns the path of a method or a route with a text instead of each parameter.
func ReplaceParameters(path, text string) string {
	return parameter.ReplaceAllLiteralString(path, text)
}
