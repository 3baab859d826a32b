package tests

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/config"
	"private-api-blueprints/sandbox"
)

// A record that validates another certificate of the name exists when the second stack is deployed.
func TestValidationRecordOutlivesTheStackAndServesTheNext(t *testing.T) {
	s := newStack(t, "blueprint:domain.keepValidationRecord=true")
	s.up()
	record := s.find(recordType, "static-ip-validation")
	s.destroy()
	assert.Equal(t, record.Outputs["records"], s.inAccount(record)["records"])
	s.up()
	assert.Equal(t, record.ID, s.find(recordType, "static-ip-validation").ID)
	s.set("blueprint:domain.keepValidationRecord=false")
	s.up()
	s.destroy()
	s.assertNothingLeft()
}

func TestEveryRoleHasThePermissionsBoundary(t *testing.T) {
	const boundary = "arn:aws:iam::123456789012:policy/boundary"
	for _, blueprint := range config.Blueprints() {
		t.Run(blueprint.Name, func(t *testing.T) {
			s := newExample(t, blueprint.Name, "blueprint:permissionsBoundaryArn="+boundary)
			s.up()
			for _, r := range s.state() {
				if r.Type == "aws:iam/role:Role" {
					assert.Equal(t, boundary, r.Outputs["permissionsBoundary"], r.URN)
				}
			}
		})
	}
}

// The shared network has the private zone internal.example.com from the start.
func TestNameIsPutIntoAPrivateZoneThatExists(t *testing.T) {
	taken := append(existingNetwork, "blueprint:domain.name=internal.example.com")
	s := newStack(t, taken...)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:network")
	printed := s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
		_, err := box.Preview(ctx)
		return err
	})
	assert.Contains(t, printed, "blueprint:domain.privateZoneId: required: vpc-0e1f2a3b4c5d6e7f8 has the private zone "+
		"Z0123456789EXAMPLE03 of the name already")
	s.set(append(taken, "blueprint:domain.privateZoneId=Z0123456789EXAMPLE03")...)
	s.up()
	s.assertUpChangesNothing()
	record := s.find(recordType, "static-ip-dns-inside-a")
	assert.Equal(t, "Z0123456789EXAMPLE03", record.Inputs["zoneId"])
	s.destroy()
	s.assertNothingLeft()
}

func TestRegionInChinaIsRefused(t *testing.T) {
	s := newStack(t, "aws:region=cn-north-1")
	printed := s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
		_, err := box.Preview(ctx)
		return err
	})
	assert.Contains(t, printed, "aws:region = \"cn-north-1\": want a region outside China")
	require.Empty(t, s.state())
}

// Whoever manages public DNS makes the record by hand.
func TestStaticIpApigwWithoutAZoneSaysWhichRecordItNeeds(t *testing.T) {
	s := newStack(t, "blueprint:domain.name=api.example.com", "blueprint:domain.endpointType=regional",
		"blueprint:domain.certificateArn="+existingCertificate)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:domain")
	s.preview()
	outputs := s.up().Outputs
	assert.Equal(t, []any{map[string]any{
		"name": "api.example.com", "type": "CNAME", "value": outputs["loadBalancerDnsName"].Value,
	}}, outputs["dnsRecords"].Value)
	s.assertPromises()
	assert.Equal(t, 1, s.counts()[recordType], "the one in the private zone")
	s.assertUpChangesNothing()
	s.destroy()
	s.assertNothingLeft()
}

// The service exists before its record does, because AWS chooses the record's value. A second deployment lets AWS look
// for it.
func TestH2EndpointServiceIsVerifiedByARecordMadeByHand(t *testing.T) {
	settings := []string{
		"blueprint:service.network.create.cidrBlock=10.5.0.0/16", "blueprint:service.network.create.natGateways=Single",
		"blueprint:service.network.create.availabilityZones[0]=us-east-1a",
		"blueprint:service.network.create.availabilityZones[1]=us-east-1b",
		"blueprint:service.domain.name=h2.example.com",
		"blueprint:service.domain.certificateArn=" + existingCertificate,
		"blueprint:service.targets.launch.instanceType=t4g.micro",
		"blueprint:service.front.accessLogs.forceDestroy=true",
		"blueprint:service.allowedPrincipals[0]=arn:aws:iam::123456789012:root",
	}
	s := newExample(t, "h2-endpoint-service", append(settings, "blueprint:consumer.privateDnsEnabled=false")...)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:service")
	var wanted map[string]any
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error {
		result, err := box.Up(ctx)
		if err == nil {
			wanted = result.Outputs["dnsRecords"].Value.([]any)[0].(map[string]any)
		}
		return err
	})
	require.NoError(t, err, printed)
	assert.Contains(t, printed, "nothing verifies its private name h2.example.com", "the pack says what is missing")
	assert.Regexp(t, `^_[0-9a-z]+\.h2\.example\.com$`, wanted["name"])
	assert.Equal(t, "TXT", wanted["type"])
	s.assertPromises()

	verified := append(settings, "blueprint:service.domain.verified=true")
	s.set(verified...)
	assert.Contains(t, s.fails(up), "no public zone has its TXT record", "the record is not there yet")
	s.seedRecord(wanted)
	s.up()
	assert.Equal(t, true, s.inAccount(s.find(endpointType, "h2-consumer-vpce"))["privateDnsEnabled"])
	s.assertPromises()
	s.assertUpChangesNothing()
	s.plainDestroy()
	s.assertNothingLeft()
}

// seedRecord makes a record of an output by hand, in the zone that the account holds from the start.
func (s *stack) seedRecord(record map[string]any) {
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		_, _, err := box.Account().Create("us-east-1", "", recordType, resource.NewPropertyMapFromMap(map[string]any{
			"zoneId": "Z0123456789EXAMPLE01", "name": record["name"], "type": record["type"], "ttl": 300,
			"records": []any{record["value"]},
		}))
		return err
	})
	require.NoError(s.t, err)
}

// The account may use two subnets of the VPC. Its owner has associated a private zone of this account with it.
func TestLoadBalancerIsInAVpcThatAnotherAccountShares(t *testing.T) {
	shared := []string{
		"blueprint:network.existing.vpcId=vpc-0b0b0b0b0b0b0b0b0",
		"blueprint:network.existing.privateSubnetIds[0]=subnet-0f10000000000000a",
		"blueprint:network.existing.privateSubnetIds[1]=subnet-0f10000000000000b",
		"blueprint:backend.hostName=backend.example.com", "blueprint:backend.ipv4Addresses[0]=172.23.10.172",
		"blueprint:backend.vpcClients=true",
	}
	s := newExample(t, "vpclink-https-backend", shared...)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:network", "blueprint:backend")
	assert.Contains(t, s.fails(preview), "vpc-0b0b0b0b0b0b0b0b0 belongs to account 999988887777, and only its owner "+
		"may associate a new zone with it")
	s.set(append(shared, "blueprint:backend.privateZoneId=Z0123456789EXAMPLE04", "blueprint:front.crossZone=true")...)
	s.preview()
	s.up()
	s.assertPromises()
	s.assertUpChangesNothing()
	s.plainDestroy()
	s.assertNothingLeft()
}

// The stack's account may not touch the zone. A role of the zone's account makes the records, and nothing else.
func TestPublicZoneIsInAnotherAccount(t *testing.T) {
	const role = "arn:aws:iam::555566667777:role/dns"
	domain := []string{
		"blueprint:domain.name=api.corp.example.net", "blueprint:domain.endpointType=regional",
		"blueprint:domain.publicZoneId=Z0123456789EXAMPLE05", "blueprint:domain.createCertificate=true",
	}
	s := newStack(t, domain...)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:domain")
	assert.Contains(t, s.fails(preview), "is not authorized to access this resource")
	s.set(append(domain, "blueprint:domain.zoneRoleArn="+role)...)
	s.preview()
	s.up()
	s.assertPromises()
	s.assertUpChangesNothing()
	assert.Equal(t, map[string]any{"roleArn": role}, s.find("pulumi:providers:aws", "dns").Inputs["assumeRole"])
	for _, r := range s.state() {
		public := r.URN.Name() == "static-ip-validation" || r.URN.Name() == "static-ip-dns-outside"
		if r.Custom && r.Type.Package() == "aws" {
			assert.Equal(t, public, strings.Contains(r.Provider, "::dns::"), "%s", r.URN)
		}
	}
	s.destroy()
	s.assertNothingLeft()
}
