// Command hello is the Lambda function behind the blueprints' API: it answers every API Gateway
// proxy request with one greeting. It runs on provided.al2023; lambda/archive packs it.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func main() {
	// The default logger, because the lambda library reports its own failures through package log.
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{
		// "timestamp" is the name that Lambda's log-level filter documents; slog's own is "time".
		// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
		ReplaceAttr: lambdacontext.ReplaceAttr,
	})))
	lambda.Start(hello)
}

// hello answers req. The event must be of payload format 1.0, that of a REST API's proxy integration.
func hello(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	logIDs(ctx, req.RequestContext.RequestID)
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       `{"message": "hello world"}`,
	}, nil
}

// logIDs joins the two logs of one request: apiRequestID is $context.requestId in the API's access
// log, and requestId is the invocation in the function's own log. Nothing of the client's is logged.
func logIDs(ctx context.Context, apiRequestID string) {
	attrs := []slog.Attr{slog.String("apiRequestId", apiRequestID)}
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		attrs = append(attrs, slog.String("requestId", invocation.AwsRequestID))
	}
	slog.LogAttrs(ctx, slog.LevelInfo, "request answered", attrs...)
}
