package newstack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// errNoAnswer says that there is no answer to a question: the input has ended, or nothing can be proposed.
var errNoAnswer = errors.New("no answer")

// question is a question about a key.
type question struct {
	key       string
	meaning   string
	reason    string // Why it is asked, and what is accepted; may be empty.
	offers    []offer
	preferred bool // Whether the first offer is what an empty answer means.
}

// offer is a possible answer.
type offer struct {
	name     string // What a person types.
	note     string // What it means; may be empty.
	settings []setting
	next     *key // The key to ask about next, if the answer only leads there.
}

// setting is what an answer sets.
type setting struct {
	path  string
	value any
}

// answer is the answer to a question: one of the offers, or a text.
type answer struct {
	offer *offer
	text  string
}

// prompt asks a person who reads and writes lines.
type prompt struct {
	out   io.Writer
	yes   bool // Whether to take the preferred offer instead of asking.
	lines chan string
	read  func()
	ended bool
}

// newPrompt returns a prompt. It reads a line only when it asks.
func newPrompt(in io.Reader, out io.Writer, yes bool) *prompt {
	p := &prompt{out: out, yes: yes, lines: make(chan string)}
	reader := bufio.NewReader(in)
	p.read = func() {
		line, err := reader.ReadString('\n')
		if err != nil && line == "" {
			close(p.lines)
			return
		}
		p.lines <- line
	}
	return p
}

// printf prints a message.
func (p *prompt) printf(format string, args ...any) {
	fmt.Fprintf(p.out, format, args...) //nolint:errcheck // Nobody reads a message that cannot be written.
}

// ask asks a question. It returns errNoAnswer if there is no answer.
func (p *prompt) ask(ctx context.Context, q question) (answer, error) {
	if p.yes && q.preferred {
		return answer{offer: &q.offers[0]}, nil
	}
	if p.yes || p.ended {
		return answer{}, errNoAnswer
	}
	p.show(q)
	for {
		if q.preferred {
			p.printf("  (%s): ", q.offers[0].name)
		} else {
			p.printf("  : ")
		}
		go p.read()
		select {
		case <-ctx.Done():
			return answer{}, ctx.Err()
		case line, more := <-p.lines:
			if !more {
				p.ended = true
				p.printf("\n")
				return answer{}, errNoAnswer
			}
			if a, ok := q.answered(strings.TrimSpace(line)); ok {
				return a, nil
			}
		}
	}
}

// answered returns the answer that a line stands for. It reports whether there is one.
func (q *question) answered(line string) (answer, bool) {
	if line == "" && q.preferred {
		return answer{offer: &q.offers[0]}, true
	}
	for i := range q.offers {
		if line == strconv.Itoa(i+1) || line == q.offers[i].name {
			return answer{offer: &q.offers[i]}, true
		}
	}
	return answer{text: line}, line != ""
}

// show prints a question.
func (p *prompt) show(q question) {
	p.printf("\n%s\n", q.key)
	for _, text := range []string{q.meaning, q.reason} {
		for _, line := range wrap(text, 96) {
			p.printf("  %s\n", line)
		}
	}
	if q.preferred && len(q.offers) == 1 && q.offers[0].note == "" {
		return // The prompt says the same.
	}
	for i, offer := range q.offers {
		text := offer.name
		if offer.note != "" {
			text += ": " + offer.note
		}
		for j, line := range wrap(text, 92) {
			number := "  "
			if j == 0 {
				number = strconv.Itoa(i+1) + "."
			}
			p.printf("    %s %s\n", number, line)
		}
	}
}

// text returns a text that is given, or asks for it. refuse returns what would be accepted instead, or nothing.
func (p *prompt) text(ctx context.Context, q question, given string, refuse func(string) string) (string, error) {
	if given != "" {
		if wanted := refuse(given); wanted != "" {
			return "", fmt.Errorf("%s = %q: %s", q.key, given, wanted)
		}
		return given, nil
	}
	for {
		a, err := p.ask(ctx, q)
		if errors.Is(err, errNoAnswer) {
			return "", fmt.Errorf("%s: required: %s", q.key, strings.TrimPrefix(refuse(""), "want "))
		}
		if err != nil {
			return "", err
		}
		text := a.text
		if a.offer != nil {
			text = a.offer.name
		}
		wanted := refuse(text)
		if wanted == "" {
			return text, nil
		}
		p.printf("  %s = %q: %s\n", q.key, text, wanted)
	}
}

// wrap breaks a text into lines of at most a width.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	if line == "" {
		return lines
	}
	return append(lines, line)
}
