package blueprints

import (
	"private-api-blueprints/config"
)

// resolvedStaticIpApigw is configuration that has been checked, and what AWS
// says about it.
type resolvedStaticIpApigw struct {
	*config.StaticIpApigw
	place *place
}

// staticIpApigw asks AWS for what the settings name. The error is AWS not
// answering at all.
func (l *lookup) staticIpApigw(s *config.StaticIpApigw) (*resolvedStaticIpApigw, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	place, err := l.place(&s.Network, &s.Endpoint, false)
	if err != nil {
		return nil, err
	}
	l.checkArchive(l.section("function"), s.Function.Archive)
	l.checkDomain(l.section("domain"), &s.Domain.Domain)
	return &resolvedStaticIpApigw{s, place}, nil
}
