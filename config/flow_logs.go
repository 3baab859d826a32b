package config

// FlowLogs describes the flow logs of a VPC: which connections there were, and
// which of them security groups and network ACLs refused.
type FlowLogs struct {
	// TrafficType says which connections are recorded: those that were accepted, those
	// that were refused, or both. CloudWatch bills each gigabyte of them as vended logs.
	TrafficType string `config:"trafficType" default:"REJECT" enum:"ALL,ACCEPT,REJECT"`
	// RetentionDays is how long CloudWatch Logs keeps them, in days.
	RetentionDays int `config:"retentionDays" default:"30" format:"logRetention"`
	// KmsKeyArn is the ARN of the KMS key that encrypts their log group, in the VPC's
	// region. Its policy must let CloudWatch Logs of the region use it.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
	KmsKeyArn string `config:"kmsKeyArn" computed:"none: the keys of CloudWatch Logs" format:"kmsKeyArn"`
}
