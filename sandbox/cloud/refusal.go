package cloud

import (
	"fmt"
	"strings"
)

// Refusal is an error that AWS answers with: its code, its message, and the
// public page that says so.
type Refusal struct {
	Code    string
	Message string
	Source  string
}

// Error gives code and message as AWS does, and the source of the fact.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: %s (%s)", r.Code, r.Message, r.Source)
}

// with fills in the verbs of the message, if it has any. Refusals in the
// tables are templates.
func (r Refusal) with(args ...any) error {
	if !strings.Contains(r.Message, "%") {
		return &r
	}
	return &Refusal{Code: r.Code, Message: fmt.Sprintf(r.Message, args...), Source: r.Source}
}

// Pages that more than one refusal comes from.
const (
	ec2Errors     = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"
	elbErrors     = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"
	gatewayErrors = "https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html"
	iamErrors     = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
	lambdaErrors  = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"
	route53Errors = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"
	acmErrors     = "https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html"
	s3Errors      = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
	logsErrors    = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
)
