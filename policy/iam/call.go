package iam

import (
	"net/netip"
	"strings"

	"private-api-blueprints/policy/model"
)

// Call is a request, with the facts that a policy can test.
type Call struct {
	// Action is the action as AWS writes it, such as execute-api:Invoke.
	Action   string
	Resource ARN
	// Principal is who calls. The zero Principal did not sign the request. API Gateway checks signatures only for
	// methods with AWS_IAM authorization. For other methods every caller is the zero Principal.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
	Principal Principal
	// Keys are the values of condition keys. The map's keys are in lower case.
	Keys map[string]Value
	// Open is whether the request may have condition keys that are not in Keys. Otherwise it does not have them.
	Open bool
}

// Value is what a request has under a condition key. The zero Value is not known
// at all: the request may have the key or not.
type Value struct {
	// Texts are the key's values, if they are known. A request that is known to have none lacks the key.
	Texts []string
	// Known is whether Texts are the values.
	Known bool
	// Present is whether the request has the key for certain, although its value is not known.
	Present bool
	// Within is a range that contains the unknown value, if that is an address. It is optional.
	Within netip.Prefix
}

// Texts returns a known value. Most keys have one text.
func Texts(texts ...string) Value { return Value{Texts: texts, Known: true} }

// Absent returns the value of a key that the request does not have.
func Absent() Value { return Value{Known: true} }

// SomeText returns the value of a key that the request has, but whose text is not
// known.
func SomeText() Value { return Value{Present: true} }

// SomeAddress returns an unknown address in a range.
func SomeAddress(within netip.Prefix) Value { return Value{Present: true, Within: within.Masked()} }

// presentValue returns the value of a key that every such request has. A fact that
// is absent is not known.
func presentValue(fact model.Known[string]) Value {
	if fact.IsAbsent() {
		return SomeText()
	}
	return valueOf(fact)
}

// valueOf returns the value of a key from a fact of the model. If the fact is
// absent, the request lacks the key.
func valueOf(fact model.Known[string]) Value {
	text, known := fact.Get()
	switch {
	case known:
		return Texts(text)
	case fact.IsUnknown():
		return SomeText()
	}
	return Absent()
}

// Text is a text in pieces, some of which may be unknown. An unknown piece has at
// least one character, and no colon or slash. An absent piece has no characters.
type Text []model.Known[string]

// ARN is the ARN of what a call is about. Its unknown parts have no colon or slash.
type ARN struct {
	Partition, Service, Region, Account model.Known[string]
	// Resource is what follows the fifth colon.
	Resource Text
}

const executeAPI = "execute-api"

// APICall returns the ARN of calling a method of a REST API. The path begins with
// a slash: arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/orders.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func APICall(at Place, api, stage model.Known[string], verb, path string) ARN {
	method := model.Of("/" + verb + "/" + strings.TrimPrefix(path, "/"))
	return at.arn(executeAPI, Text{api, model.Of("/"), stage, method})
}

// DomainCall returns the ARN of calling a private custom domain:
// arn:aws:execute-api:us-east-1:123456789012:/domainnames/api.example.com+a1b2c3.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-provider-share-cli.html
func DomainCall(at Place, name, id model.Known[string]) ARN {
	return at.arn(executeAPI, Text{model.Of("/domainnames/"), name, model.Of("+"), id})
}

// Place is where a resource is. An absent part is not known.
type Place struct {
	Region, Account model.Known[string]
}

// arn returns the ARN of a resource of the place.
func (p Place) arn(service string, resource Text) ARN {
	return ARN{
		Partition: partitionOf(p.Region), Service: model.Of(service),
		Region: orUnknown(p.Region), Account: orUnknown(p.Account), Resource: resource,
	}
}

// orUnknown returns a part of an ARN that exists in every such ARN.
func orUnknown(part model.Known[string]) model.Known[string] {
	if part.IsAbsent() {
		return model.Unknown[string]()
	}
	return part
}

// partitionOf returns the partition of a region.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func partitionOf(region model.Known[string]) model.Known[string] {
	name, known := region.Get()
	switch {
	case !known:
		return model.Unknown[string]()
	case strings.HasPrefix(name, "cn-"):
		return model.Of("aws-cn")
	case strings.HasPrefix(name, "us-gov-"):
		return model.Of("aws-us-gov")
	}
	return model.Of("aws")
}

// Principal is who signed a call. The zero Principal is a caller that did not
// sign.
type Principal struct {
	// Signed is whether an IAM identity signed the call.
	Signed bool
	// Account is the ID of the identity's account. Absent means not known.
	Account model.Known[string]
	// ARN is the ARN of the user or of the role's session. Absent means not known.
	ARN model.Known[string]
	// Role is the ARN of the role whose session signed. It is absent for a user.
	Role model.Known[string]
	// Service is the AWS service that calls, such as apigateway.amazonaws.com. It is empty for other callers.
	Service string
}

// Source is the network that a call comes from.
type Source struct {
	// VPC and Endpoint are the IDs of the VPC and of the interface endpoint that the call passes. They are absent for
	// a call from the internet.
	VPC, Endpoint model.Known[string]
	// Address is the client's address, as the endpoint or API Gateway sees it.
	Address Value
}

// InvokeFrom returns the call of an API with the condition keys that API Gateway
// documents. Keys that it does not document are left open.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func InvokeFrom(from Source, by Principal, api ARN) Call {
	keys := map[string]Value{
		"aws:currenttime": SomeText(), "aws:epochtime": SomeText(), "aws:securetransport": Texts("true"),
		"aws:requestedregion": presentValue(api.Region), "aws:resourceaccount": presentValue(api.Account),
		"aws:sourcevpc": valueOf(from.VPC), "aws:sourcevpce": valueOf(from.Endpoint),
		"aws:sourceip": from.Address, "aws:vpcsourceip": Absent(),
		"aws:sourcevpcarn": Absent(), "aws:vpceaccount": Absent(), "aws:vpceorgid": Absent(),
		"aws:vpceorgpaths": Absent(),
		"aws:sourcearn":    {}, "aws:sourceaccount": {}, // The documentation does not say which calls have them.
	}
	if !from.Endpoint.IsAbsent() {
		keys["aws:sourceip"], keys["aws:vpcsourceip"] = Absent(), from.Address
		keys["aws:sourcevpcarn"], keys["aws:vpceaccount"] = SomeText(), SomeText()
		keys["aws:vpceorgid"], keys["aws:vpceorgpaths"] = Value{}, Value{}
	}
	if by.Signed {
		keys["aws:principalaccount"], keys["aws:principalarn"] = presentValue(by.Account), by.arnKey()
	}
	return Call{Action: model.ActionInvoke, Resource: api, Principal: by, Keys: keys, Open: true}
}

// arnKey returns the value of aws:PrincipalArn. For a session it is the role's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func (p Principal) arnKey() Value {
	if !p.Role.IsAbsent() {
		return valueOf(p.Role)
	}
	return presentValue(p.ARN)
}

// value returns what the call has under a condition key.
func (c *Call) value(key string) Value {
	key = strings.ToLower(key)
	v, listed := c.Keys[key]
	switch {
	case listed:
		return v
	case !c.Open, !c.Principal.Signed && model.IsAboutCaller(key):
		return Absent()
	}
	return Value{}
}

// isAbsent asks whether the call lacks the key of a value.
func (v Value) isAbsent() model.Truth {
	switch {
	case v.Known:
		return model.TruthOf(len(v.Texts) == 0)
	case v.Present:
		return model.False
	}
	return model.Maybe
}
