package catalog

import (
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func domainNameKind() *cloud.Kind {
	return &cloud.Kind{
		Token:     domainNameType,
		Replace:   words("certificateBody certificateChain certificatePrivateKey domainName"),
		Conflicts: [][]string{words("certificateArn regionalCertificateArn")},
		ID:        domainNameID,
		NotFound:  cloud.NewRefusal("NotFoundException", "Invalid domain name identifier specified", gatewayErrors),
		BlocksDeletionOf: map[string]string{
			"certificateArn": certificateType, "regionalCertificateArn": certificateType,
		},
		ReferenceErrors: map[string]cloud.Refusal{
			"certificateArn":         badRequest("The provided certificate does not exist: %s", createDomainName),
			"regionalCertificateArn": badRequest("The provided certificate does not exist: %s", createDomainName),
		},
		OutputDefaults: cloud.Props{
			"certificateUploadDate": "", "cloudfrontDomainName": "", "cloudfrontZoneId": "Z2FDTNDATAQYW2",
			"domainNameId": "", "ownershipVerificationCertificateArn": "", "regionalDomainName": "",
			"regionalZoneId": "", "securityPolicy": "TLS_1_2",
		},
		Duplicate: badRequest("The domain name you provided already exists.", gatewayErrors),
		Check:     checkDomainName,
		OnCreate:  domainNameOnCreate,
		Example: cloud.Example{
			Name: "domain",
			Inputs: cloud.Props{
				"domainName":             "api.example.com",
				"endpointConfiguration":  cloud.Props{"types": "REGIONAL"},
				"regionalCertificateArn": existingCertificate,
			},
		},
	}
}

func checkDomainName(r *cloud.Request) error {
	if err := checkEndpointType(r.Inputs.Object("endpointConfiguration")); err != nil {
		return err
	}
	if err := checkGatewayPolicy(r, r.Inputs.String("policy")); err != nil {
		return err
	}
	if !r.Created() && (endpointKind(r.Old) == "PRIVATE") != (endpointKind(r.Inputs) == "PRIVATE") {
		return badRequest("/endpointConfiguration/types/0 Invalid request input",
			"https://github.com/hashicorp/terraform-provider-aws/issues/47504").With()
	}
	arn := domainCertificate(r.Inputs)
	if arn == "" {
		return badRequest("A certificate was not provided for the endpoint type %s.",
			createDomainName).With(endpointKind(r.Inputs))
	}
	cert := r.Find(certificateType, arn, r.Region)
	if !issued(r, cert) {
		return badRequest("Certificate %s in account "+cloud.AccountID+" not yet issued", createDomainName).With(arn)
	}
	domain := r.Inputs.String("domainName")
	covering := func(name string) bool { return nameCovers(name, domain) }
	if !slices.ContainsFunc(certificateNames(cert.Inputs), covering) {
		return badRequest("The domain name to be created is not covered by the provided certificate. (%s)",
			createDomainName).With(domain)
	}
	return nil
}

// domainCertificate returns the certificate that AWS uses for the endpoint
// type.
func domainCertificate(p cloud.Props) string {
	switch endpointKind(p) {
	case "REGIONAL":
		return p.String("regionalCertificateArn")
	case "PRIVATE":
		return p.StringOr("certificateArn", p.String("regionalCertificateArn"))
	}
	return p.String("certificateArn")
}

const createDomainName = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html"

// nameCovers reports whether a name of a certificate covers a host name. A
// wildcard stands for one label.
func nameCovers(pattern, name string) bool {
	if base, wild := strings.CutPrefix(pattern, "*."); wild {
		_, parent, _ := strings.Cut(name, ".")
		return strings.EqualFold(parent, base)
	}
	return strings.EqualFold(pattern, name)
}

// endpointKind returns EDGE, REGIONAL or PRIVATE.
func endpointKind(p cloud.Props) string {
	return p.Object("endpointConfiguration").StringOr("types", "EDGE")
}

// domainNameID returns the name itself. A private name need not be unique, so
// the provider appends the ID that AWS gave it.
func domainNameID(r *cloud.Request) string {
	domain := r.Inputs.String("domainName")
	if endpointKind(r.Inputs) != "PRIVATE" {
		return domain
	}
	r.Set("domainNameId", r.Code(10))
	return domain + "/" + r.Object.Computed.String("domainNameId")
}

func domainNameOnCreate(r *cloud.Request) error {
	domain, target := r.Inputs.String("domainName"), "d-"+r.Code(10)
	r.SetDefault("endpointConfiguration", map[string]any{"types": "EDGE"})
	switch endpointKind(r.Inputs) {
	case "PRIVATE":
		r.Set("arn", r.ARN("apigateway", "/domainnames/"+domain+"+"+r.Object.Computed.String("domainNameId")))
	case "REGIONAL":
		r.Set("arn", gatewayARN(r, "domainnames/"+domain))
		r.Set("regionalDomainName", target+".execute-api."+r.Region+".amazonaws.com")
		r.Set("regionalZoneId", hostedZone("execute-api", r.Region))
	default:
		r.Set("arn", gatewayARN(r, "domainnames/"+domain))
		r.Set("cloudfrontDomainName", target+".cloudfront.net")
	}
	return nil
}

// findDomain returns a custom domain name, or nil. A private one has an ID in
// addition to its name.
func findDomain(r *cloud.Request, name, id string) *cloud.Object {
	if id != "" {
		name += "/" + id
	}
	return r.Find(domainNameType, name, r.Region)
}

func basePathMappingKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   basePathMappingType,
		Replace: words("domainName domainNameId"),
		ID: func(r *cloud.Request) string {
			id := r.Inputs.String("domainName") + "/" + r.Inputs.String("basePath")
			if domain := r.Inputs.String("domainNameId"); domain != "" {
				id += "/" + domain
			}
			return id
		},
		Duplicate:  gatewayConflict("Base path already exists for this domain name"),
		References: map[string]string{"restApi": restAPIType},
		Check:      checkBasePathMapping,
		Example: cloud.Example{
			Name:   "mapping",
			Inputs: cloud.Props{"domainName": "api.example.com", "restApi": "${api}", "stageName": "v1"},
			After:  []string{"stage", "domain"},
		},
	}
}

// checkBasePathMapping refuses a domain name or a stage that does not exist. A
// private domain name is found by its ID only.
func checkBasePathMapping(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html"
	if findDomain(r, r.Inputs.String("domainName"), r.Inputs.String("domainNameId")) == nil {
		return cloud.NewRefusal("NotFoundException", "Invalid domain name identifier specified: %s",
			source).With(r.Inputs.String("domainName"))
	}
	if stage := r.Inputs.String("stageName"); stage != "" && findStage(r, r.Inputs.String("restApi"), stage) == nil {
		return badRequest("Invalid stage identifier specified: %s", source).With(stage)
	}
	return nil
}

func accessAssociationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   accessAssociationType,
		Replace: words("accessAssociationSource accessAssociationSourceType domainNameArn"),
		ID: func(r *cloud.Request) string {
			domain, endpoint := lastPart(r.Inputs.String("domainNameArn")), r.Inputs.String("accessAssociationSource")
			return r.ARN("apigateway", "/domainnameaccessassociations/domainname/"+domain+"/vpcesource/"+endpoint)
		},
		Duplicate:  gatewayConflict("Access association %s already exists"),
		References: map[string]string{"accessAssociationSource": vpcEndpointType, "domainNameArn": domainNameType},
		ReferenceErrors: map[string]cloud.Refusal{
			"accessAssociationSource": badRequest("Invalid VPC endpoint ID %s", gatewayErrors),
		},
		Check: checkAccessAssociation,
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.Object.ID)
			return nil
		},
		Example: cloud.Example{
			Name: "access",
			Inputs: cloud.Props{
				"accessAssociationSource": "${endpoint}", "accessAssociationSourceType": "VPCE",
				"domainNameArn": "${private domain.arn}",
			},
		},
	}
}

func checkAccessAssociation(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainNameAccessAssociation.html"
	if kind := r.Inputs.String("accessAssociationSourceType"); kind != "VPCE" {
		return badRequest("Access association source type %s is not VPCE", source).With(kind)
	}
	domain := r.Find(domainNameType, r.Inputs.String("domainNameArn"), r.Region)
	if endpointKind(domain.Inputs) != "PRIVATE" {
		return badRequest("Domain name %s is not private", source).With(domain.ID)
	}
	return nil
}
