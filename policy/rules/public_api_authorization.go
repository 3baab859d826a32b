package rules

import (
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var publicAPIAuthorization = &rule.Rule{
	ID:    "public-api-authorization",
	Title: "Every method of a public API requires authorization or an API key, or its policy admits chosen callers",
	Why: `Regional and edge-optimized REST APIs, HTTP APIs and WebSocket APIs answer on the internet.
If a method or a route has no authorization and no API key, and no resource policy keeps
callers out, a stranger who finds the name gets HTTP 200. Through a VPC link that stranger
reaches a server in your VPC that is not on the internet itself. A document with
OpenAPI's security for the whole API does not help: API Gateway applies only what each
operation requires.`,
	Fix: `Set authorization of the Method, or authorizationType of the Route, to AWS_IAM or an
authorizer, or require an API key. Or give the REST API a resource policy that allows chosen
networks or callers only. If an API is meant for everyone, or its server checks the callers,
add it to the parameter publicApis.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{openThroughLink, openToAnyone},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html",
	},
	Tags:       []string{"api-gateway", "http-api", "vpc-link", "authorization"},
	Parameters: []rule.Parameter{publicAPINames},
	Check:      checkPublicAPIAuthorization,
}

var (
	openThroughLink = &rule.Defect{
		ID:      "open-backend",
		Summary: "Anyone on the internet may call a method that leads through a VPC link.",
		Outcome: rule.Exposed,
		Effect:  "A stranger reaches a server in the VPC.",
	}
	openToAnyone = &rule.Defect{
		ID:      "open-method",
		Summary: "Anyone on the internet may call a method.",
		Outcome: rule.Risky,
		Effect:  "A stranger reaches the function or the public service behind the API, which may check its callers.",
	}
)

func checkPublicAPIAuthorization(s *model.Stack, r *rule.Report) {
	allowed := publicAPINames.Value(r)
	for _, api := range s.RestAPIs {
		if public := api.IsPrivate().Not(); public != model.False && !slices.Contains(allowed, api.NameInProgram) {
			open := public.And(admitsEveryone(s, api))
			judgeOpenAPI(r, api.Element, open, append(openMethodsOf(s, api), unreadEntry(api.Document)))
		}
	}
	for _, api := range s.HTTPAPIs {
		if !slices.Contains(allowed, api.NameInProgram) {
			answers := s.AnswersWithoutCertificate(api.DefaultNameOff,
				func(m *model.DomainMapping) model.Truth { return m.HTTPAPI.Names(api) })
			judgeOpenAPI(r, api.Element, answers, append(openRoutesOf(s, api), unreadEntry(api.Document)))
		}
	}
}

// entry is a method or a route by which callers may get in.
type entry struct {
	name    string
	open    model.Truth // Whether anyone may call it.
	private model.Truth // Whether it leads through a VPC link.
}

// judgeOpenAPI judges an API that is on the internet, if open, by its entries.
func judgeOpenAPI(r *rule.Report, e model.Element, open model.Truth, entries []entry) {
	private := func(x entry) model.Truth { return x.open.And(x.private) }
	other := func(x entry) model.Truth { return x.open.And(x.private.Not()) }
	through, throughNames := anyEntry(entries, private)
	beyond, beyondNames := anyEntry(entries, other)
	r.Judge(e.Origin,
		openThroughLink.If(open.And(through), e.Origin,
			"%s is on the internet, and anyone may call %s, which leads through a VPC link; "+
				"want authorization, an API key, or a policy that admits chosen callers only", e.Name, throughNames),
		openToAnyone.If(open.And(beyond), e.Origin,
			"%s is on the internet, and anyone may call %s; "+
				"want authorization, an API key, or a policy that admits chosen callers only", e.Name, beyondNames),
	)
}

// mostEntries is how many methods a message names.
const mostEntries = 3

// anyEntry asks a question about each entry. It returns the best answer, and the
// names of the entries that have it.
func anyEntry(entries []entry, question func(entry) model.Truth) (model.Truth, string) {
	best := model.False
	names := map[model.Truth][]string{}
	for _, x := range entries {
		answer := question(x)
		best = best.Or(answer)
		names[answer] = append(names[answer], x.name)
	}
	list := names[best]
	if more := len(list) - mostEntries; more > 0 {
		return best, fmt.Sprintf("%s and %s", strings.Join(list[:mostEntries], ", "), rule.Count(more, "other"))
	}
	return best, strings.Join(list, ", ")
}

// unreadEntry stands for the methods in a document that is not in the model.
func unreadEntry(unread model.Truth) entry {
	return entry{"a method in an OpenAPI document", unread.AtMostMaybe(), model.Maybe}
}

// openMethodsOf returns the methods of a REST API that may be open. One that API
// Gateway answers itself, or that tells whether a server is healthy, gives nothing
// away.
func openMethodsOf(s *model.Stack, api *model.RestAPI) []entry {
	var all []entry
	for _, m := range s.Methods {
		open := m.API.Names(api).And(m.IsOpen())
		if open == model.False || isHealthCheck(m.Path) {
			continue
		}
		mock := m.Integration.Ask(func(i *model.Integration) model.Truth {
			return i.Type.Equals(model.IntegrationMock)
		})
		open = open.And(mock.Not())
		all = append(all, entry{m.Name, open, m.Integration.Ask((*model.Integration).IsPrivate)})
	}
	return all
}

// openRoutesOf returns the routes of an HTTP or WebSocket API that may be open.
func openRoutesOf(s *model.Stack, api *model.HTTPAPI) []entry {
	var all []entry
	for _, route := range s.Routes {
		open := route.API.Names(api).And(route.IsOpen())
		if open == model.False || isHealthCheck(route.Path()) {
			continue
		}
		private := model.False
		if !route.Integration.IsAbsent() {
			private = route.Integration.Ask((*model.HTTPIntegration).IsPrivate)
		}
		all = append(all, entry{route.Name, open, private})
	}
	return all
}

// healthChecks are the usual last segments of paths that load balancers and
// monitors call without credentials.
var healthChecks = []string{"health", "healthz", "healthcheck", "health-check", "livez", "ping", "readyz", "status"}

// isHealthCheck reports whether a path is known to be that of a health check. A
// path with a parameter is about one of several things.
func isHealthCheck(path model.Known[string]) bool {
	text, _ := path.Get()
	last := strings.ToLower(text[strings.LastIndexByte(text, '/')+1:])
	return !strings.Contains(text, "{") && slices.Contains(healthChecks, last)
}

// admitsEveryone asks whether a REST API on the internet answers every caller,
// as far as its name, its resource policy and AWS WAF decide.
func admitsEveryone(s *model.Stack, api *model.RestAPI) model.Truth {
	admits := s.AnswersWithoutCertificate(api.DefaultNameOff,
		func(m *model.DomainMapping) model.Truth { return m.API.Names(api) })
	for _, p := range s.ResourcePolicies {
		if has := p.Set.And(p.API.Names(api)); has != model.False {
			admits = admits.And(has.And(narrowsCallers(p)).Not())
		}
	}
	for _, acl := range s.WebACLAssociations {
		admits = admits.And(acl.API.Names(api).AtMostMaybe().Not()) // The ACL may admit only some addresses.
	}
	return admits
}

// narrowsCallers asks whether a policy keeps some callers of a public API out.
func narrowsCallers(p *model.ResourcePolicy) model.Truth {
	if p.Document == nil {
		return model.Maybe
	}
	admits := p.Document.AnyStatement(func(s model.Statement) model.Truth {
		return s.AdmitsAnyone().And(s.IsAboutEveryCall())
	})
	return admits.Not().Or(p.Document.AnyStatement(model.Statement.DeniesOthers))
}
