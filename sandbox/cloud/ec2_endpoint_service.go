package cloud

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

const (
	endpointServiceType    = "aws:ec2/vpcEndpointService:VpcEndpointService"
	endpointAccepterType   = "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter"
	nameVerificationType   = "aws:vpc/endpointServicePrivateDnsVerification:EndpointServicePrivateDnsVerification"
	endpointPrivateDNSType = "aws:vpc/endpointPrivateDns:EndpointPrivateDns"
)

// Where the rules of endpoint services are written.
const (
	createService = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpointServiceConfiguration.html"
	shareService  = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html"
)

func endpointServiceKind() *Kind {
	return &Kind{
		Token:    endpointServiceType,
		Required: words("acceptanceRequired"),
		Optional: words(`allowedPrincipals gatewayLoadBalancerArns networkLoadBalancerArns privateDnsName
			supportedIpAddressTypes supportedRegions tags`),
		Computed: words(`allowedPrincipals arn availabilityZones baseEndpointDnsNames managesVpcEndpoints privateDnsName
			privateDnsNameConfigurations serviceName serviceType state supportedIpAddressTypes supportedRegions`),
		Sets:    words("allowedPrincipals gatewayLoadBalancerArns networkLoadBalancerArns supportedIpAddressTypes supportedRegions"),
		id:      hexID("vpce-svc-"),
		missing: Refusal{"InvalidVpcEndpointServiceId.NotFound", "The VpcEndpointService Id '%s' does not exist", ec2Errors},
		holds:   map[string]string{"networkLoadBalancerArns[]": loadBalancerType},
		absent: map[string]Refusal{"networkLoadBalancerArns[]": {"InvalidParameter",
			"The Network Load Balancer '%s' does not exist",
			createService}},
		fills: props{"allowedPrincipals": []any{}, "managesVpcEndpoints": false, "privateDnsName": "",
			"privateDnsNameConfigurations": []any{}, "serviceType": "Interface", "state": "Available"},
		check:   inOrder(serviceBalancerCheck, principalsCheck, serviceAddressCheck, serviceOwnerCheck),
		born:    endpointServiceBorn,
		derive:  endpointServiceDerive,
		release: endpointServiceRelease,
	}
}

func serviceBalancerCheck(c *call) error {
	arns := c.in().strings("networkLoadBalancerArns")
	if len(arns) == 0 {
		return Refusal{"InvalidParameter",
			"exactly one of network_load_balancer_arn or gateway_load_balancer_arn is a required member",
			"https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1859"}.with()
	}
	for _, arn := range arns {
		if kind := c.find(loadBalancerType, arn, c.region).Inputs.str("loadBalancerType"); kind != "network" {
			return Refusal{"InvalidParameter", "Load balancer %s is of type %s, not network", createService}.with(arn, kind)
		}
	}
	return nil
}

// principal is an account, a role, a user, or everybody.
var principal = regexp.MustCompile(`^(\*|arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/.+))$`)

func principalsCheck(c *call) error {
	for _, p := range c.in().strings("allowedPrincipals") {
		if !principal.MatchString(p) {
			return Refusal{"InvalidPrincipal",
				"Invalid Principal: '%s'",
				"https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html"}.with(p)
		}
	}
	return nil
}

// serviceAddressCheck: a service for IPv6 has dualstack load balancers only.
func serviceAddressCheck(c *call) error {
	types := c.in().strings("supportedIpAddressTypes")
	for _, t := range types {
		if t != "ipv4" && t != "ipv6" {
			return Refusal{"InvalidParameter", "supportedIpAddressTypes has %s, which is neither ipv4 nor ipv6", createService}.with(t)
		}
	}
	for _, arn := range c.in().strings("networkLoadBalancerArns") {
		if balancer := c.find(loadBalancerType, arn, c.region); slices.Contains(types, "ipv6") && balancer.out("ipAddressType") != "dualstack" {
			return Refusal{"InvalidParameter", "IP address type ipv6 is not supported by Network Load Balancer %s, which is not dualstack",
				"https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html"}.with(arn)
		}
	}
	return nil
}

func serviceOwnerCheck(c *call) error {
	for _, arn := range c.in().strings("networkLoadBalancerArns") {
		if c.linkOwner(arn) != nil {
			return alreadyAssociated.with(arn)
		}
	}
	return nil
}

var alreadyAssociated = Refusal{"FAILED",
	"NLB is already associated with another VPC Endpoint Service: %s",
	"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html"}

// linkOwner gives what else offers a network load balancer through
// PrivateLink: an endpoint service, be it one of a VPC link.
func (c *call) linkOwner(arn string) *Object {
	for _, service := range c.others(endpointServiceType) {
		if slices.Contains(service.Inputs.strings("networkLoadBalancerArns"), arn) {
			return service
		}
	}
	for _, link := range c.others(vpcLinkType) {
		if link.Inputs.str("targetArn") == arn {
			return link
		}
	}
	return nil
}

func endpointServiceBorn(c *call) error {
	c.set("arn", c.arn("ec2", "vpc-endpoint-service/"+c.obj.ID))
	c.set("baseEndpointDnsNames", []any{c.obj.ID + "." + c.region + ".vpce.amazonaws.com"})
	c.set("serviceName", "com.amazonaws.vpce."+c.region+"."+c.obj.ID)
	return nil
}

func endpointServiceDerive(c *call) error {
	c.set("availabilityZones", list(c.serviceZones(c.obj)))
	c.fill("supportedIpAddressTypes", []any{"ipv4"})
	c.fill("supportedRegions", []any{c.region})
	return serviceNameDerive(c)
}

// serviceZones are the zones that the load balancers of a service are in.
func (c *call) serviceZones(service *Object) []string {
	zones := map[string]bool{}
	for _, arn := range service.Inputs.strings("networkLoadBalancerArns") {
		for _, eni := range c.find(loadBalancerType, arn, service.Region).Interfaces {
			zones[c.find(subnetType, eni.Subnet, service.Region).Computed.str("availabilityZone")] = true
		}
	}
	return slices.Sorted(maps.Keys(zones))
}

// serviceNameDerive asks for a proof of control of the private DNS name. A new
// name needs a new one.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func serviceNameDerive(c *call) error {
	name := c.in().str("privateDnsName")
	switch {
	case name == "":
		delete(c.obj.Computed, "privateDnsNameConfigurations")
	case name != c.obj.Private.str("challenged"):
		alphabet := "abcdefghijklmnopqrstuvwxyz0123456789"
		state := "pendingVerification"
		if c.obj.Private.flag("verified") {
			state = "verified"
		}
		c.set("privateDnsNameConfigurations", []any{map[string]any{"name": "_" + c.letters(20, alphabet), "type": "TXT",
			"value": "vpce:" + c.letters(20, alphabet), "state": state}})
	}
	delete(c.obj.Private, "verified")
	c.obj.Private["challenged"] = name
	return nil
}

// endpointServiceRelease refuses while endpoints use the service.
func endpointServiceRelease(c *call) error {
	for _, endpoint := range c.all(vpcEndpointType) {
		if endpoint.Inputs.str("serviceName") == c.obj.Computed.str("serviceName") && endpoint.out("state") != "rejected" {
			return Refusal{"ExistingVpcEndpointConnections",
				"Service has existing active VPC Endpoint connections! (%s)",
				"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpointServiceConfigurations.html"}.with(endpoint.ID)
		}
	}
	return nil
}

// endpointService finds an endpoint service of the account by its name, such
// as com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0; or nil.
func (c *call) endpointService(name string) *Object {
	rest, ok := strings.CutPrefix(name, "com.amazonaws.vpce.")
	region, id, _ := strings.Cut(rest, ".")
	if !ok {
		return nil
	}
	return c.find(endpointServiceType, id, region)
}

// endpointServiceCheck believes in every service of AWS, and in no endpoint
// service that the account does not have.
func endpointServiceCheck(c *call) error {
	name := c.in().str("serviceName")
	if !strings.HasPrefix(name, "com.amazonaws.vpce.") {
		return nil
	}
	service := c.endpointService(name)
	if service == nil || !slices.Contains(service.outputs().strings("supportedRegions"), c.region) ||
		service.Region != c.in().or("serviceRegion", c.region) {
		return Refusal{"InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", createEndpoint}.with(name)
	}
	return nil
}

// serviceZoneCheck refuses subnets in zones that the service is not in. A
// service of another region is in none.
func (c *call) serviceZoneCheck() error {
	service := c.endpointService(c.in().str("serviceName"))
	if service == nil || service.Region != c.region {
		return nil
	}
	for _, id := range c.in().strings("subnetIds") {
		zone := c.find(subnetType, id, c.region).Computed.str("availabilityZone")
		if !slices.Contains(c.serviceZones(service), zone) {
			return Refusal{"InvalidParameter",
				"The VPC endpoint service %s does not support the availability zone of the subnet: %s.",
				"https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/785"}.with(c.in().str("serviceName"), id)
		}
	}
	return nil
}

func (c *call) serviceFamilyCheck(family string) error {
	service := c.endpointService(c.in().str("serviceName"))
	if service == nil {
		return nil
	}
	wanted := []string{family}
	if family == "dualstack" {
		wanted = words("ipv4 ipv6")
	}
	for _, one := range wanted {
		if !slices.Contains(service.outputs().strings("supportedIpAddressTypes"), one) {
			return Refusal{"InvalidParameter",
				"IP address type %s is not supported by the VPC endpoint service %s",
				"https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html"}.with(family, c.in().str("serviceName"))
		}
	}
	return nil
}

// servicePrivateDNSCheck: only a verified name can be a private DNS name, and
// only of a connection that was accepted.
func (c *call) servicePrivateDNSCheck(endpoint *Object) error {
	name := endpoint.Inputs.str("serviceName")
	service := c.endpointService(name)
	if service == nil {
		return nil
	}
	if !verified(service) {
		return Refusal{"InvalidParameter",
			"Private DNS can't be enabled because the service %s does not provide a private DNS name.",
			"https://github.com/vespa-engine/vespa/pull/33303"}.with(name)
	}
	waiting := service.Inputs.flag("acceptanceRequired")
	if state := endpoint.Computed.str("state"); state != "" {
		waiting = state != "available"
	}
	if waiting {
		return Refusal{"InvalidParameter",
			"Private DNS can only be enabled after the endpoint connection is accepted by the owner of %s",
			"https://github.com/hashicorp/terraform-provider-aws/pull/37628"}.with(name)
	}
	return nil
}

// endpointAccepterKind is the owner's consent to a connection. To delete it
// rejects the connection.
func endpointAccepterKind() *Kind {
	return &Kind{
		Token:    endpointAccepterType,
		Required: words("vpcEndpointId vpcEndpointServiceId"),
		Computed: words("vpcEndpointState"),
		Replace:  words("vpcEndpointId vpcEndpointServiceId"),
		id: func(c *call) string {
			return c.in().str("vpcEndpointServiceId") + "_" + c.in().str("vpcEndpointId")
		},
		overwrites: true,
		refs:       map[string]string{"vpcEndpointId": vpcEndpointType, "vpcEndpointServiceId": endpointServiceType},
		check: func(c *call) error {
			service, endpoint := c.in().str("vpcEndpointServiceId"), c.in().str("vpcEndpointId")
			if !strings.HasSuffix(c.find(vpcEndpointType, endpoint, "").Inputs.str("serviceName"), "."+service) {
				return Refusal{"InvalidVpcEndpointId.NotFound",
					"The Vpc Endpoint Id '%s' does not exist: it is no connection of the service %s",
					"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcEndpointConnections.html"}.with(endpoint, service)
			}
			return nil
		},
		born: func(c *call) error {
			c.connection("available")
			c.set("vpcEndpointState", "available")
			return nil
		},
		gone: func(c *call) { c.connection("rejected") },
	}
}

// connection gives a state to the endpoint that an accepter is for.
func (c *call) connection(state string) {
	if endpoint := c.find(vpcEndpointType, c.in().str("vpcEndpointId"), ""); endpoint != nil {
		endpoint.Computed["state"] = state
	}
}

// nameVerificationKind starts the verification of a service's private DNS
// name. To delete it changes nothing, as with the real provider.
func nameVerificationKind() *Kind {
	return &Kind{
		Token:      nameVerificationType,
		Required:   words("serviceId"),
		Optional:   words("timeouts waitForVerification"),
		Replace:    words("serviceId"),
		overwrites: true,
		id:         input("serviceId"),
		refs:       map[string]string{"serviceId": endpointServiceType},
		check:      nameVerificationCheck,
		born: func(c *call) error {
			service := c.find(endpointServiceType, c.in().str("serviceId"), c.region)
			if c.nameProven(service) {
				configuration := service.Computed.objects("privateDnsNameConfigurations")[0].clone()
				configuration["state"] = "verified"
				service.Computed["privateDnsNameConfigurations"] = []any{map[string]any(configuration)}
			}
			return nil
		},
	}
}

// nameVerificationCheck does not wait for 30 minutes, as the provider does,
// before it says that AWS found no record.
func nameVerificationCheck(c *call) error {
	service := c.find(endpointServiceType, c.in().str("serviceId"), c.region)
	switch {
	case !service.Inputs.has("privateDnsName"):
		return Refusal{"InvalidParameter",
			"The service %s has no private DNS name to verify",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartVpcEndpointServicePrivateDnsVerification.html"}.with(service.ID)
	case c.created() && c.in().flag("waitForVerification") && !c.nameProven(service):
		return Refusal{"failed",
			"waiting for VPC Endpoint Service Private DNS Verification (%s): unexpected state 'failed', wanted target 'verified': " +
				"no public zone has its TXT record",
			manageDNSNames}.with(service.ID)
	}
	return nil
}

// nameProven looks for the TXT record in the public zones of the account: at
// the label that AWS asks for, under the name or a domain above it, or at one
// of these itself. https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func (c *call) nameProven(service *Object) bool {
	configurations := service.Computed.objects("privateDnsNameConfigurations")
	domain := strings.TrimPrefix(canonical(service.out("privateDnsName")), "*.")
	for len(configurations) > 0 && strings.Contains(domain, ".") {
		label, value := configurations[0].str("name"), configurations[0].str("value")
		if c.publicRecord(label+"."+domain, "TXT", value) || c.publicRecord(domain, "TXT", value) {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return verified(service)
}

// verified tells whether consumers can use the private DNS name of a service.
func verified(service *Object) bool {
	return slices.Contains(service.Computed.gather("privateDnsNameConfigurations[].state"), "verified")
}

// endpointPrivateDNSKind enables private DNS of an endpoint apart from it, once
// its connection is accepted. To delete it changes nothing, as with the real
// provider.
func endpointPrivateDNSKind() *Kind {
	return &Kind{
		Token:      endpointPrivateDNSType,
		Required:   words("privateDnsEnabled vpcEndpointId"),
		Replace:    words("vpcEndpointId"),
		overwrites: true,
		id:         input("vpcEndpointId"),
		refs:       map[string]string{"vpcEndpointId": vpcEndpointType},
		check: func(c *call) error {
			if !c.in().flag("privateDnsEnabled") {
				return nil
			}
			return c.privateDNSCheck(c.find(vpcEndpointType, c.in().str("vpcEndpointId"), c.region))
		},
		derive: func(c *call) error {
			endpoint := c.find(vpcEndpointType, c.in().str("vpcEndpointId"), c.region)
			endpoint.Computed["privateDnsEnabled"] = c.in().flag("privateDnsEnabled")
			endpoint.Computed["dnsEntries"] = c.endpointNames(endpoint)
			return nil
		},
	}
}
