package model

// Function is a Lambda function.
type Function struct {
	Element
	// FunctionName is the function's name in AWS. If the program gives none, it is unknown until the function exists.
	FunctionName Known[string]
	// ARN is the function's ARN without a version or an alias.
	ARN Known[string]
	// Subnets and Groups are those of its network interfaces, by which it opens connections into a VPC. A function
	// without subnets opens them from AWS's own network. Calls of the function do not pass them.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
	Subnets Refs[Subnet]
	Groups  Refs[SecurityGroup]
	// IPv6 is whether it opens connections by IPv6 there, which it does if its settings allow it. Its subnets then have
	// ranges of both IP versions.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-ipv6
	IPv6 Truth
	// Role is the role that the function has while it runs.
	Role Ref[Role]
	// Reserved is how many calls may run at the same time. It is -1 if there is no such limit, which is the default.
	Reserved Known[int]
	// PermissionsComplete is false if others may call the function by permissions that the stack does not show,
	// because the stack may only read the function, or gives it a whole policy.
	PermissionsComplete bool
}

// RefusesCalls asks whether the function's limit of calls is 0. Lambda refuses every call then.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
func (f *Function) RefusesCalls() Truth { return f.Reserved.Equals(0) }

// IsAssumable asks whether Lambda may assume the function's role. Otherwise it refuses to create the function. If the
// role changes later, it fails to run the function.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
func (f *Function) IsAssumable() Truth {
	return f.Role.Ask(func(r *Role) Truth { return r.Trusts(PrincipalLambda) })
}

// FunctionRef says which function a text names: a name or an ARN, with or without an alias or a version.
type FunctionRef struct {
	// Function is absent if the text names something else.
	Function Ref[Function]
	// Qualifier is the alias or the version. It is absent if the text has none.
	Qualifier Known[string]
	// QualifierAssumed is whether Qualifier is absent only because the text is not known and is made from a function
	// and from no alias.
	QualifierAssumed bool
}

// sharesQualifier asks whether two texts name the same alias or version of a function. A permission is valid only for
// the very alias, version or unqualified function that it names.
// https://docs.aws.amazon.com/lambda/latest/dg/using-aliases.html
func (r FunctionRef) sharesQualifier(o FunctionRef) Truth {
	if r.Qualifier.IsUnknown() || o.Qualifier.IsUnknown() {
		return Maybe
	}
	same := TruthOf(r.Qualifier == o.Qualifier)
	return same.OrMaybeIf(r.QualifierAssumed || o.QualifierAssumed)
}
