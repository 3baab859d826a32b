package blueprints

import (
	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// gatePromises returns promises about the gate of launched servers: it connects to each
// of them. name is the name of the component that has them.
func gatePromises(name string, launch *config.Launch, found *components.Network, serverName string) []promise {
	if !launch.Gate {
		return nil
	}
	var promises []promise
	for _, s := range *subnetsOf(found, config.Private) {
		call := promise{
			method: "GET", url: "https://" + serverName + "/", expect: delivered,
			connectTo: name + "-web-" + s.AvailabilityZone,
		}
		promises = append(promises, call.at(vantage{from: name + "-web-gate-function", private: true, admitted: true}))
	}
	return promises
}
