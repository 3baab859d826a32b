package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeFunction(n *node) {
	f := &model.Function{
		Element:             n.element(),
		FunctionName:        n.output("name").str(),
		ARN:                 n.output("arn").str(),
		Reserved:            n.get("reservedConcurrentExecutions").integer().Or(-1),
		PermissionsComplete: n.isOwnFunction(),
	}
	b.stack.Functions = b.functions.add(n, f)
	b.functions.addName(f, f.FunctionName)
}

// isOwnFunction reports whether the program creates a function, instead of only reading it. Whoever creates it says
// what its code is, which the provider cannot read, or takes its role from another resource.
func (n *node) isOwnFunction() bool {
	return n.sets("code") != model.False || n.isProgrammed("role") == model.True
}

func (b *builder) linkFunction(n *node) {
	f, network, from := elementOf(&b.functions, n), n.get("vpcConfig").only(), n.sources("vpcConfig")
	f.Role = b.useRole(n, "role", model.PrincipalLambda)
	f.Subnets = b.subnets.refsIn(network.field("subnetIds").list(), "", from)
	f.IPv6 = network.field("ipv6AllowedForDualStack").boolean().Or(false).Equals(true)
	f.Groups = b.securityGroups.refsIn(network.field("securityGroupIds").list(), "", from)
}

// functionAlias is an alias of a function. A text that is made from it names the alias.
type functionAlias struct{ name model.Known[string] }

func (b *builder) makeFunctionAlias(n *node) {
	b.functionAliases.add(n, &functionAlias{n.output("name").str()})
}

// aliasFunction lets references to an alias lead to its function.
func (b *builder) aliasFunction(n *node) {
	ref := b.functionRef(n.get("functionName").str(), n.sources("functionName"), n.placement())
	if f, certain := ref.Function.Sole(); certain {
		b.functions.alias(n, f)
	}
}

// linkFunctionPolicy reads a whole policy of a function, which may have any permission.
func (b *builder) linkFunctionPolicy(n *node) {
	of := b.functionRef(n.get("resourceArn").str(), n.sources("resourceArn"), n.placement()).Function
	for _, f := range of.Among(b.stack.Functions) {
		f.PermissionsComplete = false
	}
}

// functionIn returns the function that an integration's URI names. An integration of another type has none.
func (b *builder) functionIn(
	kind model.Known[model.IntegrationType], uri model.Known[string], from []resource.URN, here model.Placement,
) model.FunctionRef {
	if !kind.IsUnknown() && !kind.Is(model.IntegrationAWS) && !kind.Is(model.IntegrationAWSProxy) {
		return model.FunctionRef{}
	}
	if text, known := uri.Get(); known && !strings.HasPrefix(text, "arn:") && !strings.HasPrefix(text, "${") {
		return model.FunctionRef{}
	}
	return b.functionRef(uri, from, here)
}

// functionRef returns the function that a text names: a name, an ARN, or the ARN by which API Gateway calls it. here is
// where the text is: the same name may exist in another region.
func (b *builder) functionRef(
	name model.Known[string], from []resource.URN, here model.Placement,
) model.FunctionRef {
	text, known := name.Get()
	if !known {
		return b.functionFrom(name, from)
	}
	parsed, isFunction := parseFunction(text)
	if !isFunction {
		return model.FunctionRef{}
	}
	ref := b.functions.resolve(parsed.name, from)
	elsewhere := func(f *model.Function) bool { return f.SameRegion(here) == model.False }
	ref.Candidates = slices.DeleteFunc(slices.Clone(ref.Candidates), elsewhere)
	ref.Open = ref.Open || len(ref.Candidates) == 0
	return model.FunctionRef{Function: ref, Qualifier: parsed.qualifier}
}

// functionFrom returns the function that a text without a known value names, by the resources it is made from.
func (b *builder) functionFrom(name model.Known[string], from []resource.URN) model.FunctionRef {
	ref := model.FunctionRef{Function: b.functions.resolve(name, from), QualifierAssumed: !name.IsAbsent()}
	unique := ref.Function.Candidates[:0:0]
	for _, f := range ref.Function.Candidates { // Both a function and its alias may be among the resources.
		if !slices.Contains(unique, f) {
			unique = append(unique, f)
		}
	}
	ref.Function.Candidates = unique
	for _, urn := range from {
		e := b.functionAliases.byURN[urn]
		switch {
		case e == nil:
		case ref.QualifierAssumed:
			ref.Qualifier, ref.QualifierAssumed = e.element.name, false
		case ref.Qualifier != e.element.name:
			ref.Qualifier = model.Unknown[string]()
		}
	}
	return ref
}

// functionText is a text that names a function.
type functionText struct{ name, qualifier model.Known[string] }

// parseFunction reads a text that names a function. It returns false for other texts. The name is an ARN if the text
// has one. A stage variable in the text may stand for anything.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func parseFunction(text string) (functionText, bool) {
	const called = "/functions/" // The ARN by which API Gateway calls a function has the function's ARN after it.
	fields := strings.SplitN(text, ":", 6)
	if len(fields) == 6 && fields[2] == "apigateway" {
		_, rest, isCall := strings.Cut(fields[5], called)
		if fields[4] != "lambda" || !isCall {
			return functionText{}, false
		}
		text = rest[:max(0, strings.LastIndexByte(rest, '/'))]
		fields = strings.SplitN(text, ":", 6)
	}
	if strings.Contains(text, "${") {
		return functionText{model.Unknown[string](), model.Unknown[string]()}, true
	}
	isARN := len(fields) == 6 && fields[0] == "arn"
	if isARN && fields[2] != "lambda" {
		return functionText{}, false
	}
	prefix, name, isLong := strings.Cut(text, ":function:")
	if !isLong {
		prefix, name = "", text
	}
	name, qualifier, isQualified := strings.Cut(name, ":")
	if isARN {
		name = prefix + ":function:" + name
	}
	parsed := functionText{name: model.Of(name)}
	if isQualified {
		parsed.qualifier = model.Of(qualifier)
	}
	return parsed, true
}
