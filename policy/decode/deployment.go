package decode

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeDeployment(n *node) {
	triggers, known := n.triggers()
	b.stack.Deployments = b.deployments.add(n, &model.Deployment{
		Element:          n.element(),
		StageName:        n.get("stageName").str(),
		Triggered:        triggered(n),
		Triggers:         n.sourcesOf("triggers"),
		TriggersKnown:    known,
		TriggersAreTimes: slices.ContainsFunc(triggers, isTime),
	})
}

func (b *builder) linkDeployment(n *node) {
	d := elementOf(&b.deployments, n)
	d.API = b.restAPIs.ref(n, "restApi")
	triggers, known := n.triggers()
	d.TriggersAreIDs = b.areIDs(triggers, known, n.sources("triggers"))
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

// triggers returns the values of the triggers that are known, and whether all of
// them are.
func (n *node) triggers() (values []string, all bool) {
	v := n.get("triggers")
	if v.hidden || !v.raw.IsObject() {
		return nil, v.absent
	}
	all = true
	for _, key := range slices.Sorted(maps.Keys(v.raw.ObjectValue())) {
		if text, known := v.field(string(key)).str().Get(); known {
			values = append(values, text)
		} else {
			all = false
		}
	}
	return values, all
}

// areIDs asks whether triggers are made from nothing but the IDs of the API's
// parts. Triggers from the API alone are usually made from its OpenAPI document.
func (b *builder) areIDs(triggers []string, known bool, from []resource.URN) model.Truth {
	isOther := func(urn resource.URN) bool { return !isAPIPart(urn) }
	isPart := func(urn resource.URN) bool { return isAPIPart(urn) && b.restAPIs.byURN[urn] == nil }
	if slices.ContainsFunc(from, isOther) || !slices.ContainsFunc(from, isPart) {
		return model.False
	}
	ids, complete := b.input.idsOf(from)
	switch {
	case !known || !complete:
		return model.Maybe
	case madeOfIDs(triggers, ids):
		return model.True
	}
	return model.False
}

// isAPIPart reports whether a resource is a REST API or a part of one, and its ID
// says nothing about what is in a snapshot of the API. The ID of a VPC link does,
// since an integration names the link. Whoever makes triggers from a policy or an
// imported document means the text.
func isAPIPart(urn resource.URN) bool {
	if !urn.IsValid() {
		return false
	}
	switch kind := string(urn.Type()); kind {
	case "aws:apigateway/vpcLink:VpcLink", "aws:apigateway/restApiPolicy:RestApiPolicy",
		"aws:apigateway/restApiPut:RestApiPut":
		return false
	default:
		return strings.HasPrefix(kind, "aws:apigateway/")
	}
}

// moment matches a time in seconds or milliseconds since 1970, a time as RFC
// 3339 and the languages of Pulumi write it, and a random UUID.
var moment = regexp.MustCompile(`(?i)^(1[5-9]\d{8}(\d{3}|\.\d+)?|2\d{9}(\d{3}|\.\d+)?|` +
	`20\d\d-\d\d-\d\d[T ]\d\d:\d\d.*|` +
	`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$`)

// isTime reports whether a program writes another text in each run: the time, or
// a random UUID.
func isTime(text string) bool { return moment.MatchString(strings.TrimSpace(text)) }
