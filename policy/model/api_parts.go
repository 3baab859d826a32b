package model

import "iter"

// apiParts finds the parts of APIs and of custom domains. It is made once, when a
// stack is asked for the first of them.
type apiParts struct {
	methods        index[RestAPI, *Method]
	integrations   index[RestAPI, *Integration]
	stages         index[RestAPI, *Stage]
	deployments    index[RestAPI, *Deployment]
	policies       index[RestAPI, *ResourcePolicy]
	httpStages     index[HTTPAPI, *Stage]
	routes         index[HTTPAPI, *Route]
	mappings       index[Domain, *DomainMapping]
	domainPolicies index[Domain, *ResourcePolicy]
	accesses       index[Endpoint, *DomainAccess]
}

// parts returns the index of the stack's APIs and domains.
func (s *Stack) parts() *apiParts {
	s.apiPartsOnce.Do(func() {
		p := &s.apiParts
		addEach(&p.methods, s.Methods, func(m *Method) Ref[RestAPI] { return m.API })
		addEach(&p.integrations, s.Integrations, func(i *Integration) Ref[RestAPI] { return i.API })
		addEach(&p.stages, s.Stages, func(st *Stage) Ref[RestAPI] { return st.API })
		addEach(&p.deployments, s.Deployments, func(d *Deployment) Ref[RestAPI] { return d.API })
		addEach(&p.policies, s.ResourcePolicies, func(p *ResourcePolicy) Ref[RestAPI] { return p.API })
		addEach(&p.httpStages, s.Stages, func(st *Stage) Ref[HTTPAPI] { return st.HTTPAPI })
		addEach(&p.routes, s.Routes, func(r *Route) Ref[HTTPAPI] { return r.API })
		addEach(&p.mappings, s.DomainMappings, func(m *DomainMapping) Ref[Domain] { return m.Domain })
		addEach(&p.domainPolicies, s.ResourcePolicies, func(p *ResourcePolicy) Ref[Domain] { return p.Domain })
		addEach(&p.accesses, s.DomainAccesses, func(a *DomainAccess) Ref[Endpoint] { return a.Endpoint })
	})
	return &s.apiParts
}

// addEach adds things to an index by what they refer to.
func addEach[T, E any](x *index[T, E], all []E, ref func(E) Ref[T]) {
	for _, thing := range all {
		x.add(ref(thing), thing)
	}
}

// MethodsIn returns the methods that are or may be those of a REST API.
func (s *Stack) MethodsIn(api *RestAPI) iter.Seq[*Method] { return s.parts().methods.mayName(api) }

// StagesOf returns the stages that are or may be those of a REST API.
func (s *Stack) StagesOf(api *RestAPI) iter.Seq[*Stage] { return s.parts().stages.mayName(api) }

// StagesOfHTTP returns the stages that are or may be those of an HTTP or WebSocket
// API.
func (s *Stack) StagesOfHTTP(api *HTTPAPI) iter.Seq[*Stage] { return s.parts().httpStages.mayName(api) }

// DeploymentsOf returns the deployments that are or may be those of a REST API.
func (s *Stack) DeploymentsOf(api *RestAPI) iter.Seq[*Deployment] {
	return s.parts().deployments.mayName(api)
}

// PoliciesOf returns the resource policies that are or may be those of a REST API.
func (s *Stack) PoliciesOf(api *RestAPI) iter.Seq[*ResourcePolicy] {
	return s.parts().policies.mayName(api)
}

// PoliciesOfDomain returns the resource policies that are or may be those of a
// custom domain.
func (s *Stack) PoliciesOfDomain(d *Domain) iter.Seq[*ResourcePolicy] {
	return s.parts().domainPolicies.mayName(d)
}

// RoutesIn returns the routes that are or may be those of an HTTP or WebSocket API.
func (s *Stack) RoutesIn(api *HTTPAPI) iter.Seq[*Route] { return s.parts().routes.mayName(api) }

// MappingsOf returns the mappings that are or may be those of a custom domain.
func (s *Stack) MappingsOf(d *Domain) iter.Seq[*DomainMapping] { return s.parts().mappings.mayName(d) }

// AccessesOf returns the access associations that let, or may let, an endpoint use
// private domains.
func (s *Stack) AccessesOf(e *Endpoint) iter.Seq[*DomainAccess] { return s.parts().accesses.mayName(e) }

// HasIntegration asks whether an integration of the stack is the backend of a
// method.
func (s *Stack) HasIntegration(m *Method) Truth {
	if m.Integration.IsClosed() {
		return True
	}
	has := False
	for _, api := range m.API.Among(s.RestAPIs) {
		for i := range s.parts().integrations.mayName(api) {
			sameVerb := i.MethodVerb.Same(m.Verb).Or(TruthOf(i.MethodVerb.IsAbsent()))
			has = has.Or(i.Method.Names(m).And(sameVerb).And(i.Path.Same(m.Path).Or(TruthOf(i.Path.IsAbsent()))))
		}
	}
	return has.OrMaybeIf(len(m.API.Candidates) == 0 || m.IsInDocument() && m.Integration.Open)
}

// HasMethod asks whether a method of the stack is the one that an integration names by its path and its verb.
func (s *Stack) HasMethod(i *Integration) Truth {
	if i.Method.IsClosed() {
		return True
	}
	has := False
	for _, api := range i.API.Among(s.RestAPIs) {
		has = has.Or(s.HasDocument(api).AtMostMaybe())
		for m := range s.parts().methods.mayName(api) {
			has = has.Or(m.Path.Same(i.Path).And(m.Verb.Same(i.MethodVerb)))
		}
	}
	return has.OrMaybeIf(len(i.API.Candidates) == 0)
}

// HasDocument asks whether the stack imports an OpenAPI document into a REST API.
func (s *Stack) HasDocument(api *RestAPI) Truth {
	has := False
	for _, d := range s.APIDocuments {
		has = has.Or(d.Set.And(d.API.Names(api)))
	}
	return has
}

// HasMappedStage asks whether the API of a mapping has the stage that the mapping names. It is Maybe if no stage of
// the API is in the stack, because all of them may be in another one.
func (s *Stack) HasMappedStage(m *DomainMapping) Truth {
	if m.StageName.IsAbsent() || m.Stage.IsClosed() {
		return True
	}
	if api, sole := m.API.Sole(); sole && m.HTTPAPI.IsAbsent() {
		has := hasStage(s.StagesOf(api), m.StageName, func(st *Stage) Truth { return st.API.Names(api) })
		for d := range s.DeploymentsOf(api) { // A deployment may create a stage itself.
			has = has.Or(d.StageName.Same(m.StageName).And(d.API.Names(api)))
		}
		return has
	}
	if api, sole := m.HTTPAPI.Sole(); sole && m.API.IsAbsent() {
		has := hasStage(s.StagesOfHTTP(api), m.StageName, func(st *Stage) Truth { return st.HTTPAPI.Names(api) })
		return has.OrMaybeIf(s.isQuick(api))
	}
	return Maybe
}

// hasStage asks whether one of an API's stages has a name. is asks whether a stage is one of that API.
func hasStage(stages iter.Seq[*Stage], name Known[string], is func(*Stage) Truth) Truth {
	has, some := False, False
	for st := range stages {
		some = some.Or(is(st))
		has = has.Or(is(st).And(st.StageName.Same(name)))
	}
	return has.OrMaybeIf(some != True)
}

// isQuick reports whether API Gateway itself creates a stage of an HTTP API, because the program gives the API a
// target.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
func (s *Stack) isQuick(api *HTTPAPI) bool {
	for r := range s.RoutesIn(api) {
		if r.URN == api.URN && r.Property == "target" {
			return true
		}
	}
	return false
}
