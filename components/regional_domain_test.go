package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

// customDomain returns the arguments of a custom domain name.
func customDomain() *CustomDomainArgs {
	return &CustomDomainArgs{
		Environment:    environment,
		DomainName:     "api.example.com",
		CertificateArn: pulumi.String("certificate"),
		RestApiId:      pulumi.String("api"),
		StageName:      pulumi.String("prod"),
	}
}

func TestRegionalDomainLeadsToTheStage(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewRegionalDomain(ctx, "domain", customDomain())
		return err
	})
	assert.Equal(t, map[string]any{
		"domainName": "api.example.com", "regionalCertificateArn": "certificate", "securityPolicy": "TLS_1_2",
		"endpointConfiguration": map[string]any{"types": "REGIONAL"},
	}, stack.Inputs(t, "domain-domain"))
	assert.Equal(t, map[string]any{"domainName": "api.example.com", "restApi": "api", "stageName": "prod"},
		stack.Inputs(t, "domain-mapping"))
}
