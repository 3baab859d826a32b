package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// StageMetrics says which metrics CloudWatch has about the stage of an API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
type StageMetrics struct {
	ApiName   pulumi.StringInput
	StageName pulumi.StringInput
}

// dimensions returns the dimensions of the stage's metrics.
func (m StageMetrics) dimensions() pulumi.StringMap {
	return pulumi.StringMap{"ApiName": m.ApiName, "Stage": m.StageName}
}

// ListenerMetrics says which metrics CloudWatch has about a listener of a Network
// Load Balancer and about its targets.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
type ListenerMetrics struct {
	LoadBalancer      pulumi.StringInput // The end of its ARN, which names it in CloudWatch.
	TargetGroup       pulumi.StringInput // The end of its ARN, too.
	AvailabilityZones []string           // Of the load balancer's nodes.
	CrossZone         bool               // Whether a node uses the targets of every zone.
	CertificateArn    pulumi.StringInput // Nil unless the listener terminates TLS.

	FurtherCertificateArns []string // The certificates of further names.
}

// dimensions returns the dimensions of the load balancer's metrics.
func (m *ListenerMetrics) dimensions() pulumi.StringMap {
	return pulumi.StringMap{"LoadBalancer": m.LoadBalancer}
}

// targetGroup returns the dimensions of the target group's metrics over all zones.
func (m *ListenerMetrics) targetGroup() pulumi.StringMap {
	return pulumi.StringMap{"LoadBalancer": m.LoadBalancer, "TargetGroup": m.TargetGroup}
}

// zone returns the dimensions of the target group's metrics in a zone.
func (m *ListenerMetrics) zone(name string) pulumi.StringMap {
	return pulumi.StringMap{
		"LoadBalancer": m.LoadBalancer, "TargetGroup": m.TargetGroup, "AvailabilityZone": pulumi.String(name),
	}
}
