package cloud

import (
	"fmt"
	"strings"
)

// Refusal is an error that AWS answers with: its code, its message, and the
// public page that documents it.
type Refusal struct {
	Code    string
	Message string // May have verbs of package fmt, which With fills in.
	Source  string
}

// NewRefusal returns a refusal, or a template of one if the message has verbs.
func NewRefusal(code, message, source string) Refusal {
	return Refusal{Code: code, Message: message, Source: source}
}

// Error returns code and message as AWS writes them, and the source of the fact.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: %s (%s)", r.Code, r.Message, r.Source)
}

// With returns the refusal with the verbs of its message filled in, if it has
// any.
func (r Refusal) With(args ...any) error {
	if !strings.Contains(r.Message, "%") {
		return &r
	}
	return &Refusal{Code: r.Code, Message: fmt.Sprintf(r.Message, args...), Source: r.Source}
}
