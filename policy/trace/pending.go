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
