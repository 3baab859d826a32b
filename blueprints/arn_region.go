package blueprints

import (
	"strings"

	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// checkStage refuses a web ACL and a key of another region, and a web ACL of another
// account. AWS does not associate them with an API and its logs.
// https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
func (l *lookup) checkStage(c settings.Section, s *config.Stage) {
	l.checkRegion(c, "webAclArn", s.WebAclArn, "a web ACL")
	if arn := s.WebAclArn; arn != "" && !c.Any("webAclArn") && accountOf(arn) != l.environment.AccountId {
		c.Reject("webAclArn", arn, "want a web ACL of the stack's account %s: AWS associates no other one",
			l.environment.AccountId)
	}
	l.checkRegion(c, "logKmsKeyArn", s.LogKmsKeyArn, "a key")
}

// checkStages checks the stage and the authorizer of each API.
func (l *lookup) checkStages(apis []config.NamedApi) {
	for _, api := range apis {
		c := l.section(api.Keys()...)
		l.checkStage(c, &api.Stage)
		l.checkAuthorizer(c.Group("authorizer"), &api.Stage)
	}
}

// checkAccessLogs refuses a key of another region, with which S3 does not encrypt.
func (l *lookup) checkAccessLogs(c settings.Section, s *config.AccessLogs) {
	l.checkRegion(c, "kmsKeyArn", s.KmsKeyArn, "a key")
}

// accountOf returns the account in an ARN.
func accountOf(arn string) string { return strings.Split(arn, ":")[4] }

// checkRegion refuses an ARN of another region than the stack's, unless it is empty
// or wrong anyway.
func (l *lookup) checkRegion(c settings.Section, key, arn, thing string) {
	if arn == "" || c.Any(key) || strings.Split(arn, ":")[3] == l.environment.Region {
		return
	}
	c.Reject(key, arn, "want %s in the stack's region %s", thing, l.environment.Region)
}
