package gateway

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// integrate asks the integration of the method.
func (x *exchange) integrate() (answer, *failure) {
	x.info("Starting execution for request: %s", x.id)
	x.info("HTTP Method: %s, Resource Path: %s", x.r.Method, x.method.String("path"))
	begun := x.g.options.Now()
	result, f := x.dispatch(x.method.Object("integration"))
	latency := milliseconds(x.g.options.Now().Sub(begun))
	x.facts["integrationLatency"], x.facts["integration.latency"] = latency, latency
	if f != nil {
		x.facts["integrationErrorMessage"], x.facts["integration.error"] = f.reason, f.reason
	}
	return result, f
}

// dispatch asks an integration by its type.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html
func (x *exchange) dispatch(integration cloud.Props) (answer, *failure) {
	switch kind := integration.String("type"); {
	case kind == "MOCK":
		return x.mock(integration)
	case kind == "AWS_PROXY":
		return x.lambdaProxy(integration)
	case kind == "HTTP_PROXY" || kind == "HTTP":
		return x.upstream(integration)
	case kind == "AWS" && functionOf(integration.String("uri")) != "":
		return x.lambda(integration)
	default:
		return answer{}, broken("the sandbox has no integrations of type " + kind + " with " +
			integration.String("uri"))
	}
}

// mock answers as the integration's template says, without asking anybody.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
func (x *exchange) mock(integration cloud.Props) (answer, *failure) {
	template, f := x.requestTemplate(integration)
	if f != nil {
		return answer{}, f
	}
	text, f := x.render(template)
	if f != nil {
		return answer{}, f
	}
	var made struct {
		Status json.Number `json:"statusCode"`
	}
	if err := json.Unmarshal([]byte(text), &made); err != nil || made.Status == "" {
		return answer{}, broken("Unable to parse statusCode. It should be an integer that is defined in the request " +
			"template.")
	}
	x.facts["integrationStatus"], x.facts["integration.status"] = made.Status.String(), made.Status.String()
	return x.respond(made.Status.String(), nil, nil)
}

// requestTemplate returns the template for the body's media type. Without a matching
// one the integration's passthrough behavior decides: the body itself is the result, or
// the request is refused.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
func (x *exchange) requestTemplate(integration cloud.Props) (string, *failure) {
	templates := integration.Object("requestTemplates")
	mediaType, _, _ := strings.Cut(or(x.r.Header.Get("Content-Type"), "application/json"), ";")
	behavior := integration.StringOr("passthroughBehavior", "WHEN_NO_MATCH")
	switch template := templates.String(strings.TrimSpace(mediaType)); {
	case template != "":
		return template, nil
	case behavior == "NEVER" || behavior == "WHEN_NO_TEMPLATES" && len(templates) > 0:
		return "", &failure{kind: "UNSUPPORTED_MEDIA_TYPE", status: http.StatusUnsupportedMediaType,
			code: "BadRequestException", message: "Unsupported Media Type", reason: "no template for " + mediaType}
	}
	return "$input.body", nil
}

// respond makes the method's response of an integration's answer. What the selection
// pattern matches decides: the status of an HTTP integration, or the error of a function.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html
func (x *exchange) respond(selected string, header http.Header, body []byte) (answer, *failure) {
	var chosen cloud.Props
	for _, response := range x.method.Objects("responses") {
		pattern := response.String("selectionPattern")
		matches, err := regexp.MatchString("(?s)^(?:"+pattern+")$", selected)
		switch {
		case pattern == "" && chosen == nil:
			chosen = response
		case pattern != "" && err == nil && matches:
			return x.mapped(response, header, body)
		}
	}
	if chosen == nil {
		return answer{}, broken("No match for output mapping and no default output mapping configured. Endpoint " +
			"Response Status Code: " + selected)
	}
	return x.mapped(chosen, header, body)
}

// mapped makes a response as an integration response says.
func (x *exchange) mapped(response cloud.Props, header http.Header, body []byte) (answer, *failure) {
	status, err := strconv.Atoi(response.String("statusCode"))
	if err != nil {
		return answer{}, broken("the integration response has no status code")
	}
	a := answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}
	if templates := response.Object("responseTemplates"); len(templates) > 0 {
		mediaTypes := make([]string, 0, len(templates))
		for mediaType := range templates {
			mediaTypes = append(mediaTypes, mediaType)
		}
		slices.Sort(mediaTypes)
		own := x.body
		x.body = body // $input is the integration's answer here.
		text, f := x.render(templates.String(mediaTypes[0]))
		x.body = own
		if f != nil {
			return answer{}, f
		}
		a.header["Content-Type"], a.body = []string{mediaTypes[0]}, []byte(text)
	}
	parameters := response.Object("responseParameters")
	for key := range parameters {
		name, isHeader := strings.CutPrefix(key, "method.response.header.")
		if value, ok := x.responseParameter(parameters.String(key), header, body); ok && isHeader {
			a.header[name] = []string{value}
		}
	}
	return a, nil
}
