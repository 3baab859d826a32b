package decode

import "private-api-blueprints/policy/model"

var privateLinkReaders = map[string]reader{
	"aws:apigateway/vpcLink:VpcLink":                                                      {make: (*builder).makeVPCLink, link: (*builder).linkVPCLink},
	"aws:apigatewayv2/vpcLink:VpcLink":                                                    {make: (*builder).makeVPCLink},
	"aws:ec2/vpcEndpointService:VpcEndpointService":                                       {make: (*builder).makeEndpointService, link: (*builder).linkEndpointService},
	"aws:vpc/endpointServicePrivateDnsVerification:EndpointServicePrivateDnsVerification": {link: (*builder).linkNameVerification},
	"aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple":       {link: (*builder).linkPrincipal},
}

func (b *builder) makeVPCLink(n *node) {
	b.vpcLinks.add(n, &model.VPCLink{Element: n.element()})
}

func (b *builder) linkVPCLink(n *node) {
	elementOf(b.vpcLinks, n).Target = b.loadBalancers.ref(n, "targetArn")
}

func (b *builder) makeEndpointService(n *node) {
	principals, addresses := n.get("allowedPrincipals").list(), n.get("supportedIpAddressTypes").list()
	service := &model.EndpointService{
		Element:              n.element(),
		AcceptanceRequired:   n.get("acceptanceRequired").boolean(),
		Principals:           texts[string](principals),
		PrincipalsComplete:   !principals.open,
		PrivateName:          host(n.get("privateDnsName")),
		AddressTypes:         texts[model.IPAddressType](addresses),
		AddressTypesComplete: !addresses.open,
		NameVerification:     model.False,
	}
	service.Tags, service.TagsComplete = n.get("tags").words()
	if len(service.AddressTypes) == 0 && service.AddressTypesComplete {
		service.AddressTypes = []model.Known[model.IPAddressType]{model.Of(model.IPv4)}
	}
	b.endpointServices.add(n, service)
	b.addNameProof(n, service)
}

// addNameProof reads what AWS wants to see in a TXT record, and whether it has.
func (b *builder) addNameProof(n *node, service *model.EndpointService) {
	proofs := n.get("privateDnsNameConfigurations").list()
	if proofs.open {
		service.NameState, service.NameProof = model.Unknown[model.NameState](), model.Unknown[string]()
	}
	for _, proof := range proofs.items {
		service.NameState, service.NameProof = as[model.NameState](proof.field("state").str()), proof.field("value").str()
		b.endpointServices.addHost(service, service.NameProof)
	}
}

func (b *builder) linkNameVerification(n *node) {
	service := b.endpointServices.ref(n, "serviceId")
	for _, s := range service.Among(b.endpointServices.all) {
		s.NameVerification = s.NameVerification.Or(service.Names(s))
	}
}

func (b *builder) linkEndpointService(n *node) {
	elementOf(b.endpointServices, n).LoadBalancers = b.loadBalancers.refs(n, "networkLoadBalancerArns", "")
}

// linkPrincipal reads a permission that is a resource of its own. Its type is
// misspelled in the provider.
func (b *builder) linkPrincipal(n *node) {
	service := b.endpointServices.ref(n, "vpcEndpointServiceId")
	for _, s := range service.Among(b.endpointServices.all) {
		if service.Names(s) == model.True {
			s.Principals = append(s.Principals, n.get("principalArn").str())
		} else {
			s.PrincipalsComplete = false
		}
	}
}
