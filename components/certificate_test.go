package components

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestCertificateIsUsableOnlyOnceIssued(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		args := &CertificateArgs{DomainName: "api.example.com", PublicZoneId: "Z1"}
		certificate, err := NewCertificate(ctx, "tls", args)
		if err != nil {
			return err
		}
		vpc := &ec2.VpcArgs{CidrBlock: certificate.Arn}
		_, err = ec2.NewVpc(ctx, "user-of-the-arn", vpc, pulumi.Parent(certificate))
		return err
	})
	assert.Contains(t, stack.Dependencies(t, "user-of-the-arn"), "tls-issued")
	assert.Equal(t, map[string]any{
		"zoneId": "Z1", "name": "_x.api.example.com.", "type": "CNAME",
		"records": []any{"_y.acm-validations.aws."}, "ttl": 300.0,
		"allowOverwrite": true,
	}, stack.Inputs(t, "tls-validation"))
	assert.Equal(t, map[string]any{
		"certificateArn":        "tls-certificate.arn",
		"validationRecordFqdns": []any{"tls-validation.fqdn"},
	}, stack.Inputs(t, "tls-issued"))
	assert.Equal(t, "DNS", stack.Inputs(t, "tls-certificate")["validationMethod"])
}

func TestACertificateHasARecordForEachName(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewCertificate(ctx, "tls", &CertificateArgs{
			DomainName: "api.example.com", PublicZoneId: "Z1",
			Further: []CertificateName{{"shop.example.net", "Z2"}},
		})
		return err
	})
	assert.Equal(t, []any{"shop.example.net"}, stack.Inputs(t, "tls-certificate")["subjectAlternativeNames"])
	for name, want := range map[string][]any{
		"tls-validation":                  {"Z1", "_x.api.example.com."},
		"tls-validation/shop.example.net": {"Z2", "_x.shop.example.net."},
	} {
		inputs := stack.Inputs(t, name)
		assert.Equal(t, want, []any{inputs["zoneId"], inputs["name"]})
	}
	assert.Equal(t, []any{"tls-validation.fqdn", "tls-validation/shop.example.net.fqdn"},
		stack.Inputs(t, "tls-issued")["validationRecordFqdns"])
}
