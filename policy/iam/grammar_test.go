package iam_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

// question is a policy with a request, both made from a grammar in which AWS's
// documentation says what follows from what.
type question struct {
	policy  map[string]any
	request request
}

// request is a request in which everything is known. The fields are those that
// the witness reads.
type request struct {
	Action, Resource string
	Caller           []string
	Context          map[string][]string

	region, account, api, stage, verb, path string
}

// text returns the policy as JSON.
func (q question) text() string {
	text, err := json.Marshal(q.policy)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// maker makes questions from random numbers.
type maker struct{ *rand.Rand }

// pick returns one of the values.
func pick[T any](m maker, values ...T) T { return values[m.IntN(len(values))] }

// one reports true once in n times.
func (m maker) one(n int) bool { return m.IntN(n) == 0 }

// The values of the grammar. A request takes one of few, so that policies often
// match.
var (
	accounts = []string{"111122223333", "444455556666"}
	user     = "arn:aws:iam::111122223333:user/Alice"
	role     = "arn:aws:iam::444455556666:role/app"
	session  = "arn:aws:sts::444455556666:assumed-role/app/run"
	ipv4s    = []string{"10.0.1.7", "10.0.2.9", "203.0.113.5"}
	ipv6s    = []string{"2001:db8::7", "2001:db8:0:2::9"}
	ranges   = []string{
		"10.0.0.0/16", "10.0.1.0/24", "10.0.1.7", "10.0.1.7/32", "0.0.0.0/0", "203.0.113.0/28", "2001:db8::/64",
		"2001:DB8::/32", "2001:db8::7/128", "::/0",
	}
	dates   = []string{"2026-01-01T00:00:00Z", "2026-06-01T12:00:00+02:00", "2026-06-01T10:00:00Z", "2027-01-01"}
	numbers = []string{"0", "7", "7.0", "-3", "10.5", "100"}
	blobs   = []string{"QQ==", "QUI=", "/+8="}
	words   = []string{"alice", "Alice", "bob", "a*", "a?b", "", "über", "x${y", "al"}
	tags    = []string{"team", "cost", "Team", "env"}
)

// keyKinds are the condition keys of the grammar by what they hold.
var keyKinds = map[string]string{
	"aws:SourceVpc": "vpc", "aws:SourceVpce": "vpce", "aws:VpcSourceIp": "ip", "aws:SourceIp": "ip",
	"aws:PrincipalArn": "arn", "aws:SecureTransport": "flag", "aws:CurrentTime": "date", "aws:EpochTime": "epoch",
	"s3:max-keys": "number", "aws:UserAgent": "word", "aws:username": "word", "aws:TagKeys": "tags",
	"example:Blob": "blob",
}

// value returns a value of a key for a request.
func (m maker) value(kind string) []string {
	switch kind {
	case "vpc":
		return []string{pick(m, "vpc-1", "vpc-2", "vpc-10")}
	case "vpce":
		return []string{pick(m, "vpce-1", "vpce-2")}
	case "ip":
		return []string{pick(m, append(ipv4s, ipv6s...)...)}
	case "arn":
		return []string{pick(m, user, role, "arn:aws:iam::111122223333:user/team:a/Bob")}
	case "flag":
		return []string{pick(m, "true", "false")}
	case "date":
		return []string{pick(m, dates...)}
	case "epoch":
		return []string{pick(m, "1767225600", "1780308000", "1798761600")}
	case "number":
		return []string{pick(m, numbers...)}
	case "blob":
		return []string{pick(m, blobs...)}
	case "tags":
		values := slices.Clone(tags)
		m.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		return values[:1+m.IntN(3)]
	}
	return []string{pick(m, words...)}
}

// request makes a request.
func (m maker) request() request {
	r := request{
		Action:  pick(m, model.ActionInvoke, "execute-api:ManageConnections", "s3:GetObject"),
		Context: map[string][]string{}, region: pick(m, "us-east-1", "eu-west-1"), account: pick(m, accounts...),
		api: pick(m, "a1b2c3d4e5", "z9y8x7w6v5"), stage: pick(m, "v1", "prod"), verb: pick(m, "GET", "POST"),
		path: pick(m, "/", "/orders", "/orders/7", "/v1/items:batch", "/a b/*"),
	}
	r.Resource = fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/%s%s",
		r.region, r.account, r.api, r.stage, r.verb, r.path)
	r.Caller = pick(m, nil, []string{user, accounts[0]}, []string{session, role, accounts[1]})
	for _, key := range slices.Sorted(maps.Keys(keyKinds)) {
		if !m.one(3) {
			r.Context[strings.ToLower(key)] = m.value(keyKinds[key])
		}
	}
	return r
}

// question makes a request, and a policy of one to four statements.
func (m maker) question() question {
	r := m.request()
	q := question{request: r, policy: map[string]any{}}
	if version := pick(m, "2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", ""); version != "" {
		q.policy["Version"] = version
	}
	var statements []any
	for range 1 + m.IntN(4) {
		statements = append(statements, m.statement(r))
	}
	q.policy["Statement"] = statements
	if len(statements) == 1 && m.one(2) {
		q.policy["Statement"] = statements[0]
	}
	return q
}

// statement makes a statement. Each element matches the request more often than not.
func (m maker) statement(r request) map[string]any {
	s := map[string]any{"Effect": pick(m, "Allow", "Allow", "Deny")}
	m.principal(s, r)
	m.element(s, "Action", func(bool) string {
		return pick(m, r.Action, "execute-api:*", "*", "Execute-API:inv?ke", "execute-api:Invoke", "s3:*",
			"execute-api:M*s")
	})
	m.element(s, "Resource", func(negated bool) string { return m.resource(r, negated) })
	if conditions := m.conditions(r); len(conditions) > 0 {
		s["Condition"] = conditions
	}
	return s
}

// element sets an element of a statement, or its negation, to one value or a list.
func (m maker) element(s map[string]any, name string, value func(negated bool) string) {
	negated := m.one(6)
	if negated {
		name = "Not" + name
	}
	values := []string{value(negated)}
	if m.one(2) {
		s[name] = values[0]
		return
	}
	for m.one(2) {
		values = append(values, value(negated))
	}
	s[name] = values
}

// resource returns a pattern of a resource.
func (m maker) resource(r request, negated bool) string {
	head := "arn:aws:execute-api:" + pick(m, r.region, "*", "us-*", "eu-west-?", "us-east-1") + ":" +
		pick(m, r.account, "*", accounts[0], "1111*3333", "") + ":"
	patterns := []string{
		"*", r.Resource, "arn:aws:*", "arn:*:execute-api:*", head + r.api + "/*", head + "*", head + "*/GET/*",
		head + "a1*/" + r.stage + "/*", head + r.api + "/" + r.stage + "/?ET/orders/?", head + r.api, head + "*:batch",
		"execute-api:/*", "execute-api:/" + r.stage + "/*", "execute-api:/*/POST/*", "execute-api:/v1/GET/orders",
		"execute-api:/*/*/orders/*", "arn:aws:execute-api:*" + r.account[3:] + ":" + r.api + "/*",
	}
	if !negated {
		patterns = append(patterns, head+r.api+"/${aws:username}*", head+r.api+"/*/*/a b/${*}", "execute-api:/*${?}")
	}
	return pick(m, patterns...)
}

// principal sets the Principal of a statement. A NotPrincipal lists a caller with
// its account, as AWS's documentation advises, since other lists are not decided.
func (m maker) principal(s map[string]any, _ request) {
	if m.one(6) {
		s["NotPrincipal"] = pick(m, map[string]any{"AWS": []string{user, accounts[0]}},
			map[string]any{"AWS": []string{session, role, "arn:aws:iam::" + accounts[1] + ":root"}},
			map[string]any{"AWS": "arn:aws:iam::999999999999:root"})
		return
	}
	s["Principal"] = pick[any](m, "*", "*", "*", map[string]any{"AWS": "*"}, map[string]any{"AWS": user},
		map[string]any{"AWS": []string{role, accounts[0]}}, map[string]any{"AWS": session},
		map[string]any{"AWS": "arn:aws:iam::" + accounts[1] + ":root", "Service": "ec2.amazonaws.com"})
}

// conditions makes the conditions of a statement.
func (m maker) conditions(r request) map[string]map[string]any {
	block := map[string]map[string]any{}
	for m.one(2) {
		key := pick(m, slices.Sorted(maps.Keys(keyKinds))...)
		operator, value := m.operator(keyKinds[key])
		negated := strings.Contains(operator, "Not")
		if keyKinds[key] == "tags" {
			operator = pick(m, "ForAllValues:", "ForAnyValue:") + operator
		} else if m.one(8) && operator != "Null" {
			operator = pick(m, "ForAllValues:", "ForAnyValue:") + operator
		}
		if m.one(4) && !strings.HasSuffix(operator, "Null") {
			operator += "IfExists"
		}
		if block[operator] == nil {
			block[operator] = map[string]any{}
		}
		values := []any{value(r, negated)}
		for m.one(3) && operator != "Null" {
			values = append(values, value(r, negated))
		}
		block[operator][pick(m, key, strings.ToUpper(key))] = pick[any](m, values, values[0])
	}
	return block
}

// operator returns an operator for a kind of key, and a function that makes a
// value for it.
func (m maker) operator(kind string) (string, func(r request, negated bool) any) {
	if m.one(8) && kind != "tags" {
		return "Null", func(request, bool) any { return pick[any](m, "true", "false", true, false) }
	}
	of := func(values ...string) func(request, bool) any {
		return func(request, bool) any { return pick(m, values...) }
	}
	relation := pick(m, "Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
	switch {
	case m.one(4): // String operators apply to every key.
	case kind == "ip":
		return pick(m, "IpAddress", "NotIpAddress"), of(ranges...)
	case kind == "arn":
		return pick(m, "ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"), of(user, role, "arn:aws:iam::*:user/*",
			"arn:*:iam::111122223333:*", "arn:aws:*::*:role/app", "arn:aws:iam:*:*:user/??ice", "arn:aws:iam::*:*/Bob")
	case kind == "flag":
		return "Bool", func(request, bool) any { return pick[any](m, "true", "false", "True", true, false) }
	case kind == "date" || kind == "epoch":
		return "Date" + relation, of(append(dates, "1780308000")...)
	case kind == "number":
		return "Numeric" + relation, func(request, bool) any { return pick[any](m, "7", "10.5", 7, 10.5, 100, "-3") }
	case kind == "blob":
		return "BinaryEquals", of(blobs...)
	}
	return "String" + pick(m, "Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"),
		func(r request, negated bool) any { return m.pattern(r, kind, negated) }
}

// pattern returns a value for a string operator. A variable without a value is
// not in a negated operator: AWS's documentation does not say what follows.
func (m maker) pattern(r request, kind string, negated bool) string {
	value := m.value(kind)[0]
	options := []string{
		value, value, "*", "?*", "${*}", strings.ToUpper(value), "${aws:username, 'bob'}", "$", "${", "[a-z]*",
	}
	if value != "" && !strings.Contains(value, "${") { // AWS refuses a variable without an end.
		options = append(options, value[:1]+"*", "*"+value[len(value)/2:], value[:len(value)-1]+"?", value+"${?}")
	}
	if r.Context["aws:username"] != nil || !negated {
		options = append(options, "${aws:username}", "${AWS:UserName}*", "x${aws:username}")
	}
	return pick(m, options...)
}

// call returns the request as the pack holds it, with everything known.
func (r request) call() iam.Call {
	c := iam.Call{
		Action: r.Action, Keys: map[string]iam.Value{},
		Resource: iam.APICall(iam.Place{Region: model.Of(r.region), Account: model.Of(r.account)},
			model.Of(r.api), model.Of(r.stage), r.verb, r.path),
	}
	for key, texts := range r.Context {
		c.Keys[key] = iam.Texts(texts...)
	}
	if n := len(r.Caller); n > 0 {
		c.Principal = iam.Principal{Signed: true, ARN: model.Of(r.Caller[0]), Account: model.Of(r.Caller[n-1])}
		if n == 3 {
			c.Principal.Role = model.Of(r.Caller[1])
		}
	}
	return c
}

// hide returns a call of which less is known: each fact is hidden once in n times.
func (m maker) hide(r request, n int) iam.Call {
	c := r.call()
	part := func(known model.Known[string]) model.Known[string] {
		if m.one(n) {
			return model.Unknown[string]()
		}
		return known
	}
	c.Resource = iam.APICall(iam.Place{Region: part(model.Of(r.region)), Account: part(model.Of(r.account))},
		part(model.Of(r.api)), part(model.Of(r.stage)), r.verb, r.path)
	c.Principal.ARN, c.Principal.Account = m.forget(n, c.Principal.ARN), m.forget(n, c.Principal.Account)
	if !c.Principal.Role.IsAbsent() {
		c.Principal.Role = part(c.Principal.Role)
	}
	for _, name := range slices.Sorted(maps.Keys(keyKinds)) {
		key := strings.ToLower(name)
		value, has := r.Context[key]
		switch {
		case !m.one(n):
		case has && m.one(3):
			c.Keys[key] = iam.SomeText()
		default:
			c.Keys[key] = iam.Value{}
		}
		if address, err := netip.ParseAddr(strings.Join(value, "")); err == nil && m.one(n) {
			within, _ := address.Prefix(m.IntN(address.BitLen() + 1))
			c.Keys[key] = iam.SomeAddress(within)
		}
	}
	return c
}

// forget returns a fact, or nothing once in n times.
func (m maker) forget(n int, known model.Known[string]) model.Known[string] {
	if m.one(n) {
		return model.Known[string]{}
	}
	return known
}
