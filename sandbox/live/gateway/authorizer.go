package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/function"
	"private-api-blueprints/sandbox/policyeval"
)

// authorizeByFunction asks a Lambda authorizer, once the resource policy does not deny
// the request, and combines its policy with the resource policy. The sandbox caches no
// policies.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
func (x *exchange) authorizeByFunction() *failure {
	verdict, f := x.policyVerdict()
	switch {
	case f != nil:
		return f
	case verdict == policyeval.Deny:
		return x.denied(x.invoked(), verdict, "the resource policy denies the request")
	}
	authorizer := x.authorizerOf(x.method.String("authorizerId"))
	if authorizer == nil {
		return broken("Authorizer error: the deployment has no such authorizer")
	}
	event, f := x.authorizerEvent(authorizer)
	if f != nil {
		return f
	}
	policy, f := x.askAuthorizer(authorizer, event)
	if f != nil {
		return f
	}
	own, err := policyeval.Evaluate([]byte(policy), x.request(x.invoked()))
	own, f = x.judged("the authorizer", own, err)
	if f != nil {
		return f
	}
	if f := x.combine(own, verdict, "the authorizer's policy"); f != nil {
		f.message = "User is not authorized to access this resource"
		if own == policyeval.Deny {
			f.message += " with an explicit deny"
		}
		return f
	}
	return nil
}

// authorizerOf returns an authorizer of the deployment, or nil.
func (x *exchange) authorizerOf(id string) cloud.Props {
	for _, authorizer := range x.served.Objects("authorizers") {
		if authorizer.String("id") == id {
			return authorizer
		}
	}
	return nil
}

// authorizerEvent returns what an authorizer is asked. A request without an identity
// source does not reach it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
func (x *exchange) authorizerEvent(authorizer cloud.Props) (map[string]any, *failure) {
	var token string
	for _, source := range strings.Split(authorizer.String("identitySource"), ",") {
		value, ok := x.parameter(strings.TrimSpace(source))
		if source != "" && (!ok || value == "") {
			return nil, unauthorized("the request lacks the identity source " + strings.TrimSpace(source))
		}
		token = value
	}
	if authorizer.String("type") != "TOKEN" {
		event := x.event()
		event["type"], event["methodArn"] = "REQUEST", x.invoked()
		delete(event, "body")
		delete(event, "isBase64Encoded")
		return event, nil
	}
	if expression := authorizer.String("identityValidationExpression"); expression != "" {
		valid, err := regexp.MatchString("^(?:"+expression+")$", token)
		if err != nil || !valid {
			return nil, unauthorized("the token does not match " + expression)
		}
	}
	return map[string]any{"type": "TOKEN", "authorizationToken": token, "methodArn": x.invoked()}, nil
}

// askAuthorizer invokes an authorizer and returns its policy. A function that fails
// with the message Unauthorized refuses the request.
func (x *exchange) askAuthorizer(authorizer cloud.Props, event map[string]any) (string, *failure) {
	payload, err := json.Marshal(event)
	if err != nil {
		return "", broken(err.Error())
	}
	result, err := x.g.options.Functions.Invoke(x.connection, function.Call{
		Function: functionOf(x.withVariables(authorizer.String("authorizerUri"))), Principal: service,
		Source: x.api.Out.String("executionArn") + "/authorizers/" + authorizer.String("id"),
		Role:   authorizer.String("authorizerCredentials"), Trace: x.trace, Event: payload,
	})
	failed := broken("Authorizer error")
	failed.kind, failed.code, failed.spaced = "AUTHORIZER_CONFIGURATION_ERROR", "AuthorizerConfigurationException",
		false
	if err != nil {
		failed.reason = "Execution failed due to configuration error: Authorizer error: " + reasonOf(err)
		return "", failed
	}
	var answer struct {
		ErrorMessage string         `json:"errorMessage"`
		PrincipalID  string         `json:"principalId"`
		Policy       any            `json:"policyDocument"`
		Context      map[string]any `json:"context"`
		Usage        string         `json:"usageIdentifierKey"`
	}
	err = json.Unmarshal(result.Payload, &answer)
	switch {
	case result.Failed && answer.ErrorMessage == "Unauthorized":
		return "", unauthorized("the authorizer answers Unauthorized")
	case err != nil || result.Failed || answer.PrincipalID == "" || answer.Policy == nil:
		failed.reason = fmt.Sprintf("Execution failed due to configuration error: Authorizer error: %s", result.Payload)
		return "", failed
	}
	x.authorizer = map[string]any{"principalId": answer.PrincipalID}
	for key, value := range answer.Context {
		x.authorizer[key] = value
	}
	if answer.Usage != "" {
		x.authorizer["usageIdentifierKey"] = answer.Usage
	}
	document, err := forEveryone(answer.Policy)
	if err != nil {
		failed.reason = "Execution failed due to configuration error: Authorizer error: " + err.Error()
		return "", failed
	}
	return document, nil
}

// forEveryone returns an identity-based policy as a resource-based one.
func forEveryone(policy any) (string, error) {
	document, _ := policy.(map[string]any)
	statements, many := document["Statement"].([]any)
	if !many {
		statements = []any{document["Statement"]}
	}
	for _, s := range statements {
		fields, ok := s.(map[string]any)
		if !ok {
			return "", errors.New("the policy has no statements")
		}
		fields["Principal"] = "*"
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	return string(text), err
}
