package blueprints

import (
	"private-api-blueprints/config"
)

// resolvedSharedVpcApis is configuration that has been checked, and what AWS
// says about it.
type resolvedSharedVpcApis struct {
	*config.SharedVpcApis
	place *place
}

// sharedVpcApis asks AWS for what the settings name. The error is AWS not
// answering at all.
func (l *lookup) sharedVpcApis(s *config.SharedVpcApis) (*resolvedSharedVpcApis, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	place, err := l.place(&s.Network, &s.Endpoint, false)
	if err != nil {
		return nil, err
	}
	l.checkArchive(l.section("function"), s.Function.Archive)
	return &resolvedSharedVpcApis{s, place}, nil
}
