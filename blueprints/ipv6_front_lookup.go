package blueprints

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/settings"
)

// resolvedIpv6Front holds the checked configuration of the blueprint, and what
// AWS says about it.
type resolvedIpv6Front struct {
	*config.Ipv6Front
	place *place
	// frontNetwork is the network of the load balancer and its clients. It may be
	// the endpoint's network. It has no IDs if the stack creates it.
	frontNetwork  *components.Network
	ipv4Addresses []netip.Addr // The load balancer's addresses, one per dualstack subnet.
}

// ipv6Front asks AWS about the resources that the settings name. It returns an
// error only if AWS does not answer.
func (l *lookup) ipv6Front(s *config.Ipv6Front) (*resolvedIpv6Front, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	l.readDocuments(s.AllApis(), s.CheckRoutes)
	l.warnOfLongPolicies(s.AllApis(), (*components.RoutesArgs).PrivatePolicySize)
	behind, front := ipv6FrontNeeds(s)
	peered := s.FrontNetwork != nil && !s.Peered
	name := l.prefix(ipv6Prefix)
	use := networkUse{name: name, balancer: name, front: config.Dualstack, peered: peered, addresses: behind}
	if s.FrontNetwork != nil {
		use.balancer = ""
	}
	place, err := l.place(&s.Network, &s.Endpoint, use)
	if err != nil {
		return nil, err
	}
	l.checkFunctions(&s.Functions, s.AllApis())
	if s.Client.Create {
		l.checkArchive(l.section("client"), "archive", s.Client.Archive)
	}
	l.checkFrontDomain(&s.Domain.FrontDomain, s.NameNetwork())
	l.checkStages(s.AllApis())
	l.checkAccessLogs(l.section("front", "accessLogs"), &s.Front.AccessLogs)
	if s.Alarms != nil {
		l.checkTopic(l.section("alarms"), &s.Alarms.AlarmTopic)
	}
	args := &resolvedIpv6Front{Ipv6Front: s, place: place, frontNetwork: place.network}
	existing := s.Network.Existing != nil
	if s.FrontNetwork != nil {
		c := l.section("frontNetwork")
		args.frontNetwork = l.network(c, s.FrontNetwork, networkUse{
			name: name + frontPart, balancer: name, front: config.Dualstack, peered: peered, addresses: front,
		})
		existing = s.FrontNetwork.Existing != nil
		checkApart(c, args.frontNetwork, place.network, l.section().At("network"))
	}
	args.checkFrontAddresses(l.section("front"), existing)
	l.checkFrontPlaces(args)
	if s.FrontNetwork == nil {
		args.checkShared(l.section("front"), l.section("endpoint"))
	} else {
		args.checkAcross(l.section("endpoint"))
	}
	return args, nil
}

// checkFrontPlaces refuses to move the load balancer of a network that the stack creates.
func (l *lookup) checkFrontPlaces(args *resolvedIpv6Front) {
	name, settings, c := l.prefix(ipv6Prefix), &args.Network, l.section("network")
	change := networkChange{lookup: l, planned: args.frontNetwork, use: networkUse{name: name}}
	if args.FrontNetwork != nil {
		settings, c = args.FrontNetwork, l.section("frontNetwork")
		change.use.name += frontPart
	}
	if change.create = settings.Create; change.create != nil && len(change.planned.Dualstack) > 0 {
		change.checkPlaces(c, name)
	}
}

// ipv6FrontNeeds returns the free addresses that a stack needs in its network and in
// its frontNetwork, in addition to the endpoint's. Each function takes an address in
// each subnet.
func ipv6FrontNeeds(s *config.Ipv6Front) (network, front addressNeeds) {
	front, functions := addressNeeds{config.Dualstack: interfaceSpace}, 0
	if s.Client.Create {
		front[config.Dualstack] += interfaceSpace
	}
	for _, name := range backendNames(s.AllApis()...) {
		if s.Of(&config.Route{Function: name}).Arn == "" {
			functions++
		}
	}
	network = addressNeeds{config.Private: functions * interfaceSpace}
	if s.FrontNetwork == nil {
		network[config.Dualstack] = front[config.Dualstack]
	}
	return network, front
}

// checkFrontAddresses fills in the load balancer's addresses that the
// configuration leaves out. It refuses addresses that do not fit the subnets.
func (args *resolvedIpv6Front) checkFrontAddresses(c settings.Section, existing bool) {
	subnets := args.frontNetwork.Dualstack
	args.ipv4Addresses = fixedAddresses{config.Dualstack, subnets, existing, args.Front.Ipv4Addresses}.check(c)
	const key = "ipv6Addresses"
	switch addresses := args.Front.Ipv6Addresses; {
	case addresses == nil || len(subnets) == 0 || c.Any(key):
	case !existing:
		c.Reject(key, addresses,
			"want none with a new network: AWS assigns its IPv6 range; each node gets host a of its subnet")
	case len(addresses) != len(subnets):
		c.Reject(key, addresses, "want one address per dualstack subnet, %d in all", len(subnets))
	default:
		for i, subnet := range subnets {
			cidr, _ := netip.ParsePrefix(string(subnet.Ipv6CidrBlock.(pulumi.String))) // AWS wrote it, so it is valid.
			if err := addressplan.Check(cidr, addresses[i]); err != nil {
				c.Reject(settings.Item(key, i), addresses[i], "%v (the dualstack subnet in %s)",
					err, subnet.AvailabilityZone)
			}
		}
	}
}

// checkShared refuses an address that both the endpoint and the load balancer
// would have. One existing subnet may hold both.
func (args *resolvedIpv6Front) checkShared(front, endpoint settings.Section) {
	for i, address := range args.ipv4Addresses {
		if at := slices.Index(args.place.addresses, address); address.IsValid() && at >= 0 {
			front.Reject(settings.Item("ipv4Addresses", i), address, "is %s too; want another address",
				endpoint.At(settings.Item("ipv4Addresses", at)))
		}
	}
}

// checkAcross refuses addresses and client ranges that do not fit a load
// balancer in another VPC. Its targets must be private addresses. A client
// range that is the address of one node would repeat the rule that admits the
// node.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func (args *resolvedIpv6Front) checkAcross(endpoint settings.Section) {
	for i, address := range args.place.addresses {
		if address.IsValid() && !addressplan.Private(address) {
			endpoint.Reject(settings.Item("ipv4Addresses", i), address,
				"want an address of RFC 1918 or RFC 6598: a load balancer in another VPC accepts no other target")
		}
	}
	for i, client := range args.Endpoint.ClientCidrs {
		if client.IsSingleIP() && slices.Contains(args.ipv4Addresses, client.Addr()) {
			endpoint.Reject(settings.Item("clientCidrs", i), client,
				"is an address of the load balancer, which is admitted already; want other clients")
		}
	}
}

// advice returns a sentence on whether the service has IPv6 endpoints. AWS
// added them after this pattern was designed.
// https://aws.amazon.com/about-aws/whats-new/2025/03/amazon-api-gateway-dual-stack-ipv4-ipv6-endpoints/
func (args *resolvedIpv6Front) advice() string {
	service := args.place.service
	if !slices.Contains(service.SupportedIpAddressTypes, "ipv6") {
		return fmt.Sprintf("%s has no IPv6 endpoints (it has %s), so IPv6 clients need this load balancer.",
			service.Name, strings.Join(service.SupportedIpAddressTypes, ", "))
	}
	return fmt.Sprintf("%s has IPv6 endpoints too. Clients that need no name and certificate of yours, "+
		"no fixed IPv6 address and no access log of a load balancer "+
		"can call a VPC endpoint with ipAddressType dualstack directly.", service.Name)
}
