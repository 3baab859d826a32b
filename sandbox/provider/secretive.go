package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/redact"
)

// secretive is the simulated aws provider as the engine sees it: with secrets. AWS knows no secrets, so the provider
// behind it gets plain values. What comes back is marked if it repeats a secret input or contains its text, such as an
// ARN, a tag in tagsAll or a policy. Errors do not quote a secret.
//
// The engine alone would mark outputs that have the name of a secret input. The real provider also marks tagsAll, of
// the tags of the resource and of the provider: https://github.com/pulumi/pulumi-aws/pull/3468
type secretive struct {
	*aws

	mu       sync.RWMutex
	tags     secretValues // Those of the provider's default tags.
	all      redact.Set   // Those of every resource that the engine has sent, to mark what another one repeats of them.
	unquoted redact.Set   // All that errors may quote, of old values and of parts of documents, too.
	// repeats has the inputs that Check has marked although the program gave them in plain text.
	repeats map[resource.URN][]resource.PropertyKey
}

// newSecretive returns the provider with the secrets that the account holds already, so that an import does not show
// them.
func newSecretive(p *aws) *secretive {
	s := &secretive{aws: p, tags: secretValues{}, repeats: map[resource.URN][]resource.PropertyKey{}}
	known := p.account.Secrets()
	for _, text := range known.Values {
		if !isIndistinct(text) {
			s.all.Add(text)
		}
	}
	for _, text := range slices.Concat(known.Values, known.Parts) {
		s.unquoted.Add(text)
	}
	return s
}

// Handshake asks the engine for secrets.
func (p *secretive) Handshake(
	context.Context, plugin.ProviderHandshakeRequest,
) (*plugin.ProviderHandshakeResponse, error) {
	return &plugin.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

// CheckConfig checks a provider's configuration. The engine itself marks its secrets.
func (p *secretive) CheckConfig(
	ctx context.Context, r plugin.CheckConfigRequest,
) (plugin.CheckConfigResponse, error) {
	p.hide(r.News)
	r.Olds, r.News = withoutMarks(r.Olds), withoutMarks(r.News)
	response, err := p.aws.CheckConfig(ctx, r)
	return plugin.CheckConfigResponse{
		Properties: response.Properties, Failures: p.withoutQuotes(response.Failures),
	}, p.redacted(err)
}

// DiffConfig compares configurations of a provider.
func (p *secretive) DiffConfig(ctx context.Context, r plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	r.OldInputs, r.OldOutputs, r.NewInputs = withoutMarks(r.OldInputs), withoutMarks(r.OldOutputs),
		withoutMarks(r.NewInputs)
	return p.aws.DiffConfig(ctx, r)
}

// Configure remembers the secrets in the default tags, which become inputs of resources.
func (p *secretive) Configure(ctx context.Context, r plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	p.hide(r.Inputs)
	p.mu.Lock()
	collector{found: p.tags, documents: true}.add(r.Inputs["defaultTags"])
	p.mu.Unlock()
	r.Inputs = withoutMarks(r.Inputs)
	response, err := p.aws.Configure(ctx, r)
	return response, p.redacted(err)
}

// Check marks the inputs that are secret, and refuses those that would become a part of the resource's ID.
func (p *secretive) Check(ctx context.Context, r plugin.CheckRequest) (plugin.CheckResponse, error) {
	given := r.News
	marks := p.marksOf(given)
	p.hide(r.Olds, given)
	r.Olds, r.News = withoutMarks(r.Olds), withoutMarks(given)
	response, err := p.aws.Check(ctx, r)
	if err != nil {
		return response, p.redacted(err)
	}
	response.Failures = p.withoutQuotes(response.Failures)
	if key, hit := p.secretInID(ctx, r.URN, r.Type, given, response.Properties); hit {
		response.Failures = append(response.Failures, plugin.CheckFailure{Property: key, Reason: inPlainText(r.Type)})
	}
	response.Properties = marks.mark(response.Properties)
	p.noteRepeats(r.URN, given, response.Properties)
	return response, nil
}

// noteRepeats remembers the inputs that have marks which the program did not give.
func (p *secretive) noteRepeats(urn resource.URN, given, marked resource.PropertyMap) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.repeats, urn)
	for key, value := range marked {
		if value.ContainsSecrets() && !given[key].ContainsSecrets() {
			p.repeats[urn] = append(p.repeats[urn], key)
		}
	}
}

// inPlainText returns why an input of a resource of a type must not be secret.
func inPlainText(token fmt.Stringer) string {
	return "want a value that is not secret: the ID of " + token.String() + " contains it, and Pulumi keeps IDs in " +
		"plain text"
}

// Diff compares the inputs of a resource.
func (p *secretive) Diff(ctx context.Context, r plugin.DiffRequest) (plugin.DiffResponse, error) {
	r.OldInputs, r.OldOutputs, r.NewInputs = withoutMarks(r.OldInputs), withoutMarks(r.OldOutputs),
		withoutMarks(r.NewInputs)
	return p.aws.Diff(ctx, r)
}

// Create creates a resource. It refuses a secret that would become a part of the ID, which Check cannot know if the ID
// depends on an object that does not exist yet.
func (p *secretive) Create(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	marks := p.marksOf(r.Properties)
	p.hide(r.Properties)
	r.Properties = withoutMarks(r.Properties)
	if key, hit := p.secretInID(ctx, r.URN, r.Type, marks.by, r.Properties); hit {
		return plugin.CreateResponse{}, fmt.Errorf("%s: %s", key, inPlainText(r.Type))
	}
	response, err := p.createWith(ctx, r, concealed(marks.by))
	if err != nil {
		return response, p.redacted(err)
	}
	response.Properties = marks.mark(response.Properties)
	return response, nil
}

// concealed returns what the account keeps of the secrets of a resource.
func concealed(properties resource.PropertyMap) cloud.Secrets {
	values, all := secretsIn(resource.NewProperty(properties)), quotable(resource.NewProperty(properties))
	secrets := cloud.Secrets{Values: slices.DeleteFunc(values.texts(), isPublic)}
	for _, text := range all.texts() {
		if _, whole := values[text]; !whole {
			secrets.Parts = append(secrets.Parts, text)
		}
	}
	return secrets
}

// Update updates a resource.
func (p *secretive) Update(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	marks := p.marksOf(r.NewInputs)
	p.hide(r.OldInputs, r.OldOutputs, r.NewInputs)
	r.OldInputs, r.OldOutputs, r.NewInputs = withoutMarks(r.OldInputs), withoutMarks(r.OldOutputs),
		withoutMarks(r.NewInputs)
	response, err := p.updateWith(ctx, r, concealed(marks.by))
	if err != nil {
		return response, p.redacted(err)
	}
	response.Properties = marks.mark(response.Properties)
	return response, nil
}

// Read answers a refresh or an import. What was secret in the state stays secret.
func (p *secretive) Read(ctx context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
	inputs, state := p.marksOf(r.Inputs), p.marksOf(r.State)
	p.hide(r.Inputs, r.State)
	r.Inputs, r.State = withoutMarks(r.Inputs), withoutMarks(r.State)
	response, err := p.aws.Read(ctx, r)
	response.Inputs = state.mark(inputs.mark(response.Inputs))
	response.Outputs = state.mark(inputs.mark(response.Outputs))
	return response, p.redacted(err)
}

// Delete deletes a resource.
func (p *secretive) Delete(ctx context.Context, r plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	p.hide(r.Inputs, r.Outputs)
	r.Inputs, r.Outputs = withoutMarks(r.Inputs), withoutMarks(r.Outputs)
	response, err := p.aws.Delete(ctx, r)
	return response, p.redacted(err)
}

// Invoke answers a function. Everything is secret in the answer to a secret question, and nothing otherwise: the SDKs
// refuse a secret in the answer to a plain question. If an input of a resource repeats the answer, Check marks it.
func (p *secretive) Invoke(ctx context.Context, r plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	secret := r.Args.ContainsSecrets()
	p.hide(r.Args)
	r.Args = withoutMarks(r.Args)
	response, err := p.aws.Invoke(ctx, r)
	for key, value := range response.Properties {
		if secret && !value.IsSecret() {
			response.Properties[key] = resource.MakeSecret(value)
		}
	}
	response.Failures = p.withoutQuotes(response.Failures)
	return response, p.redacted(err)
}

// hide remembers the secrets in properties for errors that may quote them, or parts of them.
func (p *secretive) hide(all ...resource.PropertyMap) {
	for _, properties := range all {
		found := quotable(resource.NewProperty(properties))
		p.mu.Lock()
		found.addTo(&p.unquoted)
		p.mu.Unlock()
	}
}

// redact returns a text without the secrets that the provider has seen.
func (p *secretive) redact(text string) string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.unquoted.Text(text)
}

// redacted returns an error without secrets.
func (p *secretive) redacted(err error) error {
	if err == nil {
		return nil
	}
	if text := p.redact(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// withoutQuotes returns failures whose reasons have no secrets.
func (p *secretive) withoutQuotes(failures []plugin.CheckFailure) []plugin.CheckFailure {
	failures = slices.Clone(failures)
	for i := range failures {
		failures[i].Reason = p.redact(failures[i].Reason)
	}
	return failures
}

// marks says which values of a resource are secret.
type marks struct {
	by    resource.PropertyMap   // Properties with marks. Values with the same names get them.
	own   secretValues           // The secrets of the resource and of the provider's default tags.
	plain []string               // Texts in the properties that have no mark, in lower case.
	inAll func(text string) bool // Reports whether a text contains a secret of any resource until now.
}

// marksOf returns the marks of a resource with these properties, and remembers its secrets.
func (p *secretive) marksOf(properties resource.PropertyMap) marks {
	value := resource.NewProperty(properties)
	m := marks{by: properties, own: secretsIn(value), inAll: p.inAll}
	m.addPlain(value)
	found := distinct(value)
	p.mu.Lock()
	defer p.mu.Unlock()
	found.addTo(&p.all)
	maps.Copy(m.own, p.tags)
	return m
}

// inAll reports whether a text contains a secret of any resource until now.
func (p *secretive) inAll(text string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.all.In(text)
}

// mark returns properties in which everything is marked that repeats a secret.
func (m marks) mark(properties resource.PropertyMap) resource.PropertyMap {
	marked := properties.Copy()
	markByName(marked, m.by)
	for key, value := range marked {
		if strings.HasPrefix(string(key), "__") {
			continue
		}
		given, has := m.by[key]
		marked[key] = m.value(value, has && !given.ContainsSecrets() && given.DeepEquals(value))
	}
	return marked
}

// addPlain adds the texts without marks in a value.
func (m *marks) addPlain(v resource.PropertyValue) {
	switch {
	case v.IsString():
		m.plain = append(m.plain, redact.Lower(v.StringValue()))
	case v.IsArray():
		for _, item := range v.ArrayValue() {
			m.addPlain(item)
		}
	case v.IsObject():
		for _, member := range v.ObjectValue() {
			m.addPlain(member)
		}
	}
}

// value returns a value with marks. If the program gave it in plain text, only secrets of all resources count, because
// they are long.
func (m marks) value(v resource.PropertyValue, given bool) resource.PropertyValue {
	switch {
	case !given && m.own.hasOwn(v, m.plain) || m.repeats(v):
		return resource.MakeSecret(v)
	}
	return inEach(v, func(part resource.PropertyValue) resource.PropertyValue { return m.value(part, given) })
}

// repeats reports whether a text or number contains a secret of any resource.
func (m marks) repeats(v resource.PropertyValue) bool {
	return v.IsString() && m.inAll(v.StringValue()) || v.IsNumber() && m.inAll(numberText(v))
}

// markByName marks values whose names have marks in other properties, as the engine does for a provider that takes no
// secrets: an array with a secret item is secret as a whole.
// https://github.com/pulumi/pulumi/blob/v3.206.0/sdk/go/common/resource/plugin/provider_plugin.go
func markByName(properties, by resource.PropertyMap) {
	for key, marked := range by {
		value, has := properties[key]
		switch {
		case !has || value.IsSecret():
		case value.IsObject() && marked.IsObject():
			members := maps.Clone(value.ObjectValue())
			markByName(members, marked.ObjectValue())
			properties[key] = resource.NewProperty(members)
		case marked.ContainsSecrets():
			properties[key] = resource.MakeSecret(value)
		}
	}
}

// withoutMarks returns properties with plain values instead of secrets.
func withoutMarks(properties resource.PropertyMap) resource.PropertyMap {
	if !properties.ContainsSecrets() {
		return properties
	}
	plain := resource.PropertyMap{}
	for key, value := range properties {
		plain[key] = withoutMark(value)
	}
	return plain
}

// withoutMark returns a value with plain values instead of secrets.
func withoutMark(v resource.PropertyValue) resource.PropertyValue {
	if v.IsSecret() {
		return withoutMark(v.SecretValue().Element)
	}
	return inEach(v, withoutMark)
}
