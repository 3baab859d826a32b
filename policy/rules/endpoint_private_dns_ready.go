package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPrivateDNSReady = &rule.Rule{
	ID:    "endpoint-private-dns-ready",
	Title: "Private DNS of an endpoint is turned on after its service allows it",
	Why: `An endpoint can take the private name of an endpoint service only if the service has a
verified name and has accepted the endpoint. AWS refuses it earlier, in the middle of the
deployment: "Private DNS can only be enabled after the endpoint connection is accepted by the
owner of …", or "Private DNS can't be enabled because the service … does not provide a private
DNS name". The next deployment succeeds if somebody has accepted the endpoint by then.`,
	Fix: `Leave privateDnsEnabled out of the endpoint. Accept it with a VpcEndpointConnectionAccepter,
and turn private DNS on with an EndpointPrivateDns that depends on the accepter and on the
EndpointServicePrivateDnsVerification of the service. Set waitForVerification to true there.`,
	Severity: rule.High,
	Links: []string{
		"https://github.com/hashicorp/terraform-provider-aws/pull/37628",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html",
		"https://github.com/crossplane-contrib/provider-aws/issues/1363",
		"https://github.com/vespa-engine/vespa/pull/33303",
	},
	Tags: []string{"vpc-endpoint", "endpoint-service", "dns"},
	Defects: []*rule.Defect{
		privateDNSUnaccepted, privateDNSUnnamed, privateDNSUnverified, privateDNSNotAwaited,
	},
	Check: checkEndpointPrivateDNSReady,
}

var (
	privateDNSUnaccepted = &rule.Defect{
		ID: "not-accepted", Summary: "Private DNS is turned on before the service has accepted the endpoint.",
		Outcome: rule.Refused,
		Effect: `AWS refuses it: "Private DNS can only be enabled after the endpoint connection is accepted by the ` +
			`owner of …".`,
	}
	privateDNSUnnamed = &rule.Defect{
		ID: "no-name", Summary: "Private DNS is turned on for a service that has no private name.",
		Outcome: rule.Refused,
		Effect: `AWS refuses it: "Private DNS can't be enabled because the service … does not provide a private DNS ` +
			`name".`,
	}
	privateDNSUnverified = &rule.Defect{
		ID: "not-verified", Summary: "Private DNS is turned on before the service's private name is verified.",
		Outcome: rule.Refused,
		Effect: `AWS refuses it: "Private DNS can't be enabled because the service … does not provide a private DNS ` +
			`name".`,
	}
	privateDNSNotAwaited = &rule.Defect{
		ID: "verification-not-awaited", Summary: "Nothing waits until AWS has verified the service's private name.",
		Outcome: rule.Risky,
		Effect:  "AWS looks for the proof in the background, and refuses private DNS until it has found the proof.",
	}
)

// privateDNSSwitch is a place that turns the private DNS of an endpoint on.
type privateDNSSwitch struct {
	endpoint *model.Endpoint
	on       model.Truth
	at       model.Origin // The property that does it.
	name     string
	past     model.Past
	// atCreation is whether the endpoint itself does it, before anybody can accept the endpoint.
	atCreation bool
}

func checkEndpointPrivateDNSReady(s *model.Stack, r *rule.Report) {
	past := map[*model.PrivateDNSSetting]model.Past{} // One setting may be that of many endpoints.
	for _, setting := range s.PrivateDNSSettings {
		past[setting] = s.Before(setting.Origin)
	}
	for _, e := range s.Endpoints {
		if e.IsForEndpointService() == model.False {
			continue
		}
		switches := privateDNSSwitches(s, e, past)
		if len(switches) == 0 {
			continue
		}
		var faults []rule.Fault
		for _, turn := range switches {
			faults = append(faults, unacceptedFault(s, turn), unnamedFault(turn))
			faults = append(faults, unverifiedFaults(s, turn)...)
		}
		r.Judge(e.Origin, faults...)
	}
}

// privateDNSSwitches returns the places that may turn the private DNS of an
// endpoint on.
func privateDNSSwitches(
	s *model.Stack, e *model.Endpoint, past map[*model.PrivateDNSSetting]model.Past,
) []privateDNSSwitch {
	var all []privateDNSSwitch
	if e.AsksPrivateDNS != model.False {
		all = append(all, privateDNSSwitch{
			e, e.AsksPrivateDNS, e.At("privateDnsEnabled"), e.Name, s.Before(e.Origin), true,
		})
	}
	for _, setting := range s.PrivateDNSSettings {
		if on := setting.On.And(setting.Endpoint.Names(e)); on != model.False {
			all = append(all, privateDNSSwitch{
				e, on, setting.At("privateDnsEnabled"), setting.Name, past[setting], false,
			})
		}
	}
	return all
}

// unacceptedFault returns the fault of a switch before the service's consent.
func unacceptedFault(s *model.Stack, turn privateDNSSwitch) rule.Fault {
	e := turn.endpoint
	accepted, advice := e.Accepted, "want an EndpointPrivateDns that waits for a VpcEndpointConnectionAccepter"
	if !turn.atCreation {
		advice = "want it to depend on a VpcEndpointConnectionAccepter of the endpoint"
		accepted = accepted.Or(e.AcceptsItself.Equals(true))
		for _, a := range s.Acceptances {
			accepted = accepted.Or(a.Endpoint.Names(e).And(model.TruthOf(turn.past.Includes(a.Origin))))
		}
	}
	return privateDNSUnaccepted.If(turn.on.And(needsAcceptance(s, e)).And(accepted.Not()), turn.at,
		"%s turns the private DNS of %s on before the service has accepted the endpoint; %s", turn.name, e.Name, advice)
}

// needsAcceptance asks whether the owner of an endpoint's service accepts each
// endpoint. If the service is outside the stack, an accepter in the stack says so.
func needsAcceptance(s *model.Stack, e *model.Endpoint) model.Truth {
	if !isOutside(e.EndpointService) {
		return e.EndpointService.Ask(func(service *model.EndpointService) model.Truth {
			return service.AcceptanceRequired.Equals(true)
		})
	}
	needs := model.False
	for _, a := range s.Acceptances {
		needs = needs.Or(a.Endpoint.Names(e))
	}
	return needs
}

// isOutside reports whether a reference certainly names something that is not in
// the stack.
func isOutside[T any](ref model.Ref[T]) bool {
	_, known := ref.Value.Get()
	return known && len(ref.Candidates) == 0
}

// unnamedFault returns the fault of a switch for a service without a name.
func unnamedFault(turn privateDNSSwitch) rule.Fault {
	service := turn.endpoint.EndpointService
	unnamed := model.False
	if !isOutside(service) {
		unnamed = service.Ask(func(s *model.EndpointService) model.Truth { return rule.Unset(s.PrivateName) })
	}
	return privateDNSUnnamed.If(turn.on.And(unnamed), turn.at,
		"%s turns the private DNS of %s on, and its service has no private name; want privateDnsName at the service",
		turn.name, turn.endpoint.Name)
}

// unverifiedFaults returns the faults of a switch that does not wait until AWS
// has verified the name. If nothing in the stack verifies the name, it is a
// finding about the service: see endpoint-service-private-dns-verified.
func unverifiedFaults(s *model.Stack, turn privateDNSSwitch) []rule.Fault {
	begun, awaited, exists := model.False, model.False, model.False
	name := ""
	for _, v := range s.NameVerifications {
		ofService := turn.endpoint.EndpointService.Ask(v.Service.Names)
		if isOutside(turn.endpoint.EndpointService) || ofService == model.False {
			continue
		}
		before := ofService.And(model.TruthOf(turn.past.Includes(v.Origin)))
		exists, begun, awaited = exists.Or(ofService), begun.Or(before), awaited.Or(before.And(v.Waits.Equals(true)))
		name = v.Name
	}
	unverified := turn.on.And(exists).And(turn.endpoint.EndpointService.Ask(isUnverified))
	return []rule.Fault{
		privateDNSUnverified.If(unverified.And(begun.Not()), turn.at,
			"%s turns the private DNS of %s on, and does not wait for %s to verify the name; want it to depend on %s",
			turn.name, turn.endpoint.Name, name, name),
		privateDNSNotAwaited.If(unverified.And(begun).And(awaited.Not()), turn.at,
			"%s turns the private DNS of %s on, and %s does not wait until AWS has verified the name; "+
				"want waitForVerification true", turn.name, turn.endpoint.Name, name),
	}
}

// isUnverified asks whether a service has a private name that AWS has not
// verified yet.
func isUnverified(service *model.EndpointService) model.Truth {
	return hasPrivateName(service).And(service.NameState.Equals(model.NameVerified).Not())
}
