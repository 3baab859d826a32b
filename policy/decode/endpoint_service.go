package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeEndpointService(n *node) {
	service := &model.EndpointService{
		Element:            n.element(),
		AcceptanceRequired: n.get("acceptanceRequired").boolean(),
		Principals:         texts[string](n.get("allowedPrincipals").list()),
		PrivateName:        n.get("privateDnsName").host(),
		AddressTypes:       texts[model.IPAddressType](n.get("supportedIpAddressTypes").list()),
		NameVerification:   model.False,
		Tags:               n.get("tags").words(),
	}
	if len(service.AddressTypes.Items) == 0 && service.AddressTypes.Complete {
		service.AddressTypes.Items = []model.Known[model.IPAddressType]{model.Of(model.IPv4)}
	}
	b.stack.EndpointServices = b.endpointServices.add(n, service)
	b.addNameProof(n, service)
}

// addNameProof reads the text that AWS expects in a TXT record, and whether AWS
// has found it.
func (b *builder) addNameProof(n *node, service *model.EndpointService) {
	proofs := n.get("privateDnsNameConfigurations").list()
	if proofs.open {
		service.NameState, service.NameProof = model.Unknown[model.NameState](), model.Unknown[string]()
	}
	for _, proof := range proofs.items {
		service.NameState, service.NameProof = text[model.NameState](proof.field("state")), proof.field("value").str()
		b.endpointServices.addName(service, service.NameProof)
	}
}

func (b *builder) linkEndpointService(n *node) {
	elementOf(&b.endpointServices, n).LoadBalancers = b.loadBalancers.refs(n, "networkLoadBalancerArns", "")
}

func (b *builder) linkNameVerification(n *node) {
	service := b.endpointServices.ref(n, "serviceId")
	b.stack.NameVerifications = append(b.stack.NameVerifications, &model.NameVerification{
		Element: n.element(), Service: service, Waits: n.get("waitForVerification").boolean().Or(false),
	})
	for _, s := range service.Among(b.stack.EndpointServices) {
		s.NameVerification = s.NameVerification.Or(service.Names(s))
	}
}

// linkPrincipal reads a principal from a dedicated resource. The provider
// misspells that resource's type.
func (b *builder) linkPrincipal(n *node) {
	service := b.endpointServices.ref(n, "vpcEndpointServiceId")
	for _, s := range service.Among(b.stack.EndpointServices) {
		if service.Names(s) == model.True {
			s.Principals.Items = append(s.Principals.Items, n.get("principalArn").str())
		} else {
			s.Principals.Complete = false
		}
	}
}
