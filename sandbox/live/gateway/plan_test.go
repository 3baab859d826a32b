package gateway

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/function"
)

// keyed is an API whose method wants a key, and two keys: only one has a usage plan.
func keyed(plan string) string {
	const schemes = `,"components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"x-api-key"}}}`
	paths := strings.Replace(helloPath, `"get":{`, `"get":{"security":[{"key":[]}],`, 1)
	return role + strings.Replace(api("keyed00001", "REGIONAL", paths, ""), "}}}}}'\n", "}}}}"+schemes+"}'\n", 1) + `
- type: aws:apigateway/apiKey:ApiKey
  id: key1
  inputs: {name: one, value: aaaaaaaaaaaaaaaaaaaa1}
- type: aws:apigateway/apiKey:ApiKey
  id: key2
  inputs: {name: two, value: aaaaaaaaaaaaaaaaaaaa2}
- type: aws:apigateway/apiKey:ApiKey
  id: key3
  inputs: {name: three, value: aaaaaaaaaaaaaaaaaaaa3, enabled: false}
- type: aws:apigateway/usagePlan:UsagePlan
  id: plan01
  inputs:
    name: plan
    apiStages: [{apiId: keyed00001, stage: v1` + plan + `
- type: aws:apigateway/usagePlanKey:UsagePlanKey
  id: plan01/key1
  inputs: {keyId: key1, keyType: API_KEY, usagePlanId: plan01}
- type: aws:apigateway/usagePlanKey:UsagePlanKey
  id: plan01/key3
  inputs: {keyId: key3, keyType: API_KEY, usagePlanId: plan01}
`
}

func TestAMethodMayWantAKeyOfAUsagePlan(t *testing.T) {
	w := newWorld(t, keyed("}]"), nil)
	for _, row := range []struct {
		key  string
		want int
		why  string
	}{
		{"aaaaaaaaaaaaaaaaaaaa1", 200, "a key of the plan"},
		{"", 403, "no key"},
		{"aaaaaaaaaaaaaaaaaaaa2", 403, "a key without a plan"},
		{"aaaaaaaaaaaaaaaaaaaa3", 403, "a key that is disabled"},
		{"aaaaaaaaaaaaaaaaaaaa4", 403, "a key of nobody"},
	} {
		got := w.get(internet, base("keyed00001")+"/v1/hello", "x-api-key", row.key)
		assert.Equal(t, row.want, got.status, row.why)
		if row.want == 403 {
			assert.Equal(t, notFound, got.body, row.why)
			assert.Equal(t, "ForbiddenException", got.header.Get("x-amzn-ErrorType"), row.why)
			assert.Contains(t, w.journal.of("access"), "INVALID_API_KEY")
		}
	}
}

// limitedBy returns the statuses of requests at one moment, and of one a minute later.
func limitedBy(t *testing.T, objects, url string) (statuses []int, later int, body string) {
	now := time.Now()
	w := newWorld(t, objects, func(o *Options) { o.Now = func() time.Time { return now } })
	for range 3 {
		got := w.get(internet, url, "x-api-key", "aaaaaaaaaaaaaaaaaaaa1")
		statuses = append(statuses, got.status)
		body = got.body
	}
	now = now.Add(time.Minute)
	return statuses, w.get(internet, url, "x-api-key", "aaaaaaaaaaaaaaaaaaaa1").status, body
}

func TestLimitsRefuseWhatIsTooMuch(t *testing.T) {
	many, exceeded := `{"message":"Too Many Requests"}`, `{"message":"Limit Exceeded"}`
	stage := strings.Replace(role+api("limited001", "REGIONAL", helloPath, ""), "loggingLevel: ERROR",
		"throttlingRateLimit: 1, throttlingBurstLimit: 2", 1)
	method := stage + `
- type: aws:apigateway/methodSettings:MethodSettings
  id: limited001-v1-hello/GET
  inputs:
    restApi: limited001
    stageName: v1
    methodPath: hello/GET
    settings: {throttlingRateLimit: -1, throttlingBurstLimit: -1}
`
	for _, row := range []struct {
		objects, api string
		statuses     []int
		later        int
		body, why    string
	}{
		{stage, "limited001", []int{200, 200, 429}, 200, many, "the stage's rate and burst"},
		{method, "limited001", []int{200, 200, 200}, 200, `{"message": "hello world"}`,
			"a method's own settings come first"},
		{keyed("}]\n    throttleSettings: {rateLimit: 1, burstLimit: 1}"), "keyed00001", []int{200, 429, 429}, 200,
			many,
			"the plan's rate and burst"},
		{keyed(`, throttles: [{path: /hello/GET, rateLimit: 1, burstLimit: 1}]}]`), "keyed00001",
			[]int{200, 429, 429}, 200, many, "the plan's limits of the method"},
		{keyed("}]\n    quotaSettings: {limit: 2, period: MONTH}"), "keyed00001", []int{200, 200, 429}, 429, exceeded,
			"the plan's quota"},
	} {
		t.Run(row.why, func(t *testing.T) {
			statuses, later, body := limitedBy(t, row.objects, base(row.api)+"/v1/hello")
			assert.Equal(t, row.statuses, statuses)
			assert.Equal(t, row.later, later, "a minute later")
			assert.Equal(t, row.body, body)
		})
	}
}

func TestAQuotaBeginsAgainWithItsPeriod(t *testing.T) {
	now := time.Date(2026, time.November, 28, 12, 0, 0, 0, time.UTC) // A Saturday.
	for _, row := range []struct {
		period string
		offset int
		want   string
	}{
		{"DAY", 0, "2026-11-28"}, {"WEEK", 0, "2026-11-22"}, {"WEEK", 6, "2026-11-28"}, {"WEEK", 5, "2026-11-27"},
		{"MONTH", 0, "2026-11-01"}, {"MONTH", 27, "2026-11-28"}, {"MONTH", 20, "2026-11-21"},
	} {
		assert.Equal(t, row.want, periodOf(now, row.period, row.offset).Format(time.DateOnly), row)
	}
	assert.Equal(t, "2026-10-28", periodOf(now.AddDate(0, 0, -7), "MONTH", 27).Format(time.DateOnly),
		"in October still")

	p := newPlans(func() time.Time { return now })
	quota := cloud.Props{"limit": 1, "period": "DAY"}
	assert.True(t, p.use("a", quota))
	assert.False(t, p.use("a", quota))
	assert.True(t, p.use("b", quota), "another key")
	now = now.AddDate(0, 0, 1)
	assert.True(t, p.use("a", quota))
}

func TestAnAuthorizerMayHaveTheKey(t *testing.T) {
	for key, want := range map[string]int{"aaaaaaaaaaaaaaaaaaaa1": 200, "aaaaaaaaaaaaaaaaaaaa2": 403, "": 403} {
		objects := strings.NewReplacer("guarded001", "keyed00001",
			`"security":[{"token":[]}]`, `"security":[{"token":[],"key":[]}]`,
			`"securitySchemes":{`, `"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"x-api-key"},`,
			"    body:", "    apiKeySource: AUTHORIZER\n    body:").Replace(authorizerAPI(""))
		_, keys, _ := strings.Cut(keyed("}]"), "\n- type: aws:apigateway/apiKey")
		w := newWorld(t, role+objects+"\n- type: aws:apigateway/apiKey"+keys, func(o *Options) {
			o.Functions = functions(func(ctx context.Context, call function.Call) (function.Result, error) {
				if !strings.Contains(call.Source, "/authorizers/") {
					return greet(ctx, call)
				}
				return function.Result{Payload: []byte(`{"principalId":"me","policyDocument":` +
					strings.ReplaceAll(everyone, "execute-api:/*", "*") + `,"usageIdentifierKey":"` + key + `"}`)}, nil
			})
		})
		got := w.get(internet, base("keyed00001")+"/v1/hello", "Authorization", "t-1", "x-api-key",
			"aaaaaaaaaaaaaaaaaaaa1")
		assert.Equal(t, want, got.status, "%s: %s", key, got.body)
	}
}
