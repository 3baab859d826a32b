package gateway

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/function"
)

// service is what API Gateway calls other services as.
const service = "apigateway.amazonaws.com"

// functionOf returns the ARN of the function in the URI of an integration, or nothing.
func functionOf(uri string) string {
	_, rest, found := strings.Cut(uri, ":lambda:path/2015-03-31/functions/")
	if !found {
		return ""
	}
	return strings.TrimSuffix(rest, "/invocations")
}

// invoke invokes the function of an integration for the method.
func (x *exchange) invoke(integration cloud.Props, event []byte) (function.Result, *failure) {
	arn := functionOf(x.withVariables(integration.String("uri")))
	ctx, cancel := x.within()
	defer cancel()
	x.info("Sending request to https://lambda.%s.amazonaws.com/2015-03-31/functions/%s/invocations", x.arrival.Region,
		arn)
	result, err := x.g.options.Functions.Invoke(ctx, function.Call{
		Function: arn, Principal: service, Source: x.arn(x.r.Method, x.method.String("path")),
		Role: integration.String("credentials"), Trace: x.trace, Event: event,
	})
	if err != nil {
		return result, invocationFailure(err)
	}
	x.facts["integrationStatus"], x.facts["integration.integrationStatus"] = "200", "200"
	x.facts["integration.requestId"] = result.RequestID
	return result, nil
}

// invocationFailure returns what API Gateway answers if Lambda refuses an invocation.
// https://repost.aws/knowledge-center/api-gateway-internal-server-error
func invocationFailure(err error) *failure {
	var refused *function.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return timedOut()
	case !errors.As(err, &refused):
		return broken(err.Error())
	case refused.Code == "AccessDeniedException":
		return broken("Invalid permissions on Lambda function")
	case refused.Code == "InvalidRuntimeException":
		return badGateway(refused.Reason)
	}
	f := broken(refused.Reason)
	f.reason = fmt.Sprintf("Lambda invocation failed with status: %d. %s", refused.Status, refused.Reason)
	if refused.Status == http.StatusRequestEntityTooLarge {
		return &failure{kind: "REQUEST_TOO_LARGE", status: refused.Status, code: "RequestTooLargeException",
			message: "Request Too Long", reason: f.reason}
	}
	return f
}

// reasonOf returns why Lambda refuses an invocation, as the execution log has it.
func reasonOf(err error) string { return invocationFailure(err).reason }

// lambdaProxy asks a function, whose answer is the response.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func (x *exchange) lambdaProxy(integration cloud.Props) (answer, *failure) {
	event, err := json.Marshal(x.event())
	if err != nil {
		return answer{}, broken(err.Error())
	}
	result, f := x.invoke(integration, event)
	if f != nil {
		return answer{}, f
	}
	if result.Failed {
		x.facts["integration.error"] = string(result.Payload)
		return answer{}, &failure{kind: "DEFAULT_5XX", status: http.StatusBadGateway,
			code: "InternalServerErrorException", message: "Internal server error", spaced: true,
			reason: "Lambda execution failed with status 200 due to customer function error: " +
				errorOf(result.Payload)}
	}
	return x.proxied(result.Payload)
}

// errorOf returns the message of a function that failed.
func errorOf(payload []byte) string {
	var failed struct {
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal(payload, &failed) != nil || failed.Message == "" {
		return string(payload)
	}
	return failed.Message
}

// proxied makes the response of what a function answers to a proxy integration.
// https://repost.aws/knowledge-center/malformed-502-api-gateway
func (x *exchange) proxied(payload []byte) (answer, *failure) {
	var got struct {
		Status   any                 `json:"statusCode"`
		Headers  map[string]any      `json:"headers"`
		Multiple map[string][]string `json:"multiValueHeaders"`
		Body     *string             `json:"body"`
		Encoded  bool                `json:"isBase64Encoded"`
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	malformed := badGateway("Malformed Lambda proxy response")
	if decoder.Decode(&got) != nil {
		return answer{}, malformed
	}
	status, err := strconv.Atoi(fmt.Sprint(got.Status))
	if err != nil || status < 100 || status > 599 {
		return answer{}, malformed
	}
	x.facts["integration.status"] = strconv.Itoa(status)
	a := answer{status: status, header: http.Header{}}
	for name, value := range got.Headers {
		remap(a.header, name, []string{text(value)})
	}
	for name, values := range got.Multiple {
		remap(a.header, name, values)
	}
	if a.header.Get("Content-Type") == "" {
		a.header["Content-Type"] = []string{"application/json"}
	}
	a.header["X-Amzn-Trace-Id"] = []string{x.trace + ";Sampled=0"}
	if got.Body != nil {
		a.body = []byte(*got.Body)
	}
	if got.Encoded && x.isBinary(x.r.Header.Get("Accept")) {
		if a.body, err = base64.StdEncoding.DecodeString(string(a.body)); err != nil {
			return answer{}, broken("Unable to base64 decode the body.")
		}
	}
	return a, nil
}

// lambda asks a function for the result alone.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-custom-integrations.html
func (x *exchange) lambda(integration cloud.Props) (answer, *failure) {
	template, f := x.requestTemplate(integration)
	if f != nil {
		return answer{}, f
	}
	event, f := x.render(template)
	if f != nil {
		return answer{}, f
	}
	result, f := x.invoke(integration, []byte(or(event, "{}")))
	if f != nil {
		return answer{}, f
	}
	selected := ""
	if result.Failed {
		selected = errorOf(result.Payload)
	}
	return x.respond(selected, http.Header{}, result.Payload)
}

// text returns a value of a JSON object as a header has it.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return fmt.Sprint(value)
}

// event returns the event of a proxy integration, payload format 1.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func (x *exchange) event() map[string]any {
	single, multiple := map[string]string{}, map[string][]string{}
	for name, values := range x.forwarded() {
		single[name], multiple[name] = values[len(values)-1], values
	}
	path := x.path
	if x.domain != nil {
		path = x.r.URL.EscapedPath()
	}
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	e := map[string]any{
		"resource": x.method.String("path"), "path": path, "httpMethod": x.r.Method, "headers": single,
		"multiValueHeaders": multiple, "queryStringParameters": nil, "multiValueQueryStringParameters": nil,
		"pathParameters": nil, "stageVariables": nil, "requestContext": x.requestContext(), "body": nil,
		"isBase64Encoded": false,
	}
	if query := x.r.URL.Query(); len(query) > 0 {
		e["queryStringParameters"], e["multiValueQueryStringParameters"] = last(query), query
	}
	if len(x.params) > 0 {
		e["pathParameters"] = x.params
	}
	if len(x.variables()) > 0 {
		e["stageVariables"] = x.variables()
	}
	switch {
	case len(x.body) > 0 && x.isBinary(x.r.Header.Get("Content-Type")):
		e["body"], e["isBase64Encoded"] = base64.StdEncoding.EncodeToString(x.body), true
	case len(x.body) > 0:
		e["body"] = string(x.body)
	}
	return e
}

// last returns the last value of each parameter.
func last(query url.Values) map[string]string {
	out := map[string]string{}
	for name, values := range query {
		out[name] = values[len(values)-1]
	}
	return out
}

// requestContext returns what an event says about the request. Identities that the
// caller does not have are null.
func (x *exchange) requestContext() map[string]any {
	own := map[string]any{
		"cognitoIdentityPoolId": nil, "accountId": nil, "cognitoIdentityId": nil, "caller": nil, "accessKey": nil,
		"principalOrgId": nil, "cognitoAuthenticationType": nil, "cognitoAuthenticationProvider": nil, "userArn": nil,
		"user": nil, "userAgent": nil, "sourceIp": nil,
	}
	for key, value := range x.identity() {
		if value != "" {
			own[key] = value
		}
	}
	about := x.about()
	all := map[string]any{
		"resourceId": about["resourceId"], "resourcePath": about["resourcePath"], "httpMethod": about["httpMethod"],
		"extendedRequestId": x.extended, "requestTime": about["requestTime"], "path": x.r.URL.EscapedPath(),
		"accountId": about["accountId"], "protocol": about["protocol"], "stage": about["stage"],
		"domainPrefix": about["domainPrefix"], "requestTimeEpoch": x.begun.UnixMilli(), "requestId": x.id,
		"identity": own, "domainName": about["domainName"], "deploymentId": about["deploymentId"],
		"apiId": about["apiId"],
	}
	if x.authorizer != nil {
		all["authorizer"] = x.authorizer
	}
	return all
}

// forwarded returns the headers of the request with those that API Gateway adds for the
// integration.
func (x *exchange) forwarded() http.Header {
	header := x.r.Header.Clone()
	header["Host"] = []string{x.r.Host}
	header["X-Amzn-Trace-Id"] = []string{x.trace}
	header["X-Forwarded-For"] = append(header["X-Forwarded-For"], x.client())
	header["X-Forwarded-For"] = []string{strings.Join(header["X-Forwarded-For"], ", ")}
	if x.arrival.Endpoint == "" {
		header["X-Forwarded-Port"], header["X-Forwarded-Proto"] = []string{"443"}, []string{"https"}
		return header
	}
	header["x-amzn-vpc-id"], header["x-amzn-vpce-id"] = []string{x.arrival.VPC}, []string{x.arrival.Endpoint}
	header["x-amzn-vpce-config"] = []string{"1"}
	about := x.about()
	header["x-amzn-tls-version"], header["x-amzn-cipher-suite"] =
		[]string{about["tlsVersion"]}, []string{about["cipherSuite"]}
	return header
}
