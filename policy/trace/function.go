package trace

import (
	"strings"

	"private-api-blueprints/policy/model"
)

// invocation is a function that an integration invokes.
type invocation struct {
	element model.Element
	uri     model.Origin
	by      model.FunctionRef
	// role is whether API Gateway invokes the function with a role.
	role model.Truth
	// verb is the HTTP method with which API Gateway calls Lambda. It is absent for the right one.
	verb model.Known[string]
	// pattern is the path of the method or the route.
	pattern model.Known[string]
}

// invoke invokes the function of an integration.
func (w walk) invoke(v visit, i invocation) []Trace {
	if i.by.Function.IsAbsent() {
		return w.giveUp(i.uri, "services of AWS other than Lambda are not followed")
	}
	w, ended := w.postsToLambda(v, i)
	if ended != nil {
		return ended
	}
	return follow(w, i.uri, "the function of "+i.element.Name, i.by.Function, func(f *model.Function) []Trace {
		w, ended := w.mayInvoke(v, i, f)
		if ended != nil {
			return ended
		}
		w = w.enter("function", f.Element)
		if role, certain := f.Role.Sole(); certain && f.IsAssumable() == model.False {
			return w.stop(end{IntegrationFailed, role.Element, role.At("assumeRolePolicy"),
				"let the trust policy of role " + role.Name + " allow " + model.PrincipalLambda + " to assume it"},
				"Lambda cannot run function %s: the trust policy of its role %s does not allow %s to assume it", f.Name,
				role.Name, model.PrincipalLambda)
		}
		if refuses := f.RefusesCalls(); refuses != model.False {
			at := f.At("reservedConcurrentExecutions")
			w, ended = w.require(refuses.Not(), check{
				end{Throttled, f.Element, at, "raise reservedConcurrentExecutions of " + f.Name + " above 0"},
				f.Name + " runs calls", f.Name + " has a limit of 0 calls at a time",
			})
			if ended != nil {
				return ended
			}
		}
		return w.deliver(f.Element, "function %s gets the request", f.Name)
	})
}

// postsToLambda checks the HTTP method with which API Gateway calls Lambda. ANY stands for the client's method.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
// https://repost.aws/knowledge-center/api-gateway-lambda-template-invoke-error
func (w walk) postsToLambda(v visit, i invocation) (walk, []Trace) {
	verb, known := i.verb.Get()
	if strings.EqualFold(verb, anyVerb) {
		verb = v.request.Verb()
	}
	if i.verb.IsAbsent() || strings.EqualFold(verb, "POST") {
		return w, nil
	}
	at := i.element.At("integrationHttpMethod")
	if !known {
		return w.unsure(at, "not known yet whether API Gateway calls Lambda with POST"), nil
	}
	return w, w.stop(end{IntegrationFailed, i.element, at, "set integrationHttpMethod to POST"},
		"API Gateway calls Lambda with %s, and Lambda takes POST only", verb)
}

// mayInvoke checks that API Gateway may invoke a function for this request. What
// the role of an integration may do is not in the model.
func (w walk) mayInvoke(v visit, i invocation, f *model.Function) (walk, []Trace) {
	if i.role == model.True {
		return w.pass(i.element.At("credentials"), "API Gateway invokes %s with the role of %s", f.Name,
			i.element.Name), nil
	}
	may := w.stack.MayInvoke(model.Invocation{
		Function: f, By: i.by, Principal: model.PrincipalAPIGateway,
		Source: v.api(), SourceARN: v.executionARN(), Stage: v.stageName, Requests: v.requests(i),
	})
	return w.require(may.OrMaybeIf(i.role == model.Maybe), check{
		end{IntegrationFailed, f.Element, f.Origin, "permit " + model.PrincipalAPIGateway + " to invoke " + f.Name +
			", with the execution ARN of " + v.api().Name + " as sourceArn"},
		"a permission lets " + v.api().Name + " invoke " + f.Name,
		"no permission lets " + v.api().Name + " invoke " + f.Name + " for " + v.request.Verb() + " " + v.path +
			": Invalid permissions on Lambda function",
	})
}

// executionARN returns the ARN of the API in permissions.
func (v visit) executionARN() model.Known[string] {
	if v.rest != nil {
		return v.rest.ExecutionARN
	}
	return v.http.ExecutionARN
}

// requests returns the ways in which a permission may write a request.
func (v visit) requests(i invocation) []string {
	pattern, known := i.pattern.Get()
	if i.pattern.IsAbsent() {
		return []string{model.RouteDefault}
	}
	verb := v.request.Verb()
	requests := []string{verb + "/" + strings.TrimPrefix(v.path, "/")}
	if known && pattern != v.path {
		requests = append(requests, verb+"/"+strings.TrimPrefix(pattern, "/"))
	}
	return requests
}

// account returns the account of an API, which is part of its execution ARN.
func (v visit) account() model.Known[string] {
	arn, known := v.executionARN().Get()
	parts := strings.Split(arn, ":")
	if !known || len(parts) < 6 {
		return model.Unknown[string]()
	}
	return model.Of(parts[4])
}
