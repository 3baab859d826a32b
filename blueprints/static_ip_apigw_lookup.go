package blueprints

import (
	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// resolvedStaticIpApigw holds the checked configuration of the blueprint, and
// what AWS says about it.
type resolvedStaticIpApigw struct {
	*config.StaticIpApigw
	place *place
}

// staticIpApigw asks AWS about the resources that the settings name. It returns
// an error only if AWS does not answer.
func (l *lookup) staticIpApigw(s *config.StaticIpApigw) (*resolvedStaticIpApigw, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	name := l.prefix(staticIpPrefix)
	place, err := l.place(&s.Network, &s.Endpoint, networkUse{
		name: name, balancer: name, front: config.Public, addresses: addressNeeds{config.Public: nodeSpace},
	})
	if err != nil {
		return nil, err
	}
	l.readDocuments(s.AllApis(), s.CheckRoutes)
	l.warnOfLongPolicies(s.AllApis(), (*components.RoutesArgs).PrivatePolicySize)
	l.checkFunctions(&s.Functions, s.AllApis())
	l.checkFrontDomain(&s.Domain.FrontDomain, &s.Network)
	l.checkStages(s.AllApis())
	l.checkAccessLogs(l.section("front", "accessLogs"), &s.Front.AccessLogs)
	if s.Alarms != nil {
		l.checkTopic(l.section("alarms"), &s.Alarms.AlarmTopic)
	}
	return &resolvedStaticIpApigw{s, place}, nil
}
