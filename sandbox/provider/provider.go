// Package provider serves the simulated aws and awsx providers to the Pulumi
// engine, which attaches to them through PULUMI_DEBUG_PROVIDERS.
package provider

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"private-api-blueprints/sandbox/cloud"
)

// Servers holds the two providers, which listen on loopback.
type Servers struct {
	aws, awsx rpcutil.ServeHandle
	stop      chan bool
}

// Serve starts both providers on free ports. The account outlives them.
func Serve(account *cloud.Account) (*Servers, error) {
	s := &Servers{stop: make(chan bool)}
	secretive := newSecretive(&aws{account: account})
	var err error
	if s.aws, err = s.serve(plugin.NewProviderServer(secretive), secretive.redact); err != nil {
		return nil, fmt.Errorf("simulated aws provider: %w", err)
	}
	plain := func(text string) string { return text } // The component itself holds no values.
	if s.awsx, err = s.serve(&awsx{}, plain); err != nil {
		return nil, errors.Join(fmt.Errorf("simulated awsx provider: %w", err), s.Close())
	}
	return s, nil
}

// serve starts a server. redact returns a text without secrets.
func (s *Servers) serve(
	server pulumirpc.ResourceProviderServer, redact func(string) string,
) (rpcutil.ServeHandle, error) {
	return rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel:  s.stop,
		Options: guards(redact),
		Init: func(g *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(g, server)
			return nil
		},
	})
}

// DebugProviders returns the value of PULUMI_DEBUG_PROVIDERS that makes the
// engine use these providers: aws:PORT,awsx:PORT.
func (s *Servers) DebugProviders() string {
	return fmt.Sprintf("aws:%d,awsx:%d", s.aws.Port, s.awsx.Port)
}

// Close stops both servers after they have answered the current calls.
func (s *Servers) Close() error {
	close(s.stop)
	err := <-s.aws.Done
	if s.awsx.Done != nil {
		err = errors.Join(err, <-s.awsx.Done)
	}
	return err
}
