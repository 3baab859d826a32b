// Command client is a Lambda function that shows what a client in its network
// gets. It does one of two things.
//
// Without servers in the event, it sends the HTTPS requests that its environment
// describes, each once, and returns the answers, or the step that failed and why.
//
// With servers in the event, it asks each server over HTTPS until all of them
// serve. It fails shortly before its time is up, and says which server does not
// serve and what it got from it.
//
// Environment:
//
//	URL         what to request; its host is resolved, and must be in the certificate
//	HOST        the Host header, if it differs from the URL's host: behind a load
//	            balancer, API Gateway finds an API by the API's own name
//	REQUESTS    several requests instead, in JSON: [{"url": …, "host": …, "header": {…}}];
//	            "sign": true signs one with the function's role, for API Gateway
//	IP_VERSION  4 or 6, the IP version of the requests; 6 without it
//
// Over IPv6 it requires dualstack subnets and IPv6 allowed in the function's VPC
// settings. The function's timeout must be more than the 10 seconds that it gives
// each request. It runs on provided.al2023; cmd/lambdazip packs it.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	_ "golang.org/x/crypto/x509roots/fallback" // For an image without root certificates.
)

func main() {
	// The default logger is replaced, because the lambda library reports the errors
	// of Invoke through package log.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(newClient(net.DefaultResolver))
}

// Invoke serves one invocation. Its payload may be empty.
func (c *client) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var asked event
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &asked); err != nil {
			return nil, fmt.Errorf("event: %w", err)
		}
	}
	var result any
	var err error
	switch {
	case len(asked.Servers) > 0:
		result, err = c.prove(ctx, &asked)
	case os.Getenv("REQUESTS") != "":
		result, err = c.handleAll(ctx)
	default:
		result, err = c.handle(ctx)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(result)
}

// handle sends the request that URL and HOST describe. A status of 400 or more is an
// answer like any other: it shows that the API was reached.
func (c *client) handle(ctx context.Context) (answer, error) {
	version, wrong := ipVersion(os.Getenv("IP_VERSION"))
	one := described{URL: os.Getenv("URL"), Host: os.Getenv("HOST")}
	req, err := one.request()
	if err := errors.Join(wrong, err); err != nil {
		return answer{}, err
	}
	c.version = version
	return c.ask(ctx, req)
}

// handleAll sends the requests of REQUESTS. An answer without a response says why
// there is none.
func (c *client) handleAll(ctx context.Context) ([]answer, error) {
	version, wrong := ipVersion(os.Getenv("IP_VERSION"))
	requests, err := requestsFrom(os.Getenv("REQUESTS"))
	if err := errors.Join(wrong, err); err != nil {
		return nil, err
	}
	c.version = version
	var answers []answer
	for _, req := range requests {
		got, err := c.ask(ctx, req)
		if err != nil {
			got = answer{URL: req.URL.String(), Host: req.Host, Error: err.Error()}
		}
		answers = append(answers, got)
	}
	return answers, nil
}
