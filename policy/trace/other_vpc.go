package trace

import "private-api-blueprints/policy/model"

// otherVPC returns the place of a client in a VPC that has nothing to do with the
// stack, with its own execute-api endpoint. Anyone has such an endpoint who
// knows the ID of a private API, so only the API's resource policy refuses them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
func otherVPC() place {
	vpc := &model.VPC{Element: model.Element{Name: "another VPC", ID: model.Of("vpc-0another0vpc0000")}}
	return place{
		what: "a client in another VPC", element: model.Element{Name: "in another VPC"}, vpc: refTo(vpc),
		subnet: model.UnknownRef[model.Subnet](), open: true,
		own: &model.Endpoint{
			Element: model.Element{Name: "another endpoint", ID: model.Of("vpce-0another0endpoint")}, VPC: refTo(vpc),
			Type: model.Of(model.EndpointInterface), Service: model.Unknown[string](), PrivateDNS: model.True,
		},
	}
}

// throughOwnEndpoint goes to API Gateway through the endpoint of a client in another
// VPC. The stack does not say where other things are from there.
func (w walk) throughOwnEndpoint(c call) []Trace {
	_, _, isDefault := cutDefaultName(c.host)
	if _, byID := c.headers[apiIDHeader]; !isDefault && !byID || c.request.ConnectTo != "" {
		return w.giveUp(model.Origin{}, "the stack does not say where %s is for a client in another VPC", c.host)
	}
	e := c.from.own
	return w.enter("endpoint", e.Element).beyond(w, c, e)
}
