package blueprints

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// insightsQueries returns queries of CloudWatch Logs Insights over the access log
// of an API, by the question that they answer.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
func insightsQueries() pulumi.StringMap {
	return pulumi.StringMap{
		"denied": pulumi.String("filter status in ['401', '403', '429'] " +
			"| stats count() as requests by status, errorType, errorMessage, vpceId, domainName | sort requests desc"),
		"failed": pulumi.String("filter status like /^5/ " +
			"| fields @timestamp, requestId, status, errorType, integrationStatus, integrationError, errorMessage " +
			"| sort @timestamp desc | limit 100"),
		"slow": pulumi.String("stats pct(responseLatency, 50) as p50, pct(responseLatency, 99) as p99, " +
			"pct(integrationLatency, 99) as integrationP99, count() as requests by resourcePath, bin(5m)"),
		"callers": pulumi.String("stats count() as requests by vpcId, vpceId, caller, apiKeyId, ip " +
			"| sort requests desc"),
	}
}
