package decode

import "private-api-blueprints/policy/model"

var stageReaders = map[string]reader{
	"aws:apigateway/deployment:Deployment": {make: (*builder).makeDeployment, link: (*builder).linkDeployment},
	"aws:apigateway/stage:Stage":           {link: (*builder).linkStage},
	"aws:apigatewayv2/stage:Stage":         {link: (*builder).linkHTTPStage},
	"aws:apigateway/account:Account":       {make: (*builder).makeGatewayAccount},
}

func (b *builder) makeDeployment(n *node) {
	b.deployments.add(n, &model.Deployment{Element: n.element(), Triggered: triggered(n), Triggers: n.from("triggers")})
}

// otherTriggers are further properties of which a change cuts a new deployment.
// https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/
var otherTriggers = []string{"variables", "stageDescription", "canarySettings"}

func triggered(n *node) model.Truth {
	if v := n.get("triggers"); !v.absent && (!v.raw.IsObject() || len(v.raw.ObjectValue()) > 0) {
		return model.True
	}
	answer := model.False
	for _, key := range otherTriggers {
		answer = answer.Or(n.gives(key).AtMostMaybe())
	}
	return answer
}

func (b *builder) linkDeployment(n *node) {
	elementOf(b.deployments, n).API = b.restAPIs.ref(n, "restApi")
}

func (b *builder) linkStage(n *node) {
	b.stack.Stages = append(b.stack.Stages, stageOf(n, b.restAPIs.ref(n, "restApi"), b.deployments.ref(n, "deployment"), "stageName"))
}

func (b *builder) linkHTTPStage(n *node) {
	stage := stageOf(n, model.Ref[model.RestAPI]{}, model.Ref[model.Deployment]{}, "name")
	stage.HTTPAPI = b.httpAPIs.ref(n, "apiId")
	b.stack.Stages = append(b.stack.Stages, stage)
}

func stageOf(n *node, api model.Ref[model.RestAPI], deployment model.Ref[model.Deployment], name string) *model.Stage {
	return &model.Stage{
		Element:    n.element(),
		API:        api,
		Deployment: deployment,
		StageName:  n.get(name).str(),
		Logs:       n.gives("accessLogSettings"),
		LogFormat:  n.get("accessLogSettings").only().field("format").str(),
	}
}

// makeGatewayAccount reads the settings that give API Gateway a role for its logs.
func (b *builder) makeGatewayAccount(n *node) {
	if n.gives("cloudwatchRoleArn") != model.False {
		b.stack.GatewayAccounts = append(b.stack.GatewayAccounts, &model.GatewayAccount{Element: n.element()})
	}
}
