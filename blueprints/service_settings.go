package blueprints

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// ServiceSettings describes an endpoint service that this stack offers.
type ServiceSettings struct {
	Network NetworkSettings    `config:"network"`
	Domain  NameSettings       `config:"domain"` // By which consumers call it.
	Front   Http2FrontSettings `config:"front"`
	Targets TargetSettings     `config:"targets"`
	// AllowedPrincipals are who may ask for an endpoint: ARNs of accounts, roles
	// and users, or * for everybody.
	AllowedPrincipals []string `config:"allowedPrincipals"`
	// AcceptanceRequired says that asking is not enough.
	AcceptanceRequired bool `config:"acceptanceRequired"`
}

// Http2FrontSettings describes a load balancer whose clients may speak HTTP/2.
type Http2FrontSettings struct {
	LoadBalancerSettings
	TlsSettings
	AlpnPolicy string `config:"alpnPolicy"` // HTTP2Preferred, HTTP2Optional or HTTP2Only.
}

const serviceKey = namespace + ":service"

var (
	serviceNetwork = networkUse{key: serviceKey + ".network", tiers: []tier{privateTier}}
	// https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
	principal = format{
		`^(\*|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/.+))$`,
		"the ARN of an account, a role or a user, such as arn:aws:iam::123456789012:root, or *",
	}
)

// SetDefaults asks for consent to every endpoint.
func (s *ServiceSettings) SetDefaults() {
	s.Front = Http2FrontSettings{TlsSettings: defaultTls(), AlpnPolicy: "HTTP2Preferred"}
	s.Targets = defaultTargets()
	s.AcceptanceRequired = true
}

func (s *ServiceSettings) check(problems *settings.Problems) {
	s.Network.check(serviceNetwork, problems)
	s.Domain.check(checks{problems, serviceKey + ".domain."}, true)
	front := checks{problems, serviceKey + ".front."}
	s.Front.TlsSettings.check(front)
	front.choice("alpnPolicy", s.Front.AlpnPolicy, "HTTP2Preferred", "HTTP2Optional", "HTTP2Only")
	s.Targets.check(checks{problems, serviceKey + ".targets."})
	s.checkPrincipals(checks{problems, serviceKey + "."})
	if s.Targets.Launch != nil {
		s.Targets.Launch.checkWayOut(&s.Network, checks{problems, serviceNetwork.key + "."})
	}
}

func (s *ServiceSettings) checkPrincipals(c checks) {
	if len(s.AllowedPrincipals) == 0 && !c.Any(c.at("allowedPrincipals")) {
		c.Add(c.at("allowedPrincipals"), nil, "required: who may ask for an endpoint, such as [arn:aws:iam::123456789012:root]")
	}
	for i, arn := range s.AllowedPrincipals {
		key := fmt.Sprintf("allowedPrincipals[%d]", i)
		c.text(key, arn, principal)
		switch {
		case c.Any(c.at(key)):
		case slices.Index(s.AllowedPrincipals, arn) != i:
			c.Add(c.at(key), arn, "is there twice; want each once")
		case arn == "*" && !s.AcceptanceRequired:
			c.Add(c.at(key), arn, "want ARNs, or acceptanceRequired: true: everybody on AWS could connect, which makes the load balancer public "+
				"(https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html)")
		}
	}
}

// Service is where an endpoint service goes, and what AWS answered about it.
type Service struct {
	Network *components.Network // As it is or, without ids, as it will be.
	ZoneIds []string            // Of the load balancer's zones: the same places for every account.
	Targets *components.Targets // Nil where they are to be launched.
}

// resolve asks AWS for what the settings refer to, and records what does not
// fit. The error is AWS not answering at all.
func (s *ServiceSettings) resolve(ctx *pulumi.Context, environment *components.Environment, problems *settings.Problems) (*Service, error) {
	service := &Service{Network: s.Network.resolve(ctx, serviceNetwork, environment.Region, nil, problems)}
	ids, err := components.LookupZoneIds(ctx)
	if err != nil {
		return nil, err
	}
	for _, zone := range components.AvailabilityZones(service.Network.Private) {
		service.ZoneIds = append(service.ZoneIds, ids[zone])
	}
	s.Domain.resolve(ctx, environment, checks{problems, serviceKey + ".domain."})
	service.Targets = s.Targets.resolve(ctx, service.Network, s.Front.CrossZone, checks{problems, serviceKey + ".targets."})
	return service, nil
}

// seenBy is the service as consumers see it, whose account may have other names
// for its zones.
func (s *Service) seenBy(ctx *pulumi.Context, consumer networkUse) (*components.ServiceDetail, error) {
	ids, err := components.LookupZoneIds(ctx, consumer.lookups...)
	if err != nil {
		return nil, err
	}
	detail := &components.ServiceDetail{Name: serviceKey}
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		if slices.Contains(s.ZoneIds, ids[name]) {
			detail.AvailabilityZones = append(detail.AvailabilityZones, name)
		}
	}
	return detail, nil
}
