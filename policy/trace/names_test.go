package trace

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
)

// TestNamesStandForIDs has the name of a resource in several places of a text.
func TestNamesStandForIDs(t *testing.T) {
	api := &model.RestAPI{Element: model.Element{
		Name: "shop", NameInProgram: "shop", ID: model.Of("abc123"),
		Placement: model.Placement{ProviderRegion: model.Of("us-east-1")},
	}}
	n := newNames(&model.Stack{RestAPIs: []*model.RestAPI{api}})
	const host = "abc123.execute-api.us-east-1.amazonaws.com"
	const url, header = "request", "headers: x-apigw-api-id"
	for _, c := range []struct{ why, key, text, want string }{
		{"a part of a host", url, "https://${shop}-vpce-1.a.example/", "https://abc123-vpce-1.a.example/"},
		{"the whole host", url, "https://${shop}/hello", "https://" + host + "/hello"},
		{"the whole host before a port", url, "https://${shop}:8443", "https://" + host + ":8443"},
		{"the whole header Host", hostHeader, "${shop}", host},
		{"another header", header, "${shop}", "abc123"},
		{"the ID of the resource", url, "https://${abc123}/", "https://" + host + "/"},
		{"a path", url, "https://a.example/${shop}", "https://a.example/abc123"},
		{"no name", url, "https://a.example/", "https://a.example/"},
	} {
		got, err := n.expand(c.key, c.text)
		require.NoError(t, err)
		assert.Equal(t, c.want, got, c.why)
	}
	_, err := n.expand("request", "https://${shop/")
	assert.ErrorContains(t, err, "want a closing brace after ${shop/")
	_, err = n.expand("request", "https://${stall}/")
	assert.ErrorContains(t, err, `request = "stall": no resource of the stack has that name`)
}

func TestARequestConnectsToOneElement(t *testing.T) {
	endpoint := func(name string) *model.Endpoint { return &model.Endpoint{Element: element(name, "vpce-"+name)} }
	s := &model.Stack{Endpoints: []*model.Endpoint{endpoint("one"), endpoint("two"), endpoint("two")}}
	for _, c := range []struct{ why, to, want string }{
		{"one element", "one", ""},
		{"no element", "three", `connectTo = "three": no resource of the stack has that name`},
		{"several elements", "two", `connectTo = "two": 2 resources of the stack have that name; want the ID of one`},
	} {
		_, err := New(s).Trace(model.Request{From: "internet", URL: "https://a.example/", ConnectTo: c.to})
		if c.want == "" {
			assert.NoError(t, err, c.why)
		} else {
			assert.ErrorContains(t, err, c.want, c.why)
		}
	}
}

// TestAPromiseNamesTheResourcesOfItsComponent gives two components an endpoint with
// the same name.
func TestAPromiseNamesTheResourcesOfItsComponent(t *testing.T) {
	s := &model.Stack{}
	for _, component := range []string{"one", "two"} {
		e := &model.Endpoint{Element: element("vpce", "vpce-"+component)}
		e.URN = "urn:vpce in " + component
		s.Endpoints = append(s.Endpoints, e)
		s.AddOrder(e.URN, "urn:"+component, nil)
	}
	p := model.Promise{Request: model.Request{From: "internet", URL: "https://${vpce}/", ConnectTo: "vpce"}}
	for _, component := range []string{"one", "two"} {
		p.URN = "urn:" + component
		ways, err := New(s).TracePromise(p)
		require.NoError(t, err)
		last := ways[0].Hops[len(ways[0].Hops)-1]
		assert.Equal(t, "urn:vpce in "+component, last.At.URN)
	}
	_, err := New(s).Trace(p.Request)
	assert.ErrorContains(t, err, "2 resources of the stack have that name")
}
