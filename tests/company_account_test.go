package tests

import (
	"context"
	"testing"

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
			s := exampleOf(t, blueprint.Name, "blueprint:permissionsBoundaryArn="+boundary)
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
