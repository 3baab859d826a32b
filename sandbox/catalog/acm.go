package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"private-api-blueprints/sandbox/cloud"
)

const (
	certificateType = "aws:acm/certificate:Certificate"
	validationType  = "aws:acm/certificateValidation:CertificateValidation"
)

// existingCertificate is the certificate of existing.yaml.
const existingCertificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

// acmErrors is the page that most refusals of this service come from.
const acmErrors = "https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html"

func certificateKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         certificateType,
		ComputedLists: words("subjectAlternativeNames"),
		Replace: words(`certificateAuthorityArn domainName keyAlgorithm subjectAlternativeNames validationMethod
			validationOptions`),
		Sets: words("subjectAlternativeNames validationOptions"),
		ID: func(r *cloud.Request) string {
			return r.ARN("acm",
				fmt.Sprintf("certificate/%s-%s-%s-%s-%s", r.Hex(8), r.Hex(4), r.Hex(4), r.Hex(4), r.Hex(12)))
		},
		NotFound: cloud.NewRefusal("ResourceNotFoundException", "Could not find certificate %s.", acmErrors),
		InUse: cloud.NewRefusal("ResourceInUseException",
			"Certificate %s is in use.",
			"https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html"),
		OutputDefaults: cloud.Props{
			"keyAlgorithm": "RSA_2048", "notAfter": "", "notBefore": "", "pendingRenewal": false,
			"renewalEligibility": "INELIGIBLE", "renewalSummaries": []any{}, "status": "PENDING_VALIDATION",
			"type": "AMAZON_ISSUED", "validationEmails": []any{}, "validationMethod": "NONE",
			"options": map[string]any{"certificateTransparencyLoggingPreference": "ENABLED"},
		},
		Check:    checkCertificate,
		OnCreate: certificateOnCreate,
		Compute:  describeImported,
		Example: cloud.Example{
			Name:   "certificate",
			Inputs: cloud.Props{"domainName": "new.example.com", "validationMethod": "DNS"},
		},
	}
}

var certificateName = regexp.MustCompile(`^(\*\.)?([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}$`)

func checkCertificate(r *cloud.Request) error {
	if imported(r.Inputs) {
		return checkImportedCertificate(r)
	}
	for _, name := range certificateNames(r.Inputs) {
		if !certificateName.MatchString(name) {
			return cloud.NewRefusal("ValidationException",
				"Value '%s' at 'domainName' failed to satisfy constraint: a fully qualified domain name",
				"https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html").With(name)
		}
	}
	return nil
}

// certificateNames returns the names that a certificate is for.
func certificateNames(p cloud.Props) []string {
	names := []string{p.String("domainName")}
	for _, alternative := range p.Strings("subjectAlternativeNames") {
		if alternative != names[0] {
			names = append(names, alternative)
		}
	}
	return names
}

func certificateOnCreate(r *cloud.Request) error {
	r.Set("arn", r.Object.ID)
	r.SetDefault("subjectAlternativeNames", []any{r.Inputs.String("domainName")})
	r.Set("domainValidationOptions", []any{})
	if r.Object.Private.Bool("issued") {
		r.Set("status", "ISSUED")
	}
	if r.Inputs.String("validationMethod") == "DNS" {
		r.Set("domainValidationOptions", validationOptions(r))
	}
	return nil
}

// validationOptions returns the CNAME record that proves control of each name.
// A wildcard needs the same record as the name under it. All certificates of
// the account for one name share the record.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
func validationOptions(r *cloud.Request) []any {
	var options []any
	for _, domain := range certificateNames(r.Inputs) {
		base := strings.TrimPrefix(domain, "*.")
		proof := cloud.Repeatable(cloud.AccountID + base)
		options = append(options, map[string]any{
			"domainName":         domain,
			"resourceRecordType": "CNAME",
			"resourceRecordName": "_" + proof.Hex(32) + "." + base + ".",
			"resourceRecordValue": "_" + proof.Hex(32) + "." + proof.Letters(10,
				"abcdefghijklmnopqrstuvwxyz") + ".acm-validations.aws.",
		})
	}
	return options
}

func validationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      validationType,
		Replace:    words("certificateArn validationRecordFqdns"),
		Sets:       words("validationRecordFqdns"),
		ID:         validationID,
		References: map[string]string{"certificateArn": certificateType},
		Check:      checkValidation,
		Example: cloud.Example{
			Name:   "validation",
			Inputs: cloud.Props{"certificateArn": "${certificate}"},
			After:  []string{"certificate record"},
		},
	}
}

// validationID returns the time of the creation, as the provider does. The account tells objects apart by their IDs, so
// of two in the same millisecond the second one gets the next.
func validationID(r *cloud.Request) string {
	for now := time.Now().UTC(); ; now = now.Add(time.Millisecond) {
		id := now.Format("2006-01-02 15:04:05.000 -0700 MST")
		if r.Find(validationType, id, r.Region) == nil {
			return id
		}
	}
}

// checkValidation refuses a certificate whose record ACM has not found. The
// provider waits 75 minutes before it says so; the sandbox does not.
func checkValidation(r *cloud.Request) error {
	arn := r.Inputs.String("certificateArn")
	if !issued(r, r.Find(certificateType, arn, r.Region)) {
		return cloud.NewRefusal("PENDING_VALIDATION",
			"timeout while waiting for certificate %s to become ISSUED: a public zone lacks its validation record",
			"https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-DNS-validation.html").With(arn)
	}
	return nil
}

// issued reports whether a certificate can be used. ACM issues a requested
// certificate once its records are found, even if the program waits for it
// elsewhere or not at all.
func issued(r *cloud.Request, cert *cloud.Object) bool {
	if cert.Private.Bool("issued") {
		return true
	}
	for _, option := range cert.Computed.Objects("domainValidationOptions") {
		if !hasPublicRecord(r, option.String("resourceRecordName"), "CNAME", option.String("resourceRecordValue")) {
			return false
		}
	}
	return cert.Computed.Has("domainValidationOptions")
}

func getCertificate(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	var found []*cloud.Object
	for _, cert := range r.All(certificateType) {
		if cert.Region == r.Region && cert.Output("domainName") == args.String("domain") &&
			statusWanted(r, cert, args) {
			found = append(found, cert)
		}
	}
	if len(found) == 0 || (len(found) > 1 && !args.Bool("mostRecent")) {
		return nil, fmt.Errorf("found %d certificates for domain %q in %s, want exactly one", len(found),
			args.String("domain"), r.Region)
	}
	cert := found[len(found)-1]
	return cloud.Props{
		"id": cert.ID, "arn": cert.ID, "status": certificateStatus(r, cert), "certificate": "",
		"certificateChain": "", "tags": cert.Outputs()["tagsAll"],
	}, nil
}

func certificateStatus(r *cloud.Request, cert *cloud.Object) string {
	if issued(r, cert) {
		return "ISSUED"
	}
	return "PENDING_VALIDATION"
}

// statusWanted reports whether a lookup accepts the status of a certificate.
// By default the provider looks for issued ones.
func statusWanted(r *cloud.Request, cert *cloud.Object, args cloud.Props) bool {
	wanted := args.Strings("statuses")
	if len(wanted) == 0 {
		wanted = []string{"ISSUED"}
	}
	return slices.Contains(wanted, certificateStatus(r, cert))
}
