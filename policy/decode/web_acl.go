package decode

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// linkWebACL reads the association of a web ACL, if it may be for a REST API.
func (b *builder) linkWebACL(n *node) {
	arn := n.get("resourceArn").str()
	if text, known := arn.Get(); known {
		_, rest, _ := strings.Cut(text, "/restapis/")
		id, _, _ := strings.Cut(rest, "/")
		arn = model.Of(id)
	}
	from := n.sources("resourceArn")
	api := b.restAPIs.resolve(arn, from)
	isOther := len(from) > 0 && !slices.ContainsFunc(from, isComponent) // Such as a load balancer.
	if len(api.Candidates) > 0 || arn.IsUnknown() && !isOther {
		b.stack.WebACLAssociations = append(b.stack.WebACLAssociations, &model.WebACLAssociation{
			Element: n.element(), API: api,
		})
	}
}
