package catalog

import (
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const flowLogType = "aws:ec2/flowLog:FlowLog"

// createFlowLogs is the page that most refusals of this file come from.
const createFlowLogs = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html"

// flowLogKind returns the kind of flow logs. The sandbox records nothing in them.
func flowLogKind() *cloud.Kind {
	return &cloud.Kind{
		Token: flowLogType,
		Replace: words(`deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination logDestinationType
			logFormat logGroupName maxAggregationInterval subnetId trafficType transitGatewayAttachmentId
			transitGatewayId vpcId`),
		Defaults: cloud.Props{"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
		Constraints: []cloud.Constraint{
			arnAt("iamRoleArn"), arnAt("logDestination"),
			cloud.OneOf("trafficType", "ACCEPT", "REJECT", "ALL"),
			cloud.OneOf("logDestinationType", "cloud-watch-logs", "s3", "kinesis-data-firehose"),
		},
		Conflicts:  [][]string{words("logDestination logGroupName")},
		ExactlyOne: [][]string{words("eniId subnetId transitGatewayAttachmentId transitGatewayId vpcId")},
		ID:         cloud.HexID("fl-"),
		NotFound: cloud.NewRefusal("InvalidFlowLogId.NotFound", "The following flow log ID does not exist: %s",
			createFlowLogs),
		References: map[string]string{"iamRoleArn": roleType, "subnetId": subnetType, "vpcId": vpcType},
		OutputDefaults: cloud.Props{
			"logFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} " +
				"${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
		},
		Check: cloud.InOrder(checkOwnVPC(vpcOfInputs), checkFlowLogTraffic, checkFlowLogRole, checkFlowLogTwice),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("ec2", "vpc-flow-log/"+r.Object.ID))
			if r.Inputs.Has("logGroupName") {
				r.Set("logDestination", r.ARN("logs", "log-group:"+r.Inputs.String("logGroupName")))
			} else {
				r.Set("logGroupName", logGroupOf(r.Inputs))
			}
			return nil
		},
		Example: cloud.Example{
			Name: "flow log",
			Inputs: cloud.Props{
				"iamRoleArn": "${flow role.arn}", "logDestination": "${log group.arn}", "trafficType": "REJECT",
				"vpcId": "${vpc}",
			},
			After: []string{"role policy"},
		},
	}
}

// logGroupOf returns the name of the log group that a flow log writes to, or nothing
// if it writes elsewhere.
func logGroupOf(p cloud.Props) string {
	_, name, _ := strings.Cut(strings.TrimSuffix(p.String("logDestination"), ":*"), ":log-group:")
	return name
}

// checkFlowLogTraffic refuses a flow log of a network that does not say which
// connections it records.
func checkFlowLogTraffic(r *cloud.Request) error {
	transit := r.Inputs.Has("transitGatewayId") || r.Inputs.Has("transitGatewayAttachmentId")
	if !transit && !r.Inputs.Has("trafficType") {
		return cloud.NewRefusal("MissingParameter", "The request must contain the parameter TrafficType",
			createFlowLogs).With()
	}
	return nil
}

// checkFlowLogRole refuses a flow log to CloudWatch Logs whose role the service may
// not assume. The provider waits for two minutes, because a new role works late.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/vpc_flow_log.go
func checkFlowLogRole(r *cloud.Request) error {
	if r.Inputs.StringOr("logDestinationType", "cloud-watch-logs") != "cloud-watch-logs" {
		return nil
	}
	arn := r.Inputs.String("iamRoleArn")
	if arn == "" {
		return cloud.NewRefusal("InvalidParameter",
			"DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs", createFlowLogs).With()
	}
	role := r.Find(roleType, arn, "")
	if role == nil || !allows(role.Inputs.String("assumeRolePolicy"), "vpc-flow-logs.amazonaws.com", "sts:AssumeRole") {
		return cloud.NewRefusal("InvalidParameter", "Unable to assume given IAM role", createFlowLogs).With()
	}
	return nil
}

// checkFlowLogTwice refuses two flow logs of a network that record the same
// connections in the same place.
func checkFlowLogTwice(r *cloud.Request) error {
	const keys = "eniId logDestination logGroupName subnetId trafficType transitGatewayAttachmentId transitGatewayId " +
		"vpcId"
	for _, other := range r.Others(flowLogType) {
		same := true
		for _, key := range words(keys) {
			same = same && other.Inputs.String(key) == r.Inputs.String(key)
		}
		if same {
			return cloud.NewRefusal("FlowLogAlreadyExists",
				"Error. There is an existing Flow Log with the same configuration and log destination.",
				createFlowLogs).With()
		}
	}
	return nil
}
