// Package account reads from an AWS account what a new stack can use: zones, hosted zones, networks, addresses and the
// role for the logs of API Gateway. It asks through a Pulumi program of lookups, so that the same program reads the
// simulated account and a real one.
package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Account holds what was found in one region of an AWS account. A part that could not be read is empty, and Unread says
// why.
type Account struct {
	ID          string // The number of the account.
	Partition   string // Such as aws.
	Zones       []string
	HostedZones []HostedZone // Those of the account, in no particular order.
	VPCs        []VPC
	Addresses   []Address // Elastic IPs.
	LogsRole    LogsRole
	Unread      []string // What could not be read, and why.
}

// HostedZone is a zone of Route 53.
type HostedZone struct {
	ID      string
	Name    string // Without a final dot.
	Private bool
}

// VPC is a network with its subnets.
type VPC struct {
	ID        string
	Name      string // The tag Name, or empty.
	CIDR      string
	Hostnames bool // Whether DNS hostnames are on, which private DNS names need.
	Subnets   []Subnet
}

// Subnet is a subnet of a VPC.
type Subnet struct {
	ID, Zone string
	Public   bool // Whether instances get public addresses at launch.
	IPv6     bool
}

// Address is an Elastic IP.
type Address struct {
	IP    string
	InUse bool
}

// LogsRole says whether the account lets API Gateway write logs in the region.
type LogsRole string

// What is known about the role. The zero value says nothing.
const (
	LogsRoleSet   LogsRole = "set"
	LogsRoleUnset LogsRole = "unset"
)

// Engine runs a program of lookups, as Sandbox.LookUp and LookUpOnAWS do.
type Engine func(ctx context.Context, config map[string]string, program pulumi.RunFunc) error

// Read reads an account. config configures the provider aws, by full key, and has aws:region. version is that of the
// provider. Read reports no error if the account denies something: then there is less to offer.
func Read(ctx context.Context, engine Engine, version string, config map[string]string) (*Account, error) {
	r := &reader{version: version}
	err := engine(ctx, config, r.program)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !r.ran:
		return nil, fmt.Errorf("reading the account: %w", err)
	case err != nil && r.found.ID == "": // Everything failed, for the same reason.
		r.found.Unread = []string{inOneLine(err)}
	case err != nil: // Of a part that the program could not report itself.
		r.found.Unread = append(r.found.Unread, inOneLine(err))
	}
	return &r.found, nil
}

// PublicZone returns the nearest public zone that contains a name, or nil.
func (a *Account) PublicZone(name string) *HostedZone {
	var nearest *HostedZone
	for i, zone := range a.HostedZones {
		if !zone.Private && below(name, zone.Name) && (nearest == nil || len(nearest.Name) < len(zone.Name)) {
			nearest = &a.HostedZones[i]
		}
	}
	return nearest
}

// below reports whether a name is inside a zone and is not the zone's own.
func below(name, zone string) bool {
	return strings.HasSuffix(name, "."+zone)
}

// PublicZones returns the names of the public zones, sorted.
func (a *Account) PublicZones() []string {
	var names []string
	for _, zone := range a.HostedZones {
		if !zone.Private {
			names = append(names, zone.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// VPC returns the VPC with an ID, or nil.
func (a *Account) VPC(id string) *VPC {
	for i := range a.VPCs {
		if a.VPCs[i].ID == id {
			return &a.VPCs[i]
		}
	}
	return nil
}
