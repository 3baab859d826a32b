package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeInstance(n *node) {
	i := &model.Instance{Element: n.element()}
	b.stack.Instances = b.instances.add(n, i)
	b.instances.addName(i, n.output("primaryNetworkInterfaceId").str())
}

func (b *builder) makeNetworkInterface(n *node) {
	b.stack.NetworkInterfaces = b.networkInterfaces.add(n, &model.NetworkInterface{Element: n.element()})
}

func (b *builder) linkNetworkInterface(n *node) {
	place := model.NetworkPlace{
		Subnet: b.subnets.ref(n, "subnetId"),
		Groups: b.securityGroups.refs(n, "securityGroups", ""),
		IPv4:   n.output("privateIp").str(),
		IPv6:   texts[string](n.get("ipv6Addresses").list()),
	}
	if addresses := n.get("privateIps").list(); place.IPv4.IsUnknown() && len(addresses.items) == 1 && !addresses.open {
		place.IPv4 = addresses.items[0].str() // The only address is the primary one.
	}
	place.IPv6.Complete = place.IPv6.Complete && n.get("ipv6AddressCount").integer().Or(0).Is(0)
	i := elementOf(&b.networkInterfaces, n)
	place.Groups = union(place.Groups, i.Groups) // An attachment may have added some before.
	i.NetworkPlace = place
}

// linkInstance reads where an instance is. An instance without a subnet is in the default subnet of a zone, or where
// its launch template says. One with a network interface of the program is where that is.
func (b *builder) linkInstance(n *node) {
	i := elementOf(&b.instances, n)
	place := model.NetworkPlace{
		Subnet: b.subnets.ref(n, "subnetId"),
		Groups: b.securityGroups.refs(n, "vpcSecurityGroupIds", ""),
		IPv4:   n.output("privateIp").str(),
		IPv6:   texts[string](n.get("ipv6Addresses").list()),
	}
	if place.Subnet.IsAbsent() {
		place.Subnet = model.UnknownRef[model.Subnet]()
	}
	if place.Groups.IsEmpty() && (n.sets("launchTemplate") != model.False || n.sets("securityGroups") != model.False) {
		place.Groups = place.Groups.WithMaybe(model.UnknownRef[model.SecurityGroup]())
	}
	place.IPv6.Complete = place.IPv6.Complete && n.get("ipv6AddressCount").integer().Or(0).Is(0) &&
		n.sets("launchTemplate") == model.False
	place.Groups = union(place.Groups, i.Groups) // An attachment may have added some before.
	i.NetworkPlace = place
	i.PublicIPv4 = publicIPv4(n, place.Subnet)
	if own := b.ownInterface(n); !own.IsAbsent() {
		b.ownInterfaces = append(b.ownInterfaces, ownInterface{i, own})
	}
}

// publicIPv4 asks whether AWS gives an instance in a subnet a public IPv4 address at
// its launch. An Elastic IP may come later.
func publicIPv4(n *node, in model.Ref[model.Subnet]) model.Truth {
	associates := n.get("associatePublicIpAddress").boolean()
	if associates.IsAbsent() {
		maps := in.Ask(func(s *model.Subnet) model.Truth { return s.MapsPublicIPv4 })
		return maps.OrMaybeIf(n.sets("launchTemplate") != model.False)
	}
	return associates.Equals(true)
}

// ownInterface is an instance and the network interface of the program that it uses.
type ownInterface struct {
	instance *model.Instance
	is       model.Ref[model.NetworkInterface]
}

// ownInterface returns the primary network interface of an instance, if the program creates it.
func (b *builder) ownInterface(n *node) model.Ref[model.NetworkInterface] {
	if primary := n.get("primaryNetworkInterface").only(); !primary.absent {
		return b.interfaceIn(primary, n.sources("primaryNetworkInterface"))
	}
	interfaces := n.get("networkInterfaces").list()
	for _, item := range interfaces.items {
		if item.field("deviceIndex").integer().Or(0).Is(0) {
			return b.interfaceIn(item, n.sources("networkInterfaces"))
		}
	}
	if interfaces.open || len(interfaces.items) > 0 {
		return model.UnknownRef[model.NetworkInterface]()
	}
	return model.Ref[model.NetworkInterface]{}
}

// interfaceIn returns the network interface that a block names.
func (b *builder) interfaceIn(block value, from []resource.URN) model.Ref[model.NetworkInterface] {
	return b.networkInterfaces.resolve(block.field("networkInterfaceId").str(), from)
}

// linkGroupAttachment adds a security group to a network interface, or to the primary one of an instance. The
// interface's ID comes from one of the two.
func (b *builder) linkGroupAttachment(n *node) {
	group := b.securityGroups.ref(n, "securityGroupId")
	if to := b.instances.ref(n, "networkInterfaceId"); to.IsClosed() {
		for _, i := range to.Candidates {
			i.Groups = join(i.Groups, group, to.Names(i))
		}
		return
	}
	to := b.networkInterfaces.ref(n, "networkInterfaceId")
	for _, i := range to.Among(b.stack.NetworkInterfaces) {
		i.Groups = join(i.Groups, group, to.Names(i))
	}
	if to.Open && to.Value.IsUnknown() {
		for _, i := range b.stack.Instances {
			i.Groups = i.Groups.WithMaybe(group)
		}
	}
}

// placeInstances places the instances that use a network interface of the program, and finds all by their addresses.
// If an instance exists, the provider reads its subnet and its groups, whatever created the interface.
func (b *builder) placeInstances() {
	for i, gets := range b.elasticInstances {
		i.PublicIPv4 = i.PublicIPv4.Or(gets)
	}
	for _, own := range b.ownInterfaces {
		own.instance.PublicIPv4 = own.instance.PublicIPv4.OrMaybeIf(true)
		is, certain := own.is.Sole()
		switch place := &own.instance.NetworkPlace; {
		case certain:
			groups := union(is.Groups, place.Groups)
			*place = is.NetworkPlace
			place.Groups = groups
		case place.Groups.IsEmpty():
			place.Groups = place.Groups.WithMaybe(model.UnknownRef[model.SecurityGroup]())
		}
	}
	for _, i := range b.stack.Instances {
		for _, address := range append([]model.Known[string]{i.IPv4}, i.IPv6.Items...) {
			if text, known := address.Get(); known {
				put(&b.instancesAt, text, append(b.instancesAt[text], i))
			}
		}
	}
}

// instanceTarget returns the instance that is a target, by the ID or the address that its text is or is made from.
// matchTarget completes that if the text is an address.
func (b *builder) instanceTarget(n *node) model.Ref[model.Instance] {
	id, from := n.get("targetId").str(), n.sources("targetId")
	text, _ := id.Get()
	isOther := id.IsUnknown() && len(from) > 0 && !slices.ContainsFunc(from, mayBeInstance)
	if isOther || strings.HasPrefix(text, "arn:") {
		return model.Ref[model.Instance]{}
	}
	return b.instances.ref(n, "targetId")
}

// mayBeInstance reports whether a target that comes from a resource may be an instance.
func mayBeInstance(urn resource.URN) bool {
	return isComponent(urn) || !urn.IsValid() || urn.Type() == "aws:ec2/instance:Instance" ||
		urn.Type() == "aws:ec2/networkInterface:NetworkInterface"
}

// holdingInstances returns the instances that have a target's address in the network of its target group.
func (b *builder) holdingInstances(t *model.Target, address string) model.Ref[model.Instance] {
	ref := model.Ref[model.Instance]{Value: t.Address, Open: true}
	for _, i := range b.instancesAt[address] {
		near := t.TargetGroup.Ask(func(tg *model.TargetGroup) model.Truth {
			if tg.SameRegion(i.Placement) == model.False {
				return model.False
			}
			return model.TruthOf(tg.VPC.IsAbsent()).Or(tg.VPC.Same(i.VPC()))
		})
		if near != model.False {
			ref.Candidates = append(ref.Candidates, i)
			ref.Open = ref.Open && near != model.True
		}
	}
	return ref
}
