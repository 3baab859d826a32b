package decode

import "private-api-blueprints/policy/model"

// aliasStage lets references find an API by its stage, such as that of a web ACL.
func (b *builder) aliasStage(n *node) {
	if api, certain := b.restAPIs.ref(n, "restApi").Sole(); certain {
		b.restAPIs.alias(n, api)
	}
}

func (b *builder) linkStage(n *node) {
	b.stack.Stages = append(b.stack.Stages, &model.Stage{
		Element:    n.element(),
		API:        b.restAPIs.ref(n, "restApi"),
		Deployment: b.deployments.ref(n, "deployment"),
		StageName:  n.get("stageName").str(),
		Tracing:    n.get("xrayTracingEnabled").boolean(),
		Logs:       n.sets("accessLogSettings"),
		LogFormat:  logFormat(n),
	})
}

func (b *builder) linkHTTPStage(n *node) {
	b.stack.Stages = append(b.stack.Stages, &model.Stage{
		Element:   n.element(),
		HTTPAPI:   b.httpAPIs.ref(n, "apiId"),
		StageName: n.get("name").str(),
		Logs:      n.sets("accessLogSettings"),
		LogFormat: logFormat(n),
	})
}

// logFormat reads the format of a stage's access logs.
func logFormat(n *node) model.Known[string] {
	return n.get("accessLogSettings").only().field("format").str()
}
