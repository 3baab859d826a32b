// Command client is a Lambda function that shows whether an API answers an IPv6 client. On each
// invocation it sends one HTTPS GET over IPv6 only, and returns what came back or what failed.
//
// Environment:
//
//	URL   what to get; its host is resolved, and is the name that the certificate has to have
//	HOST  the Host header, if it is another: an API behind a load balancer is found by its own name
//
// It needs dualstack subnets, IPv6 allowed in the function's VPC settings, and a function timeout
// of more than 10 seconds, its own. It runs on provided.al2023; cmd/lambdazip packs it.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	_ "golang.org/x/crypto/x509roots/fallback" // For an image without a bundle of roots.
)

func main() {
	// The default logger, because the lambda library reports the errors of handle through package log.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(newClient(net.DefaultResolver).handle)
}

// handle sends the request that the environment describes. A status of 400 or more is an answer as
// any other: the API was reached, and said no.
func (c *client) handle(ctx context.Context) (answer, error) {
	req, err := requestFromEnv()
	if err != nil {
		return answer{}, err
	}
	got, err := c.send(ctx, req)
	if err != nil {
		return answer{}, fmt.Errorf("GET %s over IPv6: %w", req.URL, err)
	}
	slog.InfoContext(ctx, "request sent", "status", got.Status, "remoteAddress", got.RemoteAddress)
	return got, nil
}
