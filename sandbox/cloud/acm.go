package cloud

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

const (
	certificateType = "aws:acm/certificate:Certificate"
	validationType  = "aws:acm/certificateValidation:CertificateValidation"
)

func acmKinds() []*Kind { return []*Kind{certificateKind(), validationKind()} }

func certificateKind() *Kind {
	return &Kind{
		Token: certificateType,
		Optional: words(`certificateAuthorityArn certificateBody certificateChain domainName earlyRenewalDuration
			keyAlgorithm options privateKey subjectAlternativeNames tags validationMethod validationOptions`),
		Computed: words(`arn domainName domainValidationOptions keyAlgorithm notAfter notBefore options pendingRenewal
			renewalEligibility renewalSummaries status subjectAlternativeNames type validationEmails validationMethod`),
		Replace: words("certificateAuthorityArn domainName keyAlgorithm subjectAlternativeNames validationMethod validationOptions"),
		Sets:    words("subjectAlternativeNames validationOptions"),
		id: func(c *call) string {
			return c.arn("acm", fmt.Sprintf("certificate/%s-%s-%s-%s-%s", c.hex(8), c.hex(4), c.hex(4), c.hex(4), c.hex(12)))
		},
		missing: Refusal{"ResourceNotFoundException", "Could not find certificate %s.", acmErrors},
		inUse: Refusal{"ResourceInUseException",
			"Certificate %s is in use.",
			"https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html"},
		fills: props{"keyAlgorithm": "RSA_2048", "notAfter": "", "notBefore": "", "pendingRenewal": false,
			"renewalEligibility": "INELIGIBLE", "renewalSummaries": []any{}, "status": "PENDING_VALIDATION", "type": "AMAZON_ISSUED",
			"validationEmails": []any{}, "validationMethod": "NONE",
			"options": map[string]any{"certificateTransparencyLoggingPreference": "ENABLED"}},
		check: certificateCheck,
		born:  certificateBorn,
	}
}

var certificateName = regexp.MustCompile(`^(\*\.)?([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}$`)

func certificateCheck(c *call) error {
	for _, name := range certificateNames(c.in()) {
		if !certificateName.MatchString(name) {
			return Refusal{"ValidationException",
				"Value '%s' at 'domainName' failed to satisfy constraint: a fully qualified domain name",
				"https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"}.with(name)
		}
	}
	return nil
}

// certificateNames are the names that a certificate is for.
func certificateNames(p props) []string {
	names := []string{p.str("domainName")}
	for _, alternative := range p.strings("subjectAlternativeNames") {
		if alternative != names[0] {
			names = append(names, alternative)
		}
	}
	return names
}

func certificateBorn(c *call) error {
	c.set("arn", c.obj.ID)
	c.fill("subjectAlternativeNames", []any{c.in().str("domainName")})
	c.set("domainValidationOptions", []any{})
	if c.obj.Private.flag("issued") {
		c.set("status", "ISSUED")
	}
	if c.in().str("validationMethod") == "DNS" {
		c.set("domainValidationOptions", validationOptions(c))
	}
	return nil
}

// validationOptions gives the CNAME record that proves control of each name.
// A wildcard needs the same record as the name under it, and so does every
// certificate of the account that has the name.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
func validationOptions(c *call) []any {
	var options []any
	for _, domain := range certificateNames(c.in()) {
		base := strings.TrimPrefix(domain, "*.")
		proof := &Account{random: repeatable(AccountID + base)}
		options = append(options, map[string]any{"domainName": domain, "resourceRecordType": "CNAME",
			"resourceRecordName":  "_" + proof.hex(32) + "." + base + ".",
			"resourceRecordValue": "_" + proof.hex(32) + "." + proof.letters(10, "abcdefghijklmnopqrstuvwxyz") + ".acm-validations.aws."})
	}
	return options
}

func validationKind() *Kind {
	return &Kind{
		Token:    validationType,
		Required: words("certificateArn"),
		Optional: words("validationRecordFqdns"),
		Replace:  words("certificateArn validationRecordFqdns"),
		Sets:     words("validationRecordFqdns"),
		id:       func(*call) string { return time.Now().UTC().Format("2006-01-02 15:04:05.000 -0700 MST") },
		refs:     map[string]string{"certificateArn": certificateType},
		check:    validationCheck,
	}
}

// validationCheck does not wait for 75 minutes, as the provider does, before
// it says that ACM found no record.
func validationCheck(c *call) error {
	arn := c.in().str("certificateArn")
	if !c.issued(c.find(certificateType, arn, c.region)) {
		return Refusal{"PENDING_VALIDATION",
			"timeout while waiting for certificate %s to become ISSUED: a public zone lacks its validation record",
			"https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-DNS-validation.html"}.with(arn)
	}
	return nil
}

// issued tells whether a certificate can be used: one that ACM was asked for
// is once its records are found, wherever the program waits for it.
func (c *call) issued(cert *Object) bool {
	if cert.Private.flag("issued") {
		return true
	}
	for _, option := range cert.Computed.objects("domainValidationOptions") {
		if !c.publicRecord(option.str("resourceRecordName"), "CNAME", option.str("resourceRecordValue")) {
			return false
		}
	}
	return cert.Computed.has("domainValidationOptions")
}
