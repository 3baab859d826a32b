package main

import (
	"os"

	"private-api-blueprints/internal/sigv4"
)

// signerFromEnv returns a signer for API Gateway with the credentials of the
// function's role, which Lambda puts into the environment.
func signerFromEnv() sigv4.Signer {
	return sigv4.Signer{
		AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: os.Getenv("AWS_SESSION_TOKEN"), Region: os.Getenv("AWS_REGION"), Service: "execute-api",
	}
}
