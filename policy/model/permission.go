package model

import (
	"slices"
	"strings"
)

// Permission lets a caller invoke a Lambda function.
type Permission struct {
	Element
	// FunctionRef is the function, and its alias or version.
	FunctionRef
	// Action is what the caller may do, such as lambda:InvokeFunction.
	Action    Known[string]
	Principal Known[string]
	// SourceARN is a pattern of the resources on whose behalf a service may invoke the function.
	SourceARN Known[string]
	// HasSourceARN is whether the permission has such a pattern.
	HasSourceARN Truth
	// MadeFrom are the APIs and target groups that the pattern is made from.
	MadeFrom []Element
	// MadeFromMore is whether it is, or may be, made from others too.
	MadeFromMore bool
	// HasAccount is whether the permission requires that the resource is in one account.
	HasAccount Truth
	// Account is that account.
	Account Known[string]
}

// Service principals that call functions on behalf of a stack's resources.
const (
	PrincipalAPIGateway    = "apigateway.amazonaws.com"
	PrincipalLoadBalancing = "elasticloadbalancing.amazonaws.com"
)

// Invocation is a call of a function by a service.
type Invocation struct {
	Function *Function
	// By says how the service names the function: with or without an alias or a version.
	By FunctionRef
	// Principal is the service, such as [PrincipalAPIGateway].
	Principal string
	// Source is the API or the target group on whose behalf it calls.
	Source Element
	// SourceARN is the execution ARN of that API, or the ARN of the target group.
	SourceARN Known[string]
	// Stage is the name of the API's stage. It is absent for a target group.
	Stage Known[string]
	// Requests are the ways to write the request, such as GET/orders/5 and GET/orders/{id}. AWS does not document which
	// of them it compares with a permission's pattern. It is empty for a target group.
	Requests []string
	// Sometimes is whether a permission for one of Requests is enough. Each of them then begins with the name of a stage
	// or an asterisk, and an asterisk stands for any characters.
	Sometimes bool
	// Guessed is whether the service may not make some of Requests, because the stack does not say which ones it makes.
	Guessed bool
}

// AddPermission adds a permission to the stack.
func (s *Stack) AddPermission(p *Permission) {
	s.Permissions = append(s.Permissions, p)
	s.permissionsOf.add(p.Function, p)
}

// MayInvoke asks whether a permission of the stack lets a service call a function. While the pattern of a permission is
// not known, it counts as one that admits everything of the APIs from which it is made, and nothing of other APIs.
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func (s *Stack) MayInvoke(call Invocation) Truth {
	may := False
	for p := range s.permissionsOf.mayName(call.Function) {
		if may = may.Or(p.Function.Names(call.Function).And(p.allows(call))); may == True {
			return True
		}
	}
	return may.OrMaybeIf(!call.Function.PermissionsComplete || s.mayNameOtherwise(call.Function))
}

// mayNameOtherwise reports whether a permission may name a function by a name that is not known yet to be its own.
func (s *Stack) mayNameOtherwise(f *Function) bool {
	return f.FunctionName.IsUnknown() && slices.ContainsFunc(s.Permissions, func(p *Permission) bool {
		_, known := p.Function.Value.Get()
		return known && p.Function.Open && len(p.Function.Candidates) == 0
	})
}

// allows asks whether a permission for the function of a call is for this call.
func (p *Permission) allows(call Invocation) Truth {
	return p.letsInvoke().And(p.isFor(call.Principal)).And(p.sharesQualifier(call.By)).
		And(p.HasAccount.Not().Or(p.hasAccountOf(call))).And(p.HasSourceARN.Not().Or(p.hasSource(call)))
}

// letsInvoke asks whether the permission is for calls, and not for something else such as function URLs.
func (p *Permission) letsInvoke() Truth {
	action, known := p.Action.Get()
	if !known {
		return Maybe
	}
	return TruthOf(isLike(strings.ToLower(action), "lambda:invokefunction"))
}

// isFor asks whether the permission is for a service.
func (p *Permission) isFor(service string) Truth {
	return p.Principal.Equals(service).Or(p.Principal.Equals("*"))
}

// hasAccountOf asks whether the permission's account is that of a call's source.
func (p *Permission) hasAccountOf(call Invocation) Truth {
	account, known := p.Account.Get()
	arn, alsoKnown := call.SourceARN.Get()
	fields := strings.SplitN(arn, ":", arnFields)
	if !known || !alsoKnown || len(fields) < arnFields {
		return Maybe
	}
	return TruthOf(fields[4] == account)
}

// arnFields is how many fields an ARN has. The last one may have colons.
const arnFields = 6

// hasSource asks whether the permission's pattern matches the source of a call.
func (p *Permission) hasSource(call Invocation) Truth {
	pattern, known := p.SourceARN.Get()
	arn, alsoKnown := call.SourceARN.Get()
	switch {
	case known && alsoKnown:
		return call.matches(pattern, arn)
	case len(p.MadeFrom) == 0:
		return Maybe
	}
	isSource := func(e Element) bool { return e.URN == call.Source.URN }
	return TruthOf(slices.ContainsFunc(p.MadeFrom, isSource)).OrMaybeIf(p.MadeFromMore)
}

// notKnown stands for a text that is not known in a text that is compared with a pattern. No pattern has it.
const notKnown = "\x00"

// matches asks whether a pattern matches the source of a call, which has this ARN. Lambda compares the whole text, or
// the fields one by one: AWS documents both. The two differ for patterns with fewer fields.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func (call Invocation) matches(pattern, arn string) Truth {
	if call.Sometimes {
		return call.overlaps(pattern, arn)
	}
	stage, known := call.Stage.Get()
	switch {
	case known:
		arn += "/" + stage
	case !call.Stage.IsAbsent():
		arn += "/" + notKnown
	}
	answer := TruthOf(isLike(pattern, arn))
	for i, request := range call.Requests {
		match := TruthOf(isLike(pattern, arn+"/"+request))
		if i == 0 {
			answer = match
		}
		answer = answer.Agree(match)
	}
	if strings.Count(pattern, ":") < arnFields-1 {
		answer = answer.AtMostMaybe()
	}
	return answer.OrMaybeIf(call.Stage.IsUnknown())
}

// isLike reports whether a text matches a pattern, in which * stands for any characters and ? for one.
func isLike(pattern, text string) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// overlaps asks whether a pattern matches one of the requests of a call, which has this ARN.
func (call Invocation) overlaps(pattern, arn string) Truth {
	answer := False
	for _, request := range call.Requests {
		text := arn + "/" + request
		switch {
		case isLike(pattern, text): // The pattern has an asterisk wherever the text has one.
			return True
		case overlap(pattern, text):
			answer = True
		}
	}
	if call.Guessed {
		return answer.AtMostMaybe()
	}
	return answer
}

// overlap reports whether a text matches both of two patterns. In both, * stands for any characters, and in the first
// one ? for one.
func overlap(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] && a[0] != '*' {
		a, b = a[1:], b[1:]
	}
	// row[j] is whether the part of a so far and b[:j] have a text in common.
	row := make([]bool, len(b)+1)
	for i := 0; i <= len(a); i++ {
		diagonal := i == 0
		for j := 0; j <= len(b); j++ {
			above := row[j] && i > 0
			switch {
			case i == 0 && j == 0:
				row[j] = true
			case j > 0 && b[j-1] == '*':
				row[j] = row[j-1] || above
			case i > 0 && a[i-1] == '*':
				row[j] = above || j > 0 && row[j-1]
			case i > 0 && j > 0:
				row[j] = diagonal && (a[i-1] == '?' || a[i-1] == b[j-1])
			default:
				row[j] = false
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
