package blueprints

import (
	"strings"

	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// checkWebAcl refuses a web ACL of another region, which AWS WAF does not associate
// with an API.
func (l *lookup) checkWebAcl(c settings.Section, s *config.Stage) {
	parts := strings.Split(s.WebAclArn, ":")
	if s.WebAclArn == "" || c.Any("webAclArn") || parts[3] == l.environment.Region {
		return
	}
	c.Reject("webAclArn", s.WebAclArn, "want a web ACL in the stack's region %s", l.environment.Region)
}
