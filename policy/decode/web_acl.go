package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// linkWebACL reads the association of a web ACL, if it may be for a REST API.
func (b *builder) linkWebACL(n *node) {
	arn, from := n.get("resourceArn").str(), n.sources("resourceArn")
	if text, known := arn.Get(); known {
		_, rest, _ := strings.Cut(text, "/restapis/")
		id, _, _ := strings.Cut(rest, "/")
		arn = model.Of(id)
	}
	api := b.restAPIs.resolve(arn, from)
	if len(api.Candidates) == 0 {
		if !mayBeRestAPI(arn, from) {
			return
		}
		api = model.UnknownRef[model.RestAPI]()
	}
	b.stack.WebACLAssociations = append(b.stack.WebACLAssociations,
		&model.WebACLAssociation{Element: n.element(), API: api})
}

// mayBeRestAPI reports whether an ARN that names no API of the stack may still
// belong to one: it comes from a stage whose API is not known, or from a resource
// of another provider.
func mayBeRestAPI(arn model.Known[string], from []resource.URN) bool {
	return arn.IsUnknown() && len(from) == 0 || slices.ContainsFunc(from, func(urn resource.URN) bool {
		isStage := urn.IsValid() && strings.HasPrefix(string(urn.Type()), "aws:apigateway/")
		return isStage || arn.IsUnknown() && !isAWS(urn)
	})
}
