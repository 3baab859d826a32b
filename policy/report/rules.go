package main

import (
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// packName is the name of the pack whose rules this command can describe.
const packName = "private-api-blueprints"

// allRules are the rules of that pack.
var allRules = rules.All()

// ruleOf returns the rule that reports a finding, or nil if it is another pack's.
func ruleOf(f finding) *rule.Rule {
	if f.pack == packName {
		for _, r := range allRules {
			if r.ID == f.policy {
				return r
			}
		}
	}
	return nil
}

// pageOf returns the address of a rule's page in a folder.
func pageOf(r *rule.Rule, folder string) string { return folder + "/" + r.ID + ".md" }
