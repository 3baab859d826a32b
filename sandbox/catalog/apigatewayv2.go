package catalog

import (
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const (
	httpAPIType         = "aws:apigatewayv2/api:Api"
	httpIntegrationType = "aws:apigatewayv2/integration:Integration"
	httpVPCLinkType     = "aws:apigatewayv2/vpcLink:VpcLink"
)

const httpIntegrations = "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html"

func httpAPIKind() *cloud.Kind {
	return &cloud.Kind{
		Token:    httpAPIType,
		Replace:  words("protocolType"),
		Autoname: cloud.Autoname{Property: "name", MaxLen: 128},
		ID:       cloud.CodeID(10),
		NotFound: gatewayNotFound("API"),
		Defaults: cloud.Props{
			"apiKeySelectionExpression": "$request.header.x-api-key",
			"routeSelectionExpression":  "$request.method $request.path",
		},
		OutputDefaults: cloud.Props{"ipAddressType": "ipv4"},
		Check: func(r *cloud.Request) error {
			if kind := r.Inputs.String("protocolType"); kind != "HTTP" && kind != "WEBSOCKET" {
				return badRequest("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]",
					"https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html").With()
			}
			return nil
		},
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", gatewayARN(r, "apis/"+r.Object.ID))
			r.Set("executionArn", executionARN(r, r.Object.ID))
			r.Set("apiEndpoint", "https://"+r.Object.ID+".execute-api."+r.Region+".amazonaws.com")
			return nil
		},
		Example: cloud.Example{Name: "http api", Inputs: cloud.Props{"name": "orders", "protocolType": "HTTP"}},
	}
}

func httpVPCLinkKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      httpVPCLinkType,
		Replace:    words("securityGroupIds subnetIds"),
		Sets:       words("securityGroupIds subnetIds"),
		Autoname:   cloud.Autoname{Property: "name", MaxLen: 128},
		ID:         cloud.CodeID(6),
		NotFound:   gatewayNotFound("VpcLink"),
		References: map[string]string{"subnetIds[]": subnetType, "securityGroupIds[]": securityGroupType},
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", gatewayARN(r, "vpclinks/"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name: "http link",
			Inputs: cloud.Props{
				"name": "orders", "securityGroupIds": []any{}, "subnetIds": []any{"${subnet a}", "${subnet b}"},
			},
		},
	}
}

func httpIntegrationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:        httpIntegrationType,
		Replace:      words("apiId integrationType"),
		Defaults:     cloud.Props{"connectionType": "INTERNET", "payloadFormatVersion": "1.0"},
		ID:           cloud.CodeID(7),
		References:   map[string]string{"apiId": httpAPIType},
		NotSimulated: words("integrationResponseSelectionExpression timeoutMilliseconds"),
		Check:        checkHTTPIntegration,
		Example: cloud.Example{
			Name: "http integration",
			Inputs: cloud.Props{
				"apiId": "${http api}", "connectionId": "${http link}", "connectionType": "VPC_LINK",
				"integrationMethod": "ANY", "integrationType": "HTTP_PROXY", "integrationUri": "${listener}",
			},
		},
	}
}

// checkHTTPIntegration refuses a private integration of an HTTP API that does not
// name a link, or a listener or a service of AWS Cloud Map.
func checkHTTPIntegration(r *cloud.Request) error {
	if r.Inputs.String("connectionType") != "VPC_LINK" ||
		r.Find(httpAPIType, r.Inputs.String("apiId"), r.Region).Inputs.String("protocolType") != "HTTP" {
		return nil
	}
	link, uri := r.Inputs.String("connectionId"), r.Inputs.String("integrationUri")
	switch {
	case link == "":
		return badRequest("ConnectionId must be specified for connection type VPC_LINK", httpIntegrations).With()
	case r.Find(httpVPCLinkType, link, r.Region) == nil:
		return gatewayNotFound("VpcLink").With(link)
	case !strings.Contains(uri, ":listener/") && !strings.Contains(uri, ":servicediscovery:"):
		return badRequest(
			"For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map "+
				"service ARN.",
			"https://github.com/klothoplatform/klotho/pull/347",
		).With()
	}
	return nil
}
