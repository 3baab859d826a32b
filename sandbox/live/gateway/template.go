package gateway

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// variable matches a variable of a template: one of the context or of the stage, or a
// part of the input.
var variable = regexp.MustCompile(`\$\{?(?:context|stageVariables)\.[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*\}?` +
	`|\$input\.(?:body|json\('\$'\)|params\('[^']*'\))`)

// directive matches what only the language of mapping templates understands.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
var directive = regexp.MustCompile(`#(?:set|if|foreach|else|end|macro)\b|\$util\.|\$input\.path|\$[a-z]+\.[a-z]+\(`)

// substitute returns a template with the values of its variables.
func (x *exchange) substitute(template string) string {
	return variable.ReplaceAllStringFunc(template, func(name string) string {
		name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(name, "$"), "{"), "}")
		if key, ok := strings.CutPrefix(name, "context."); ok {
			return x.variable(key)
		}
		if key, ok := strings.CutPrefix(name, "stageVariables."); ok {
			return x.variables().String(key)
		}
		if quoted, ok := strings.CutPrefix(name, "input.params('"); ok {
			return x.inputParameter(strings.TrimSuffix(quoted, "')"))
		}
		if len(x.body) == 0 && strings.HasPrefix(name, "input.json") {
			return "{}"
		}
		return string(x.body)
	})
}

// render returns a mapping template with the values of its variables. It refuses one
// that the sandbox does not evaluate.
func (x *exchange) render(template string) (string, *failure) {
	if found := directive.FindString(variable.ReplaceAllString(template, "")); found != "" {
		return "", broken("the sandbox evaluates variables of mapping templates only, not " + found)
	}
	return x.substitute(template), nil
}

// inputParameter returns a parameter of the path, the query or the headers, which are
// searched in this order.
func (x *exchange) inputParameter(name string) string {
	if value, ok := x.params[name]; ok {
		return value
	}
	if values := x.r.URL.Query()[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	return x.r.Header.Get(name)
}

// parameter returns the value that a parameter mapping takes: a literal in quotes, a
// part of the request, or a variable. It reports whether there is one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
func (x *exchange) parameter(source string) (string, bool) {
	if literal, ok := strings.CutPrefix(source, "'"); ok {
		return strings.TrimSuffix(literal, "'"), true
	}
	if key, ok := strings.CutPrefix(source, "context."); ok {
		value := x.variable(key)
		return value, value != "-"
	}
	if key, ok := strings.CutPrefix(source, "stageVariables."); ok {
		return x.variables().String(key), x.variables().Has(key)
	}
	if source == "method.request.body" {
		return string(x.body), true
	}
	rest, ok := strings.CutPrefix(source, "method.request.")
	kind, name, _ := strings.Cut(rest, ".")
	switch {
	case !ok:
		return "", false
	case kind == "path":
		value, found := x.params[name]
		return value, found
	case strings.HasSuffix(kind, "querystring"):
		values := x.r.URL.Query()[name]
		return strings.Join(values, ","), len(values) > 0
	}
	if strings.EqualFold(name, "Host") {
		return x.r.Host, true
	}
	values := x.r.Header.Values(name)
	return strings.Join(values, ","), len(values) > 0
}

// responseParameter returns the value that a response takes: as parameter does, or a
// header or the body of the integration's answer.
func (x *exchange) responseParameter(source string, header http.Header, body []byte) (string, bool) {
	if name, ok := strings.CutPrefix(source, "integration.response.header."); ok {
		return header.Get(name), header.Get(name) != ""
	}
	path, ok := strings.CutPrefix(source, "integration.response.body")
	if !ok {
		return x.parameter(source)
	}
	var value any
	if json.Unmarshal(body, &value) != nil {
		return "", false
	}
	for _, key := range strings.Split(strings.TrimPrefix(path, "."), ".") {
		if fields, isObject := value.(map[string]any); isObject && key != "" {
			value = fields[key]
		}
	}
	if text, isText := value.(string); isText {
		return text, true
	}
	text, err := json.Marshal(value)
	return string(text), err == nil && value != nil
}
