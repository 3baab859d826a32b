package blueprints

import (
	"private-api-blueprints/config"
)

// resolvedH2EndpointService holds the checked configuration of the blueprint,
// and what AWS says about it.
type resolvedH2EndpointService struct {
	service  *resolvedService  // Nil if another stack offers it.
	consumer *resolvedConsumer // Nil if the stack has no consumer.
}

// h2EndpointService asks AWS about the resources that the settings name. It
// returns an error only if AWS does not answer or the consumer's provider
// cannot be registered.
func (l *lookup) h2EndpointService(s *config.H2EndpointService) (*resolvedH2EndpointService, error) {
	err := l.open()
	if err != nil {
		return nil, err
	}
	args := &resolvedH2EndpointService{}
	if s.Service != nil {
		if args.service, err = l.service(s.Service); err != nil {
			return nil, err
		}
	}
	if s.Consumer != nil {
		args.consumer, err = l.consumer(s.Consumer, args.service)
	}
	return args, err
}

// privateDnsName returns the name by which consumers call the service.
func (args *resolvedH2EndpointService) privateDnsName() string {
	if args.service != nil {
		return args.service.Domain.Name
	}
	return args.consumer.privateDnsName
}
