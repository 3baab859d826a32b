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

// getPartition returns the partition of the caller's region.
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
func getPartition(r *cloud.Request, _ cloud.Props) (cloud.Props, error) {
	switch region := r.Caller.Region; {
	case strings.HasPrefix(region, "cn-"):
		return cloud.Props{
			"id": "aws-cn", "partition": "aws-cn", "dnsSuffix": "amazonaws.com.cn",
			"reverseDnsPrefix": "cn.com.amazonaws",
		}, nil
	case strings.HasPrefix(region, "us-gov-"):
		return cloud.Props{
			"id": "aws-us-gov", "partition": "aws-us-gov", "dnsSuffix": "amazonaws.com",
			"reverseDnsPrefix": "com.amazonaws",
		}, nil
	}
	return cloud.Props{
		"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
	}, nil
}
