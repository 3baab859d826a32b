package blueprints

import (
	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// privateApi describes a private API of the stack.
type privateApi struct {
	environment components.Environment
	settings    *config.Api
	name        string // The name of the API's resource.
	by          string // The name of the resource that answers.
}

// host returns the API's own host name.
func (a privateApi) host() string { return executeApiHost(a.environment, idOf(a.name)) }

// call returns the promise about a request to the API at a host.
func (a privateApi) call(host string) promise {
	s := a.settings
	return apiCall(&s.Stage, s.HttpMethod, "https://"+host+"/"+s.StageName+"/"+s.Path, a.by)
}

// byOwnName returns promises about the API's own name. It leads nowhere on the
// internet. Clients in another VPC are refused, whoever signs. In subnets of the endpoint's VPC, it leads to the endpoint if private
// DNS is on.
func (a privateApi) byOwnName(endpoint *config.Endpoint, subnets []subnet) []promise {
	call := a.call(a.host())
	promises := []promise{call.at(vantage{from: internet}), call.at(anotherVpc)}
	if endpoint.PrivateDnsEnabled {
		return append(promises, call.atEach(subnetVantages(subnets, endpoint.ClientCidrs))...)
	}
	for _, s := range subnets {
		promises = append(promises, call.at(vantage{from: s.name, admitted: true}).ending(nameNotResolved))
	}
	return promises
}

// byEndpoint returns the promise about a request to the endpoint with a
// resource's name. The API's own name is in the Host header.
func (a privateApi) byEndpoint(endpoint string) promise {
	return a.call(idOf(endpoint)).withHeader("Host", a.host())
}
