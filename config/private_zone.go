package config

import "private-api-blueprints/internal/settings"

// PrivateZone is the private hosted zone that holds a name for clients in a VPC.
type PrivateZone struct {
	// PrivateZoneId is the ID of a private Route 53 zone that contains the name and
	// is associated with the VPC already, which must exist too. Without it, the
	// stack creates a zone of exactly this name. AWS refuses that if the VPC has a
	// zone of the name.
	// https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
	PrivateZoneId string `config:"privateZoneId" computed:"a new zone" format:"hostedZoneId"`
}

// checkNetwork refuses a zone for a VPC that does not exist yet.
func (s *PrivateZone) checkNetwork(network *Network, c settings.Section) {
	if s.PrivateZoneId != "" && network.Existing == nil {
		c.Reject("privateZoneId", s.PrivateZoneId,
			"want it only with a VPC that exists: no zone is associated with a new one")
	}
}
