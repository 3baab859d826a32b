package decode

import (
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
	api := b.restAPIs.resolve(arn, n.sources("resourceArn"))
	if len(api.Candidates) > 0 || arn.IsUnknown() && len(n.sources("resourceArn")) == 0 {
		b.stack.WebACLAssociations = append(b.stack.WebACLAssociations, &model.WebACLAssociation{
			Element: n.element(), API: api,
		})
	}
}
