package components

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Cors says which pages of other origins may call an API from a browser. All fields
// are required.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
type Cors struct {
	Origins       []string // Such as https://www.example.com, or only *.
	Headers       []string // Headers that pages may send.
	MaxAgeSeconds int      // How long browsers may remember the answer.
}

// otherMethods are the methods for which ANY stands, except OPTIONS.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
var otherMethods = []string{"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}

// preflight answers the requests by which browsers ask whether a page may call a
// path. They have no credentials, so nothing behind the API sees them.
type preflight struct {
	*Cors
	methods []string // What pages may call.
}

var _ mockBackend = (*preflight)(nil)

// newPreflight returns what answers for a path that has some methods.
func newPreflight(c *Cors, methods []string) *preflight {
	if slices.Contains(methods, "ANY") {
		methods = otherMethods
	}
	return &preflight{c, append(slices.Sorted(slices.Values(methods)), "OPTIONS")}
}

// preflightStatus is the status of the answer, which has no body.
const preflightStatus = 204

// fingerprint returns all that the answer has.
func (p *preflight) fingerprint() pulumi.StringOutput {
	return pulumi.Sprintf("%+v %s", *p.Cors, strings.Join(p.methods, " "))
}

// integrate makes API Gateway itself answer. The template says with which status.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
func (p *preflight) integrate(_ string, integration *apigateway.IntegrationArgs) {
	integration.Type = pulumi.String("MOCK")
	integration.RequestTemplates = pulumi.StringMap{
		"application/json": pulumi.String(fmt.Sprintf(`{"statusCode": %d}`, preflightStatus)),
	}
}

// binaryMediaTypes returns none. With all media types, API Gateway would fail to
// answer. https://github.com/aws/chalice/issues/1310
func (p *preflight) binaryMediaTypes() pulumi.StringArrayInput { return nil }

// prepare returns nothing: no backend is called.
func (p *preflight) prepare(scope, *apigateway.RestApi) ([]pulumi.Resource, error) { return nil, nil }

// newResponses registers the response of the method, which declares the headers,
// and that of the integration, which has their values.
func (p *preflight) newResponses(
	s scope, name func(role string) string, method *apigateway.Method, integration *apigateway.Integration,
) ([]pulumi.Resource, error) {
	declared, values := pulumi.BoolMap{}, pulumi.StringMap{}
	for header, value := range p.headers() {
		declared["method.response.header."+header] = pulumi.Bool(true)
		values["method.response.header."+header] = pulumi.String("'" + value + "'")
	}
	response, err := apigateway.NewMethodResponse(s.ctx, name("-method-response"), &apigateway.MethodResponseArgs{
		RestApi:            method.RestApi,
		ResourceId:         method.ResourceId,
		HttpMethod:         method.HttpMethod,
		StatusCode:         pulumi.String(strconv.Itoa(preflightStatus)),
		ResponseParameters: declared,
	}, s.child)
	if err != nil {
		return nil, err
	}
	args := &apigateway.IntegrationResponseArgs{
		RestApi:            method.RestApi,
		ResourceId:         method.ResourceId,
		HttpMethod:         method.HttpMethod,
		StatusCode:         response.StatusCode,
		ResponseParameters: values,
	}
	if len(p.Origins) > 1 {
		args.ResponseTemplates = pulumi.StringMap{"application/json": pulumi.String(p.template())}
	}
	answer, err := apigateway.NewIntegrationResponse(s.ctx, name("-integration-response"), args, s.child,
		pulumi.DependsOn([]pulumi.Resource{integration}))
	return []pulumi.Resource{response, answer}, err
}

// headers returns the headers of the answer. A page of an origin that is not
// admitted gets the first one, which is not its own, so the browser stops there.
func (p *preflight) headers() map[string]string {
	headers := map[string]string{
		"Access-Control-Allow-Origin":  p.Origins[0],
		"Access-Control-Allow-Methods": strings.Join(p.methods, ","),
		"Access-Control-Allow-Headers": strings.Join(p.Headers, ","),
		"Access-Control-Max-Age":       strconv.Itoa(p.MaxAgeSeconds),
	}
	if len(p.Origins) > 1 { // Caches must keep the answers to different origins apart.
		headers["Vary"] = "Origin"
	}
	return headers
}

// template returns what answers the page's own origin if it is admitted. The answer
// can name one origin only. Over HTTP/2, names of headers are lower-case.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
func (p *preflight) template() string {
	same := make([]string, len(p.Origins))
	for i, origin := range p.Origins {
		same[i] = fmt.Sprintf("$origin == %q", origin)
	}
	return strings.Join([]string{
		`#set($origin = $input.params().header.get("Origin"))`,
		`#if(!$origin || $origin == "")#set($origin = $input.params().header.get("origin"))#end`,
		`#if(` + strings.Join(same, " || ") + `)` +
			`#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end`,
	}, "\n")
}

// newErrorResponses registers the answers that API Gateway itself gives if it does
// not ask the backend, such as 403 and 429. Without the header, a browser hides
// them from the page. They can name one origin only, so they name all of them if
// there are several: they have nothing but the text of the error.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
func (c *Cors) newErrorResponses(s scope, api *apigateway.RestApi) ([]pulumi.Resource, error) {
	origin := c.Origins[0]
	if len(c.Origins) > 1 {
		origin = "*"
	}
	var responses []pulumi.Resource
	for _, class := range []string{"4xx", "5xx"} {
		response, err := apigateway.NewResponse(s.ctx, s.name+"-cors-"+class, &apigateway.ResponseArgs{
			RestApiId:    api.ID(),
			ResponseType: pulumi.String("DEFAULT_" + strings.ToUpper(class)),
			ResponseParameters: pulumi.StringMap{
				"gatewayresponse.header.Access-Control-Allow-Origin": pulumi.String("'" + origin + "'"),
			},
			ResponseTemplates: pulumi.StringMap{
				"application/json": pulumi.String(`{"message":$context.error.messageString}`),
			},
		}, s.child)
		if err != nil {
			return nil, fmt.Errorf("response of errors: %w", err)
		}
		responses = append(responses, response)
	}
	return responses, nil
}
