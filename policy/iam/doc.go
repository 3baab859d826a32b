// Package iam evaluates IAM policies: it says whether a policy allows one call.
//
// A [Call] is a request with all facts that a policy can test. [ResourcePolicy],
// [EndpointPolicy] and [IdentityPolicy] evaluate one document for it and return a
// [Decision]. [Authorize] combines decisions as API Gateway does for a method.
//
// Parts of a call may be unknown, such as the ID of an API that does not exist
// yet. A decision then is certain only if it is the same for all values that the
// unknown parts may get. Otherwise it is [Undecided]. It is also [Undecided] if
// AWS's documentation does not say how a policy is evaluated.
//
// The rules of evaluation are those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
package iam
