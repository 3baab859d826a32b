package decode

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// action reads the actions of a listener or a rule. The last one names one
// target group, or several with weights, or the load balancer itself answers.
// The others authenticate the client first.
func (b *builder) action(n *node, key string) model.Action {
	actions, from := n.get(key).list(), withoutIdentity(n.sources(key))
	action := model.Action{Authenticates: model.False}
	for _, a := range actions.items {
		b.addTargetGroups(&action, a, from)
		action.Authenticates = action.Authenticates.Or(authenticates(a))
		readAnswer(&action, a)
	}
	if actions.open {
		rest := b.targetGroups.resolve(model.Unknown[string](), from)
		action.TargetGroups = action.TargetGroups.WithMaybe(rest)
		action.Authenticates = action.Authenticates.OrMaybeIf(true)
		action.Kind = model.Unknown[model.ActionKind]()
	}
	return action
}

// addTargetGroups adds the target groups to which an action forwards, with their
// weights.
func (b *builder) addTargetGroups(action *model.Action, a value, from []resource.URN) {
	add := func(groups model.Refs[model.TargetGroup], weights []model.Known[int]) {
		for i := range groups.Items {
			before := len(action.TargetGroups.Items)
			one := model.Refs[model.TargetGroup]{Items: groups.Items[i : i+1]}
			action.TargetGroups = union(action.TargetGroups, one)
			if len(action.TargetGroups.Items) > before {
				action.Weights = append(action.Weights, weights[i])
			}
		}
		action.TargetGroups = union(action.TargetGroups, model.Refs[model.TargetGroup]{Rest: groups.Rest})
	}
	add(b.targetGroups.refsIn(a.field("targetGroupArn").sole(), "", from), []model.Known[int]{{}})
	groups, weights := weighted(a.field("forward").only().field("targetGroups").list())
	add(b.targetGroups.refsIn(groups, "", from), weights)
}

// weighted returns the names of the target groups in a forward block, each once, and their weights. A group without a
// weight has an absent one.
func weighted(groups list) (list, []model.Known[int]) {
	names, seen := list{open: groups.open}, map[string]bool{}
	var weights []model.Known[int]
	for _, group := range groups.items {
		arn := group.field("arn")
		text, known := arn.str().Get()
		if arn.absent || known && seen[text] {
			continue
		}
		seen[text] = known
		names.items, weights = append(names.items, arn), append(weights, group.field("weight").integer())
	}
	return names, weights
}

// readAnswer reads the kind of an action, and what the load balancer answers if it
// answers itself.
func readAnswer(action *model.Action, a value) {
	kind := text[model.ActionKind](a.field("type"))
	switch {
	case kind.IsUnknown():
		action.Kind = kind
	case kind.Is(model.ActionForward):
		action.Kind = kind
	case kind.Is(model.ActionFixedResponse):
		action.Kind, action.Status = kind, a.field("fixedResponse").only().field("statusCode").integer()
	case kind.Is(model.ActionRedirect):
		to := a.field("redirect").only()
		action.Kind, action.Status = kind, redirectStatus(to.field("statusCode").str())
		action.Redirect = model.Redirect{
			Protocol: to.field("protocol").str().Or("#{protocol}"),
			Host:     to.field("host").str().Or("#{host}"),
			Port:     to.field("port").str().Or("#{port}"),
			Path:     to.field("path").str().Or("/#{path}"),
			Query:    to.field("query").str().Or("#{query}"),
		}
	}
}

// redirectStatus returns the status of a redirect, which is written as HTTP_301 or
// HTTP_302.
func redirectStatus(written model.Known[string]) model.Known[int] {
	text, known := written.Get()
	if number, err := strconv.Atoi(strings.TrimPrefix(text, "HTTP_")); known && err == nil {
		return model.Of(number)
	}
	return model.Unknown[int]()
}

// withoutIdentity drops the resources of identity providers. An action takes
// them for itself, and no target group comes from them.
func withoutIdentity(from []resource.URN) []resource.URN {
	return slices.DeleteFunc(slices.Clone(from), func(urn resource.URN) bool {
		if !urn.IsValid() {
			return false
		}
		kind := string(urn.Type())
		return strings.HasPrefix(kind, "aws:cognito/") || strings.HasPrefix(kind, "aws:secretsmanager/")
	})
}

// identityBlocks maps the types of actions that ask an identity provider to the
// members that configure them.
var identityBlocks = map[string]string{
	"authenticate-cognito": "authenticateCognito",
	"authenticate-oidc":    "authenticateOidc",
}

// authenticates asks whether an action refuses clients that do not identify
// themselves. An identity provider may be asked in vain: then the action can let
// the request pass.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
func authenticates(action value) model.Truth {
	kind, known := action.field("type").str().Get()
	switch {
	case !known && !action.field("type").absent:
		return model.Maybe
	case kind == "jwt-validation":
		return model.True
	case identityBlocks[kind] == "":
		return model.False
	}
	return action.field(identityBlocks[kind]).only().field("onUnauthenticatedRequest").str().Equals("allow").Not()
}
