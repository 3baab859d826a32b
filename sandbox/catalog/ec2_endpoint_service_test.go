package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func serviceThings() map[string]thing {
	return map[string]thing{
		"service nlb": {loadBalancerType, func(w *world) props {
			return props{"name": "service", "loadBalancerType": "network", "internal": true, "subnets": []any{w.id("subnet a"), w.id("subnet b")}}
		}},
		"service": {endpointServiceType, service(props{"acceptanceRequired": false, "privateDnsName": "h2.example.com"})},
		"second service": {endpointServiceType, func(w *world) props {
			return props{"acceptanceRequired": false, "networkLoadBalancerArns": []any{w.id("second nlb")}}
		}},
		"dual service": {endpointServiceType, func(w *world) props {
			return props{"acceptanceRequired": false, "networkLoadBalancerArns": []any{w.id("dual nlb")}, "supportedIpAddressTypes": []any{"ipv4", "ipv6"}}
		}},
		"twin service": {endpointServiceType, func(w *world) props {
			return props{"acceptanceRequired": false, "privateDnsName": "h2.example.com", "networkLoadBalancerArns": []any{w.id("nlb")}}
		}},
		"service record":      {recordType, proof("service")},
		"twin record":         {recordType, proof("twin service")},
		"verification":        {nameVerificationType, verification("service")},
		"twin verification":   {nameVerificationType, verification("twin service")},
		"consumer subnet a":   {subnetType, subnetIn("other vpc", "10.1.1.0/24", "us-east-1a")},
		"consumer subnet c":   {subnetType, subnetIn("other vpc", "10.1.3.0/24", "us-east-1c")},
		"service endpoint":    {vpcEndpointType, serviceEndpoint("service", false)},
		"named endpoint":      {vpcEndpointType, serviceEndpoint("service", true)},
		"second named":        {vpcEndpointType, serviceEndpoint("service", false)},
		"twin endpoint":       {vpcEndpointType, serviceEndpoint("twin service", false)},
		"dual consumer":       {vpcEndpointType, dualConsumer},
		"guarded service":     {endpointServiceType, service(props{"acceptanceRequired": true, "privateDnsName": "h2.example.com"})},
		"guarded record":      {recordType, proof("guarded service")},
		"guarded proof":       {nameVerificationType, verification("guarded service")},
		"waiting endpoint":    {vpcEndpointType, serviceEndpoint("guarded service", false)},
		"endpoint accepter":   {endpointAccepterType, accepter("guarded service", "waiting endpoint")},
		"private dns":         {endpointPrivateDNSType, privateDNS("waiting endpoint")},
		"twin private dns":    {endpointPrivateDNSType, privateDNS("twin endpoint")},
		"private zone for h2": {zoneType, zoneIn("h2.example.com", "other vpc")},
	}
}

func service(inputs props) func(*world) props {
	return func(w *world) props {
		all := inputs.Clone()
		all["networkLoadBalancerArns"] = []any{w.id("service nlb")}
		all["allowedPrincipals"] = []any{"arn:aws:iam::123456789012:root"}
		return all
	}
}

func serviceEndpoint(service string, privateDNS bool) func(*world) props {
	return func(w *world) props {
		if privateDNS {
			w.id("verification")
		}
		return props{"vpcId": w.id("other vpc"), "serviceName": w.out(service, "serviceName"), "vpcEndpointType": "Interface",
			"subnetIds": []any{w.id("consumer subnet a"), w.id("other subnet b")}, "privateDnsEnabled": privateDNS}
	}
}

func dualConsumer(w *world) props {
	return props{"vpcId": w.id("dual vpc"), "serviceName": w.out("dual service", "serviceName"), "vpcEndpointType": "Interface",
		"subnetIds": []any{w.id("dual subnet a")}, "ipAddressType": "dualstack"}
}

func proof(service string) func(*world) props {
	return func(w *world) props {
		asked := w.object(service).Computed.Objects("privateDnsNameConfigurations")[0]
		return props{"zoneId": existingZone, "name": asked.String("name"), "type": "TXT", "ttl": 1800.0, "records": []any{asked.String("value")}}
	}
}

func verification(service string) func(*world) props {
	record := map[string]string{"service": "service record", "twin service": "twin record", "guarded service": "guarded record"}[service]
	return func(w *world) props {
		w.id(record)
		return props{"serviceId": w.id(service), "waitForVerification": true}
	}
}

func accepter(service, endpoint string) func(*world) props {
	return func(w *world) props {
		return props{"vpcEndpointServiceId": w.id(service), "vpcEndpointId": w.id(endpoint)}
	}
}

func privateDNS(endpoint string) func(*world) props {
	return func(w *world) props {
		if endpoint == "waiting endpoint" {
			w.id("guarded proof")
			w.id("endpoint accepter")
		} else {
			w.id("twin verification")
		}
		return props{"vpcEndpointId": w.id(endpoint), "privateDnsEnabled": true}
	}
}

func zoneIn(name, vpc string) func(*world) props {
	return func(w *world) props {
		return props{"name": name, "vpcs": []any{map[string]any{"vpcId": w.id(vpc)}}}
	}
}

var serviceRefusals = []refusalRow{
	{why: "a service of no load balancer", code: "InvalidParameter", says: "exactly one of network_load_balancer_arn or", thing: "service", change: without("networkLoadBalancerArns")},
	{why: "a service of an application load balancer", code: "InvalidParameter", says: "is of type application, not network", thing: "service", change: ids("networkLoadBalancerArns", "alb")},
	{why: "a service of a load balancer that is not there", code: "InvalidParameter", says: "loadbalancer/net/x/0000000000000000' does not exist", thing: "service",
		change: set("networkLoadBalancerArns", []any{"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/x/0000000000000000"})},
	{why: "a load balancer of another service", code: "FAILED", says: "NLB is already associated with another VPC Endpoint Service", thing: "second service", after: "service", change: ids("networkLoadBalancerArns", "service nlb")},
	{why: "an account's number as principal", code: "InvalidPrincipal", says: "Invalid Principal: '123456789012", thing: "service", change: set("allowedPrincipals", []any{"123456789012"})},
	{why: "IPv6 of an IPv4 load balancer", code: "InvalidParameter", says: "IP address type ipv6 is not supported by Network Load Balancer", thing: "service", change: set("supportedIpAddressTypes", []any{"ipv4", "ipv6"})},
	{why: "an unknown kind of addresses", code: "InvalidParameter", says: "which is neither ipv4 nor ipv6", thing: "dual service", change: set("supportedIpAddressTypes", []any{"dualstack"})},
	{why: "rules for PrivateLink without security groups", code: "InvalidConfigurationRequest", says: "Network Load Balancer 'service' was created without security", thing: "service nlb",
		change: set("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off")},
	{why: "rules for PrivateLink that are neither on nor off", code: "ValidationError", says: "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic is", thing: "nlb with group",
		change: set("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "false")},
	{why: "verification of a service without a name", code: "InvalidParameter", says: "has no private DNS name to verify", thing: "verification", change: id("serviceId", "second service")},
	{why: "verification before the record exists", code: "failed", says: "wanted target 'verified': no public zone has its TXT record", thing: "verification", change: func(w *world) props {
		require.NoError(w.t, w.delete("service record"))
		return nil
	}},
	{why: "verification by another value", code: "failed", says: "wanted target 'verified': no public zone has its TXT record", thing: "verification", change: func(w *world) props {
		require.NoError(w.t, w.update("service record", w.changed("service record", props{"records": []any{"vpce:x"}})))
		return nil
	}},
	{why: "verification of a service that is not there", code: "InvalidVpcEndpointServiceId.NotFound", says: "The VpcEndpointService Id 'vpce-svc-00000000000000000' does not", thing: "verification", change: set("serviceId", "vpce-svc-00000000000000000")},
	{why: "an endpoint of a service that is not there", code: "InvalidServiceName", says: "vpce-svc-00000000000000000' does not exist", thing: "service endpoint",
		change: set("serviceName", "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000000")},
	{why: "an endpoint of another region's service", code: "InvalidServiceName", says: "The Vpc Endpoint Service 'com.amazonaws.vpce.us-east-1", thing: "service endpoint", change: set("serviceRegion", "eu-west-1")},
	{why: "a subnet in a zone that the service lacks", code: "InvalidParameter", says: "does not support the availability zone of the subnet", thing: "service endpoint", change: ids("subnetIds", "consumer subnet c")},
	{why: "a gateway endpoint of an endpoint service", code: "InvalidParameter", says: "Endpoint type (Gateway) does not match available service types", thing: "service endpoint", change: set("vpcEndpointType", "Gateway")},
	{why: "a dualstack endpoint of an IPv4 service", code: "InvalidParameter", says: "IP address type dualstack is not supported by the VPC endpoint", thing: "dual consumer", change: func(w *world) props {
		return props{"serviceName": w.out("service", "serviceName")}
	}},
	{why: "private DNS of a service without a name", code: "InvalidParameter", says: "Private DNS can't be enabled because the service", thing: "service endpoint", change: func(w *world) props {
		return props{"serviceName": w.out("second service", "serviceName"), "subnetIds": []any{w.id("consumer subnet a")}, "privateDnsEnabled": true}
	}},
	{why: "private DNS of a name that is not verified", code: "InvalidParameter", says: "Private DNS can't be enabled because the service", thing: "service endpoint", change: set("privateDnsEnabled", true)},
	{why: "private DNS of a connection that waits for acceptance", code: "InvalidParameter", says: "Private DNS can only be enabled after the endpoint connection", thing: "waiting endpoint", after: "guarded proof",
		change: set("privateDnsEnabled", true)},
	{why: "the same private name twice in a VPC", code: "InvalidParameter", says: "already a conflicting DNS domain for h2.example.com", thing: "second named", after: "named endpoint", change: set("privateDnsEnabled", true)},
	{why: "two services' same private name in a VPC", code: "InvalidParameter", says: "already a conflicting DNS domain for h2.example.com", thing: "twin private dns", change: func(w *world) props {
		w.id("named endpoint")
		return nil
	}},
	{why: "private DNS turned on before acceptance", code: "InvalidParameter", says: "Private DNS can only be enabled after the endpoint connection", thing: "private dns", change: func(w *world) props {
		require.NoError(w.t, w.delete("endpoint accepter"))
		return nil
	}},
	{why: "private DNS turned on beside a private zone of that name", code: "InvalidParameter", says: "already a conflicting DNS domain for h2.example.com", thing: "private dns", change: func(w *world) props {
		w.id("private zone for h2")
		return nil
	}},
	{why: "private DNS turned on beside an associated zone of that name", code: "InvalidParameter", says: "already a conflicting DNS domain for h2.example.com", thing: "private dns", change: func(w *world) props {
		_, err := w.create("zone association", w.changed("zone association", props{"zoneId": h2Zone(w)}))
		require.NoError(w.t, err)
		return nil
	}},
	{why: "private DNS of an endpoint beside a zone of that name", code: "InvalidParameter", says: "already a conflicting DNS domain for h2.example.com", thing: "named endpoint", change: func(w *world) props {
		w.id("private zone for h2")
		return nil
	}},
	{why: "a private zone beside private DNS of that name", code: "ConflictingDomainExists", says: "has already been associated with the hosted zone of", thing: "private zone for h2", change: func(w *world) props {
		w.id("private dns")
		return nil
	}},
	{why: "an accepter of another service's endpoint", code: "InvalidVpcEndpointId.NotFound", says: "does not exist: it is no connection of the service", thing: "endpoint accepter", change: id("vpcEndpointServiceId", "second service")},
}

func TestServiceIsWhereItsLoadBalancersAre(t *testing.T) {
	w := newWorld(t)
	out := w.object("service").Outputs()
	assert.Equal(t, "com.amazonaws.vpce.us-east-1."+w.id("service"), out.String("serviceName"))
	assert.Equal(t, []string{"us-east-1a", "us-east-1b"}, out.Strings("availabilityZones"))
	assert.Equal(t, []string{w.id("service") + ".us-east-1.vpce.amazonaws.com"}, out.Strings("baseEndpointDnsNames"))
	assert.Regexp(t, `^vpce-svc-[0-9a-f]{17}$`, out.String("id"))
}

func TestPrivateNameOfAServiceMustBeProven(t *testing.T) {
	w := newWorld(t)
	asked := w.object("service").Outputs().Objects("privateDnsNameConfigurations")[0]
	assert.Equal(t, "pendingVerification", asked.String("state"))
	assert.Regexp(t, `^_[a-z0-9]{20}$`, asked.String("name"))
	assert.Regexp(t, `^vpce:[a-z0-9]{20}$`, asked.String("value"))

	w.id("verification")
	proven := w.object("service").Outputs().Objects("privateDnsNameConfigurations")[0]
	assert.Equal(t, "verified", proven.String("state"))
	assert.Equal(t, asked["value"], proven["value"])

	require.NoError(t, w.update("service", w.changed("service", props{"privateDnsName": "other.example.com"})))
	again := w.object("service").Outputs().Objects("privateDnsNameConfigurations")[0]
	assert.Equal(t, "pendingVerification", again.String("state"), "another name needs another proof")
	assert.NotEqual(t, asked["value"], again["value"])
}

func TestProofMayBeUnderTheNameOrADomainAboveIt(t *testing.T) {
	for _, name := range []string{"LABEL.h2.example.com", "LABEL.example.com", "h2.example.com", "example.com"} {
		w := newWorld(t)
		record := w.changed("service record", nil)
		label := record["name"].(string)
		record["name"] = map[bool]string{true: label + name[len("LABEL"):], false: name}[name[0] == 'L']
		_, err := w.create("service record", record)
		require.NoError(t, err)
		_, err = w.create("verification", props{"serviceId": w.id("service"), "waitForVerification": true})
		assert.NoError(t, err, name)
	}
}

func TestVerificationThatNobodyWaitsForIsNotRefused(t *testing.T) {
	w := newWorld(t)
	_, err := w.create("verification", props{"serviceId": w.id("service")})
	require.NoError(t, err)
	assert.Equal(t, []string{"pendingVerification"}, w.object("service").Outputs().StringsAt("privateDnsNameConfigurations[].state"))
}

func TestEndpointNamesOfAService(t *testing.T) {
	w := newWorld(t)
	names := w.object("named endpoint").Outputs().StringsAt("dnsEntries[].dnsName")
	require.Len(t, names, 4)
	assert.Regexp(t, `^vpce-[0-9a-f]{17}-[0-9a-f]{8}\.`+w.id("service")+`\.us-east-1\.vpce\.amazonaws\.com$`, names[0])
	assert.Contains(t, names[1], "-us-east-1a."+w.id("service"))
	assert.Equal(t, "h2.example.com", names[3], "and no wildcard")
}

func TestConnectionWaitsForAcceptanceAndThenTakesItsPrivateName(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "pendingAcceptance", w.out("waiting endpoint", "state"))
	assert.Equal(t, "available", w.out("endpoint accepter", "vpcEndpointState"))
	assert.Equal(t, "available", w.out("waiting endpoint", "state"))

	w.id("private dns")
	assert.Contains(t, w.object("waiting endpoint").Outputs().StringsAt("dnsEntries[].dnsName"), "h2.example.com")
	inputs := w.changed("waiting endpoint", props{"privateDnsEnabled": nil, "tags": map[string]any{"a": "b"}})
	require.NoError(t, w.update("waiting endpoint", inputs))
	assert.Contains(t, w.object("waiting endpoint").Outputs().StringsAt("dnsEntries[].dnsName"), "h2.example.com",
		"an endpoint that says nothing of private DNS leaves it to the other resource")

	require.NoError(t, w.delete("private dns"))
	require.NoError(t, w.delete("endpoint accepter"))
	assert.Equal(t, "rejected", w.out("waiting endpoint", "state"))
	require.NoError(t, w.delete("guarded service"), "what was rejected holds no service")
}

// A program may retain the accepter, so that a service that no longer asks for
// acceptance keeps its endpoints.
func TestConsentGoesWithTheEndpoint(t *testing.T) {
	w := newWorld(t)
	w.id("endpoint accepter")
	require.NoError(t, w.delete("waiting endpoint"))
	assert.Empty(t, ofType(w.account, endpointAccepterType))
}

func TestEndpointOfOnesOwnServiceAcceptsItself(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("waiting endpoint", w.changed("waiting endpoint", props{"autoAccept": true}))
	require.NoError(t, err)
	assert.Equal(t, "available", find(w.account, vpcEndpointType, id).Output("state"))
}
