package catalog

import (
	"maps"
	"path"
	"strings"
	"time"

	"private-api-blueprints/sandbox/cloud"
)

// AccessLog is a file of access logs, which is an object in a bucket. The account
// knows its key only.
type AccessLog struct{ Bucket, Key string }

// ServeRequest lets a client's request reach a load balancer, which writes it to
// a new file of its access logs. It returns the file, which is empty if the load
// balancer keeps no access logs. The reference is the load balancer's ID. A
// Network Load Balancer logs TLS requests only.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
func ServeRequest(account *cloud.Account, region, loadBalancer string) (AccessLog, error) {
	var file AccessLog
	err := account.Happen(region, func(r *cloud.Request) error {
		balancer := r.Find(loadBalancerType, loadBalancer, region)
		if balancer == nil {
			return r.NotFound(loadBalancerType, loadBalancer)
		}
		logs := balancer.Inputs.Object("accessLogs")
		if logs.Bool("enabled") && logsRequests(r, balancer) {
			file = AccessLog{logs.String("bucket"), accessLogKey(balancer, logs.String("prefix"), r.Code(8))}
			putObject(r, file.Bucket, file.Key)
		}
		return nil
	})
	return file, err
}

// logsRequests reports whether a load balancer writes the requests that reach it
// to its access logs.
func logsRequests(r *cloud.Request, balancer *cloud.Object) bool {
	for _, listener := range r.Others(listenerType) {
		if listener.Inputs.String("loadBalancerArn") == balancer.ID &&
			(listener.Inputs.String("protocol") == "TLS" ||
				balancer.Inputs.String("loadBalancerType") == "application") {
			return true
		}
	}
	return false
}

// allowsDelivery reports whether a bucket's policy lets a load balancer write its access logs. For a Network Load
// Balancer, log delivery also reads the bucket's ACL. For an Application Load Balancer, Elastic Load Balancing writes
// as a service, or as an account that AWS has for it in a region.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
func allowsDelivery(r *cloud.Request, policy string) bool {
	logs := r.Inputs.Object("accessLogs")
	arn := "arn:aws:s3:::" + logs.String("bucket")
	write := access{
		service: "logdelivery.elasticloadbalancing.amazonaws.com", action: "s3:PutObject",
		resource: arn + "/" + path.Join(logs.String("prefix"), "AWSLogs", cloud.AccountID, "log"),
		context: map[string]string{
			"aws:sourceaccount": cloud.AccountID, "aws:securetransport": "true",
			"s3:x-amz-acl": "bucket-owner-full-control",
		},
	}
	if r.Inputs.String("loadBalancerType") == "application" {
		write.orAccount = true
		return permits(policy, write)
	}
	write.service, write.context["aws:sourcearn"] = "delivery.logs.amazonaws.com", r.ARN("logs", "delivery")
	readACL := write
	readACL.action, readACL.resource, readACL.context = "s3:GetBucketAcl", arn, maps.Clone(write.context)
	delete(readACL.context, "s3:x-amz-acl")
	return permits(policy, write) && permits(policy, readACL)
}

// accessLogKey returns the key of a new file of access logs. Those of an Application Load
// Balancer name the address of a node. The sandbox names the private one of the first node,
// even if clients see a public one.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
func accessLogKey(balancer *cloud.Object, prefix, random string) string {
	now := time.Now().UTC()
	id := strings.ReplaceAll(balancer.Computed.String("arnSuffix"), "/", ".")
	parts := []string{cloud.AccountID, "elasticloadbalancing", balancer.Region, id, now.Format("20060102T1504Z")}
	if balancer.Inputs.String("loadBalancerType") == "application" && len(balancer.Interfaces) > 0 {
		parts = append(parts, balancer.Interfaces[0].IPv4)
	}
	file := strings.Join(append(parts, random), "_") + ".log.gz"
	return path.Join(prefix, "AWSLogs", cloud.AccountID, "elasticloadbalancing", balancer.Region,
		now.Format("2006/01/02"), file)
}
