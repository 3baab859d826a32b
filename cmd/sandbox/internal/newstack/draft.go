package newstack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"

	pulumiconfig "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/cmd/sandbox/internal/account"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// problem is one thing that is wrong with a configuration.
type problem = settings.Problem

// draft is the configuration of a stack that is not complete yet.
type draft struct {
	blueprint string
	reference *reference
	settings  pulumiconfig.Map
	found     *account.Account
}

// keyOf returns a key of Pulumi's configuration. Its name may be a path.
func keyOf(path string) pulumiconfig.Key {
	namespace, name, _ := strings.Cut(path, ":")
	return pulumiconfig.MustMakeKey(namespace, name)
}

// setText sets KEY=VALUE as `pulumi config set-all --path` does.
func (d *draft) setText(setting string) error {
	path, value, _ := strings.Cut(setting, "=")
	if err := d.settings.Set(keyOf(path), pulumiconfig.NewValue(value), true); err != nil {
		return fmt.Errorf("%s = %q: %w", path, value, err)
	}
	return nil
}

// set sets the value at a path: a text, a boolean, a number, or what JSON can hold.
func (d *draft) set(path string, value any) error {
	var v pulumiconfig.Value
	switch value := value.(type) {
	case string:
		v = pulumiconfig.NewTypedValue(value, pulumiconfig.TypeString)
	case bool:
		v = pulumiconfig.NewTypedValue(fmt.Sprint(value), pulumiconfig.TypeBool)
	case int:
		v = pulumiconfig.NewTypedValue(fmt.Sprint(value), pulumiconfig.TypeInt)
	default:
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		v = pulumiconfig.NewObjectValue(string(text))
	}
	return d.settings.Set(keyOf(path), v, true)
}

// has reports whether a key is set.
func (d *draft) has(path string) bool {
	_, found, err := d.settings.Get(keyOf(path), true)
	return found && err == nil
}

// text returns the value of a key that holds text, or nothing if it is not set.
func (d *draft) text(path string) string {
	value, found, err := d.settings.Get(keyOf(path), true)
	if !found || err != nil {
		return ""
	}
	text, err := value.Value(pulumiconfig.NopDecrypter)
	if err != nil {
		return ""
	}
	return text
}

// values returns a configuration by full key, as the engine hands it to a program.
func values(m pulumiconfig.Map) map[string]string {
	all := map[string]string{}
	for key, value := range m {
		if text, err := value.Value(pulumiconfig.NopDecrypter); err == nil {
			all[key.String()] = text
		}
	}
	return all
}

// provider returns the configuration of the provider aws. It leaves out encrypted values, which only the stack's own
// secrets provider can read.
func (d *draft) provider() map[string]string {
	plain := maps.Clone(d.settings)
	maps.DeleteFunc(plain, func(_ pulumiconfig.Key, value pulumiconfig.Value) bool { return value.Secure() })
	all := values(plain)
	maps.DeleteFunc(all, func(key, _ string) bool { return !strings.HasPrefix(key, "aws:") })
	return all
}

// problems returns what the program would refuse.
func (d *draft) problems() []problem { return problemsOf(d.settings) }

func problemsOf(m pulumiconfig.Map) []problem {
	_, found := config.Parse(values(m), nil)
	var all *settings.Error
	if errors.As(found.Err(), &all) {
		return all.Problems
	}
	return nil
}

// given reports whether a problem is about something that is set, and not about something that is missing.
func (d *draft) given(problem problem) bool {
	k := d.reference.find(problem.Key)
	if k == nil {
		return true // An unknown key, or an item of a list.
	}
	choices := k.choices()
	if len(choices) == 0 {
		return d.has(k.path)
	}
	for _, choice := range choices {
		if d.has(choice.path) {
			return true
		}
	}
	return false
}

// complete asks about the first key that the program would refuse, until there is none. Questions without an answer
// are left out.
func (d *draft) complete(ctx context.Context, p *prompt) error {
	unanswered := map[string]bool{}
	for {
		next := -1
		for i, problem := range d.problems() {
			if !unanswered[problem.Key] {
				next = i
				break
			}
		}
		if next < 0 {
			return d.completeAddresses(ctx, p)
		}
		problem := d.problems()[next]
		err := errNoAnswer
		if k := d.reference.find(problem.Key); k != nil {
			err = d.ask(ctx, p, k, problem.Reason)
		}
		if errors.Is(err, errNoAnswer) {
			unanswered[problem.Key] = true
		} else if err != nil {
			return err
		}
	}
}

// fixedAddresses are the keys that the program requires of a network that exists, once it has looked at the network.
var fixedAddresses = []string{"endpoint.ipv4Addresses", "front.ipv4Addresses"}

// completeAddresses asks about the fixed addresses in a network that exists. Nobody can propose them, because any
// address may be in use.
func (d *draft) completeAddresses(ctx context.Context, p *prompt) error {
	if !d.has(config.Namespace + ":network.existing") {
		return nil
	}
	for _, name := range fixedAddresses {
		k := d.reference.find(config.Namespace + ":" + name)
		if k == nil || d.has(k.path) {
			continue
		}
		if err := d.ask(ctx, p, k, k.accepted()); err != nil && !errors.Is(err, errNoAnswer) {
			return err
		}
	}
	return nil
}

// ask asks about a key until the program accepts the answer.
func (d *draft) ask(ctx context.Context, p *prompt, k *key, reason string) error {
	q := question{key: k.path, meaning: k.meaning, reason: reason}
	if q.offers, q.preferred = d.offers(k); len(q.offers) > 1 {
		q.reason = "" // It lists the same.
	}
	for {
		a, err := p.ask(ctx, q)
		if err != nil {
			return err
		}
		before := maps.Clone(d.settings)
		if err := d.take(k, a); err != nil {
			return err
		}
		wrong := d.rejected(k)
		if wrong == "" {
			if a.offer != nil && a.offer.next != nil {
				return d.ask(ctx, p, a.offer.next, a.offer.next.accepted())
			}
			return nil
		}
		d.settings = before
		if p.yes {
			return errNoAnswer
		}
		p.printf("  %s\n", wrong)
	}
}

// take takes an answer to the question about a key.
func (d *draft) take(k *key, a answer) error {
	if a.offer == nil {
		return d.set(k.path, k.parse(a.text))
	}
	for _, setting := range a.offer.settings {
		if err := d.set(setting.path, setting.value); err != nil {
			return err
		}
	}
	return nil
}

// rejected returns the reason why the program refuses the value of a key, or nothing. A group that lacks keys is not
// refused: the next questions are about these.
func (d *draft) rejected(k *key) string {
	for _, problem := range d.problems() {
		inside := strings.HasPrefix(problem.Key, k.path+"[") || strings.HasPrefix(problem.Key, k.path+".")
		if problem.Key == k.path && (!k.isGroup() || d.given(problem)) || inside && !k.isGroup() {
			return problem.String()
		}
	}
	return ""
}

// accepted returns what a key takes, in words.
func (k *key) accepted() string {
	for _, tag := range []string{"list", "format"} {
		if format, found := config.FormatOf(k.tag.Get(tag)); found {
			return "want " + format.String()
		}
	}
	return ""
}

// parse returns the value that a text stands for. Items of a list have commas or spaces between them. Groups are in
// YAML, as in {key: value}.
func (k *key) parse(text string) any {
	kind := k.value.Kind()
	list := kind == reflect.Slice && !strings.HasPrefix(text, "[")
	switch {
	case list:
		return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	case kind == reflect.String, kind == reflect.Struct && !k.isGroup():
		return text
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return text // The program says what it wants.
	}
	return value
}
