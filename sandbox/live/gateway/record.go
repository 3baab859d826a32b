package gateway

import (
	"crypto/md5"
	"crypto/tls"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"time"

	"private-api-blueprints/sandbox/cloud"
)

// record writes the access log and the execution log. As on AWS, what cannot be logged
// is lost.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func (x *exchange) record(a answer) {
	if x.stage == nil {
		return
	}
	now := x.g.options.Now()
	x.facts["status"], x.facts["responseLength"] = strconv.Itoa(a.status), strconv.Itoa(len(a.body))
	x.facts["responseLatency"] = milliseconds(now.Sub(x.begun))
	if a.failed == nil {
		x.info("Successfully completed execution")
	}
	x.info("Method completed with status: %d", a.status)
	journal, stage := x.g.options.Journal, x.stage.Out.String("stageName")
	access := x.stage.Out.Object("accessLogSettings")
	if _, group, found := strings.Cut(access.String("destinationArn"), ":log-group:"); found {
		_ = journal.Log(strings.TrimSuffix(group, ":*"), streamOf(group), now, x.expand(access.String("format")))
	}
	level := x.settings().String("loggingLevel")
	if level != "INFO" && level != "ERROR" {
		return
	}
	group := "API-Gateway-Execution-Logs_" + x.api.ID + "/" + stage
	_ = journal.CreateGroup(group)
	for _, e := range x.events {
		if e.isError || level == "INFO" {
			_ = journal.Log(group, streamOf(group), now, "("+x.id+") "+e.text)
		}
	}
}

// streamOf returns the name of the log stream that API Gateway writes in a group. AWS
// has several per group, with such names.
func streamOf(group string) string {
	sum := md5.Sum([]byte(group))
	return hex.EncodeToString(sum[:])
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// contextVariable matches a variable in the format of an access log.
var contextVariable = regexp.MustCompile(`\$context\.[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*`)

// expand returns a line of the access log in a format.
func (x *exchange) expand(format string) string {
	about, identity := x.about(), x.identity()
	return contextVariable.ReplaceAllStringFunc(strings.TrimSpace(format), func(name string) string {
		return x.known(strings.TrimPrefix(name, "$context."), about, identity)
	})
}

// variable returns a variable of $context, or - if it has no value.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
func (x *exchange) variable(name string) string { return x.known(name, x.about(), x.identity()) }

// known returns a variable, given those of the request and those of the caller.
func (x *exchange) known(name string, about, identity map[string]string) string {
	if value := x.facts[name]; value != "" {
		return value
	}
	if key, ok := strings.CutPrefix(name, "identity."); ok {
		return or(identity[key], "-")
	}
	if value, ok := x.authorizer[strings.TrimPrefix(name, "authorizer.")]; ok && strings.HasPrefix(name,
		"authorizer.") {
		return text(value)
	}
	return or(about[name], "-")
}

// about returns the variables that are known from the request itself.
func (x *exchange) about() map[string]string {
	host := canonical(x.r.Host)
	prefix, _, _ := strings.Cut(host, ".")
	all := map[string]string{
		"requestId": x.id, "extendedRequestId": x.extended, "httpMethod": x.r.Method, "protocol": x.r.Proto,
		"requestTime":      x.begun.UTC().Format("02/Jan/2006:15:04:05 -0700"),
		"requestTimeEpoch": strconv.FormatInt(x.begun.UnixMilli(), 10),
		"domainName":       host, "domainPrefix": prefix, "accountId": cloud.AccountID, "path": x.r.URL.EscapedPath(),
	}
	if x.stage != nil {
		all["apiId"], all["stage"] = x.api.ID, x.stage.Out.String("stageName")
		all["deploymentId"] = x.stage.Out.String("deployment")
	}
	if x.domain != nil {
		all["customDomain.basePathMatched"] = strings.TrimPrefix(x.base, "/")
	}
	if x.stage != nil && x.stage.Out.Bool("xrayTracingEnabled") {
		all["xrayTraceId"] = strings.TrimPrefix(x.trace, "Root=")
	}
	if x.method != nil {
		all["resourcePath"], all["resourceId"] = x.method.String("path"), x.method.String("resourceId")
	}
	if state := x.r.TLS; state != nil {
		all["tlsVersion"], all["cipherSuite"] = tlsVersion(state.Version), tls.CipherSuiteName(state.CipherSuite)
	}
	return all
}

// tlsVersion returns a TLS version as API Gateway writes it, such as TLSv1.3.
func tlsVersion(version uint16) string {
	return strings.Replace(tls.VersionName(version), "TLS ", "TLSv", 1)
}

// identity returns the variables of $context.identity.
func (x *exchange) identity() map[string]string {
	all := map[string]string{
		"sourceIp": x.client(), "userAgent": x.r.UserAgent(),
		"vpcId": x.arrival.VPC, "vpceId": x.arrival.Endpoint,
	}
	if c := x.caller; c != nil {
		all["caller"], all["user"], all["userArn"] = c.UserID, c.UserID, c.ARN
		all["accountId"], all["accessKey"] = c.Account, c.AccessKey
	}
	if x.key != nil {
		all["apiKey"], all["apiKeyId"] = x.key.Out.String("value"), x.key.ID
	}
	return all
}

// settings returns what the stage says about the method: its settings for all methods,
// and over them those for this one.
// https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
func (x *exchange) settings() cloud.Props {
	merged := cloud.Props{}
	paths := []string{"*/*"}
	if x.method != nil {
		own := strings.TrimPrefix(x.method.String("path"), "/")
		paths = append(paths, own+"/"+x.r.Method, strings.ReplaceAll(own, "/", "~1")+"/"+x.r.Method)
	}
	for _, path := range paths {
		for _, o := range x.g.inv.Where(settingsType, "methodPath", path) {
			if o.Out.String("restApi") != x.api.ID || o.Out.String("stageName") != x.stage.Out.String("stageName") {
				continue
			}
			for key, value := range o.Out.Object("settings") {
				merged[key] = value
			}
		}
	}
	return merged
}
