package trace

import "private-api-blueprints/policy/model"

// basePathOf returns the base path of a mapping.
func basePathOf(*model.DomainMapping) model.Known[string] { return model.Unknown[string]() }

// stageNameOf returns the name of the stage of a mapping.
func stageNameOf(*model.DomainMapping) model.Known[string] { return model.Unknown[string]() }

// mutualTLS asks whether a domain wants certificates of its clients.
func mutualTLS(*model.Domain) model.Truth { return model.False }

// routesByRules asks whether a domain has routing rules.
func routesByRules(*model.Domain) model.Truth { return model.False }

// covers asks whether the certificate of a domain is valid for a host.
func covers(*model.Domain, string) model.Truth { return model.True }

// invoke invokes the function of a method's integration.
func (w walk) invoke(_ visit, i *model.Integration) []Trace {
	return w.giveUp(i.At("uri"), "functions are not followed")
}

// invokeRoute invokes the function of a route's integration.
func (w walk) invokeRoute(_ visit, i *model.HTTPIntegration) []Trace {
	return w.giveUp(i.URIOrigin(), "functions are not followed")
}
