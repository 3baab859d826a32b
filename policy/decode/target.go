package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// linkTarget reads a target. Its endpoint comes from the URNs of the address;
// matchTarget replaces that if the address is known.
func (b *builder) linkTarget(n *node) {
	b.stack.Targets = append(b.stack.Targets, &model.Target{
		Element:     n.element(),
		TargetGroup: b.targetGroups.ref(n, "targetGroupArn"),
		Address:     n.get("targetId").str(),
		Port:        n.get("port").integer(),
		Zone:        n.get("availabilityZone").str(),
		Endpoint:    b.targetEndpoint(n),

		AddressOf:    b.addressOf(n),
		LoadBalancer: b.loadBalancers.ref(n, "targetId"),
		Instance:     b.instanceTarget(n),
		FunctionRef:  b.functionTarget(n),
	})
}

// addressOf returns the load balancer from which a program has looked up the address
// of a target, such as with the data source for network interfaces. The lookup may
// also ask for a subnet.
func (b *builder) addressOf(n *node) model.Ref[model.LoadBalancer] {
	var ref model.Ref[model.LoadBalancer]
	for _, urn := range n.sources("targetId") {
		e := b.loadBalancers.byURN[urn]
		switch {
		case e != nil:
			ref.Value = n.get("targetId").str()
			ref.Candidates = append(ref.Candidates, e.element)
		case !b.isNetwork(urn):
			return model.Ref[model.LoadBalancer]{}
		}
	}
	return ref
}

// isNetwork reports whether a resource is a VPC, or a part of one, that gives no
// addresses of servers.
func (b *builder) isNetwork(urn resource.URN) bool {
	isVPC := b.vpcs.byURN[urn] != nil || urn.IsValid() && urn.Type() == "awsx:ec2:Vpc"
	return isVPC || b.subnets.byURN[urn] != nil
}

// functionTarget returns the function that is a target, by its ARN or by the URNs that the ARN comes from.
func (b *builder) functionTarget(n *node) model.FunctionRef {
	id, from := n.get("targetId").str(), n.sources("targetId")
	text, known := id.Get()
	isFunction := func(urn resource.URN) bool {
		return isComponent(urn) || b.functions.byURN[urn] != nil
	}
	if known && !strings.HasPrefix(text, "arn:") || !known && len(from) > 0 && !slices.ContainsFunc(from, isFunction) {
		return model.FunctionRef{}
	}
	return b.functionRef(id, from, n.placement())
}

// targetEndpoint returns the endpoint whose address is a target, by the URNs that
// the address comes from.
func (b *builder) targetEndpoint(n *node) model.Ref[model.Endpoint] {
	from := n.sources("targetId")
	if id := n.get("targetId").str(); id.IsUnknown() && len(from) > 0 && !slices.ContainsFunc(from, mayHaveAddress) {
		return model.Ref[model.Endpoint]{Value: id}
	}
	return b.endpoints.ref(n, "targetId")
}

// mayHaveAddress reports whether a target that comes from a resource may be an
// address of an endpoint. The ID of an instance and the ARN of a load balancer or
// a function are not.
func mayHaveAddress(urn resource.URN) bool {
	if !urn.IsValid() {
		return true
	}
	switch canonical(string(urn.Type())) {
	case "aws:ec2/instance:Instance", "aws:lambda/alias:Alias", "aws:lambda/function:Function",
		"aws:lb/loadBalancer:LoadBalancer":
		return false
	}
	return true
}

// matchTarget finds the endpoint and the subnet of a target. It runs when the
// addresses of all endpoints are read.
func (b *builder) matchTarget(t *model.Target) {
	if address, known := t.Address.Get(); known {
		t.Endpoint = b.holders(t, address)
		if len(b.instancesAt[address]) > 0 {
			t.Instance = b.holdingInstances(t, address)
		}
	}
	t.Subnet = model.Ref[model.Subnet]{Value: model.Unknown[string]()}
	for _, e := range t.Endpoint.Among(b.stack.Endpoints) {
		at := addressSubnet(e, t.Address)
		t.Subnet.Candidates = append(t.Subnet.Candidates, at.Candidates...)
		t.Subnet.Open = t.Subnet.Open || at.Open
		t.Subnet.Value = at.Value
	}
	if len(t.Endpoint.Candidates) != 1 {
		t.Subnet.Value = model.Unknown[string]()
	}
	t.Subnet.Open = t.Subnet.Open || t.Endpoint.Open || len(t.Endpoint.Candidates) == 0
}

// holders returns the endpoints that have a target's address. If two networks use
// the same addresses, the network of the target group decides. An endpoint may
// have the address if not all of its addresses are known.
func (b *builder) holders(t *model.Target, address string) model.Ref[model.Endpoint] {
	found := map[model.Truth][]*model.Endpoint{}
	for _, e := range b.stack.Endpoints {
		holds := e.Holds(address)
		found[holds] = append(found[holds], e)
	}
	if e, certain := b.peeredHolder(t, found[model.True], address); certain {
		return model.Ref[model.Endpoint]{Value: t.Address, Candidates: []*model.Endpoint{e}}
	}
	if near := inReach(found[model.True], t); len(near) > 0 {
		sure := func(e *model.Endpoint) bool { return sharesVPC(t, e) == model.True }
		return model.Ref[model.Endpoint]{Value: t.Address, Candidates: near, Open: !slices.ContainsFunc(near, sure)}
	}
	return model.Ref[model.Endpoint]{Value: t.Address, Candidates: inReach(found[model.Maybe], t), Open: true}
}

// inReach returns the endpoints without those in other networks than the target
// group's. Only a target of all zones may be in another network.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
func inReach(holders []*model.Endpoint, t *model.Target) []*model.Endpoint {
	elsewhere := func(e *model.Endpoint) bool { return sharesVPC(t, e) == model.False }
	near := slices.DeleteFunc(slices.Clone(holders), elsewhere)
	if len(near) == 0 && !t.Zone.IsNot(model.AllZones) {
		return holders
	}
	return near
}

// sharesVPC asks whether a target group and an endpoint are in the same VPC, so
// in the same region. If the stack does not say for one of them, there is
// probably only one VPC in the region.
func sharesVPC(t *model.Target, e *model.Endpoint) model.Truth {
	return t.TargetGroup.Ask(func(tg *model.TargetGroup) model.Truth {
		same := model.TruthOf(tg.VPC.IsAbsent() || e.VPC.IsAbsent()).Or(tg.VPC.Same(e.VPC))
		if tg.SameRegion(e.Placement) == model.False {
			return model.False
		}
		return same
	})
}

// addressSubnet returns the subnet in which an endpoint has an address. It may be
// any subnet of the endpoint if the address does not tell.
func addressSubnet(e *model.Endpoint, address model.Known[string]) model.Ref[model.Subnet] {
	if ip, known := address.Get(); known {
		for _, a := range e.Addresses {
			if a.IP.Is(ip) {
				return a.Subnet
			}
		}
	}
	anySubnet := model.Ref[model.Subnet]{Value: model.Unknown[string]()}
	subnets := e.Subnets.Items
	if e.Subnets.Rest != nil {
		subnets = append(slices.Clone(subnets), *e.Subnets.Rest)
	}
	for _, subnet := range subnets {
		anySubnet.Candidates = append(anySubnet.Candidates, subnet.Candidates...)
		anySubnet.Open = anySubnet.Open || subnet.Open
	}
	return anySubnet
}
