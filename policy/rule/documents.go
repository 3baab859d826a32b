package rule

import "private-api-blueprints/policy/model"

// ReportUnreadDocuments records an unknown for each API with an OpenAPI document
// that is not in the model. It is for rules that judge each method or each
// integration.
func ReportUnreadDocuments(s *model.Stack, r *Report) {
	report := func(e model.Element, unread model.Truth) {
		if unread != model.False {
			r.Unknown(e.Origin, "%s: its OpenAPI document is not known yet", e.Name)
		}
	}
	for _, api := range s.RestAPIs {
		report(api.Element, api.Document)
	}
	for _, api := range s.HTTPAPIs {
		report(api.Element, api.Document)
	}
}
