package provider

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/redact"
)

// canary is a secret value.
const canary = "Canary-7f3a"

// Options to send and to receive values with marks.
var marked = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true}

// secret returns a value with a mark.
func secret(v any) resource.PropertyValue { return resource.MakeSecret(resource.NewPropertyValue(v)) }

// send returns values with marks as the engine sends them.
func send(t *testing.T, m values) *structpb.Struct {
	t.Helper()
	s, err := plugin.MarshalProperties(resource.NewPropertyMapFromMap(m), marked)
	require.NoError(t, err)
	return s
}

// received returns values with marks as the engine receives them.
func received(t *testing.T, s *structpb.Struct) resource.PropertyMap {
	t.Helper()
	m, err := plugin.UnmarshalProperties(s, marked)
	require.NoError(t, err)
	return m
}

// shown returns all that a value shows to somebody who cannot read secrets.
func shown(v resource.PropertyValue) string {
	switch {
	case v.IsSecret():
		return "[secret]"
	case v.IsArray():
		var all []string
		for _, item := range v.ArrayValue() {
			all = append(all, shown(item))
		}
		return strings.Join(all, " ")
	case v.IsObject():
		var all []string
		for key, member := range v.ObjectValue() {
			all = append(all, string(key)+" "+shown(member))
		}
		return strings.Join(all, " ")
	}
	return fmt.Sprint(v.V)
}

// assertHidden asserts that properties show the canary nowhere, and that they have it.
func assertHidden(t *testing.T, s *structpb.Struct, why string) {
	t.Helper()
	properties := resource.NewProperty(received(t, s))
	assert.NotContains(t, strings.ToLower(shown(properties)), strings.ToLower(canary), why)
	assert.Contains(t, strings.ToLower(fmt.Sprint(properties)), strings.ToLower(canary), why)
}

const (
	zoneToken     = "aws:route53/zone:Zone"
	vpcTypeToken  = "aws:ec2/vpc:Vpc"
	recordToken   = "aws:route53/record:Record"
	logGroupToken = "aws:cloudwatch/logGroup:LogGroup"
)

func TestAnOutputThatRepeatsASecretInputIsSecret(t *testing.T) {
	for _, row := range []struct {
		why, token string
		inputs     values
		hidden     []string // Outputs that are secret as a whole.
	}{
		{"a secret tag, in tagsAll", eip, values{"tags": values{"Token": secret(canary), "a": "b"}}, nil},
		{"secret tags, in tagsAll", eip, values{"tags": secret(values{canary: "1"})}, []string{"tags", "tagsAll"}},
		{"a short secret tag", eip, values{"tags": values{"Token": secret("x")}}, nil},
		{"a secret name, which AWS writes in lower case", zoneToken, values{"name": secret(canary + ".example.com")},
			[]string{"name"}},
		{"a secret flag, by its name", vpcTypeToken,
			values{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": secret(true)}, []string{"enableDnsHostnames"}},
		{"a secret text with quotes", zoneToken,
			values{"name": "example.com", "comment": secret(`a "` + canary + `"`)}, []string{"comment"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			for when, properties := range lifeOf(t, row.token, row.inputs) {
				if strings.Contains(fmt.Sprint(row.inputs), canary) {
					assertHidden(t, properties, when)
				}
				values := received(t, properties)
				for _, key := range row.hidden {
					value, has := values[resource.PropertyKey(key)]
					assert.True(t, value.IsSecret() || !has && key == "tagsAll", "%s %s", when, key)
				}
				if all := values["tagsAll"]; all.IsObject() {
					token, has := all.ObjectValue()["Token"]
					assert.Equal(t, has, token.IsSecret(), when)
				}
			}
		})
	}
}

// lifeOf checks, previews, creates, updates, reads and deletes a resource. It returns the properties that the provider
// answered with.
func lifeOf(t *testing.T, token string, inputs values) map[string]*structpb.Struct {
	t.Helper()
	ctx, p, urn := t.Context(), serve(t)("aws"), urnOf(token)
	check, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: urn, News: send(t, inputs)})
	require.NoError(t, err)
	require.Empty(t, check.Failures)
	previewed, err := p.Create(ctx, &pulumirpc.CreateRequest{Urn: urn, Properties: check.Inputs, Preview: true})
	require.NoError(t, err)
	created, err := p.Create(ctx, &pulumirpc.CreateRequest{Urn: urn, Properties: check.Inputs})
	require.NoError(t, err)
	updated, err := p.Update(ctx, &pulumirpc.UpdateRequest{Urn: urn, Id: created.Id, Olds: created.Properties,
		OldInputs: check.Inputs, News: check.Inputs})
	require.NoError(t, err)
	read, err := p.Read(ctx, &pulumirpc.ReadRequest{Urn: urn, Id: created.Id, Inputs: check.Inputs,
		Properties: created.Properties})
	require.NoError(t, err)
	_, err = p.Delete(ctx, &pulumirpc.DeleteRequest{Urn: urn, Id: created.Id, Properties: created.Properties,
		OldInputs: check.Inputs})
	require.NoError(t, err)
	return map[string]*structpb.Struct{
		"checked": check.Inputs, "previewed": previewed.Properties, "created": created.Properties,
		"updated": updated.Properties, "read": read.Properties, "inputs read": read.Inputs,
	}
}

// examples creates the examples of kinds in an account, when a test or another example first names them.
type examples struct {
	t       *testing.T
	account *cloud.Account
	kinds   map[string]*cloud.Kind          // By the example's name.
	made    map[string]resource.PropertyMap // The outputs by the example's name.
}

// newExamples returns an account without examples.
func newExamples(t *testing.T) *examples {
	account, err := cloud.Open(filepath.Join(t.TempDir(), "account.json"), catalog.New())
	require.NoError(t, err)
	e := &examples{t, account, map[string]*cloud.Kind{}, map[string]resource.PropertyMap{}}
	for _, kind := range catalog.New().Kinds {
		e.kinds[kind.Example.Name] = kind
	}
	return e
}

// inputs returns the inputs of an example, with the objects that they name.
func (e *examples) inputs(kind *cloud.Kind) resource.PropertyMap {
	for _, name := range kind.Example.After {
		e.outputs(name)
	}
	text, err := json.Marshal(kind.Example.Inputs)
	require.NoError(e.t, err)
	references := regexp.MustCompile(`\$\{([^}.]+)\.?(\w*)\}`)
	filled := references.ReplaceAllStringFunc(string(text), func(reference string) string {
		name, output, _ := strings.Cut(strings.Trim(reference, "${}"), ".")
		value := e.outputs(name)[resource.PropertyKey(cmp.Or(output, "id"))]
		if !value.IsString() {
			return "missing"
		}
		return value.StringValue()
	})
	var inputs map[string]any
	require.NoError(e.t, json.Unmarshal([]byte(filled), &inputs))
	return resource.NewPropertyMapFromMap(inputs)
}

// outputs returns the outputs of an example. It returns none if the example needs an object of the catalog's testdata.
func (e *examples) outputs(name string) resource.PropertyMap {
	kind := e.kinds[name]
	if kind == nil || e.made[name] != nil {
		return e.made[name]
	}
	_, outputs, _ := e.account.Create(defaultRegion, "", kind.Token, e.inputs(kind))
	e.made[name] = outputs
	return outputs
}

// Each text in the example of each kind is secret, one after the other.
func TestNoKindShowsASecretInput(t *testing.T) {
	created := 0
	for _, kind := range catalog.New().Kinds {
		e := newExamples(t)
		inputs := e.inputs(kind)
		for input, value := range inputs {
			if !value.IsString() || len(value.StringValue()) < redact.Distinct {
				continue
			}
			secretInputs := inputs.Copy()
			secretInputs[input] = resource.MakeSecret(value)
			id, outputs, err := newSecretive(&aws{account: e.account}).create(t, kind.Token, secretInputs)
			secret := strings.ToLower(value.StringValue())
			if err != nil {
				assert.NotContains(t, strings.ToLower(err.Error()), secret, "%s %s", kind.Token, input)
				continue
			}
			created++
			assert.NotContains(t, strings.ToLower(id), secret, "%s %s", kind.Token, input)
			visible := strings.ToLower(shown(resource.NewProperty(outputs)))
			assert.NotContains(t, visible, secret, "%s %s", kind.Token, input)
			require.NoError(t, e.account.Delete(defaultRegion, kind.Token, id))
		}
	}
	assert.Greater(t, created, 40, "secret inputs with which an object was created")
}

// create creates a resource.
func (p *secretive) create(
	t *testing.T, token string, inputs resource.PropertyMap,
) (id string, outputs resource.PropertyMap, err error) {
	r := plugin.CreateRequest{URN: resource.URN(urnOf(token)), Type: tokens.Type(token), Properties: inputs}
	created, err := p.Create(t.Context(), r)
	return string(created.ID), created.Properties, err
}

func TestASecretThatWouldBecomeAnIDIsRefusedAtPreview(t *testing.T) {
	p := serve(t)("aws")
	for _, row := range []struct {
		token, property string
		inputs          values
	}{
		{logGroupToken, "name", values{"name": secret("/" + canary)}},
		{recordToken, "name", values{"zoneId": "Z1", "type": "A", "name": secret(canary + ".example.com")}},
	} {
		check, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(row.token), News: send(t, row.inputs)})
		require.NoError(t, err)
		require.Len(t, check.Failures, 1, row.token)
		assert.Equal(t, row.property, check.Failures[0].Property)
		assert.Contains(t, check.Failures[0].Reason, "want a value that is not secret: the ID of "+row.token)
	}
}

func TestAnIDThatContainsTheTextOfASecretByChanceIsAccepted(t *testing.T) {
	p := serve(t)("aws")
	_, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(eip),
		Properties: send(t, values{"tags": values{"Team": secret("orders"), "Password": secret(canary)}})})
	require.NoError(t, err)
	for _, row := range []struct {
		why    string
		inputs values
	}{
		{"a short text", values{"name": "/aws/api-1", "tags": values{"Debug": secret("1")}}},
		{"a word", values{"name": "/aws/api-prod", "tags": values{"Stage": secret("prod")}}},
		{"a long text", values{"name": "/aws/an-own-secret", "tags": values{"Stage": secret("an-own-secret")}}},
		{"a number", values{"name": "/aws/api-30", "retentionInDays": secret(30)}},
		{"a short secret of another resource", values{"name": "/aws/orders/api"}},
		{"a long secret of another resource", values{"name": "/aws/" + canary + "/api"}},
	} {
		urn := urnOf(logGroupToken)
		check, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urn, News: send(t, row.inputs)})
		require.NoError(t, err)
		assert.Empty(t, check.Failures, row.why)
		created, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urn, Properties: check.Inputs})
		assert.NoError(t, err, row.why)
		if !strings.Contains(row.why, "long") {
			outputs := received(t, created.GetProperties())
			assert.False(t, outputs["name"].IsSecret(), row.why)
			assert.False(t, outputs["arn"].IsSecret(), row.why)
		}
	}
}

func TestAFunctionWithAShortSecretHasAPlainName(t *testing.T) {
	for _, secretText := range []string{"1", "3", "prod", "api-1"} {
		e := newExamples(t)
		inputs := e.inputs(e.kinds["function"])
		inputs["name"] = resource.NewProperty("api-1-prod")
		inputs["environment"] = resource.NewProperty(resource.PropertyMap{"variables": resource.NewProperty(
			resource.PropertyMap{"DEBUG": secret(secretText)})})
		p, r := newSecretive(&aws{account: e.account}), plugin.CheckRequest{News: inputs, RandomSeed: make([]byte, 32),
			URN: resource.URN(urnOf("aws:lambda/function:Function")), Type: "aws:lambda/function:Function"}
		check, err := p.Check(t.Context(), r)
		require.NoError(t, err)
		require.Empty(t, check.Failures)
		_, outputs, err := p.create(t, string(r.Type), check.Properties)
		require.NoError(t, err)
		for key, value := range outputs {
			assert.Equal(t, key == "environment", value.ContainsSecrets(), "%s %s", secretText, key)
		}
	}
}

func TestAShortSecretThatWouldBecomeAnIDIsRefused(t *testing.T) {
	p := serve(t)("aws")
	for _, name := range []string{"x", "q", "1", "prod", "Äpfel"} {
		check, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(logGroupToken),
			News: send(t, values{"name": secret(name), "tags": values{"Debug": secret("1")}})})
		require.NoError(t, err)
		require.NotEmpty(t, check.Failures, name)
		last := check.Failures[len(check.Failures)-1]
		assert.Equal(t, "name", last.Property)
		assert.Contains(t, last.Reason, "want a value that is not secret")
	}
}

func TestASecretIsRefusedAtCreationIfThePreviewDoesNotKnowTheID(t *testing.T) {
	e := newExamples(t)
	function := e.outputs("function")["id"].StringValue()
	p := newSecretive(&aws{account: e.account})
	before := len(e.account.Objects())
	_, _, err := p.create(t, "aws:lambda/alias:Alias", resource.PropertyMap{
		"functionName": resource.NewProperty(function), "functionVersion": resource.NewProperty("$LATEST"),
		"name": secret("live"),
	})
	assert.ErrorContains(t, err, "name: want a value that is not secret")
	assert.Len(t, e.account.Objects(), before)
}

func TestWhatAnotherResourceRepeatsOfASecretIsSecret(t *testing.T) {
	p := serve(t)("aws")
	zone, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(zoneToken),
		Properties: send(t, values{"name": secret(canary + ".example.com")})})
	require.NoError(t, err)
	created, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(recordToken), Properties: send(t, values{
		"zoneId": zone.Id, "type": "A", "name": "a." + canary + ".example.com", "ttl": 60,
		"records": []any{"192.0.2.1"},
	})})
	require.NoError(t, err)
	assertHidden(t, created.Properties, "the record's name")
	record, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(recordToken), Preview: true,
		Properties: send(t, values{"name": "a." + canary + ".example.com"})})
	require.NoError(t, err)
	assertHidden(t, record.Properties, "the record's name")
}

func TestALookupIsSecretIfItsArgumentsAre(t *testing.T) {
	p := serve(t)("aws")
	zone, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(zoneToken),
		Properties: send(t, values{"name": secret(canary + ".example.com")})})
	require.NoError(t, err)
	for _, id := range []any{zone.Id, secret(zone.Id)} {
		found, err := p.Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "aws:route53/getZone:getZone",
			Args: send(t, values{"zoneId": id})})
		require.NoError(t, err)
		for key, value := range received(t, found.Return) {
			assert.Equal(t, id != zone.Id, value.IsSecret(), key)
		}
	}
}

func TestAnImportDoesNotShowSecretsOfAnotherStack(t *testing.T) {
	e := newExamples(t)
	id, _, err := newSecretive(&aws{account: e.account}).create(t, eip, resource.PropertyMap{
		"tags": resource.NewProperty(resource.PropertyMap{"Token": secret(canary)}),
	})
	require.NoError(t, err)
	other := newSecretive(&aws{account: e.account})
	read, err := other.Read(t.Context(), plugin.ReadRequest{Type: eip, ID: resource.ID(id)})
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(read.Outputs), canary)
	assert.NotContains(t, shown(resource.NewProperty(read.Outputs)), canary)
	assert.NotContains(t, shown(resource.NewProperty(read.Inputs)), canary)
	assert.NotContains(t, other.redact("a "+canary), canary)
}

func TestThePartsOfASecretDocumentStayHiddenWhenTheAccountIsOpenedAgain(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:123456789012:function:other"
	path := filepath.Join(t.TempDir(), "account.json")
	account, err := cloud.Open(path, catalog.New())
	require.NoError(t, err)
	document := `{"password": "` + canary + `", "function": "` + arn + `", "Effect": "Allow"}`
	_, _, err = newSecretive(&aws{account: account}).create(t, eip, resource.PropertyMap{
		"tags": resource.NewProperty(resource.PropertyMap{"Token": secret(document), "Stage": secret("us-east-1"),
			"Team": secret("orders"), "Range": secret("10.0.0.0/16")}),
	})
	require.NoError(t, err)
	account, err = cloud.Open(path, catalog.New())
	require.NoError(t, err)
	p := newSecretive(&aws{account: account})
	assert.Equal(t, "us-east-1 allow [secret] [secret]", p.redact("us-east-1 allow "+canary+" "+arn))
	assert.True(t, p.inAll(document))
	assert.False(t, p.inAll(arn), "another resource may have the ARN that a secret policy names")
	assert.False(t, p.inAll("orders") || p.inAll("10.0.0.0/16"), "short and shared texts")
	all := account.Objects()
	assert.NotContains(t, redact.Text(canary, all[len(all)-1].Secrets), canary, "what logs do not show")
}

func TestWhatAnUpdateMakesSecretIsKept(t *testing.T) {
	e := newExamples(t)
	p := newSecretive(&aws{account: e.account})
	id, outputs, err := p.create(t, eip, resource.PropertyMap{})
	require.NoError(t, err)
	_, err = p.Update(t.Context(), plugin.UpdateRequest{URN: resource.URN(urnOf(eip)), Type: tokens.Type(eip),
		ID: resource.ID(id), OldOutputs: outputs, NewInputs: resource.PropertyMap{
			"tags": resource.NewProperty(resource.PropertyMap{"Token": secret(canary)})}})
	require.NoError(t, err)
	assert.Contains(t, e.account.Secrets().Values, strings.ToLower(canary))
}

// A resource has its own secrets, next to those of many others.
func BenchmarkCreate(b *testing.B) {
	account, err := cloud.Open(filepath.Join(b.TempDir(), "account.json"), catalog.New())
	require.NoError(b, err)
	account.Detach()
	p := newSecretive(&aws{account: account})
	inputs := func(i int) resource.PropertyMap {
		return resource.PropertyMap{"tags": resource.NewProperty(resource.PropertyMap{
			"A": secret(fmt.Sprintf("secret-%d", i)), "B": secret(fmt.Sprintf("%d-%s", i, canary)),
		})}
	}
	for i := range 2000 {
		p.marksOf(inputs(i))
	}
	for i := 2000; b.Loop(); i++ {
		m := p.marksOf(inputs(i))
		m.mark(m.by)
	}
}

func TestAPublicTextIsSecretOnlyWhereItIsMarked(t *testing.T) {
	p := serve(t)("aws")
	for _, text := range []string{"us-east-1", cloud.AccountID} {
		created, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(eip),
			Properties: send(t, values{"tags": values{"Token": secret(text)}})})
		require.NoError(t, err)
		all := received(t, created.Properties)["tagsAll"].ObjectValue()
		assert.True(t, all["Token"].IsSecret(), text)
	}
	vpc, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(vpcTypeToken),
		Properties: send(t, values{"cidrBlock": "10.0.0.0/16"})})
	require.NoError(t, err)
	assert.False(t, received(t, vpc.Properties)["arn"].IsSecret())
}

func TestAShortOrSharedSecretStaysReadableInOtherResources(t *testing.T) {
	p := serve(t)("aws")
	for _, text := range []string{"orders", "private", "10.0.0.0/16", "internet-facing", "192.0.2.1"} {
		_, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(eip),
			Properties: send(t, values{"tags": values{"Token": secret(text)}})})
		require.NoError(t, err)
	}
	for _, row := range []struct {
		token  string
		inputs values
	}{
		{"aws:apigateway/restApi:RestApi", values{"name": "orders-api",
			"endpointConfiguration": values{"types": "PRIVATE"}}},
		{vpcTypeToken, values{"cidrBlock": "10.0.0.0/16", "tags": values{"Kind": "internet-facing", "A": "192.0.2.1"}}},
	} {
		created, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(row.token),
			Properties: send(t, row.inputs)})
		require.NoError(t, err)
		assert.False(t, received(t, created.Properties).ContainsSecrets(), row.token)
	}
}

func TestSecretDefaultTagsAreSecretInResources(t *testing.T) {
	for why, tags := range map[string]any{
		"an object": values{"tags": values{"Token": secret(canary), "Region": secret("us-east-1")}},
		"JSON":      secret(`{"tags": {"Token": "` + canary + `", "Region": "us-east-1"}}`),
	} {
		p := serve(t)("aws")
		_, err := p.Configure(t.Context(), &pulumirpc.ConfigureRequest{AcceptSecrets: true,
			Args: send(t, values{"defaultTags": tags})})
		require.NoError(t, err)
		check, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(eip), News: send(t, values{})})
		require.NoError(t, err)
		assertHidden(t, check.Inputs, why)
		created, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(eip), Properties: check.Inputs})
		require.NoError(t, err)
		assertHidden(t, created.Properties, why)
		assert.NotContains(t, shown(received(t, created.Properties)["tagsAll"]), "us-east-1", why)
	}
}

func TestErrorsQuoteWhatAWSDefines(t *testing.T) {
	p := serve(t)("aws")
	_, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(eip),
		Properties: send(t, values{"tags": values{"A": secret("us-east-1"), "B": secret("dedicated-or-not")}})})
	require.NoError(t, err)
	check, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(vpcTypeToken),
		News: send(t, values{"cidrBlock": "10.0.0.0/16", "instanceTenancy": "us-east-1/dedicated-or-not"})})
	require.NoError(t, err)
	assert.Contains(t, fmt.Sprint(check.Failures), "us-east-1/[secret]")
}

func TestErrorsDoNotQuoteSecrets(t *testing.T) {
	p := serve(t)("aws")
	_, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(vpcTypeToken),
		Properties: send(t, values{"cidrBlock": secret("10.0.0.0/8")})})
	assert.ErrorContains(t, err, "[secret]")
	assert.NotContains(t, err.Error(), "10.0.0.0/8")
	role := send(t, values{"assumeRole": values{"roleArn": secret(canary)}})
	config, err := p.CheckConfig(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf("pulumi:providers:aws"), News: role})
	require.NoError(t, err)
	require.Len(t, config.Failures, 1)
	assert.Contains(t, config.Failures[0].Reason, `assumeRole.roleArn = "[secret]"`)
	_, err = p.Configure(t.Context(), &pulumirpc.ConfigureRequest{AcceptSecrets: true, Args: role})
	assert.ErrorContains(t, err, `assumeRole.roleArn = "[secret]"`)
	check, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(vpcTypeToken),
		News: send(t, values{"cidrBlock": "10.0.0.0/16", "instanceTenancy": secret(canary)})})
	require.NoError(t, err)
	assert.NotContains(t, fmt.Sprint(check.Failures), canary)
}

func TestSecretsAreFoundInTexts(t *testing.T) {
	for _, row := range []struct {
		why         string
		secret      any
		text        string
		own, others bool
		redacted    string
	}{
		{"a part of a longer word", "Canary-7f3a", "an-canary-7f3a9", true, true, "an-[secret]9"},
		{"a word alone", "boat", "the boat.", true, false, "the [secret]."},
		{"a word in a word", "boat", "boats", true, false, "boats"},
		{"a short word alone", "ab", "ab:c", false, false, "ab:c"},
		{"a short word as a whole", "ab", "ab", true, false, "ab"},
		{"a long number", 3133731337.0, "port 3133731337", true, true, "port [secret]"},
		{"a word that AWS defines", "internet-facing", "internet-facing", true, false, "internet-facing"},
		{"a word that AWS defines, in a text", "us-east-1", "arn:aws:s3:us-east-1", false, false,
			"arn:aws:s3:us-east-1"},
		{"a service of AWS", "sts.amazonaws.com", "sts.amazonaws.com", true, false, "sts.amazonaws.com"},
		{"a range", "10.0.0.0/16", "10.0.0.0/16", true, false, "[secret]"},
		{"an address", "2001:db8::1", "2001:db8::1", true, false, "[secret]"},
		{"the number of an account", "210987654321", "arn:aws:s3:210987654321", true, false, "arn:aws:s3:[secret]"},
		{"a short word in a word", "ab", "cab", false, false, "cab"},
		{"a number", 31337.0, "port 31337", true, false, "port [secret]"},
		{"with quotes in JSON", `canary"7f3a`, `{"a":"canary\"7f3a"}`, true, true, `{"a":"[secret]"}`},
		{"in a URL", "canary 7f3a", "https://x/canary%207f3a", true, true, "https://x/[secret]"},
		{"in base64", "canary-7f3a", "Basic Y2FuYXJ5LTdmM2E=", true, true, "Basic [secret]"},
		{"in base64, after a name", "canary-7f3a", "Basic dXNlcjpjYW5hcnktN2YzYQ==", true, true,
			"Basic dXNlcjp[secret]Q=="},
		{"in base64, between others", "canary-7f3a", "Basic dXNlOmNhbmFyeS03ZjNhOnRzdA==", true, true,
			"Basic dXNlOm[secret]OnRzdA=="},
		{"in base64 for URLs", "canary?>?>7f3a", "Y2FuYXJ5Pz4_PjdmM2E", true, true, "[secret]"},
		{"in ASCII JSON", "Öl-7f3a-ä", `"\u00d6l-7f3a-\u00e4"`, true, true, `"[secret]"`},
		{"with letters outside ASCII", "Äpfel-Öl-Geheim", "an Äpfel-Öl-geheim", true, true, "an [secret]"},
		{"an asset", must(asset.FromText("canary-7f3a")), "canary-7f3a", true, true, "[secret]"},
		{"an asset in an archive", must(archive.FromAssets(map[string]any{
			"in": must(archive.FromAssets(map[string]any{"a": must(asset.FromText("canary-7f3a"))})),
		})), "canary-7f3a", true, true, "[secret]"},
		{"a part of a document", `{"a": ["canary-7f3a"]}`, "canary-7f3a", false, false, "[secret]"},
		{"a line of several", "-----BEGIN KEY-----\ncanary-7f3a\n-----END KEY-----\n", "a canary-7f3a", false, false,
			"a [secret]"},
		{"the marker lines of a key", "-----BEGIN KEY-----\ncanary-7f3a\n", "-----BEGIN KEY-----", false, false,
			"-----BEGIN KEY-----"},
		{"nothing", "", "a", false, false, "a"},
	} {
		t.Run(row.why, func(t *testing.T) {
			value, text := secret(row.secret), resource.NewProperty(row.text)
			var others, quoted redact.Set
			distinct(value).addTo(&others)
			quotable(value).addTo(&quoted)
			assert.Equal(t, row.own, secretsIn(value).hasOwn(text, nil))
			assert.Equal(t, row.others, others.In(row.text))
			assert.Equal(t, row.redacted, quoted.Text(row.text))
		})
	}
}
