package blueprints

import (
	"private-api-blueprints/config"
)

// resolvedH2EndpointService is configuration that has been checked, and what
// AWS says about it.
type resolvedH2EndpointService struct {
	service  *resolvedService  // Nil if others offer it.
	consumer *resolvedConsumer // Nil if others use it.
}

// h2EndpointService asks AWS for what the settings name. The error is AWS not
// answering at all.
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
