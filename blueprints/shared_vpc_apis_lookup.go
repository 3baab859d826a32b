package blueprints

import (
	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// resolvedSharedVpcApis holds the checked configuration of the blueprint, and
// what AWS says about it.
type resolvedSharedVpcApis struct {
	*config.SharedVpcApis
	place *place
}

// sharedVpcApis asks AWS about the resources that the settings name. It returns
// an error only if AWS does not answer.
func (l *lookup) sharedVpcApis(s *config.SharedVpcApis) (*resolvedSharedVpcApis, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	if s.EdgeApi && l.environment.Partition == "aws-us-gov" {
		l.section().Reject("edgeApi", true, "want false: GovCloud has no edge-optimized APIs")
	}
	use := networkUse{name: l.prefix(sharedVpcPrefix)}
	if s.Client.Create {
		use.addresses = addressNeeds{config.Private: interfaceSpace}
	}
	place, err := l.place(&s.Network, &s.Endpoint, use)
	if err != nil {
		return nil, err
	}
	l.readDocuments(s.AllApis(), s.CheckRoutes)
	l.warnOfLongPolicies(s.AllApis(), (*components.RoutesArgs).PrivatePolicySize)
	l.warnOfLongPolicies(s.AllApis(), (*components.RoutesArgs).PublicPolicySize)
	l.checkClient(s, place)
	l.checkFunctions(&s.Functions, s.AllApis())
	l.checkStages(s.AllApis())
	if s.Alarms != nil {
		l.checkTopic(l.section("alarms"), &s.Alarms.AlarmTopic)
	}
	return &resolvedSharedVpcApis{s, place}, nil
}

// checkClient refuses a client whose archive does not exist, or in subnets that the
// endpoint does not admit.
func (l *lookup) checkClient(s *config.SharedVpcApis, place *place) {
	if !s.Client.Create {
		return
	}
	c := l.section("client")
	l.checkArchive(c, "archive", s.Client.Archive)
	l.checkAdmitted(c, place.network, s.Endpoint.ClientCidrs, "endpoint.clientCidrs")
}
