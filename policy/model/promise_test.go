package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
)

func TestPromisesAreReadFromJSON(t *testing.T) {
	p, err := model.ParsePromise(map[string]any{
		"from": "client", "groups": []any{"web"}, "request": "POST https://${vpce}/hello",
		"headers": map[string]any{"Host": "api.example.com"}, "connectTo": "front", "protocol": "h2",
		"server": "https+proxy", "serverMethod": "post", "private": true,
		"signed": true, "apiKey": true, "ipVersion": 6.0, "expect": "delivered", "by": "hello",
	})
	require.NoError(t, err)
	assert.Equal(t, model.Promise{
		Request: model.Request{
			From: "client", Private: true, Groups: []string{"web"}, Method: "POST", URL: "https://${vpce}/hello",
			Headers: map[string]string{"Host": "api.example.com"}, ConnectTo: "front", Protocol: "h2",
			Server: "https+proxy", ServerMethod: "POST", Signed: true, APIKey: true, IPVersion: 6,
		},
		Expect: "delivered", By: "hello",
	}, p)
}

func TestRequestsAreToldApart(t *testing.T) {
	whole := model.Request{
		From: "client", Groups: []string{"web", "admin"}, Method: "post", URL: "https://a.example/",
		Headers:   map[string]string{"x-apigw-api-id": "api", "Host": "b.example"},
		ConnectTo: "front", Protocol: "h2", IPVersion: 6, Signed: true, APIKey: true,
	}
	assert.Equal(t, "POST https://a.example/ with Host b.example, x-apigw-api-id api, a signature, an API key "+
		"connected to front from client in group web, admin over h2 and IPv6", whole.String())
	least := model.Request{From: "internet", URL: "https://a.example/"}
	assert.Equal(t, "GET https://a.example/ from internet", least.String())
	for why, change := range map[string]func(*model.Request){
		"another header":     func(r *model.Request) { r.Headers = map[string]string{"x-apigw-api-id": "api"} },
		"another connection": func(r *model.Request) { r.ConnectTo = "front" },
		"a private address":  func(r *model.Request) { r.Private = true },
		"a group":            func(r *model.Request) { r.Groups = []string{"web"} },
		"another server":     func(r *model.Request) { r.Server = "http" },
		"a server's method":  func(r *model.Request) { r.ServerMethod = "GET" },
		"a protocol":         func(r *model.Request) { r.Protocol = "h2" },
		"an IP version":      func(r *model.Request) { r.IPVersion = 4 },
		"a signature":        func(r *model.Request) { r.Signed = true },
		"an API key":         func(r *model.Request) { r.APIKey = true },
	} {
		changed := least
		change(&changed)
		assert.NotEqual(t, least.String(), changed.String(), why)
	}
}

func TestWrongPromisesAreRefused(t *testing.T) {
	for _, c := range []struct {
		why, key string
		value    any
		want     string
	}{
		{"a key that no promise has", "to", "x", `to = "x": want one of the keys apiKey, by,`},
		{"no vantage point", "from", nil, `from is missing; want an object such as {"from":`},
		{"no request", "request", nil, "request is missing"},
		{"no end", "expect", nil, "expect is missing"},
		{"no URL", "request", "GET /hello", `request = "GET /hello": want a URL, or a method and a URL such as`},
		{"three words", "request", "GET https://a b", `want a URL`},
		{"a number for a text", "connectTo", 3.0, "connectTo = 3: want a text"},
		{"an empty text", "by", "", `by = "": want a text`},
		{"a text for a list", "groups", "web", `groups = "web": want a list of texts`},
		{"a number in a list", "groups", []any{1.0}, "groups = [1]: want a list of texts"},
		{"another protocol", "protocol", "h3", `protocol = "h3": want h2 or http/1.1`},
		{"a number for a method", "serverMethod", 1.0, "serverMethod = 1: want a text"},
		{"another server", "server", "ftp", `server = "ftp": want https or http or https+proxy or http+proxy`},
		{"a text for a flag", "signed", "yes", `signed = "yes": want true or false`},
		{"no stack", "stack", []any{}, "stack = []: want a stack such as dev or shop/dev, or a list of stacks"},
		{"a number for a stack", "stack", 5.0, "stack = 5: want a stack such as dev or shop/dev"},
		{"an organization", "stack", "us/shop/dev", "want STACK or PROJECT/STACK, without an organization"},
		{"another version", "ipVersion", 5.0, "ipVersion = 5: want 4 or 6"},
		{"a text for headers", "headers", "Host: a", "want an object with the texts of headers"},
		{"a list of values of a header", "headers", map[string]any{"Host": []any{}}, "want a text for Host"},
	} {
		t.Run(c.why, func(t *testing.T) {
			given := map[string]any{"from": "internet", "request": "https://a.example", "expect": "refused"}
			if given[c.key] = c.value; c.value == nil {
				delete(given, c.key)
			}
			_, err := model.ParsePromise(given)
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := model.ParsePromise("all is well")
	assert.ErrorContains(t, err, "is all is well; want an object such as")
	_, err = model.ParsePromise(map[string]any{
		"from": "internet", "request": "https://a.example", "expect": "refused", "by": "hello",
	})
	assert.ErrorContains(t, err, `by = "hello": want it only if expect is delivered or a disposition`)
}

func TestAPromiseIsAboutTheStacksThatItNames(t *testing.T) {
	s := &model.Stack{}
	s.AddOrder("urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::main", "", nil)
	for _, c := range []struct {
		why   string
		stack any
		about bool
	}{
		{"the stack's name", "dev", true},
		{"its project and name", "shop/dev", true},
		{"one of several", []any{"prod", "shop/dev"}, true},
		{"another name", "prod", false},
		{"another project", "bank/dev", false},
		{"the beginning of the name", "de", false},
		{"other stacks", []any{"prod", "shop/test"}, false},
	} {
		p, err := model.ParsePromise(map[string]any{
			"from": "internet", "request": "https://a.example", "expect": "refused", "stack": c.stack,
		})
		require.NoError(t, err)
		assert.Equal(t, c.about, p.IsAbout(s), c.why)
	}
	assert.True(t, model.Promise{}.IsAbout(s), "a promise without a stack is about every stack")
}

func TestDerivedFactsAreFoundOnce(t *testing.T) {
	type key struct{}
	s, calls := &model.Stack{}, 0
	for range 3 {
		assert.Equal(t, 1, s.Derived(key{}, func() any { calls++; return calls }))
	}
	assert.Equal(t, 2, s.Derived("another", func() any { calls++; return calls }))
}
