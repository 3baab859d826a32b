package model

import (
	"net/netip"
	"strings"
)

// Endpoint is a VPC endpoint.
type Endpoint struct {
	Element
	// Type is Interface, Gateway or GatewayLoadBalancer. The provider's default is Gateway.
	Type Known[EndpointType]
	// Service is the name of the service that the endpoint connects to.
	Service Known[string]
	// EndpointService is that service if it is an endpoint service, and not one of AWS's own services.
	EndpointService Ref[EndpointService]
	// DNSNames are the names that AWS gives to the endpoint, and its private name if private DNS is on. They are not
	// complete before the endpoint exists.
	DNSNames List[EndpointName]
	VPC      Ref[VPC]
	Subnets  Refs[Subnet]
	// Groups are its security groups. If it has none, AWS uses the VPC's default security group.
	Groups Refs[SecurityGroup]
	// PrivateDNS is whether the service's own names resolve to the endpoint in the VPC.
	PrivateDNS Truth
	// AsksPrivateDNS is whether the endpoint itself turns private DNS on, whatever a [PrivateDNSSetting] says.
	AsksPrivateDNS Truth
	// StatesPrivateDNS is whether the program turns private DNS on or off at the endpoint itself, in addition to a
	// [PrivateDNSSetting]. It is Maybe once the endpoint exists, because the provider then copies the setting's
	// effect into the endpoint.
	StatesPrivateDNS Truth
	// Accepted is whether the service has accepted the endpoint before this deployment. It is False for an endpoint
	// that does not exist yet.
	Accepted Truth
	// AcceptsItself is whether the provider accepts the endpoint as soon as it has created it. That works if the
	// service is in the same account.
	AcceptsItself Known[bool]
	// Addresses are those addresses of its network interfaces that are known. Before the deployment these are the
	// pinned addresses: the ones that the program chooses.
	Addresses []Address
	// PinsComplete is false if the program may pin other addresses too.
	PinsComplete bool
	// AddressesComplete is false if the endpoint has, or may have, other addresses.
	AddressesComplete bool
}

// Address is an address that an endpoint has in one subnet.
type Address struct {
	// IP is absent if AWS chooses the address.
	IP     Known[string]
	Subnet Ref[Subnet]
	// Listed is whether the subnet is in the endpoint's list of subnets.
	Listed Truth
}

// EndpointName is a DNS name of an endpoint, in lower case.
type EndpointName struct {
	Host string
	// Zone is the name of the Availability Zone in which the name leads to an address. It is empty if the name leads
	// to the addresses of all zones.
	// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
	Zone string
}

// PrivateDNSSetting is a dedicated resource that turns the private DNS of an
// endpoint on or off.
type PrivateDNSSetting struct {
	Element
	Endpoint Ref[Endpoint]
	On       Truth
}

// EndpointAcceptance is the consent of an endpoint service's owner to one
// endpoint.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcEndpointConnections.html
type EndpointAcceptance struct {
	Element
	Endpoint Ref[Endpoint]
}

// APIGatewayPort is the only port on which an execute-api endpoint answers.
const APIGatewayPort = 443

// EndpointType is the type of a VPC endpoint.
// https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
type EndpointType string

// Types of a VPC endpoint. Only an interface endpoint has a private name.
const (
	EndpointInterface           EndpointType = "Interface"
	EndpointGateway             EndpointType = "Gateway"
	EndpointGatewayLoadBalancer EndpointType = "GatewayLoadBalancer"
)

// executeAPI ends the name of the service through which a VPC calls API Gateway.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
const executeAPI = ".execute-api"

// endpointServiceLabel begins the last label in the name of an endpoint service.
// https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
const endpointServiceLabel = ".vpce-svc-"

// IsEndpointServiceName reports whether a service name is that of an endpoint
// service, and not that of one of AWS's own services.
func IsEndpointServiceName(service string) bool {
	return strings.Contains(service, endpointServiceLabel)
}

// IsInterface asks whether this is an interface endpoint.
func (e *Endpoint) IsInterface() Truth { return e.Type.Equals(EndpointInterface) }

// IsExecuteAPI asks whether the endpoint connects to API Gateway.
func (e *Endpoint) IsExecuteAPI() Truth {
	return e.connectsTo(func(service string) bool { return strings.HasSuffix(service, executeAPI) }, False)
}

// IsForEndpointService asks whether the endpoint connects to an endpoint
// service, and not to one of AWS's own services.
func (e *Endpoint) IsForEndpointService() Truth {
	return e.connectsTo(IsEndpointServiceName, True)
}

// connectsTo asks a question about the service's name. If the name is not known
// but the service is an endpoint service, the answer is ofEndpointService.
func (e *Endpoint) connectsTo(question func(service string) bool, ofEndpointService Truth) Truth {
	service, known := e.Service.Get()
	switch {
	case known:
		return TruthOf(question(service))
	case e.Service.IsAbsent():
		return False
	case e.EndpointService.IsClosed():
		return ofEndpointService
	}
	return Maybe
}

// PrivateName returns the name that resolves to the endpoint in its VPC while
// private DNS is on: API Gateway's name in the region, or the private name of
// an endpoint service. It is unknown for other services.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func (e *Endpoint) PrivateName() Known[string] {
	if service, certain := e.EndpointService.Sole(); certain {
		return service.PrivateName
	}
	name, _ := e.Service.Get()
	path, isAPI := strings.CutSuffix(name, executeAPI)
	if !isAPI {
		return Unknown[string]()
	}
	return Of(executeAPIDomain(path[strings.LastIndex(path, ".")+1:]))
}

// executeAPIDomain returns the domain of API Gateway's names in a region.
func executeAPIDomain(region string) string {
	domain := executeAPI[1:] + "." + region + ".amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		domain += ".cn"
	}
	return domain
}

// ExecuteAPIRegion returns the region whose APIs have their default names in a
// domain, and whether there is one.
func ExecuteAPIRegion(domain string) (region string, isRegional bool) {
	rest, _ := strings.CutPrefix(domain, executeAPI[1:]+".")
	region, _, _ = strings.Cut(rest, ".")
	return region, region != "" && domain == executeAPIDomain(region)
}

// SharesVPC asks whether two endpoints are in the same VPC, and so in the same
// region.
func (e *Endpoint) SharesVPC(o *Endpoint) Truth {
	if e.SameRegion(o.Placement) == False {
		return False
	}
	return e.VPC.Same(o.VPC)
}

// SharesNames asks whether two endpoints have the same private name.
func (e *Endpoint) SharesNames(o *Endpoint) Truth {
	if e.EndpointService.Same(o.EndpointService) == True {
		return True
	}
	mine, theirs := e.PrivateName(), o.PrivateName()
	name, known := mine.Get()
	switch {
	case mine.IsAbsent() || theirs.IsAbsent():
		return False
	case known && !theirs.IsUnknown():
		return theirs.Equals(name)
	}
	return e.sharesService(o)
}

// sharesService asks whether two endpoints have the same private name if that
// name is not known. Two endpoint services may have one private name; two of
// AWS's own services do not.
func (e *Endpoint) sharesService(o *Endpoint) Truth {
	mine, known := e.Service.Get()
	theirs, alsoKnown := o.Service.Get()
	both := e.IsForEndpointService().And(o.IsForEndpointService())
	neither := e.IsForEndpointService().Or(o.IsForEndpointService()).Not()
	switch {
	case known && alsoKnown && mine == theirs:
		return True
	case both.Or(neither) == False, known && alsoKnown && neither == True:
		return False
	}
	return Maybe
}

// Holds asks whether the endpoint has an address. While an address is unknown,
// the answer is Maybe for any address in its subnets.
func (e *Endpoint) Holds(ip string) Truth {
	holds := False
	for _, a := range e.Addresses {
		holds = holds.Or(a.IP.Equals(ip))
	}
	return holds.OrMaybeIf(!e.AddressesComplete && e.mayHaveSubnetWith(ip))
}

// mayHaveSubnetWith reports whether an address may lie in one of the endpoint's
// subnets. Text that is no address names another kind of target.
func (e *Endpoint) mayHaveSubnetWith(ip string) bool {
	address, err := netip.ParseAddr(ip)
	switch {
	case err != nil:
		return false
	case !address.Is4():
		return true
	}
	outside := func(s *Subnet) Truth {
		return askRange(s.Range, func(r netip.Prefix) Truth { return TruthOf(!r.Contains(address)) })
	}
	return e.Subnets.All(func(subnet Ref[Subnet]) Truth { return subnet.Ask(outside) }) != True
}
