package blueprints

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/settings"
)

// Ipv6FrontSettings is the configuration of ipv6-front, below `blueprint:`.
type Ipv6FrontSettings struct {
	Name         string                 `config:"name"`
	Network      NetworkSettings        `config:"network"`      // Of the endpoint and the function.
	FrontNetwork *NetworkSettings       `config:"frontNetwork"` // Of the load balancer and its clients; without it, Network.
	Peered       bool                   `config:"peered"`       // Whether the two networks are peered already, with routes both ways.
	Endpoint     EndpointSettings       `config:"endpoint"`
	Api          ApiSettings            `config:"api"`
	Function     FunctionSettings       `config:"function"`
	Domain       NameSettings           `config:"domain"`
	Front        DualstackFrontSettings `config:"front"`
	Client       ClientSettings         `config:"client"`
}

// DualstackFrontSettings describes a load balancer for IPv6 and IPv4 clients.
type DualstackFrontSettings struct {
	LoadBalancerSettings
	TlsSettings
	// AllowedCidrs are clients, of either family, beside those that have the
	// clients' security group.
	AllowedCidrs  []netip.Prefix `config:"allowedCidrs"`
	Ipv4Addresses []netip.Addr   `config:"ipv4Addresses"` // One per dualstack subnet; as with the endpoint's.
	Ipv6Addresses []netip.Addr   `config:"ipv6Addresses"` // Host a of each subnet where left out.
}

const frontNetworkKey = namespace + ":frontNetwork"

func deployIpv6Front(ctx *pulumi.Context, config map[string]string) error {
	args, err := configureIpv6Front(ctx, config)
	if err != nil {
		return err
	}
	blueprint, err := NewIpv6Front(ctx, "ipv6", args)
	if err != nil {
		return err
	}
	ctx.Export("url", blueprint.Url)
	ctx.Export("dig", blueprint.Dig)
	ctx.Export("curl", blueprint.Curl)
	ctx.Export("logs", blueprint.Logs)
	ctx.Export("clientSecurityGroupId", blueprint.ClientSecurityGroupId)
	ctx.Export("clientVpcId", blueprint.ClientVpcId)
	ctx.Export("clientSubnetIds", blueprint.ClientSubnetIds)
	ctx.Export("loadBalancerDnsName", blueprint.LoadBalancerDnsName)
	ctx.Export("loadBalancerIpv6Addresses", blueprint.Ipv6Addresses)
	ctx.Export("endpointId", blueprint.EndpointId)
	ctx.Export("apiId", blueprint.ApiId)
	ctx.Export("advice", pulumi.String(args.advice()))
	if args.Settings.Client.Create {
		ctx.Export("invokeClient", blueprint.InvokeClient)
	}
	return nil
}

// configureIpv6Front decodes and checks the configuration, all of it before it
// returns.
func configureIpv6Front(ctx *pulumi.Context, config map[string]string) (*Ipv6FrontArgs, error) {
	problems := newProblems(ctx)
	s := &Ipv6FrontSettings{
		Api: defaultApi(), Function: defaultFunction(),
		Front: DualstackFrontSettings{TlsSettings: defaultTls()}, Client: ClientSettings{Archive: "bin/client.zip"},
	}
	settings.Decode(namespace, config, s, problems)
	s.check(problems)
	args, err := s.resolve(ctx, problems)
	return args, errors.Join(problems.Err(), err)
}

// networks are what the blueprint does with its one network, or its two.
func (s *Ipv6FrontSettings) networks() (api, front networkUse) {
	if s.FrontNetwork == nil {
		both := networkUse{key: networkKey, tiers: []tier{privateTier, dualstackTier}}
		return both, both
	}
	return networkUse{key: networkKey, tiers: []tier{privateTier}, peered: !s.Peered},
		networkUse{key: frontNetworkKey, tiers: []tier{dualstackTier}, peered: !s.Peered}
}

// check refuses what can be refused without asking AWS.
func (s *Ipv6FrontSettings) check(problems *settings.Problems) {
	api, front := s.networks()
	s.Network.check(api, problems)
	if s.FrontNetwork != nil {
		s.FrontNetwork.check(front, problems)
	}
	s.checkPeered(problems)
	s.Endpoint.check(problems)
	s.Api.check(problems)
	s.Function.check(problems)
	s.Domain.check(checks{problems, domainKey + "."}, false)
	c := checks{problems, frontKey + "."}
	checkRanges(c, "allowedCidrs", s.Front.AllowedCidrs)
	s.Front.TlsSettings.check(c)
	s.Client.check(&s.Api, problems)
}

// checkPeered refuses networks that cannot be peered yet.
func (s *Ipv6FrontSettings) checkPeered(problems *settings.Problems) {
	exist := s.FrontNetwork != nil && s.FrontNetwork.Existing != nil && s.Network.Existing != nil
	if key := namespace + ":peered"; s.Peered && !exist && !problems.Any(key) {
		problems.Add(key, true, "want it only where network and frontNetwork both exist")
	}
}

// resolve asks AWS for what the settings refer to and records what does not
// fit. The error is AWS not answering at all.
func (s *Ipv6FrontSettings) resolve(ctx *pulumi.Context, problems *settings.Problems) (*Ipv6FrontArgs, error) {
	api, front := s.networks()
	place, err := resolvePlace(ctx, api, &s.Network, &s.Endpoint, problems)
	if err != nil {
		return nil, err
	}
	s.Domain.resolve(ctx, &place.Environment, checks{problems, domainKey + "."})
	args := &Ipv6FrontArgs{Place: *place, FrontNetwork: place.Network}
	existing := s.Network.Existing != nil
	if s.FrontNetwork != nil {
		args.FrontNetwork = s.FrontNetwork.resolve(ctx, front, place.Environment.Region, nil, problems)
		existing = s.FrontNetwork.Existing != nil
		checkApart(place.Network, args.FrontNetwork, front, problems)
	}
	s.Front.pin(args.FrontNetwork.Dualstack, existing, problems)
	if s.FrontNetwork == nil {
		s.checkShared(problems)
	} else {
		s.checkAcross(problems)
	}
	args.Settings = *s
	return args, nil
}

// pin fills in the addresses that are left out, and refuses those that the
// subnets cannot give.
func (s *DualstackFrontSettings) pin(subnets []components.Subnet, existing bool, problems *settings.Problems) {
	s.Ipv4Addresses = pin(s.Ipv4Addresses, dualstackTier, subnets, existing, frontKey+".ipv4Addresses", problems)
	switch key := frontKey + ".ipv6Addresses"; {
	case s.Ipv6Addresses == nil || len(subnets) == 0 || problems.Any(key):
	case !existing:
		problems.Add(key, s.Ipv6Addresses, "want none with a new network: AWS gives it its IPv6 range; each node gets host a of its subnet")
	case len(s.Ipv6Addresses) != len(subnets):
		problems.Add(key, s.Ipv6Addresses, "want one address per dualstack subnet, %d in all", len(subnets))
	default:
		for i, subnet := range subnets {
			cidr, _ := netip.ParsePrefix(string(subnet.Ipv6CidrBlock.(pulumi.String))) // AWS's own.
			if err := addressplan.Check(cidr, s.Ipv6Addresses[i]); err != nil {
				problems.Add(fmt.Sprintf("%s[%d]", key, i), s.Ipv6Addresses[i], "%v (the dualstack subnet in %s)", err, subnet.AvailabilityZone)
			}
		}
	}
}

// checkShared refuses an address for two: an existing subnet may hold the
// endpoint and the load balancer.
func (s *Ipv6FrontSettings) checkShared(problems *settings.Problems) {
	for i, address := range s.Front.Ipv4Addresses {
		if at := slices.Index(s.Endpoint.Ipv4Addresses, address); address.IsValid() && at >= 0 {
			problems.Add(fmt.Sprintf("%s.ipv4Addresses[%d]", frontKey, i), address, "is %s.ipv4Addresses[%d] too; want another", endpointKey, at)
		}
	}
}

// checkAcross refuses what a load balancer in another VPC cannot use: targets
// outside its VPC have to be private addresses; and a client range that is a
// node, which has a rule of its own.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func (s *Ipv6FrontSettings) checkAcross(problems *settings.Problems) {
	for i, address := range s.Endpoint.Ipv4Addresses {
		if address.IsValid() && !addressplan.Private(address) {
			problems.Add(fmt.Sprintf("%s.ipv4Addresses[%d]", endpointKey, i), address, "want an address of RFC 1918 or RFC 6598: a load balancer in another VPC takes no other target")
		}
	}
	for i, client := range s.Endpoint.ClientCidrs {
		if client.IsSingleIP() && slices.Contains(s.Front.Ipv4Addresses, client.Addr()) {
			problems.Add(fmt.Sprintf("%s.clientCidrs[%d]", endpointKey, i), client, "is an address of the load balancer, which is admitted already; want other clients")
		}
	}
}

// checkApart refuses networks that cannot be peered: their ranges overlap, or
// they are one.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
func checkApart(one, other *components.Network, use networkUse, problems *settings.Problems) {
	for _, a := range one.CidrBlocks {
		for _, b := range other.CidrBlocks {
			if a.Overlaps(b) {
				problems.Add(use.key, nil, "its VPC's range %s overlaps %s of %s; want VPCs that share no address, or AWS does not peer them", b, a, networkKey)
			}
		}
	}
}
