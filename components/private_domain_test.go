package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestPrivateDomainAdmitsAndServesOneEndpoint(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewPrivateDomain(ctx, "domain", customDomain(), pulumi.String("vpce-1"))
		return err
	})
	domain := stack.Inputs(t, "domain-domain")
	assert.Equal(t, "certificate", domain["certificateArn"], "a regional domain has it under another key")
	assert.NotContains(t, domain, "regionalCertificateArn")
	assert.Contains(t, domain["policy"], `"aws:SourceVpce":"vpce-1"`, "without a policy, AWS denies everything")
	assert.Equal(t, "domain-domain.domainNameId", stack.Inputs(t, "domain-mapping")["domainNameId"])
	assert.Equal(t, map[string]any{
		"accessAssociationSource": "vpce-1", "accessAssociationSourceType": "VPCE",
		"domainNameArn": "domain-domain.arn",
	}, stack.Inputs(t, "domain-association"))
}
