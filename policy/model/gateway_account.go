package model

// GatewayAccount is API Gateway's settings for one account and region. They
// hold the role with which API Gateway writes logs of REST and WebSocket APIs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
type GatewayAccount struct{ Element }
