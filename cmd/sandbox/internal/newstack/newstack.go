// Package newstack writes the file of a new stack. What it asks follows from what the program refuses: it checks the
// configuration as the program does, asks about the first key that is missing, and goes on until nothing is. What the
// account holds is offered as an answer.
package newstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"private-api-blueprints/cmd/sandbox/internal/account"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/atomicfile"
	"private-api-blueprints/sandbox"
)

// DefaultStack is the name that `pulumi new` proposes for a stack.
const DefaultStack = "dev"

// Options holds what is known about the stack, and whom to ask about the rest.
type Options struct {
	Root     string   // The folder of the project.
	Stack    string   // The name of the stack; empty to ask.
	Settings []string // KEY=VALUE; KEY may be a path, as for `pulumi config set-all --path`.
	Region   string   // The region to propose; empty for none in particular.
	Yes      bool     // Take the proposals instead of asking.
	Draft    bool     // Write the file even if keys are missing.
	In       io.Reader
	Out      io.Writer
	// Account reads the account that the stack is for. The configuration has the keys of the provider aws.
	Account func(ctx context.Context, config map[string]string) (*account.Account, error)
}

// Result says what was written.
type Result struct {
	Stack   string
	File    string // Relative to the project's folder.
	Missing int    // How many problems a draft has.
}

// Write asks what is missing and writes the file of the stack. It replaces no file except one that holds only what
// `pulumi new` writes, and keeps what that holds. After an error, nothing is written.
func Write(ctx context.Context, options Options) (Result, error) {
	p := newPrompt(options.In, options.Out, options.Yes)
	stack, err := p.stack(ctx, options.Stack)
	if err != nil {
		return Result{}, err
	}
	result := Result{Stack: stack, File: "Pulumi." + stack + ".yaml"}
	path := filepath.Join(options.Root, result.File)
	kept, err := readKept(path)
	if err != nil {
		return Result{}, err
	}
	d, err := begin(ctx, p, kept, options)
	if err != nil {
		return Result{}, err
	}
	if d.found, err = options.Account(ctx, d.provider()); err != nil {
		return Result{}, err
	}
	d.report(p)
	if err := d.complete(ctx, p); err != nil {
		return Result{}, err
	}
	missing := d.problems()
	if len(missing) > 0 && !options.Draft {
		return Result{}, missingError(missing)
	}
	text, err := d.render(kept, missing)
	if err != nil {
		return Result{}, err
	}
	result.Missing = len(missing)
	return result, atomicfile.Write(path, text, 0o644)
}

// stack returns the name of the stack.
func (p *prompt) stack(ctx context.Context, name string) (string, error) {
	q := question{
		key: "stack", meaning: "The name of the stack. Its file is Pulumi.NAME.yaml.",
		offers: []offer{{name: DefaultStack}}, preferred: true,
	}
	return p.text(ctx, q, name, sandbox.StackProblem)
}

// begin returns a draft with what the kept file and the settings say, and with a region and a blueprint. It refuses
// everything that is wrong with the settings.
func begin(ctx context.Context, p *prompt, kept *kept, options Options) (*draft, error) {
	d := &draft{settings: kept.settings()}
	for _, setting := range options.Settings {
		if err := d.setText(setting); err != nil {
			return nil, err
		}
	}
	if err := kept.contradictedBy(d.settings); err != nil {
		return nil, err
	}
	schema, err := readSchema()
	if err != nil {
		return nil, err
	}
	if err := d.chooseRegion(ctx, p, schema, options.Region); err != nil {
		return nil, err
	}
	blueprint, err := d.chooseBlueprint(ctx, p, schema)
	if err != nil {
		return nil, err
	}
	d.blueprint, d.reference = blueprint.Name, newReference(blueprint, schema)
	wrong := slices.DeleteFunc(d.problems(), func(problem problem) bool { return !d.given(problem) })
	if len(wrong) > 0 {
		return nil, problemsError(wrong, "is not acceptable", "are not acceptable")
	}
	return d, nil
}

const regionKey, nameKey = "aws:region", config.Namespace + ":name"

// chooseRegion sets the region of the stack. It proposes one, if that is not empty.
func (d *draft) chooseRegion(ctx context.Context, p *prompt, schema *schema, proposed string) error {
	described := schema.configuration().property(regionKey)
	q := question{key: regionKey, meaning: described.Description, preferred: true}
	if proposed != "" {
		q.offers = []offer{{name: proposed}}
	}
	for _, example := range described.Examples {
		q.offers = append(q.offers, offer{name: fmt.Sprint(example)})
	}
	region, err := p.text(ctx, q, d.text(regionKey), func(region string) string {
		if !described.accepts(region) {
			return fmt.Sprintf("want an AWS region, such as %v", described.Examples[0])
		}
		return ""
	})
	if err != nil {
		return err
	}
	return d.set(regionKey, region)
}

// chooseBlueprint sets the name of the blueprint, and returns the blueprint.
func (d *draft) chooseBlueprint(ctx context.Context, p *prompt, schema *schema) (config.Blueprint, error) {
	described := schema.configuration().property(nameKey)
	q := question{key: nameKey, meaning: described.Description}
	var names []string
	for i, blueprint := range config.Blueprints() {
		names = append(names, blueprint.Name)
		q.offers = append(q.offers, offer{name: blueprint.Name, note: described.AnyOf[0].Meanings[i]})
	}
	name, err := p.text(ctx, q, d.text(nameKey), func(name string) string {
		if !slices.Contains(names, name) {
			return "want one of " + strings.Join(names, ", ")
		}
		return ""
	})
	if err != nil {
		return config.Blueprint{}, err
	}
	return config.Blueprints()[slices.Index(names, name)], d.set(nameKey, name)
}

// report says what could not be read from the account, and what a stack of fixed addresses finds there.
func (d *draft) report(p *prompt) {
	for _, part := range d.found.Unread {
		p.printf("sandbox: not everything of the account can be read: %s\n", part)
	}
	if d.blueprint != "static-ip-apigw" {
		return
	}
	var free []string
	for _, address := range d.found.Addresses {
		if !address.InUse {
			free = append(free, address.IP)
		}
	}
	if len(d.found.Addresses) == 0 {
		return
	}
	p.printf("sandbox: the stack allocates an Elastic IP in each zone, and a region has a quota of 5 unless it was "+
		"raised. The account has %d here, and these are free: %s\n", len(d.found.Addresses), orNone(free))
}

// orNone returns a list in words.
func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// missingError returns the error about keys that nobody has set.
func missingError(missing []problem) error {
	err := problemsError(missing, "is still to be set", "are still to be set")
	return fmt.Errorf("%w\nAnswer the questions, or set them with --config KEY=VALUE; --draft writes the file without "+
		"them", err)
}

// problemsError returns an error that lists problems, which one or several says in words.
func problemsError(problems []problem, one, several string) error {
	text := "1 key " + one
	if len(problems) > 1 {
		text = fmt.Sprintf("%d keys %s", len(problems), several)
	}
	text += "; nothing was written:"
	for _, problem := range problems {
		text += "\n  - " + problem.String()
	}
	return errors.New(text)
}
