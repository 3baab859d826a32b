package blueprints

import (
	"cmp"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/settings"
)

// anyZone stands for a zone that is unknown, or for all zones.
const anyZone = ""

// existingTargets looks up a load balancer's targets that exist already.
type existingTargets struct {
	*lookup
	settings.Section
	*config.Targets
	network   *components.Network // The load balancer's network.
	crossZone bool

	found   components.Targets
	covered map[string]bool // Zones with targets.
}

// find returns the targets, and refuses those that the load balancer's nodes
// cannot use. It returns nil if the stack launches the targets, or if they have
// problems.
func (t *existingTargets) find() *components.Targets {
	checkTargetAddresses(t.Section, t.Ipv4Addresses, t.network)
	zones := components.AvailabilityZones(t.network.Private)
	if len(zones) == 0 || t.Launch != nil { // Without zones, the network has other problems.
		return nil
	}
	t.found = components.AddressTargets(t.Ipv4Addresses, t.Port, t.network.CidrBlocks)
	t.found.ProxyProtocol = t.ProxyProtocol
	t.covered = map[string]bool{}
	for _, address := range t.Ipv4Addresses {
		t.covered[zoneOf(t.network.Private, address)] = true
	}
	if t.InstanceIds != nil {
		t.found.Type = components.TargetInstance
		t.lookupInstances(zones)
	}
	if t.Any() {
		return nil
	}
	for _, zone := range zones {
		if !t.covered[zone] && !t.covered[anyZone] && !t.crossZone {
			t.RejectGroup(nil, "none is in %s, and the load balancer's node there would have nobody to forward to; "+
				"want one in each of %s, or front.crossZone: true", zone, strings.Join(zones, ", "))
		}
	}
	return &t.found
}

// lookupInstances adds the configured instances to the targets.
func (t *existingTargets) lookupInstances(zones []string) {
	vpc, exists := t.network.VpcId.(pulumi.String)
	if !exists {
		t.Reject("instanceIds", nil, "want launch with a new network: no instance is in it yet")
		return
	}
	for i, id := range t.InstanceIds {
		key := settings.Item("instanceIds", i)
		if t.Any(key) {
			continue
		}
		instance, err := components.LookupInstance(t.ctx, id, string(vpc), t.options...)
		switch {
		case err != nil:
			t.Reject(key, id, "want an instance in %s: %v", vpc, err)
		case !slices.Contains(zones, instance.AvailabilityZone):
			t.Reject(key, id, "is in %s, where the load balancer has no node; want instances in %s",
				instance.AvailabilityZone, strings.Join(zones, ", "))
		default:
			t.covered[instance.AvailabilityZone] = true
			t.found.List = append(t.found.List, components.Target{Name: id, Id: pulumi.String(id)})
			t.found.Peers = append(t.found.Peers, components.HostPeers([]netip.Addr{instance.PrivateIp})...)
		}
	}
}

// checkTargetAddresses refuses addresses that AWS does not accept as targets of
// a load balancer in a network.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func checkTargetAddresses(c settings.Section, addresses []netip.Addr, network *components.Network) {
	if len(network.CidrBlocks) == 0 { // The network has other problems.
		return
	}
	for i, address := range addresses {
		inVpc := func(cidr netip.Prefix) bool { return cidr.Contains(address) }
		if !addressplan.Private(address) && !slices.ContainsFunc(network.CidrBlocks, inVpc) {
			c.Reject(settings.Item("ipv4Addresses", i), address,
				"want an address of the VPC (%v) or a private one (RFC 1918 or RFC 6598): "+
					"AWS accepts no others as targets", network.CidrBlocks)
		}
	}
}

// zoneOf returns the zone of the subnet that contains an address, or anyZone.
func zoneOf(subnets []components.Subnet, address netip.Addr) string {
	for _, subnet := range subnets {
		if subnet.CidrBlock.Contains(address) {
			return subnet.AvailabilityZone
		}
	}
	return anyZone
}

// launchNeeds returns the free addresses that servers to launch need in each subnet:
// a server and, with a gate, an interface of its function.
func launchNeeds(s *config.Launch) int {
	if s.Gate {
		return 2 * interfaceSpace
	}
	return interfaceSpace
}

// checkLaunch refuses an archive of the gate that does not exist, and a key of another
// region.
func (l *lookup) checkLaunch(c settings.Section, s *config.Launch) {
	l.checkRegion(c, "logKmsKeyArn", s.LogKmsKeyArn, "a key")
	if s.Gate {
		l.checkArchive(c, "gateArchive", s.GateArchive)
	}
}

// sessionPartition returns the partition in which Session Manager may start sessions on
// servers to launch, or nothing if the settings want no sessions.
func (b builder) sessionPartition(s *config.Launch) string {
	if !s.SessionManager {
		return ""
	}
	return b.environment.Partition
}

// sessions returns commands that start sessions on launched servers.
func (b builder) sessions(servers []components.Target) pulumi.StringArray {
	commands := pulumi.StringArray{}
	for _, server := range servers {
		commands = append(commands,
			pulumi.Sprintf("aws ssm start-session --region %s --target %s", b.environment.Region, server.Id))
	}
	return commands
}

// gateOf returns the gate of servers to launch, or nil if the settings want none.
// logKmsKeyArn is the key of its logs if it has no other one.
func (b builder) gateOf(s *config.Launch, logKmsKeyArn string) (*components.ServerGateArgs, error) {
	if !s.Gate {
		return nil, nil
	}
	archive, err := filepath.Abs(s.GateArchive) // As in newFunction.
	return &components.ServerGateArgs{
		Partition: b.environment.Partition, Archive: archive, LogKmsKeyArn: cmp.Or(s.LogKmsKeyArn, logKmsKeyArn),
	}, err
}
