package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeDeployment(n *node) {
	b.stack.Deployments = b.deployments.add(n, &model.Deployment{
		Element:   n.element(),
		Triggered: triggered(n),
		Triggers:  n.sourcesOf("triggers"),
	})
}

// otherTriggers are further properties whose change replaces a deployment.
// https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/
var otherTriggers = []string{"variables", "stageDescription", "canarySettings"}

// triggered asks whether a deployment has triggers.
func triggered(n *node) model.Truth {
	if v := n.get("triggers"); !v.absent && (!v.raw.IsObject() || len(v.raw.ObjectValue()) > 0) {
		return model.True
	}
	answer := model.False
	for _, key := range otherTriggers {
		answer = answer.Or(n.sets(key).AtMostMaybe())
	}
	return answer
}

func (b *builder) linkDeployment(n *node) {
	elementOf(&b.deployments, n).API = b.restAPIs.ref(n, "restApi")
}
