package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/trace"
)

var fromInternet = model.Request{From: "internet", URL: "https://a.example/"}

// wayTo returns a way that ends at an element with this name.
func wayTo(name string, d trace.Disposition) trace.Trace {
	e := model.Element{Name: name, NameInProgram: name, Origin: model.Origin{URN: "urn:" + name}}
	return trace.Trace{
		Disposition: d, By: e, Protocol: "h2",
		Hops: []trace.Hop{{Node: "element " + name, Steps: []trace.Step{
			{Action: trace.Passes, Text: "earlier"},
			{Action: trace.Stops, Text: "decided", At: model.Origin{URN: "urn:" + name, Property: "port"}},
		}}},
	}
}

// but returns a way with a change.
func but(way trace.Trace, change func(*trace.Trace)) trace.Trace {
	change(&way)
	return way
}

func TestPromisesAreJudgedByTheirWays(t *testing.T) {
	hello, other := wayTo("hello", trace.Delivered), wayTo("other", trace.Delivered)
	stopped, unknown := wayTo("group", trace.DeniedBySecurityGroup), wayTo("", trace.InsufficientInfo)
	doubtful := but(stopped, func(w *trace.Trace) { w.Doubtful = true })
	oldHTTP := but(hello, func(w *trace.Trace) { w.Protocol = "http/1.1" })
	noHTTP := but(hello, func(w *trace.Trace) { w.Protocol = "" })
	answered := func(w trace.Trace) trace.Trace {
		return but(w, func(w *trace.Trace) {
			w.Disposition, w.Doubtful, w.Hops = trace.InsufficientInfo, true, []trace.Hop{{
				Steps: []trace.Step{{Action: trace.Doubts}, {Action: trace.Answers}},
			}}
		})
	}
	past := but(unknown, func(w *trace.Trace) { w.Past = trace.DeniedByEndpoint })
	alternative := func(w trace.Trace) trace.Trace {
		return but(w, func(w *trace.Trace) { w.Alternative = true })
	}
	const broken, exposed, otherAnswer = "broken", "exposed", "other-answer"
	for _, c := range []struct {
		why, expect string
		ways        []trace.Trace
		defect      string // Or pass, or unknown.
	}{
		{"all ways arrive", "delivered", []trace.Trace{hello, hello}, "pass"},
		{"one of two addresses times out", "delivered", []trace.Trace{hello, stopped}, broken},
		{"a certain stop after a doubt is certain", "delivered", []trace.Trace{doubtful}, broken},
		{"an unknown way is not broken", "delivered", []trace.Trace{hello, unknown}, "unknown"},
		{"a certain failure next to an unknown way", "delivered", []trace.Trace{unknown, stopped}, broken},
		{"another server answers", "delivered", []trace.Trace{other}, otherAnswer},
		{"another protocol is spoken", "delivered", []trace.Trace{oldHTTP}, otherAnswer},
		{"the protocol is not known", "delivered", []trace.Trace{noHTTP}, "unknown"},
		{"the promised server answers, unless a doubt stops the request", "delivered", []trace.Trace{answered(hello)},
			"unknown"},
		{"another server answers, unless a doubt stops the request", "delivered", []trace.Trace{answered(other)},
			otherAnswer},
		{"one of two candidates is another server", "delivered",
			[]trace.Trace{alternative(hello), alternative(other)}, "unknown"},
		{"both candidates are other servers", "delivered",
			[]trace.Trace{alternative(other), alternative(other)}, otherAnswer},
		{"a forbidden request is stopped", "refused", []trace.Trace{stopped}, "pass"},
		{"a forbidden request arrives on one way", "refused", []trace.Trace{stopped, hello}, exposed},
		{"nobody knows whether it is refused", "refused", []trace.Trace{unknown}, "unknown"},
		{"it is refused as promised", "denied-by-security-group", []trace.Trace{stopped}, "pass"},
		{"it is refused in another way", "no-route", []trace.Trace{stopped}, otherAnswer},
		{"an earlier step may refuse it as promised", "no-route", []trace.Trace{doubtful}, "unknown"},
		{"it is past the policy that should refuse it", "denied-by-endpoint-policy", []trace.Trace{past}, otherAnswer},
		{"it is past another element", "no-route", []trace.Trace{past}, "unknown"},
		{"it arrives instead of the refusal", "no-route", []trace.Trace{hello}, exposed},
	} {
		t.Run(c.why, func(t *testing.T) {
			p := model.Promise{Request: fromInternet, Expect: c.expect}
			if c.expect == "delivered" {
				p.By, p.Protocol = "hello", "h2"
			}
			report := rule.NewReport(nil)
			report.Judge(p.Origin, judgeWays(&model.Stack{}, p, c.ways))
			require.Len(t, report.Findings, 1)
			got := string(report.Findings[0].Verdict)
			if d := report.Findings[0].Defect; d != nil {
				got = d.ID
			}
			assert.Equal(t, c.defect, got, report.Findings[0].Message)
		})
	}
}

func TestATargetThatNobodyReachesPutsAPromiseAtRisk(t *testing.T) {
	lost := wayTo("group", trace.DeniedBySecurityGroup)
	lost.Fix = "add a rule to group"
	arrives := but(wayTo("hello", trace.Delivered), func(w *trace.Trace) {
		w.Hops[0].Steps[1].Action, w.Unused = trace.Answers, []trace.Trace{lost}
	})
	p := model.Promise{Request: fromInternet, Expect: "delivered", By: "hello"}
	for _, c := range []struct {
		why, expect string
		way         trace.Trace
		want        bool
	}{
		{"one of two targets cannot be reached", "delivered", arrives, true},
		{"all targets can be reached", "delivered", but(arrives, func(w *trace.Trace) { w.Unused = nil }), false},
		{"the target may be in another group", "delivered",
			but(arrives, func(w *trace.Trace) { w.Unused, w.MayBeUnused = nil, w.Unused }), false},
		{"the load balancer may be another one", "delivered",
			but(arrives, func(w *trace.Trace) { w.Alternative = true }), false},
		{"the request must not arrive anyway", "refused", arrives, false},
		{"an earlier step may stop the request", "delivered",
			but(arrives, func(w *trace.Trace) { w.Disposition, w.Doubtful = trace.InsufficientInfo, true }), true},
		{"others may register targets that the load balancer can reach", "delivered",
			but(arrives, func(w *trace.Trace) { w.Disposition, w.Hops = trace.InsufficientInfo, nil }), true},
		{"the way fails anyway", "delivered",
			but(arrives, func(w *trace.Trace) { w.Disposition = trace.NoRoute }), false},
	} {
		p.Expect = c.expect
		report := rule.NewReport(nil)
		report.Judge(p.Origin, atRisk(p, []trace.Trace{c.way}))
		require.Len(t, report.Findings, 1, c.why)
		assert.Equal(t, c.want, report.Findings[0].Verdict == rule.Violation, c.why)
		if c.want {
			assert.Equal(t, model.Origin{URN: "urn:group", Property: "port"}, report.Findings[0].Origin)
			assert.Equal(t, `GET https://a.example/ from internet: want each target of its load balancer reached
  one is denied-by-security-group: element group: decided
  to fix it, add a rule to group`, report.Findings[0].Message)
		}
	}
}

func TestABrokenPromiseTellsTheWay(t *testing.T) {
	p := model.Promise{Request: fromInternet, Expect: "delivered", By: "hello"}
	stopped := wayTo("group", trace.DeniedBySecurityGroup)
	stopped.Fix = "add a rule to group"
	report := rule.NewReport(nil)
	report.Judge(p.Origin, judgeWays(&model.Stack{}, p, []trace.Trace{stopped}))
	require.Len(t, report.Findings, 1)
	assert.Equal(t, model.Origin{URN: "urn:group", Property: "port"}, report.Findings[0].Origin)
	assert.Equal(t, `GET https://a.example/ from internet: want it delivered by hello
  it is denied-by-security-group: element group: decided
  to fix it, add a rule to group`, report.Findings[0].Message)
}

func TestAWayPastAPolicyIsToldOnlyIfThatPolicyIsPromised(t *testing.T) {
	past := wayTo("", trace.InsufficientInfo)
	past.Past = trace.DeniedByEndpoint
	for expect, want := range map[string]string{
		"denied-by-endpoint-policy": "  it is not denied-by-endpoint-policy: ",
		"delivered":                 "  it is insufficient-info: ",
		"no-route":                  "  it is insufficient-info: ",
	} {
		p := model.Promise{Request: fromInternet, Expect: expect}
		assert.Contains(t, judgement{promiseBroken, model.Maybe, past}.message(p), want, expect)
	}
}

func TestPromisesOfTheConfigurationAreRead(t *testing.T) {
	one := map[string]any{"from": "internet", "request": "https://a.example/", "expect": "refused"}
	value, err := promises.Parse([]any{one})
	require.NoError(t, err)
	assert.Equal(t, []model.Promise{{Request: fromInternet, Expect: "refused"}}, value)

	_, err = promises.Parse("none")
	assert.EqualError(t, err, "is none; want a list of objects")
	one["expect"] = "insufficient-info"
	_, err = promises.Parse([]any{one})
	assert.ErrorContains(t, err, `at position 1: expect = "insufficient-info": want one of delivered, refused`)
}
