package secrets_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/secrets"
)

type properties = resource.PropertyMap

// of returns the redactor for one resource.
func of(p properties) *secrets.Redactor {
	return secrets.Of([]plugin.AnalyzerStackResource{{AnalyzerResource: plugin.AnalyzerResource{Properties: p}}})
}

func TestSecretValuesAreReplacedInTexts(t *testing.T) {
	text := func(s string) resource.PropertyValue { return resource.NewProperty(s) }
	const trust = `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/canary"},` +
		`"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-0canary"}}}]}`
	const api = "openapi: 3.0.1\npaths:\n  /canary-path:\n    get: {summary: canary-summary}\n"
	for _, c := range []struct {
		why        string
		value      resource.PropertyValue
		text, want string
	}{
		{"a whole value", text("canary-value"), "name canary-value is bad", "name [secret] is bad"},
		{"a part of a longer text", text("canary-value"), "an-canary-value-b", "an-[secret]-b"},
		{"in upper case", text("canary-value"), "CANARY-Value is bad", "[secret] is bad"},
		{"a short value stands alone", text("boa"), "boa", "boa"},
		{"a short value in a word", text("bird"), "birds of a bird", "birds of a [secret]"},
		{"a text in a list in an object", resource.NewProperty(properties{
			"a": resource.NewProperty([]resource.PropertyValue{text("canary-value")}),
		}), "canary-value", "[secret]"},
		{"a member of a policy", text(trust), "admits vpc-0canary and role/canary of 123456789012 by aws:SourceVpc",
			"admits [secret] and role/[secret] of [secret] by aws:SourceVpc"},
		{"a whole policy", text(trust), "policy " + trust, "policy [secret]"},
		{"an OpenAPI document in YAML", text(api), "GET /canary-path: canary-summary", "GET [secret]: [secret]"},
		{"a range with host bits", text("10.77.3.9/16"), "10.77.0.0/16 from 10.77.3.9", "[secret] from [secret]"},
		{"an IPv6 range", text("2001:db8:77::/56"), "range 2001:db8:77::/56", "range [secret]"},
		{"the host of an address", text("https://Canary.example.com:8443/x"), "host canary.example.com, port 8443",
			"host [secret], port [secret]"},
		{"the domain of a host", text("canary.example.com"), "zone example.com", "zone [secret]"},
		{"the ID in a name of AWS", text("canary12ab.execute-api.us-east-1.amazonaws.com"),
			"API canary12ab in us-east-1 of amazonaws.com", "API [secret] in us-east-1 of amazonaws.com"},
		{"a number", resource.NewProperty(31337.0), "port 31337 and 313370", "port [secret] and 313370"},
		{"a small number", resource.NewProperty(443.0), "port 443", "port 443"},
		{"a flag", resource.NewProperty(true), "true", "true"},
		{"a word of AWS", text("internet-facing"), "it is internet-facing", "it is internet-facing"},
		{"every address", text("0.0.0.0/0"), "admits 0.0.0.0/0", "admits 0.0.0.0/0"},
		{"a quoted text", text(`ca"nary\d`), `is "ca\"nary\\d"`, `is "[secret]"`},
		{"the mark", text("secret"), "is [secret], a secret", "is [secret], a [secret]"},
		{"a pair that looks like an action", text("canary:hunter"), "canary:hunter", "[secret]"},
	} {
		t.Run(c.why, func(t *testing.T) {
			assert.Equal(t, c.want, of(properties{"x": resource.MakeSecret(c.value)}).Text(c.text))
			nested := resource.NewProperty([]resource.PropertyValue{resource.NewProperty(resource.Output{
				Element: c.value, Known: true, Secret: true,
			})})
			assert.Equal(t, c.want, of(properties{"x": nested}).Text(c.text), "marked by an output")
			assert.Equal(t, c.text, of(properties{"x": c.value}).Text(c.text), "a value without a mark stays")
		})
	}
}

func TestSecretsOfProvidersAreReplaced(t *testing.T) {
	provider := &plugin.AnalyzerProviderResource{
		Properties: properties{"token": resource.MakeSecret(resource.NewProperty("canary-value"))},
	}
	resource := plugin.AnalyzerStackResource{AnalyzerResource: plugin.AnalyzerResource{Provider: provider}}
	redactor := secrets.Of([]plugin.AnalyzerStackResource{resource})
	assert.Equal(t, "token [secret]", redactor.Text("token canary-value"))
	inputs := properties{"token": provider.Properties["token"]}
	assert.Equal(t, "token [secret]", secrets.Of(nil, inputs).Text("token canary-value"), "of other properties")
	assert.Equal(t, "token canary-value", (&secrets.Redactor{}).Text("token canary-value"), "without secrets")
}
