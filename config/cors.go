package config

import (
	"slices"
	"strings"

	"private-api-blueprints/internal/settings"
)

// Cors says which pages of other origins may call the API from a browser. API
// Gateway then answers a browser that asks (OPTIONS) on the path of every route,
// without credentials, and its own errors can be read by pages. The functions must
// add Access-Control-Allow-Origin to their answers. Those that the stack creates find
// the origins in the environment variable CORS_ORIGINS, with commas between them.
// API Gateway charges for these requests as for others.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
type Cors struct {
	// Origins are the origins of the pages that may call. Only * admits every page.
	Origins []string `config:"origins" required:"true" list:"origins" format:"origin"`
	// Headers are the headers that pages may send in addition to Content-Type and
	// those that the authorization of the routes needs.
	Headers []string `config:"headers" list:"corsHeaders" format:"headerName" example:"X-Request-Id"`
	// MaxAgeSeconds is how long a browser may remember the answer before it asks
	// again. Browsers have their own limits, such as two hours.
	MaxAgeSeconds int `config:"maxAgeSeconds" default:"600" range:"0..86400"`
}

// check refuses * next to other origins.
func (s *Cors) check(c settings.Section) {
	if len(s.Origins) > 1 && slices.Contains(s.Origins, "*") {
		c.Reject("origins", strings.Join(s.Origins, ", "), "want only *, or origins without it")
	}
}

// CorsVariable is the environment variable in which functions find the origins.
const CorsVariable = "CORS_ORIGINS"

// checkRoutes refuses routes that would answer browsers instead. method returns the
// group and the key of the method of a route.
func (s *Cors) checkRoutes(routes []Route, method func(i int) (settings.Section, string)) {
	for i, r := range routes {
		if r.Method == "OPTIONS" {
			c, key := method(i)
			c.Reject(key, r.Method, "want it without cors, which answers OPTIONS on the path of every route")
		}
	}
}

// AllHeaders returns the headers that pages may send: the type of the body, those of
// the authorization of each route, and the configured ones. token is the header that
// has a token.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
func (s *Cors) AllHeaders(routes []Route, token string) []string {
	headers := append([]string{"Content-Type"}, s.Headers...)
	for _, r := range routes {
		switch r.Authorization {
		case "AWS_IAM":
			headers = append(headers, "Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256")
		case "TOKEN":
			headers = append(headers, token)
		}
		if r.ApiKeyRequired {
			headers = append(headers, "X-Api-Key")
		}
	}
	slices.SortFunc(headers, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return slices.CompactFunc(headers, strings.EqualFold)
}

// With returns the origins of both. Nothing else of them counts for a function.
func (s *Cors) With(other *Cors) *Cors {
	if s == nil {
		return other
	}
	origins := slices.Concat(s.Origins, other.Origins)
	if slices.Contains(origins, "*") {
		origins = []string{"*"}
	}
	slices.Sort(origins)
	return &Cors{Origins: slices.Compact(origins)}
}
