package config

import "private-api-blueprints/internal/settings"

// VpcClient describes a function that sends requests from private subnets.
type VpcClient struct {
	// Create adds a function to the private subnets that sends a plain GET over IPv4,
	// and answers with what it got and the protocol that TLS negotiated. Run it with
	// the command in the output invokeClient. It costs nothing between its runs, but
	// destroy waits for its network interfaces: up to 45 minutes.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
	Create bool `config:"create" default:"false"`
	// Archive is the path of the client's zip file, relative to the project's
	// folder. `make lambda` builds it, for each architecture.
	Archive string `config:"archive" computed:"bin/client.zip, or bin/client-x86_64.zip" format:"clientArchive"`
	// Architecture is the instruction set of the client.
	Architecture string `config:"architecture" default:"arm64" enum:"arm64,x86_64"`
}

// checkApi refuses a client that the APIs would turn away.
func (s *VpcClient) checkApi(api *RestApi, c settings.Section) {
	r := api.AllRoutes()[0]
	signs := r.Authorization == "AWS_IAM" && len(api.Callers) == 0
	if s.Create && (r.Authorization != "NONE" && !signs || r.ApiKeyRequired || r.Method != "GET" && r.Method != "ANY") {
		c.Reject("create", true, "want it with api.authorization NONE, or AWS_IAM without api.callers, and "+
			"api.httpMethod GET or ANY: it sends a GET to the first route, without a key or a token")
	}
}

// check fills in the archive.
func (s *VpcClient) check(settings.Section) {
	if s.Archive == "" {
		s.Archive = archiveOf("client", s.Architecture)
	}
}
