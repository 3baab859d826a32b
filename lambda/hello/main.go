// Command hello is the Lambda function behind the blueprints' API: it answers every API Gateway
// proxy request with one greeting. It runs on provided.al2023; cmd/lambdazip packs it.
package main

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func main() {
	// The default logger, because the lambda library reports its own failures through package log.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(hello)
}

// hello answers req. The event must be of payload format 1.0, that of a REST API's proxy integration.
func hello(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	// apiRequestId joins the two logs of one request: it is $context.requestId in the API's access log,
	// and the logger adds the invocation's own requestId. Nothing of the client's is logged.
	slog.InfoContext(ctx, "request answered", "apiRequestId", req.RequestContext.RequestID)
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       `{"message": "hello world"}`,
	}, nil
}
