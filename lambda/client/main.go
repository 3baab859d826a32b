// Command client is a Lambda function that shows whether an API answers an IPv6
// client. On each invocation it sends one HTTPS GET over IPv6 only. It returns
// the answer, or the step that failed and why.
//
// Environment:
//
//	URL   what to request; its host is resolved, and must be in the certificate
//	HOST  the Host header, if it differs from the URL's host: behind a load
//	      balancer, API Gateway finds an API by the API's own name
//
// It requires dualstack subnets, IPv6 allowed in the function's VPC settings,
// and a function timeout of more than the 10 seconds that it gives a request. It
// runs on provided.al2023; cmd/lambdazip packs it.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	_ "golang.org/x/crypto/x509roots/fallback" // For an image without root certificates.
)

func main() {
	// The default logger is replaced, because the lambda library reports the errors
	// of handle through package log.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(newClient(net.DefaultResolver).handle)
}

// handle sends the request that the environment describes. A status of 400 or
// more is an answer like any other: it shows that the API was reached.
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
