package gateway

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
)

// The rate and burst of all APIs of an account in a region.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
const accountRate, accountBurst = 10000, 5000

// plans counts requests. Its methods may be called concurrently. It begins with nothing
// counted whenever the sandbox reads the account.
type plans struct {
	now func() time.Time

	mu     sync.Mutex
	limits map[string]*rate.Limiter
	quotas map[string]quota
}

// quota is how many requests a key has made since a period began.
type quota struct {
	since time.Time
	used  int
}

func newPlans(now func() time.Time) *plans {
	return &plans{now: now, limits: map[string]*rate.Limiter{}, quotas: map[string]quota{}}
}

// allow reports whether a token bucket, which a name tells from others, has a token. A
// negative rate or burst is none.
func (p *plans) allow(name string, perSecond float64, burst int) bool {
	if perSecond < 0 || burst < 0 {
		return true
	}
	p.mu.Lock()
	limit := p.limits[name]
	if limit == nil {
		limit = rate.NewLimiter(rate.Limit(perSecond), burst)
		p.limits[name] = limit
	}
	p.mu.Unlock()
	return limit.AllowN(p.now(), 1)
}

// use counts a request against a quota, and reports whether it is within. Rejected
// requests count, too.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
func (p *plans) use(name string, settings cloud.Props) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	since := periodOf(p.now().UTC(), settings.String("period"), settings.Int("offset"))
	q := p.quotas[name]
	if !q.since.Equal(since) {
		q = quota{since: since}
	}
	q.used++
	p.quotas[name] = q
	return q.used <= settings.Int("limit")
}

// periodOf returns when the period of a quota began.
func periodOf(now time.Time, period string, offset int) time.Time {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch period {
	case "WEEK":
		return day.AddDate(0, 0, -((int(day.Weekday())-offset)%7+7)%7)
	case "MONTH":
		first := time.Date(now.Year(), now.Month(), 1+offset, 0, 0, 0, 0, time.UTC)
		if first.After(now) {
			first = time.Date(now.Year(), now.Month()-1, 1+offset, 0, 0, 0, 0, time.UTC)
		}
		return first
	}
	return day
}

// admit checks the API key, if the method wants one, and all limits.
func (x *exchange) admit() *failure {
	stage := x.api.ID + "/" + x.stage.Out.String("stageName")
	value := x.r.Header.Get("X-Api-Key")
	if x.served.String("apiKeySource") == "AUTHORIZER" {
		value = text(x.authorizer["usageIdentifierKey"])
	}
	x.info("Verifying Usage Plan for request: %s. API Key: %s API Stage: %s", x.id, masked(value), stage)
	if x.method.Bool("apiKeyRequired") {
		if f := x.admitKey(value); f != nil {
			return f
		}
	}
	settings := x.settings()
	perSecond, burst := accountRate*1.0, accountBurst
	if settings.Has("throttlingRateLimit") { // The provider's default is -1: only the account has a limit.
		perSecond, burst = number(settings, "throttlingRateLimit"), settings.Int("throttlingBurstLimit")
	}
	name := stage + " " + x.method.String("method") + x.method.String("path")
	if !x.g.plans.allow(name, perSecond, burst) {
		return throttled(fmt.Sprintf("the stage admits %g requests per second, and %d at once", perSecond, burst))
	}
	if !x.g.plans.allow("account", accountRate, accountBurst) {
		return throttled(fmt.Sprintf("the account has %d requests per second", accountRate))
	}
	return nil
}

// admitKey checks an API key and the usage plan that it belongs to.
func (x *exchange) admitKey(value string) *failure {
	invalid := forbidden("the method wants an API key of a usage plan of its stage")
	invalid.kind = "INVALID_API_KEY"
	if value == "" {
		return invalid
	}
	for _, key := range x.g.inv.Where(keyType, "value", value) {
		if key.Region != x.arrival.Region || !key.Out.Bool("enabled") {
			continue
		}
		for _, member := range x.g.inv.Where(planKeyType, "keyId", key.ID) {
			plan := x.g.inv.Find(planType, member.Out.String("usagePlanId"))
			if plan == nil {
				continue
			}
			if stage := x.planned(plan); stage != nil {
				x.key = key
				x.step("admits the API key %s of the usage plan %s", key.ID, plan.ID)
				return x.spend(plan, stage)
			}
		}
	}
	return invalid
}

// planned returns what a usage plan says about the stage, or nil.
func (x *exchange) planned(plan *inventory.Object) cloud.Props {
	for _, stage := range plan.Out.Objects("apiStages") {
		if stage.String("apiId") == x.api.ID && stage.String("stage") == x.stage.Out.String("stageName") {
			return stage
		}
	}
	return nil
}

// spend counts a request against the limits of a usage plan: those of the method, those
// of the plan, and the quota.
func (x *exchange) spend(plan *inventory.Object, stage cloud.Props) *failure {
	name := plan.ID + " " + x.key.ID
	for _, own := range stage.Objects("throttles") {
		if own.String("path") == x.method.String("path")+"/"+x.r.Method &&
			!x.g.plans.allow(name+" "+own.String("path"), number(own, "rateLimit"), own.Int("burstLimit")) {
			return throttled("the usage plan " + plan.ID + " limits the method")
		}
	}
	if limit := plan.Out.Object("throttleSettings"); limit != nil &&
		!x.g.plans.allow(name, number(limit, "rateLimit"), limit.Int("burstLimit")) {
		return throttled("the usage plan " + plan.ID + " limits the key")
	}
	if quota := plan.Out.Object("quotaSettings"); quota != nil && !x.g.plans.use(name, quota) {
		return &failure{kind: "QUOTA_EXCEEDED", status: http.StatusTooManyRequests, code: "LimitExceededException",
			message: "Limit Exceeded", reason: "the quota of the usage plan " + plan.ID + " is used up"}
	}
	return nil
}

func throttled(reason string) *failure {
	return &failure{kind: "THROTTLED", status: http.StatusTooManyRequests, code: "TooManyRequestsException",
		message: "Too Many Requests", reason: reason}
}

// number returns the number at a key.
func number(p cloud.Props, key string) float64 {
	if n, ok := p[key].(float64); ok {
		return n
	}
	return float64(p.Int(key))
}

// masked returns an API key as a log shows it.
func masked(key string) string {
	if len(key) <= 6 {
		return strings.Repeat("*", len(key))
	}
	return strings.Repeat("*", len(key)-6) + key[len(key)-6:]
}
