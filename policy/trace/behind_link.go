package trace

import "private-api-blueprints/policy/model"

// Backend follows a request from API Gateway to the server behind a VPC link of a method's integration. It returns
// nothing if the integration calls no server, or calls it over the internet.
func (t *Tracer) Backend(m *model.Method, i *model.Integration) []Trace {
	callsServer := i.Type.Is(model.IntegrationHTTP) || i.Type.Is(model.IntegrationHTTPProxy)
	api, sole := i.API.Sole()
	if !callsServer || !sole || !i.Connection.Is(model.ConnectionVPCLink) {
		return nil
	}
	path, known := m.Path.Get()
	if !known {
		path = "/"
	}
	v := visit{rest: api}
	v.path = model.ReplaceParameters(path, "x")
	v.request.Method, _ = m.Verb.Get()
	w := walk{Tracer: t}.enter("method", m.Element)
	return w.integrate(v, m, i)
}
