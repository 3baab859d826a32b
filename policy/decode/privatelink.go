package decode

import "private-api-blueprints/policy/model"

var privateLinkReaders = map[string]reader{
	"aws:apigateway/vpcLink:VpcLink":                                                {make: (*builder).makeVPCLink, link: (*builder).linkVPCLink},
	"aws:ec2/vpcEndpointService:VpcEndpointService":                                 {make: (*builder).makeEndpointService, link: (*builder).linkEndpointService},
	"aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": {link: (*builder).linkPrincipal},
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
		Principals:           texts(principals),
		PrincipalsComplete:   !principals.open,
		PrivateName:          host(n.get("privateDnsName")),
		AddressTypes:         texts(addresses),
		AddressTypesComplete: !addresses.open,
	}
	if len(service.AddressTypes) == 0 && service.AddressTypesComplete {
		service.AddressTypes = []model.Known[string]{model.Of("ipv4")}
	}
	b.endpointServices.add(n, service)
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
