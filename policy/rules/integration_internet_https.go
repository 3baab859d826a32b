package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var integrationInternetHTTPS = &rule.Rule{
	ID:    "integration-internet-https",
	Title: "An integration that calls a server over the internet uses HTTPS",
	Why: `Clients reach API Gateway over HTTPS, and assume that the connection is private. With http:// in
its uri, an integration sends their requests on as plain text, over the internet, with all
headers: tokens, cookies and API keys. Everyone on the way can read and change them. No
client can see that.`,
	Fix: `Use https:// and a name that the server's certificate has. A load balancer needs an HTTPS
listener and a DNS name of yours, since no certificate has the name that AWS gives it. If
the server is in a VPC, use a VPC link.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{plainOverInternet},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html",
	},
	Tags:  []string{"api-gateway", "tls"},
	Check: checkIntegrationInternetHTTPS,
}

var plainOverInternet = &rule.Defect{
	ID: "plain-http", Summary: "An integration sends plain HTTP over the internet.", Outcome: rule.Risky,
	Effect: "Calls work. Everyone on the way to the server can read and change them.",
}

func checkIntegrationInternetHTTPS(s *model.Stack, r *rule.Report) {
	rule.ReportUnreadDocuments(s, r)
	judge := func(name string, subject, at model.Origin, plain model.Truth) {
		r.Judge(subject, plainOverInternet.If(plain, at, "%s sends plain HTTP over the internet; want https", name))
	}
	for _, i := range s.Integrations {
		if reaches := i.ReachesInternet(); reaches != model.False {
			judge(i.Name, i.Origin, i.At("uri"), reaches.And(isPlain(s, i)))
		}
	}
	for _, i := range s.HTTPIntegrations {
		if reaches := i.ReachesInternet(); reaches != model.False {
			judge(i.Name, i.Origin, i.URIOrigin(), reaches.And(i.Scheme().Equals("http")))
		}
	}
}

// isPlain asks whether an integration's uri says plain HTTP. If the uri is unknown
// but made from a load balancer's name, it does if the load balancer accepts
// nothing else.
func isPlain(s *model.Stack, i *model.Integration) model.Truth {
	if i.URI.IsUnknown() && s.BalancerTakesOnly(i, model.ProtocolHTTP) == model.True {
		return model.True
	}
	return i.Scheme().Equals("http")
}
