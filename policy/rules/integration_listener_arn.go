package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var integrationListenerARN = &rule.Rule{
	ID:    "integration-listener-arn",
	Title: "A private integration of an HTTP API names a VPC link, and a listener or a Cloud Map service",
	Why: `A VPC link for HTTP APIs leads into subnets. The integration says which server there
gets the requests: by the ARN of a load balancer's listener, or of a Cloud Map service. A REST
API takes a URL in the same place, so examples for the two kinds of APIs are easily mixed up.
API Gateway refuses anything else in the middle of a deployment: "BadRequestException: For
VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map
service ARN."`,
	Fix: `Set integrationUri to the arn of the Listener, not of the load balancer or the target group.
Set connectionId to the ID of the apigatewayv2 VpcLink.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{noListenerARN, noHTTPLink},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html",
		"https://github.com/klothoplatform/klotho/pull/347",
	},
	Tags:  []string{"api-gateway", "http-api", "vpc-link"},
	Check: checkIntegrationListenerARN,
}

var (
	noListenerARN = &rule.Defect{
		ID:      "no-listener",
		Summary: "The URI of a private integration names neither a listener nor a Cloud Map service.",
		Outcome: rule.Refused,
		Effect: `AWS refuses it: "BadRequestException: For VpcLink VPC_LINK, integration uri should be a valid ELB ` +
			`listener ARN or a valid Cloud Map service ARN".`,
	}
	noHTTPLink = &rule.Defect{
		ID:      "no-vpc-link",
		Summary: "A private integration names no VPC link.",
		Outcome: rule.Refused,
		Effect:  "AWS refuses it: a private integration needs a connection ID.",
	}
)

func checkIntegrationListenerARN(s *model.Stack, r *rule.Report) {
	for _, api := range s.HTTPAPIs {
		if api.Document != model.False {
			r.Unknown(api.Origin, "%s: its OpenAPI document is not known yet", api.Name)
		}
	}
	for _, i := range s.HTTPIntegrations {
		private := i.IsPrivate()
		if private == model.False {
			continue
		}
		other := private.And(isOfHTTPAPI(i)).And(i.NamesListener().Not())
		r.Judge(i.Origin,
			noListenerARN.If(other, i.URIOrigin(),
				"%s is private, and its URI %s; want the ARN of a listener", i.Name, describeURI(i)),
			noHTTPLink.If(private.And(model.TruthOf(i.Link.IsAbsent())), i.At("connectionId"),
				"%s is private and names no VPC link; want the ID of one", i.Name),
		)
	}
}

// isOfHTTPAPI asks whether an integration belongs to an HTTP API. A private
// integration of a WebSocket API has a URL, and a VPC link for REST APIs.
func isOfHTTPAPI(i *model.HTTPIntegration) model.Truth {
	if i.API.IsClosed() {
		return i.API.Ask((*model.HTTPAPI).IsWebSocket).Not()
	}
	return i.Link.Ask(func(l *model.VPCLink) model.Truth { return model.TruthOf(l.Target.IsAbsent()) })
}

// describeURI says what the URI of an integration is, for a message.
func describeURI(i *model.HTTPIntegration) string {
	switch uri, known := i.URI.Get(); {
	case known:
		return "is " + uri
	case len(i.MadeFrom) > 0:
		return "is made from " + i.MadeFrom[0].Name + ", which is no listener"
	case i.URI.IsAbsent():
		return "is missing"
	}
	return "is not known yet"
}
