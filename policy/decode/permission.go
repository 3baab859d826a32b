package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"private-api-blueprints/policy/model"
)

func (b *builder) linkPermission(n *node) {
	p := &model.Permission{
		Element:      n.element(),
		FunctionRef:  b.functionRef(n.get("function").str(), n.sources("function"), n.placement()),
		Action:       n.get("action").str(),
		Principal:    n.get("principal").str(),
		SourceARN:    n.get("sourceArn").str(),
		HasSourceARN: n.sets("sourceArn"),
		HasAccount:   n.sets("sourceAccount"),
		Account:      n.get("sourceAccount").str(),
	}
	if qualifier := n.get("qualifier"); !qualifier.absent {
		p.Qualifier, p.QualifierAssumed = b.qualifier(n, qualifier), false
	}
	b.linkSource(n, p)
	b.stack.AddPermission(p)
}

// qualifier reads the alias or the version, which has a separate property. The name of an alias may come
// from the alias.
func (b *builder) qualifier(n *node, v value) model.Known[string] {
	if name := v.str(); !name.IsUnknown() {
		return name
	}
	if alias, certain := b.functionAliases.ref(n, "qualifier").Sole(); certain {
		return alias.name
	}
	return model.Unknown[string]()
}

// linkSource reads the APIs and target groups that the pattern of a permission is made from. A part of an API, such as
// a method, adds a part of the path. A component may give the ARN of any API.
func (b *builder) linkSource(n *node, p *model.Permission) {
	for _, urn := range n.sources("sourceArn") {
		switch {
		case b.restAPIs.byURN[urn] != nil:
			p.MadeFrom = append(p.MadeFrom, b.restAPIs.byURN[urn].element.Element)
		case b.httpAPIs.byURN[urn] != nil:
			p.MadeFrom = append(p.MadeFrom, b.httpAPIs.byURN[urn].element.Element)
		case b.targetGroups.byURN[urn] != nil:
			p.MadeFrom = append(p.MadeFrom, b.targetGroups.byURN[urn].element.Element)
		case !isAWS(urn) || hasExecutionARN[urn.Type()]:
			p.MadeFromMore = true
		}
	}
}

// hasExecutionARN are the types that give the execution ARN of an API to which the model does not follow them.
var hasExecutionARN = map[tokens.Type]bool{
	"aws:apigateway/deployment:Deployment": true,
	"aws:apigateway/stage:Stage":           true,
	"aws:apigatewayv2/stage:Stage":         true,
}
