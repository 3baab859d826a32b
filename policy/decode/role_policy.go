package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// managedPolicy is a policy of the program that roles may take.
type managedPolicy struct{ document *model.PolicyDocument }

func (b *builder) makeManagedPolicy(n *node) {
	b.managedPolicies.add(n, &managedPolicy{parsePolicy(n.get("policy"))})
}

// linkRolePolicy reads a policy that is a part of a role.
func (b *builder) linkRolePolicy(n *node) {
	b.stack.AddRolePolicy(&model.RolePolicy{
		Element: n.element(), Role: b.roles.ref(n, "role"), Document: parsePolicy(n.get("policy")),
	})
}

// linkRolePolicyAttachment reads a managed policy that a role takes.
func (b *builder) linkRolePolicyAttachment(n *node) {
	b.attach(n, b.roles.ref(n, "role"), n.get("policyArn").sole(), n.sources("policyArn"))
}

// linkExclusiveAttachments reads all managed policies that a role takes.
func (b *builder) linkExclusiveAttachments(n *node) {
	b.attach(n, b.roles.ref(n, "roleName"), n.get("policyArns").list(), n.sources("policyArns"))
}

// linkPolicyAttachment reads a managed policy that several roles take.
func (b *builder) linkPolicyAttachment(n *node) {
	roles := b.roles.refs(n, "roles", "")
	if roles.Rest != nil {
		roles.Items = append(roles.Items, *roles.Rest)
	}
	for _, role := range roles.Items {
		b.attach(n, role, n.get("policyArn").sole(), n.sources("policyArn"))
	}
}

// linkRole reads the policies in a role's own properties.
func (b *builder) linkRole(n *node) {
	role := itself(&b.roles, n)
	b.attach(n, role, n.get("managedPolicyArns").list(), n.sources("managedPolicyArns"))
	inline := n.get("inlinePolicies").list()
	for _, item := range inline.items {
		b.stack.AddRolePolicy(&model.RolePolicy{
			Element: n.element(), Role: role, Document: parsePolicy(item.field("policy")),
		})
	}
	if inline.open {
		b.stack.AddRolePolicy(&model.RolePolicy{Element: n.element(), Role: role})
	}
}

// attach records that a role takes managed policies, whose ARNs come from the given URNs.
func (b *builder) attach(n *node, role model.Ref[model.Role], arns list, from []resource.URN) {
	policies := b.managedPolicies.refsIn(arns, "", from)
	if policies.Rest != nil {
		policies.Items = append(policies.Items, *policies.Rest)
	}
	for _, ref := range policies.Items {
		p := &model.RolePolicy{Element: n.element(), Role: role, Managed: ref.Value}
		if policy, certain := ref.Sole(); certain {
			p.Document = policy.document
		}
		b.stack.AddRolePolicy(p)
	}
}
