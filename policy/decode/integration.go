package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) linkIntegration(n *node) {
	tls, path := n.get("tlsConfig").only(), b.paths.ref(n, "resourceId")
	integration := &model.Integration{
		Element:           n.element(),
		API:               b.restAPIs.ref(n, "restApi"),
		Path:              pathOf(path),
		MethodVerb:        n.get("httpMethod").str(),
		Type:              text[model.IntegrationType](n.get("type")),
		Connection:        text[model.ConnectionType](n.get("connectionType")).Or(model.ConnectionInternet),
		Link:              b.vpcLinks.ref(n, "connectionId"),
		Target:            b.loadBalancers.ref(n, "integrationTarget"),
		URI:               n.get("uri").str(),
		Verb:              n.get("integrationHttpMethod").str(),
		HasCredentials:    n.sets("credentials"),
		Parameters:        n.get("requestParameters").mappings(),
		ConvertsBodies:    n.sets("contentHandling"),
		HasResponse:       model.False,
		SkipsVerification: tls.field("insecureSkipVerification").boolean().Or(false),
	}
	integration.FunctionRef = b.functionIn(integration.Type, integration.URI, n.sources("uri"), n.placement())
	if integration.URI.IsUnknown() {
		integration.Balancer = b.balancerAmong(n.sources("uri"))
	}
	b.stack.Integrations = append(b.stack.Integrations, integration)
	b.useRole(n, "credentials", model.PrincipalAPIGateway)
	integration.Misplaced = isOfAnother(path, integration.API)
	b.joins = append(b.joins, unjoined{n, path, integration})
}

// unjoined is an integration whose method is still to be found. Methods are linked
// in the same pass as integrations.
type unjoined struct {
	node        *node
	path        model.Ref[resourcePath]
	integration *model.Integration
}

// joinIntegrations finds the methods of the program's integrations.
func (b *builder) joinIntegrations() {
	for _, j := range b.joins {
		j.integration.Method = b.methodOf(j.node, j.path)
		if m, certain := j.integration.Method.Sole(); certain && !j.integration.Misplaced {
			m.Integration = sole(j.integration)
		}
	}
}

// unanswered is an integration response whose integration is still to be found.
type unanswered struct {
	node *node
	path model.Ref[resourcePath]
	api  model.Ref[model.RestAPI]
}

func (b *builder) linkIntegrationResponse(n *node) {
	b.answers = append(b.answers, unanswered{n, b.paths.ref(n, "resourceId"), b.restAPIs.ref(n, "restApi")})
}

// mayBeOf reports whether a response may belong to an integration.
func (a unanswered) mayBeOf(i *model.Integration) bool {
	verb := a.node.get("httpMethod").str()
	sameVerb := i.Method.Ask(func(m *model.Method) model.Truth { return m.Verb.Same(verb) })
	return i.API.Same(a.api) != model.False && pathOf(a.path).Same(i.Path) != model.False && sameVerb != model.False
}

// joinResponses finds the integrations of the program's integration responses. A response whose integration is not
// certain may belong to any of the API. So may the responses in a document.
func (b *builder) joinResponses() {
	of, inAPI, loose := map[*model.Method][]*model.Integration{}, byReference[*model.Integration]{},
		byReference[*model.Integration]{}
	for _, i := range b.stack.Integrations {
		addTo(inAPI, i.API, i)
		if m, certain := i.Method.Sole(); certain {
			of[m] = append(of[m], i)
		} else {
			addTo(loose, i.API, i)
		}
	}
	for _, a := range b.answers {
		candidates := inAPI
		if method, certain := b.methodOf(a.node, a.path).Sole(); certain {
			candidates = loose
			for _, i := range of[method] {
				i.HasResponse = model.True
			}
		}
		for i := range among(candidates, a.api) {
			if a.mayBeOf(i) {
				i.HasResponse = i.HasResponse.Or(model.Maybe)
			}
		}
	}
	for _, i := range b.stack.Integrations {
		if !i.IsInDocument() && mayAnswerInDocument(inAPI, i) {
			i.HasResponse = i.HasResponse.Or(model.Maybe)
		}
	}
}

// mayAnswerInDocument reports whether an OpenAPI document may have the response of an integration of the program: one
// that is not known yet, or one with the same method.
func mayAnswerInDocument(inAPI byReference[*model.Integration], i *model.Integration) bool {
	if i.HasResponse == model.True || i.Answers() == model.True {
		return false
	}
	if i.API.Ask(func(api *model.RestAPI) model.Truth { return api.Document }) != model.False {
		return true
	}
	for other := range among(inAPI, i.API) {
		same := other.Path.Same(i.Path).And(other.MethodVerb.Same(i.MethodVerb)).And(other.HasResponse)
		if other.IsInDocument() && same != model.False {
			return true
		}
	}
	return false
}

// balancerAmong returns the load balancer that a text is made from. The
// reference is open if the text is also made from something else.
func (b *builder) balancerAmong(from []resource.URN) model.Ref[model.LoadBalancer] {
	ref := model.Ref[model.LoadBalancer]{Value: model.Unknown[string](), Open: len(from) == 0}
	for _, urn := range from {
		if e := b.loadBalancers.byURN[urn]; e != nil {
			ref.Candidates = append(ref.Candidates, e.element)
		} else {
			ref.Open = true
		}
	}
	return ref
}
