package blueprints

import (
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
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
	place, err := l.place(&s.Network, &s.Endpoint, networkUse{})
	if err != nil {
		return nil, err
	}
	l.readDocument(&s.Api, func(c settings.Section) { s.CheckNames(c, &s.Api) })
	l.checkFunctions(&s.Functions, &s.Api)
	l.checkStage(l.section("api"), &s.Api.Stage)
	l.checkAuthorizer(&s.Api.Stage)
	if s.Alarms != nil {
		l.checkTopic(l.section("alarms"), &s.Alarms.AlarmTopic)
	}
	return &resolvedSharedVpcApis{s, place}, nil
}
