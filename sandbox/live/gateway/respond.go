package gateway

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// failure is an answer that API Gateway itself gives.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
type failure struct {
	kind   string // Of gateway response. Empty if no API answers.
	status int
	code   string // The value of x-amzn-ErrorType.
	// message is for the client, reason for the trail and the execution log.
	message, reason string
	// capital is whether the body says Message, as that of a denied request does.
	// https://github.com/ASFHyP3/hyp3/issues/2283
	capital bool
	// spaced is whether the body has a space after the colon, as that of a failed integration does.
	// https://repost.aws/knowledge-center/api-gateway-504-errors
	spaced bool
}

// forbidden returns the failure of a request for which there is no API, or a key that
// is not valid.
func forbidden(reason string) *failure {
	return &failure{kind: "DEFAULT_4XX", status: http.StatusForbidden, code: "ForbiddenException", message: "Forbidden",
		reason: reason}
}

// broken returns the failure of a method that is misconfigured.
func broken(reason string) *failure {
	return &failure{kind: "API_CONFIGURATION_ERROR", status: http.StatusInternalServerError,
		code: "InternalServerErrorException", message: "Internal server error", spaced: true,
		reason: "Execution failed due to configuration error: " + reason}
}

// badGateway returns the failure of an integration whose answer makes no sense.
// https://repost.aws/knowledge-center/malformed-502-api-gateway
func badGateway(reason string) *failure {
	f := broken(reason)
	f.kind, f.status = "DEFAULT_5XX", http.StatusBadGateway
	return f
}

// timedOut returns the failure of an integration that takes too long.
// https://repost.aws/knowledge-center/api-gateway-504-errors
func timedOut() *failure {
	return &failure{kind: "INTEGRATION_TIMEOUT", status: http.StatusGatewayTimeout,
		code:    "InternalServerErrorException",
		message: "Endpoint request timed out", spaced: true, reason: "Execution failed due to a timeout error"}
}

// unreachable returns the failure of an integration whose network fails.
// https://github.com/RhinoSecurityLabs/IPRotate_Burp_Extension/issues/17
func unreachable(reason string) *failure {
	return &failure{kind: "INTEGRATION_FAILURE", status: http.StatusGatewayTimeout,
		code:    "InternalServerErrorException",
		message: "Network error communicating with endpoint", spaced: true,
		reason: "Execution failed due to a network error communicating with endpoint: " + reason}
}

// fail returns the answer for a failure, as the API's gateway responses want it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
func (x *exchange) fail(f *failure) answer {
	x.step("%s: %s", f.message, f.reason)
	x.facts["error.message"], x.facts["error.messageString"] = f.message, strconv.Quote(f.message)
	x.facts["error.responseType"] = f.kind
	x.events = append(x.events, event{f.reason, true})
	header := http.Header{"Content-Type": {"application/json"}}
	if f.code != "" {
		header["x-amzn-ErrorType"] = []string{f.code}
	}
	key, separator := "message", ""
	if f.capital {
		key = "Message"
	}
	if f.spaced {
		separator = " "
	}
	a := answer{status: f.status, header: header, body: message(key, f.message, separator), failed: f}
	if custom := x.gatewayResponse(f); custom != nil {
		x.customize(&a, custom)
	}
	return a
}

// gatewayResponse returns the API's own answer for a failure: the one for its type, or
// for all of its class, or nil.
func (x *exchange) gatewayResponse(f *failure) cloud.Props {
	class := "DEFAULT_4XX"
	if f.status >= 500 {
		class = "DEFAULT_5XX"
	}
	var general cloud.Props
	for _, custom := range x.served.Objects("gatewayResponses") {
		switch custom.String("responseType") {
		case f.kind:
			return custom
		case class:
			general = custom
		}
	}
	return general
}

// customize changes an answer as a gateway response wants it.
func (x *exchange) customize(a *answer, custom cloud.Props) {
	if status, err := strconv.Atoi(custom.String("statusCode")); err == nil {
		a.status = status
	}
	if template := custom.Object("responseTemplates").String("application/json"); template != "" {
		a.body = []byte(x.substitute(template))
	}
	parameters := custom.Object("responseParameters")
	for key := range parameters {
		if name, isHeader := strings.CutPrefix(key, "gatewayresponse.header."); isHeader {
			if value, ok := x.parameter(parameters.String(key)); ok {
				a.header[name] = []string{value}
			}
		}
	}
}

// write sends an answer. Behind an endpoint, a server header is the first to be seen.
func (x *exchange) write(w http.ResponseWriter, a answer) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	if x.api == nil && a.status == http.StatusNotFound {
		header["apigw-requestid"] = []string{x.extended}
	} else {
		header["x-amzn-RequestId"], header["x-amz-apigw-id"] = []string{x.id}, []string{x.extended}
	}
	if x.arrival.Endpoint != "" {
		header["Server"] = []string{"Server"}
	}
	if x.r.ProtoMajor == 1 && !x.r.Close {
		header["Connection"] = []string{"keep-alive"}
	}
	if mayHaveBody(x.r.Method, a.status) {
		header["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // A client that is gone needs no answer, and one that asked for HEAD gets no body.
}

// mayHaveBody reports whether an answer may say how long its body is.
func mayHaveBody(method string, status int) bool {
	return method != http.MethodHead && status >= 200 && status != http.StatusNoContent &&
		status != http.StatusNotModified
}

// isBinary reports whether the API treats a media type as binary. The first of several
// types counts.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
func (x *exchange) isBinary(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ",")
	mediaType, _, _ = strings.Cut(mediaType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	return slices.ContainsFunc(x.served.Strings("binaryMediaTypes"), func(binary string) bool {
		binary = strings.ToLower(strings.ReplaceAll(binary, "~1", "/"))
		return binary == "*/*" || binary == mediaType
	})
}
