// Package policydoc builds IAM policy documents from structs, so that their JSON
// is well formed and the same for the same policy.
package policydoc

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Document is an IAM policy of the current language version.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type Document []Statement

// Statement is one statement of a policy.
type Statement struct {
	Sid       string    `json:",omitempty"`
	Effect    string    // Allow or Deny.
	Principal any       `json:",omitempty"` // Everyone, an Account or a Service; nil in policies of roles.
	Action    string    // One action.
	Resource  any       `json:",omitempty"` // One ARN or a list; nil in trust policies.
	Condition Condition `json:",omitempty"`
}

// Condition maps an operator to a condition key to its value, or to a list.
type Condition map[string]map[string]any

// Everyone is the principal that matches any caller, signed or not.
const Everyone = "*"

// Account returns the principal for everyone in an AWS account whom the account's
// own policies allow.
func Account(partition, id string) any {
	return map[string]string{"AWS": fmt.Sprintf("arn:%s:iam::%s:root", partition, id)}
}

// Service returns the principal for an AWS service.
func Service(host string) any { return map[string]string{"Service": host} }

// JSON returns the document as AWS accepts it.
func (d Document) JSON() string {
	text, err := json.Marshal(struct {
		Version   string
		Statement []Statement
	}{"2012-10-17", d})
	if err != nil { // Strings and maps of strings always marshal.
		panic(fmt.Sprintf("policydoc: %v", err))
	}
	return string(text)
}

// Trust returns the policy that lets a service assume a role.
func Trust(host string) Document {
	return Document{{Effect: "Allow", Principal: Service(host), Action: "sts:AssumeRole"}}
}

// TrustFrom returns the policy that lets a service assume a role for one account.
// Otherwise the service could use the role for others.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func TrustFrom(host, accountId string) Document {
	trust := Trust(host)
	trust[0].Condition = Condition{"StringEquals": {"aws:SourceAccount": accountId}}
	return trust
}

// WriteLogs returns the policy of a role that writes to a log group, and finds it.
func WriteLogs(groupArn string) Document {
	document := Document{{Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*"}}
	for _, action := range []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"} {
		streams := Statement{Effect: "Allow", Action: action, Resource: groupArn + ":*"}
		document = append(document, streams)
	}
	return document
}

// InvokeFromVpc returns the policy of a private REST API that one VPC may invoke.
// It has a Deny with a condition next to an Allow without one: with an
// authorizer, the first evaluation looks only for explicit denies, and without an
// Allow everything is denied. With IAM authorization, the Allow names the callers:
// an Allow for everyone would admit callers of the API's account who have no
// permission, and callers of other accounts whose own policies allow the call.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func InvokeFromVpc(executionArn, vpcId string, grants ...Grant) Document {
	return append(unless(executionArn+"/*", "aws:SourceVpc", vpcId), Invoke(executionArn, grants...)...)
}

// Grant lets callers invoke routes of an API.
type Grant struct {
	Callers any // Everyone, or an Account; nil if Only says who.
	// Only holds the ARNs of the roles and users that may call, if nobody else may.
	Only   []string
	Routes []string // Method and path of each route, such as GET/orders/*; nil for all of them.
}

// Invoke returns the policy of a REST API that lets some callers invoke some
// routes. An Allow alone would not keep out callers of the API's own account whom
// their own policies allow the call, so there is a Deny too if only some may call.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
func Invoke(executionArn string, grants ...Grant) Document {
	var document Document
	for _, grant := range grants {
		resource, callers := any(executionArn+"/*"), grant.Callers
		if grant.Routes != nil {
			arns := make([]string, len(grant.Routes))
			for i, route := range grant.Routes {
				arns[i] = executionArn + "/*/" + route
			}
			resource = arns
		}
		if grant.Only != nil {
			callers = map[string][]string{"AWS": grant.Only}
			document = append(document, unless(resource, "aws:PrincipalArn", grant.Only)...)
		}
		document = append(document,
			Statement{Effect: "Allow", Principal: callers, Action: "execute-api:Invoke", Resource: resource})
	}
	return document
}

// InvokeFromEndpoint returns the policy of a private custom domain name that only
// one interface endpoint may use. Without a policy, AWS installs one that denies
// everything.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html
func InvokeFromEndpoint(partition, region, accountId, endpointId string) Document {
	domains := fmt.Sprintf("arn:%s:execute-api:%s:%s:/domainnames/*", partition, region, accountId)
	return append(unless(domains, "aws:SourceVpce", endpointId),
		Statement{Effect: "Allow", Principal: Everyone, Action: "execute-api:Invoke", Resource: domains})
}

// InvokeThroughEndpoint returns the policy of an interface endpoint that leads to
// some APIs and to no others. arns are the ARNs of what clients may call: an
// API's execution ARN and "/*", or the ARN of a private custom domain name.
//
// It does not name the callers, because that is up to each API. AWS takes a
// request without a signature for an anonymous one, and everyone includes it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
func InvokeThroughEndpoint(arns []string) Document {
	return Document{{Effect: "Allow", Principal: Everyone, Action: "execute-api:Invoke", Resource: arns}}
}

// unless returns a policy that denies everyone for whom the key has another value.
func unless(resource any, key string, value any) Document {
	return Document{{
		Effect: "Deny", Principal: Everyone, Action: "execute-api:Invoke", Resource: resource,
		Condition: Condition{"StringNotEquals": {key: value}},
	}}
}

// LoadBalancerLogDelivery returns the policy of a bucket to which the Network Load
// Balancers of one account write their access logs.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
func LoadBalancerLogDelivery(bucketArn, partition, region, accountId string) Document {
	source := Condition{
		"StringEquals": {"aws:SourceAccount": accountId},
		"ArnLike":      {"aws:SourceArn": fmt.Sprintf("arn:%s:logs:%s:%s:*", partition, region, accountId)},
	}
	write := Condition{
		"StringEquals": {"aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control"},
		"ArnLike":      source["ArnLike"],
	}
	delivery := Service("delivery.logs.amazonaws.com")
	return Document{
		{Sid: "AWSLogDeliveryAclCheck", Effect: "Allow", Principal: delivery, Action: "s3:GetBucketAcl",
			Resource: bucketArn, Condition: source},
		{Sid: "AWSLogDeliveryWrite", Effect: "Allow", Principal: delivery, Action: "s3:PutObject",
			Resource: fmt.Sprintf("%s/AWSLogs/%s/*", bucketArn, accountId), Condition: write},
		{Sid: "DenyPlainHttp", Effect: "Deny", Principal: Everyone, Action: "s3:*",
			Resource:  []string{bucketArn, bucketArn + "/*"},
			Condition: Condition{"Bool": {"aws:SecureTransport": "false"}}},
	}
}

// PathPattern returns the path of a route as the ARN of its requests has it in a
// policy. An asterisk stands for a variable, and matches any text.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func PathPattern(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}
