package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/secrets"
	"private-api-blueprints/policy/trace"
)

// marks are what a transcript puts before the steps of each action.
var marks = map[trace.Action]string{trace.Passes: "*", trace.Doubts: "?", trace.Stops: "x", trace.Answers: "<"}

// printTrace prints the ways of a request.
func printTrace(out io.Writer, stack *model.Stack, c *command) (status int, err error) {
	ways, err := trace.Of(stack).Trace(c.request)
	if err != nil {
		return exitUsage, err
	}
	if c.json {
		err = printJSON(out, requestReport(c.request, ways))
	} else {
		_, err = io.WriteString(out, transcript(c.request, ways))
	}
	return statusOf(trace.Arrives(ways).And(speaks(c.request, ways))), err
}

// speaks asks whether all ways speak the version of HTTP that the request wants.
func speaks(r model.Request, ways []trace.Trace) model.Truth {
	all, some := model.True, model.False
	for _, way := range ways {
		same := model.TruthOf(r.Protocol == "" || way.Protocol == r.Protocol).OrMaybeIf(way.Protocol == "")
		some = some.Or(same)
		all = all.And(same.OrMaybeIf(way.Alternative))
	}
	if some == model.False {
		return model.False
	}
	return all
}

// statusOf returns the exit status for the answer to whether a request arrives as it
// was asked.
func statusOf(arrives model.Truth) int {
	switch arrives {
	case model.True:
		return exitDelivered
	case model.False:
		return exitRefused
	}
	return exitUnknown
}

// transcript tells the ways of a request, one line for each step.
func transcript(r model.Request, ways []trace.Trace) string {
	var text strings.Builder
	fmt.Fprintf(&text, "> %s\n", r)
	for i, way := range ways {
		if len(ways) > 1 {
			fmt.Fprintf(&text, "\n# way %d of %d\n", i+1, len(ways))
		}
		for _, hop := range way.Hops {
			fmt.Fprintf(&text, "%s%s\n", hop.Node, inBrackets(hop.At))
			for _, step := range hop.Steps {
				fmt.Fprintf(&text, "  %s %s%s\n", marks[step.Action], step.Text, inBrackets(step.At))
			}
		}
		text.WriteString(conclusion(r, way))
	}
	return text.String()
}

// inBrackets names a place in the program: the type, the name and the property.
func inBrackets(at model.Origin) string {
	parts := strings.SplitN(at.URN, "::", 4)
	if len(parts) < 4 {
		return ""
	}
	kind := parts[2][strings.LastIndexAny(parts[2], "$:")+1:]
	if at.Property != "" {
		return fmt.Sprintf(" [%s %s: %s]", kind, parts[3], at.Property)
	}
	return fmt.Sprintf(" [%s %s]", kind, parts[3])
}

// conclusion says how a way ends, what the client sees, and what would help.
func conclusion(r model.Request, way trace.Trace) string {
	text := "= " + string(way.Disposition)
	if way.Disposition == trace.Delivered {
		text += " to " + way.By.Name
		if way.Protocol != "" {
			text += " over " + way.Protocol
			if r.Protocol != "" && way.Protocol != r.Protocol {
				text += ", and not over " + r.Protocol
			}
		}
		return text + "\n"
	}
	if way.Doubtful && way.Disposition != trace.InsufficientInfo {
		text += " at the latest"
	}
	if symptom := way.Symptom(); symptom != "" {
		text += ": the client sees " + symptom
	}
	if way.Fix != "" {
		text += "\n  to let it pass, " + way.Fix
	}
	return text + "\n"
}

// meaningOf returns the meaning of a disposition.
func meaningOf(d trace.Disposition) (m trace.Meaning, found bool) {
	for _, m := range trace.Dispositions() {
		if m.Disposition == d {
			return m, true
		}
	}
	return m, false
}

// placeReport is a place in the program, in JSON.
type placeReport struct {
	URN      string `json:"urn"`
	Property string `json:"property,omitempty"`
}

// report is the answer about a request, in JSON.
type report struct {
	Request string `json:"request"`
	Arrives string `json:"arrives"` // The texts true, false or maybe.
	// Speaks is whether all ways speak the version of HTTP that is wanted. It is empty if any will do.
	Speaks string      `json:"speaks,omitempty"`
	Ways   []wayReport `json:"ways"`
}

type wayReport struct {
	Disposition string       `json:"disposition"`
	Condition   string       `json:"condition"`
	Symptom     string       `json:"symptom"`
	By          *placeReport `json:"by,omitempty"`
	Protocol    string       `json:"protocol,omitempty"`
	Fix         string       `json:"fix,omitempty"`
	Doubtful    bool         `json:"doubtful,omitempty"`
	Alternative bool         `json:"alternative,omitempty"`
	Hops        []hopReport  `json:"hops"`
}

type hopReport struct {
	Node  string       `json:"node"`
	At    *placeReport `json:"at,omitempty"`
	Steps []stepReport `json:"steps"`
}

type stepReport struct {
	Action string       `json:"action"`
	Text   string       `json:"text"`
	At     *placeReport `json:"at,omitempty"`
}

// requestReport returns the answer about a request.
func requestReport(r model.Request, ways []trace.Trace) report {
	answer := report{Request: r.String(), Arrives: trace.Arrives(ways).String()}
	if r.Protocol != "" {
		answer.Speaks = speaks(r, ways).String()
	}
	for _, way := range ways {
		m, _ := meaningOf(way.Disposition)
		told := wayReport{
			Disposition: string(way.Disposition), Condition: m.Condition, Symptom: way.Symptom(),
			By:       placeOf(way.By.Origin),
			Protocol: way.Protocol, Fix: way.Fix, Doubtful: way.Doubtful, Alternative: way.Alternative,
		}
		for _, hop := range way.Hops {
			h := hopReport{Node: hop.Node, At: placeOf(hop.At), Steps: []stepReport{}}
			for _, s := range hop.Steps {
				h.Steps = append(h.Steps, stepReport{Action: string(s.Action), Text: s.Text, At: placeOf(s.At)})
			}
			told.Hops = append(told.Hops, h)
		}
		answer.Ways = append(answer.Ways, told)
	}
	return answer
}

// placeOf returns a place of the stack, or nil if it is none.
func placeOf(at model.Origin) *placeReport {
	if at.URN == "" {
		return nil
	}
	return &placeReport{at.URN, at.Property}
}

// jsonText matches a text in JSON, and the colon that follows if it is a key.
var jsonText = regexp.MustCompile(`"(?:[^"\\]|\\.)*":?`)

// withoutSecrets returns an answer without secret values. In JSON, it changes the texts alone, so that the answer stays
// JSON.
func withoutSecrets(answer string, hidden *secrets.Redactor, asJSON bool) string {
	if !asJSON {
		return hidden.Text(answer)
	}
	return jsonText.ReplaceAllStringFunc(answer, func(text string) string {
		if strings.HasSuffix(text, ":") {
			return text
		}
		return `"` + hidden.Text(text[1:len(text)-1]) + `"`
	})
}

func printJSON(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
