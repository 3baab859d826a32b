package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointServicePrivateDNSVerified = &rule.Rule{
	ID:    "endpoint-service-private-dns-verified",
	Title: "The private DNS name of an endpoint service is verified, and its certificate covers it",
	Why: `Consumers can use the private DNS name only after AWS has seen a TXT record in public DNS
that proves control of the domain. Until then they cannot turn private DNS on ("Private DNS
can't be enabled because the service … does not provide a private DNS name"), and the name is
NXDOMAIN for them. If no certificate covers the name, each of their calls fails: "certificate
is valid for …, not …", or PKIX errors in Java.`,
	Fix: `Put privateDnsNameConfigurations[0] of the service into a TXT record of the public zone.
Start the check with aws.vpc.EndpointServicePrivateDnsVerification (dependsOn the record,
waitForVerification true). Give the TLS listener a certificate for the name.`,
	Severity: rule.High,
	Defects: []*rule.Defect{
		unverifiedNameInUse, unprovenName, proofOfOtherType, uncertifiedName, unverifiedName,
		proofNotKept,
	},
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/vpc/endpointserviceprivatednsverification/",
		"https://github.com/hashicorp/terraform-provider-aws/issues/37163",
	},
	Tags:      []string{"endpoint-service", "dns", "certificate"},
	FormerIDs: []string{"eps-private-dns-verified"},
	Check:     checkEndpointServicePrivateDNSVerified,
}

var (
	unverifiedNameInUse = &rule.Defect{
		ID: "not-verified-in-use", Summary: "An endpoint of the stack takes a private name that nothing verifies.",
		Outcome: rule.Refused,
		Effect: `AWS refuses private DNS there: "Private DNS can't be enabled because the service … does not provide ` +
			`a private DNS name".`,
	}
	unprovenName = &rule.Defect{
		ID: "not-proven", Summary: "No public zone has the TXT record that proves control of a private name.",
		Outcome: rule.Broken,
		Effect:  "AWS looks for the record in vain, so consumers cannot use the name.",
	}
	proofOfOtherType = &rule.Defect{
		ID: "proof-type", Summary: "The record with the proof of a private name is no TXT record.",
		Outcome: rule.Broken,
		Effect:  "AWS does not see the proof, so consumers cannot use the name.",
	}
	uncertifiedName = &rule.Defect{
		ID: "not-certified", Summary: "No certificate of the service's load balancers is for its private name.",
		Outcome: rule.Broken,
		Effect:  `Clients that call the service by that name fail with "certificate is valid for …, not …".`,
	}
	proofNotKept = &rule.Defect{
		ID:      "proof-not-kept",
		Summary: "The stack makes public records for a private name, but not the TXT record with its proof.",
		Outcome: rule.Risky,
		Effect: "A name that is verified stays so until AWS is asked again. A new stack of the same program cannot " +
			"verify its name, unless somebody else makes the record.",
	}
	unverifiedName = &rule.Defect{
		ID: "not-verified", Summary: "Nothing in the stack verifies the private name of an endpoint service.",
		Outcome: rule.Risky,
		Effect:  "Consumers cannot turn private DNS on until somebody starts the verification by hand.",
	}
)

func checkEndpointServicePrivateDNSVerified(s *model.Stack, r *rule.Report) {
	proofs := mayBeProofs(s)
	for _, service := range s.EndpointServices {
		if service.PrivateName.IsAbsent() {
			continue
		}
		used := isNameUsed(s, service)
		proven, misplaced := findProof(proofs, service)
		proof := unproven(s, service, proven.Not(), misplaced)
		if !proof.IsPresent() && proven != model.True {
			proof = proofHasOtherType(proofs, service, proof)
		}
		r.Judge(service.Origin,
			unverified(unverifiedNameInUse, service, used),
			unverified(unverifiedName, service, model.TruthOf(used != model.True)),
			proof,
			notKept(s, service, proven.Or(model.TruthOf(proof.IsPresent()))),
			uncertified(s, service),
		)
	}
}

// isNameUsed asks whether an endpoint of the stack takes the private name of a
// service.
func isNameUsed(s *model.Stack, service *model.EndpointService) model.Truth {
	used := model.False
	for _, e := range s.Endpoints {
		used = used.Or(answersPrivately(e).And(e.EndpointService.Names(service)))
	}
	return used
}

// unverified returns the fault of a name that AWS is never asked to verify, if
// a further condition holds.
func unverified(d *rule.Defect, service *model.EndpointService, condition model.Truth) rule.Fault {
	verified := service.NameState.Equals(model.NameVerified).Or(service.NameVerification)
	name, _ := service.PrivateName.Get()
	return d.If(hasPrivateName(service).And(verified.Not()).And(condition), service.At("privateDnsName"),
		"%s: nothing verifies its private name %s; want a TXT record and an EndpointServicePrivateDnsVerification",
		service.Name, name)
}

// mayBeProofs returns the records that may have the proof of a service's name.
func mayBeProofs(s *model.Stack) []*model.Record {
	var proofs []*model.Record
	for _, record := range s.Records {
		if !record.ProvesNameOf.IsEmpty() || record.HasProofName() {
			proofs = append(proofs, record)
		}
	}
	return proofs
}

// findProof asks whether a TXT record of a public zone has the proof of a service's name, and whether one of a private
// zone has it. Records in zones outside of the stack are assumed to be right.
func findProof(proofs []*model.Record, service *model.EndpointService) (proven, misplaced model.Truth) {
	proven, misplaced = model.False, model.False
	if service.NameProof.IsUnknown() {
		proven = model.Maybe
	}
	for _, record := range proofs {
		proves := record.ProvesNameOf.Any(func(ref model.Ref[model.EndpointService]) model.Truth {
			return ref.Names(service)
		})
		shown := record.Type.Equals(model.RecordTXT).And(proves)
		private := inPrivateZone(record)
		proven, misplaced = proven.Or(shown.And(private.Not())), misplaced.Or(shown.And(private))
	}
	return proven, misplaced
}

// notKept returns the fault of a name whose proof no record of the stack has, although the stack makes public records
// for that name and has AWS verify it.
func notKept(s *model.Stack, service *model.EndpointService, proven model.Truth) rule.Fault {
	name, known := service.PrivateName.Get()
	publishes := model.False
	for _, record := range s.Records {
		is := model.Maybe
		if host, isKnown := record.Host.Get(); isKnown && known {
			is = model.TruthOf(host == name || strings.HasSuffix(host, "."+name))
		}
		if is != model.False && record.ValidatesCertificate != model.True {
			is = is.And(s.IsPublic(record))
		}
		publishes = publishes.Or(is)
	}
	lacks := service.NameVerification.And(proven.Not()).And(publishes)
	return proofNotKept.If(hasPrivateName(service).And(lacks), service.At("privateDnsName"),
		"%s: the stack makes public records for %s, but not the TXT record that proves control of it; want a record "+
			"of privateDnsNameConfigurations[0]", service.Name, name)
}

// unproven returns the fault of a name that AWS cannot verify, because no TXT
// record of a public zone has the proof.
func unproven(s *model.Stack, service *model.EndpointService, lacks, misplaced model.Truth) rule.Fault {
	ours := model.False
	for _, z := range s.HostedZones {
		ours = ours.Or(z.IsPrivate().Not().And(z.Covers(service.PrivateName)))
	}
	waits := service.NameVerification.And(service.NameState.Equals(model.NameVerified).Not())
	name, _ := service.PrivateName.Get()
	return unprovenName.If(
		hasPrivateName(service).And(waits).And(lacks).And(ours.Or(misplaced)), service.At("privateDnsName"),
		"%s: no public zone has the TXT record that proves control of %s; want a record of "+
			"privateDnsNameConfigurations[0]",
		service.Name, name)
}

// proofHasOtherType returns the fault of a record that has the proof of a service's
// name, and is no TXT record. Without such a record, it returns another fault.
func proofHasOtherType(
	proofs []*model.Record, service *model.EndpointService, otherwise rule.Fault,
) rule.Fault {
	for _, record := range proofs {
		proves := record.ProvesNameOf.Any(func(ref model.Ref[model.EndpointService]) model.Truth {
			return ref.Names(service)
		})
		proves = proves.OrMaybeIf(service.NameProof.IsUnknown() && record.HasProofName())
		wrong := proves.And(record.Type.Equals(model.RecordTXT).Not())
		if wrong == model.False {
			continue
		}
		kind, _ := record.Type.Get()
		fault := proofOfOtherType.If(wrong, record.At("type"), "%s: record %s has its proof and the type %s; want TXT",
			service.Name, record.Name, kind)
		if wrong == model.True {
			return fault
		}
		otherwise = fault
	}
	return otherwise
}

func inPrivateZone(record *model.Record) model.Truth {
	_, known := record.Zone.Value.Get()
	if known && len(record.Zone.Candidates) == 0 {
		return model.False
	}
	return record.Zone.Ask((*model.HostedZone).IsPrivate)
}

// uncertified returns the fault of a name that no certificate of the service
// covers. If a listener passes TLS through, its targets have the certificate.
func uncertified(s *model.Stack, service *model.EndpointService) rule.Fault {
	name, known := service.PrivateName.Get()
	endsTLS, covered := model.False, model.False
	at := service.At("privateDnsName")
	for _, l := range s.ListenersOf(service) {
		covers := model.Maybe
		if known {
			covers = l.Covers(name).And(l.Protocol.Equals(model.ProtocolTLS))
		}
		if l.EndsTLS() == model.True {
			at = l.At("certificateArn")
		}
		passes := l.Protocol.Equals(model.ProtocolTLS).Not().AtMostMaybe()
		endsTLS, covered = endsTLS.Or(l.EndsTLS()), covered.Or(covers).Or(passes)
	}
	return uncertifiedName.If(hasPrivateName(service).And(endsTLS).And(covered.Not()), at,
		"%s: no certificate of its load balancers is for its private name %s; want one that covers it", service.Name,
		name)
}

// hasPrivateName asks whether the service has a private name.
func hasPrivateName(service *model.EndpointService) model.Truth {
	return rule.Unset(service.PrivateName).Not()
}
