// Command hello is the Lambda function behind the blueprints' API. It answers
// every API Gateway proxy request with the same greeting. It runs on
// provided.al2023; cmd/lambdazip packs it.
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
	// The default logger is replaced, because the lambda library reports its own
	// failures through package log.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(hello)
}

// hello returns the greeting. The event must have payload format 1.0, which a
// REST API's proxy integration sends.
func hello(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	// The apiRequestId joins the two logs of one request: the API's access log shows
	// it as $context.requestId, and the logger adds the invocation's own requestId.
	// Nothing that the client sent is logged.
	slog.InfoContext(ctx, "request answered", "apiRequestId", req.RequestContext.RequestID)
	headers := map[string]string{"Content-Type": "application/json"}
	allowOrigin(req.Headers, headers)
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    headers,
		Body:       `{"message": "hello world"}`,
	}, nil
}
