package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// h2EndpointService is a service that speaks HTTP/2 to other VPCs and accounts:
//
//	consumer's VPC: client ── private DNS name ──▶ interface endpoint (443 from the clients' ranges)
//	                                                 │ PrivateLink: the owner accepts the endpoint
//	service's VPC:                                 endpoint service (allowed principals, verified private DNS name)
//	                                                 │
//	                                               internal NLB (TLS with the name's certificate, ALPN, access logs)
//	                                                 │ TLS, to the targets only; PROXY protocol v2 if asked for
//	                                               targets that speak HTTP/2
//
// The allowed principals and the acceptance decide who connects. Unless the
// settings have ranges of the consumers' clients, the load balancer's security
// group has no inbound rule, and AWS does not apply it to PrivateLink traffic.
type h2EndpointService struct {
	pulumi.ResourceState

	service     *offeredService    // Nil if another stack offers the service.
	sessions    pulumi.StringArray // Commands that start sessions on launched servers.
	endpoint    *consumerEndpoint  // Nil if the stack has no consumer.
	serviceName pulumi.StringOutput
}

// deployH2EndpointService looks up what the settings name, registers the
// blueprint and exports its outputs.
func deployH2EndpointService(l *lookup, s *config.H2EndpointService) error {
	args, err := l.h2EndpointService(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newH2EndpointService(l, l.prefix(h2Prefix), args)
	if err != nil {
		return err
	}
	l.outputs.export("serviceName", bp.serviceName)
	l.outputs.export("privateDnsName", pulumi.String(args.privateDnsName()))
	if args.service != nil { // Existing targets must admit this group.
		l.outputs.export("loadBalancerSecurityGroupId", bp.service.balancer.SecurityGroupId)
		if args.service.Domain.PublicZoneId == "" {
			proof := bp.service.Proof
			l.outputs.export("dnsRecords", dnsRecords(proof.Name, proof.Type, proof.Value))
		}
	}
	if len(bp.sessions) > 0 {
		l.outputs.export("startSession", bp.sessions)
	}
	if args.consumer == nil {
		l.outputs.export("forConsumers", args.service.forConsumers(bp.serviceName))
		return nil
	}
	l.outputs.export("endpointId", bp.endpoint.EndpointId)
	l.outputs.export("curl", args.consumer.curl(args.privateDnsName(), bp.endpoint.ServiceEndpoint))
	if bp.endpoint.invokeClient != nil {
		l.outputs.export("invokeClient", bp.endpoint.invokeClient)
	}
	return nil
}

// newH2EndpointService registers the blueprint. name is the prefix of resource
// names.
func newH2EndpointService(l *lookup, name string, args *resolvedH2EndpointService) (*h2EndpointService, error) {
	bp := &h2EndpointService{}
	promises := inputOf(args.promises(name))
	inputs := pulumi.Map{"privateDnsName": pulumi.String(args.privateDnsName()), "promises": promises}
	b, err := newBuilder(l, typeToken("H2EndpointService"), name, inputs, bp)
	if err != nil {
		return nil, err
	}
	if err := runSteps(b, args, bp.registerService, bp.registerConsumer); err != nil {
		return nil, err
	}
	return bp, l.ctx.RegisterResourceOutputs(bp, pulumi.Map{"serviceName": bp.serviceName, "promises": promises})
}

// registerService registers the half that offers the service, unless others
// offer it, and fills in the service's name.
func (bp *h2EndpointService) registerService(b builder, args *resolvedH2EndpointService) (err error) {
	if args.service == nil {
		bp.serviceName = pulumi.String(args.consumer.ServiceName).ToStringOutput()
		return nil
	}
	if bp.service, err = b.newService(args.service); err != nil {
		return err
	}
	if launch := args.service.Targets.Launch; launch != nil && launch.SessionManager {
		bp.sessions = b.sessions(bp.service.targets)
	}
	bp.serviceName = bp.service.Name
	return nil
}

// registerConsumer registers the half that uses the service, unless only others
// use it.
func (bp *h2EndpointService) registerConsumer(b builder, args *resolvedH2EndpointService) (err error) {
	if args.consumer == nil {
		return nil
	}
	var service *components.EndpointService
	if bp.service != nil {
		service = bp.service.EndpointService
	}
	bp.endpoint, err = b.part(consumerPart).newConsumer(args.consumer, service)
	return err
}
