package main

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// policySize is how many characters a managed policy may have, without white
// space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const policySize = 6144

// statement is one statement of a policy.
type statement struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string `json:",omitempty"`
}

// document is an IAM policy.
type document struct {
	Version   string
	Statement []statement
}

// size returns how many characters a document has, without white space.
func (d document) size() int {
	return utf8.RuneCountInString(jsonOf(d))
}

// policies returns the permissions of a stack in as few policies as their order
// allows.
func policies(t *table, g graph) []document {
	var list []document
	for _, s := range statements(t, g) {
		last := len(list) - 1
		if last >= 0 {
			longer := document{list[last].Version, append(slices.Clip(list[last].Statement), s)}
			if longer.size() <= policySize {
				list[last] = longer
				continue
			}
		}
		list = append(list, document{"2012-10-17", []statement{s}})
	}
	return list
}

// statements returns one statement for all actions on the same resources.
func statements(t *table, g graph) []statement {
	byResources := map[string][]string{}
	add := func(actions, resources []string) {
		key := strings.Join(resources, "\n")
		byResources[key] = append(byResources[key], actions...)
	}
	for _, token := range g.types() {
		r := t.Types[token]
		resources := r.resources(g, token)
		for _, action := range r.actions() {
			if len(resources) == 0 || slices.Contains(r.Any, action) {
				add([]string{action}, []string{"*"})
			} else {
				add([]string{action}, resources)
			}
		}
	}
	for _, l := range t.Lookups {
		if l.happens(g) && len(l.Actions) > 0 {
			add(l.Actions, []string{"*"})
		}
	}
	var list []statement
	for _, key := range slices.Sorted(maps.Keys(byResources)) {
		actions := sorted(byResources[key])
		if key == "*" {
			list = append(list, everywhere(actions)...)
			continue
		}
		list = append(list, statement{Effect: "Allow", Action: actions, Resource: strings.Split(key, "\n")})
	}
	return append(list, roles(t, g)...)
}

// everywhere returns the statements for actions on all resources: those of one
// region, and those of global services.
func everywhere(actions []string) []statement {
	var regional, global []string
	for _, action := range actions {
		if strings.HasPrefix(action, "route53:") {
			global = append(global, action)
		} else {
			regional = append(regional, action)
		}
	}
	list := []statement{{
		Effect: "Allow", Action: regional, Resource: []string{"*"},
		Condition: map[string]map[string][]string{"StringEquals": {"aws:RequestedRegion": {"REGION"}}},
	}}
	if len(global) > 0 {
		list = append(list, statement{Effect: "Allow", Action: global, Resource: []string{"*"}})
	}
	return list
}

// roles returns the statements that let services have roles: those of the stack
// that are passed to a service, and those that a service creates for itself.
func roles(t *table, g graph) []statement {
	var passed, linked []string
	for _, token := range g.types() {
		if service := t.Types[token].PassRole; service != "" {
			passed = append(passed, service)
		}
		if service := t.Types[token].ServiceLinkedRole; service != "" {
			linked = append(linked, service)
		}
	}
	var list []statement
	if len(passed) > 0 {
		list = append(list, statement{
			Effect: "Allow", Action: []string{"iam:PassRole"}, Resource: t.Types[roleType].resources(g, roleType),
			Condition: map[string]map[string][]string{"StringEquals": {"iam:PassedToService": sorted(passed)}},
		})
	}
	for _, service := range sorted(linked) {
		list = append(list, statement{
			Effect: "Allow", Action: []string{"iam:CreateServiceLinkedRole"},
			Resource:  []string{"arn:aws:iam::ACCOUNT:role/aws-service-role/" + service + "/*"},
			Condition: map[string]map[string][]string{"StringEquals": {"iam:AWSServiceName": {service}}},
		})
	}
	return list
}

// Types whose names stand in the ARNs of other types too.
const (
	roleType     = "aws:iam/role:Role"
	functionType = "aws:lambda/function:Function"
	bucketType   = "aws:s3/bucketV2:BucketV2"
)

// resources returns the ARNs of a type's resources in a stack.
func (r *row) resources(g graph, token string) []string {
	placeholders := map[string]string{"NAME": token, "ROLE": roleType, "FUNCTION": functionType, "BUCKET": bucketType}
	var list []string
	for _, pattern := range r.Resources {
		expanded := []string{pattern}
		for placeholder, named := range placeholders {
			if strings.Contains(pattern, placeholder) {
				expanded = nil
				for _, name := range g[named] {
					expanded = append(expanded, strings.Replace(pattern, placeholder, name, 1))
				}
			}
		}
		list = append(list, expanded...)
	}
	return list
}
