package catalog

import (
	"slices"

	"private-api-blueprints/sandbox/cloud"
)

// lambdaInterfaces is the private property of a subnet or a security group that
// lists the network interfaces which deleted functions left there. An item has the
// ARNs of the function and of its role.
const lambdaInterfaces = "lambdaInterfaces"

// leaveInterfaces leaves the interfaces of a function in the subnets and security
// groups that it used before and does not use now. Lambda deletes them in its own
// time, with the role that the function had.
// https://github.com/aws/aws-cdk/issues/34400
func leaveInterfaces(r *cloud.Request, before, now cloud.Props) {
	left := map[string]any{"function": r.Object.Computed.String("arn"), "role": before.String("role")}
	for path, token := range r.Kind.BlocksDeletionOf {
		kept := now.StringsAt(path)
		for _, id := range before.StringsAt(path) {
			if o := r.Find(token, id, r.Region); o != nil && !slices.Contains(kept, id) {
				r.SetPrivateOn(o, lambdaInterfaces, append(o.Private.List(lambdaInterfaces), left))
			}
		}
	}
}

// hasLambdaInterfaces reports whether interfaces of deleted functions are left in
// the request's subnet or security group. The provider waits for them up to 45
// minutes.
// https://github.com/hashicorp/terraform-provider-aws/commit/922037e7c91f7a9681091cece377b3fc4580de69
func hasLambdaInterfaces(r *cloud.Request) bool {
	return len(r.Object.Private.List(lambdaInterfaces)) > 0
}

// checkLambdaInterfaces returns a hook that refuses to delete a subnet or a
// security group with interfaces which Lambda cannot delete, because the role of
// the deleted function no longer exists or no longer allows that.
func checkLambdaInterfaces(refusal cloud.Refusal) func(*cloud.Request) error {
	refusal.Source = "https://github.com/terraform-aws-modules/terraform-aws-lambda/pull/327"
	return func(r *cloud.Request) error {
		for _, left := range r.Object.Private.Objects(lambdaInterfaces) {
			role := r.Find(roleType, left.String("role"), "")
			if role == nil || !roleAllows(r, role, "ec2:DeleteNetworkInterface") {
				return refusal.With(r.Object.ID)
			}
		}
		return nil
	}
}

// releaseLambdaInterfaces ends the wait for the interfaces of deleted functions in
// the request's subnet or security group: they are gone everywhere.
func releaseLambdaInterfaces(r *cloud.Request) {
	for _, gone := range r.Object.Private.Objects(lambdaInterfaces) {
		for _, o := range r.Objects() {
			left := o.Private.Objects(lambdaInterfaces)
			rest := slices.DeleteFunc(slices.Clone(left),
				func(item cloud.Props) bool { return item.String("function") == gone.String("function") })
			switch {
			case len(rest) == len(left):
			case len(rest) == 0:
				r.SetPrivateOn(o, lambdaInterfaces, nil)
			default:
				r.SetPrivateOn(o, lambdaInterfaces, rest)
			}
		}
	}
}
