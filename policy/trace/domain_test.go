package trace

import (
	"testing"

	"private-api-blueprints/policy/model"
)

// domainWorld changes a world so that the request asks for a custom domain, which is
// mapped to the API. The domain is regional, as in the second article.
func domainWorld(w *world) (*model.Domain, *model.DomainMapping) {
	d := &model.Domain{
		Element: element("domain", "api.example.com"), Host: model.Of("api.example.com"), MutualTLS: model.False,
		Type: model.Of(model.APIRegional), HasPolicy: model.False, RoutesByRules: model.False,
	}
	m := &model.DomainMapping{
		Element: element("mapping", "mp1"), Domain: refTo(d), API: refTo(w.api), StageName: model.Of("prod"),
	}
	w.stack.Domains, w.stack.DomainMappings = []*model.Domain{d}, []*model.DomainMapping{m}
	w.api.DefaultNameOff = model.Of(true)
	w.ask("api.example.com")
	w.call.path = "/hello"
	return d, m
}

// privateDomain changes the domain of a world so that it is private and the endpoint
// has access to it.
func privateDomain(w *world) (*model.Domain, *model.ResourcePolicy) {
	d, _ := domainWorld(w)
	d.Type, d.HasPolicy = model.Of(model.APIPrivate), model.True
	access := &model.DomainAccess{Element: element("access", "ac1"), Domain: refTo(d), Endpoint: refTo(w.endpoint)}
	w.stack.DomainAccesses = []*model.DomainAccess{access}
	document := fence("aws:SourceVpce", "vpce-0abc")
	for i := range document.Statements {
		document.Statements[i].Resources.Values = []string{"*"}
	}
	p := &model.ResourcePolicy{Element: element("domain", "api.example.com"), Domain: refTo(d), Set: model.True,
		Document: document}
	w.stack.ResourcePolicies = append(w.stack.ResourcePolicies, p)
	return d, p
}

func TestACustomDomainLeadsToAnAPI(t *testing.T) {
	runRows(t, []row{
		{"a regional domain in front of a private API", "it works through the endpoint, by Host", func(w *world) {
			domainWorld(w)
		}, Delivered, "hello", ""},
		{"the same from the internet", "the API is private", func(w *world) {
			domainWorld(w)
			w.fromInternet()
		}, APINotFound, "hello", "does not come through an endpoint"},
		{"a wildcard", "it is for all names with one more label", func(w *world) {
			d, _ := domainWorld(w)
			d.Host = model.Of("*.example.com")
		}, Delivered, "hello", ""},
		{"no domain", "API Gateway has no certificate for the name", func(w *world) {
			domainWorld(w)
			w.stack.Domains, w.stack.DomainMappings = nil, nil
		}, TLSNameMismatch, "endpoint", "no certificate for api.example.com"},
		{"no domain behind a load balancer that ends TLS", "Host leads nowhere", func(w *world) {
			domainWorld(w)
			w.stack.Domains, w.stack.DomainMappings, w.call.verifies = nil, nil, false
		}, APINotFound, "endpoint", "no custom domain name"},
		{"a domain of another stack", "a mapping by its name shows that it exists", func(w *world) {
			_, m := domainWorld(w)
			w.stack.Domains = nil
			m.Domain = model.Ref[model.Domain]{Value: model.Of("api.example.com"), Open: true}
		}, InsufficientInfo, "", "not in the stack"},
		{"a host that is not known", "it may be the one", func(w *world) {
			d, _ := domainWorld(w)
			d.Host = model.Unknown[string]()
		}, InsufficientInfo, "", ""},
		{"a certificate for another name", "the client compares the names", func(w *world) {
			d, _ := domainWorld(w)
			names := model.List[string]{Items: []model.Known[string]{model.Of("www.example.com")}, Complete: true}
			certificate := &model.Certificate{Element: element("certificate", "c1"), Names: names}
			d.Certificates.Items = []model.Ref[model.Certificate]{refTo(certificate)}
		}, TLSNameMismatch, "endpoint", ""},
		{"mutual TLS", "the request has no certificate", func(w *world) {
			d, _ := domainWorld(w)
			d.MutualTLS = model.True
		}, TLSFailed, "domain", "certificate of the client"},
		{"access mode STRICT", "a load balancer that ended TLS asks for another name than Host", func(w *world) {
			d, _ := domainWorld(w)
			d.AccessMode, w.call.sni, w.call.verifies = model.Of("STRICT"), "", false
		}, APINotFound, "domain", "STRICT"},
		{"another region", "an endpoint leads to its own region", func(w *world) {
			d, _ := domainWorld(w)
			d.ProviderRegion, w.call.verifies = model.Of("us-east-1"), false
		}, APINotFound, "domain", "another region"},
	})
}

func TestAMappingIsForABasePath(t *testing.T) {
	runRows(t, []row{
		{"no mapping", "the domain leads nowhere", func(w *world) {
			domainWorld(w)
			w.stack.DomainMappings = nil
		}, NotMapped, "domain", "no mapping"},
		{"a base path", "it is no part of the path at the API", func(w *world) {
			_, m := domainWorld(w)
			m.BasePath, w.call.path = model.Of("v1"), "/v1/hello"
		}, Delivered, "hello", ""},
		{"another base path", "no mapping is for the path", func(w *world) {
			_, m := domainWorld(w)
			m.BasePath = model.Of("v1")
		}, NotMapped, "domain", "no mapping for path /hello"},
		{"a base path that only begins like the path", "whole segments count", func(w *world) {
			_, m := domainWorld(w)
			m.BasePath = model.Of("hel")
		}, NotMapped, "domain", ""},
		{"a base path that is not known", "it may be for the path", func(w *world) {
			_, m := domainWorld(w)
			m.BasePath = model.Unknown[string]()
		}, InsufficientInfo, "", ""},
		{"a longer base path", "the longest one wins", func(w *world) {
			_, m := domainWorld(w)
			other := *m
			other.BasePath, other.StageName = model.Of("hello"), model.Of("gone")
			w.stack.DomainMappings = append(w.stack.DomainMappings, &other)
		}, StageNotFound, "hello", "no stage gone"},
		{"no stage in the mapping", "clients write it after the base path", func(w *world) {
			_, m := domainWorld(w)
			m.StageName, w.call.path = model.Known[string]{}, "/prod/hello"
		}, Delivered, "hello", ""},
		{"another stage in the mapping", "the API has no such stage", func(w *world) {
			_, m := domainWorld(w)
			m.StageName = model.Of("gone")
		}, StageNotFound, "hello", "no stage gone"},
		{"a public API", "an endpoint leads to private APIs only", func(w *world) {
			domainWorld(w)
			w.api.Type = model.Of(model.APIRegional)
		}, APINotFound, "endpoint", "private APIs only"},
		{"routing rules", "the model does not hold them", func(w *world) {
			d, _ := domainWorld(w)
			d.RoutesByRules = model.True
		}, InsufficientInfo, "", "routing rules"},
	})
}

func TestAPrivateDomainAsksForAccess(t *testing.T) {
	runRows(t, []row{
		{"with its parts", "endpoint, access and policy fit", func(w *world) {
			privateDomain(w)
		}, Delivered, "hello", ""},
		{"without access", "no endpoint may use the domain", func(w *world) {
			privateDomain(w)
			w.stack.DomainAccesses, w.call.verifies = nil, false
		}, APINotFound, "domain", "no access association"},
		{"without policy", "AWS gives it one that denies everyone", func(w *world) {
			d, _ := privateDomain(w)
			d.HasPolicy = model.False
			w.stack.ResourcePolicies = w.stack.ResourcePolicies[:1]
		}, DeniedByPolicy, "domain", "without a policy"},
		{"a policy for another endpoint", "the domain's own policy comes before that of the API", func(w *world) {
			_, p := privateDomain(w)
			p.Document.Statements[0].Conditions[0].Values = []string{"vpce-other"}
		}, DeniedByPolicy, "domain", "aws:SourceVpce"},
		{"from the internet", "private domains are not there", func(w *world) {
			privateDomain(w)
			w.fromInternet()
			w.call.verifies = false
		}, APINotFound, "domain", "private"},
	})
}
