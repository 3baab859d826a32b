package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var apiBinaryMediaTypes = &rule.Rule{
	ID:    "api-binary-media-types",
	Title: "An API that passes everything on to an HTTP server has binary media types",
	Why: `Without binary media types API Gateway reads every body as UTF-8 text. A proxy
integration passes the client's Accept-Encoding on, an ordinary server answers with compressed
bytes, and API Gateway damages them. Browsers say ERR_CONTENT_DECODING_FAILED. Images, archives
and uploads are broken. With curl, which does not ask for compression, all looks well.`,
	Fix: `Set the API's binaryMediaTypes to ["*/*"], and deploy the API again. Do not do that if an
AWS_PROXY integration of the API returns text: then the function must encode it in Base64.
In that case, name the types of the server's answers.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{bodiesAsText},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html",
	},
	Tags:  []string{"api-gateway", "http"},
	Check: checkAPIBinaryMediaTypes,
}

var bodiesAsText = &rule.Defect{
	ID: "bodies-as-text", Summary: "An API without binary media types passes everything on to an HTTP server.",
	Outcome: rule.Risky,
	Effect:  "Plain text arrives. Compressed answers, images and uploads are damaged.",
}

func checkAPIBinaryMediaTypes(s *model.Stack, r *rule.Report) {
	for _, api := range s.RestAPIs {
		passes, name := model.False, "an integration"
		for _, i := range s.Integrations {
			if of := i.API.Names(api); of != model.False && passes != model.True {
				if p := of.And(passesEverything(i)); p == model.True || p == model.Maybe && passes == model.False {
					passes, name = p, i.Name
				}
			}
		}
		passes = passes.Or(api.Document.AtMostMaybe())
		if passes == model.False {
			continue
		}
		asText := api.BinaryMediaTypes.Any(func(string) model.Truth { return model.True }).Not()
		r.Judge(api.Origin, bodiesAsText.If(passes.And(asText).And(api.Compresses.Not()), api.At("binaryMediaTypes"),
			"%s reads all bodies as text, also the compressed ones that %s passes on; want binaryMediaTypes */*",
			api.Name, name))
	}
}

// passesEverything asks whether an integration passes requests of any kind on to a
// server: those of all methods, or of all paths below one.
func passesEverything(i *model.Integration) model.Truth {
	proxy := i.Type.Equals(model.IntegrationHTTPProxy).And(i.ConvertsBodies.Not())
	if proxy == model.False {
		return model.False
	}
	path, known := i.Path.Get()
	greedy := model.TruthOf(strings.Contains(path, "+}"))
	if !known {
		greedy = model.Maybe
	}
	return proxy.And(greedy.Or(i.Method.Ask(func(m *model.Method) model.Truth { return m.Verb.Equals("ANY") })))
}
