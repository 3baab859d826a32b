package catalog

import (
	"cmp"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// getCallerIdentity returns the account of the role that the caller has
// assumed, if any. The ARN of its session leaves out the role's path.
// https://github.com/hashicorp/terraform-provider-aws/pull/19957
func getCallerIdentity(r *cloud.Request, _ cloud.Props) (cloud.Props, error) {
	if role := r.Caller.Role; role != "" {
		account, session := strings.Split(role, ":")[4], cmp.Or(r.Caller.Session, "sandbox")
		return cloud.Props{"id": account, "accountId": account, "userId": "AROAEXAMPLESANDBOX01:" + session,
			"arn": "arn:aws:sts::" + account + ":assumed-role/" + lastPart(role) + "/" + session}, nil
	}
	return cloud.Props{
		"id": cloud.AccountID, "accountId": cloud.AccountID,
		"arn": "arn:aws:iam::" + cloud.AccountID + ":user/sandbox", "userId": "AIDAEXAMPLESANDBOX01",
	}, nil
}

func getPartition(*cloud.Request, cloud.Props) (cloud.Props, error) {
	return cloud.Props{
		"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
	}, nil
}
