package cloud

import (
	"slices"
	"strings"
)

func domainNameKind() *Kind {
	return &Kind{
		Token:    domainNameType,
		Required: words("domainName"),
		Optional: words(`certificateArn certificateBody certificateChain certificateName certificatePrivateKey
			endpointConfiguration mutualTlsAuthentication ownershipVerificationCertificateArn policy
			regionalCertificateArn regionalCertificateName securityPolicy tags`),
		Computed: words(`arn certificateUploadDate cloudfrontDomainName cloudfrontZoneId domainNameId endpointConfiguration
			ownershipVerificationCertificateArn regionalDomainName regionalZoneId securityPolicy`),
		Replace: words("certificateBody certificateChain certificatePrivateKey domainName"),
		id:      domainNameID,
		missing: Refusal{"NotFoundException", "Invalid domain name identifier specified", gatewayErrors},
		holds:   map[string]string{"certificateArn": certificateType, "regionalCertificateArn": certificateType},
		absent: map[string]Refusal{"certificateArn": badRequest("The provided certificate does not exist: %s", createDomainName),
			"regionalCertificateArn": badRequest("The provided certificate does not exist: %s", createDomainName)},
		fills: props{"certificateUploadDate": "", "cloudfrontDomainName": "", "cloudfrontZoneId": "Z2FDTNDATAQYW2", "domainNameId": "",
			"ownershipVerificationCertificateArn": "", "regionalDomainName": "", "regionalZoneId": "", "securityPolicy": "TLS_1_2"},
		duplicate: badRequest("The domain name you provided already exists.", gatewayErrors),
		check:     domainNameCheck,
		born:      domainNameBorn,
	}
}

func domainNameCheck(c *call) error {
	if err := endpointTypeCheck(c.in().object("endpointConfiguration")); err != nil {
		return err
	}
	if err := gatewayPolicyCheck(c.in().str("policy")); err != nil {
		return err
	}
	arn := domainCertificate(c.in())
	if arn == "" {
		return badRequest("A certificate was not provided for the endpoint type %s.", createDomainName).with(endpointKind(c.in()))
	}
	cert := c.find(certificateType, arn, c.region)
	if !c.issued(cert) {
		return badRequest("Certificate %s in account "+AccountID+" not yet issued", createDomainName).with(arn)
	}
	if domain := c.in().str("domainName"); !slices.ContainsFunc(certificateNames(cert.Inputs), func(n string) bool { return nameCovers(n, domain) }) {
		return badRequest("The domain name to be created is not covered by the provided certificate. (%s)", createDomainName).with(domain)
	}
	return nil
}

// domainCertificate is the certificate that counts for the endpoint type.
func domainCertificate(p props) string {
	switch endpointKind(p) {
	case "REGIONAL":
		return p.str("regionalCertificateArn")
	case "PRIVATE":
		return p.or("certificateArn", p.str("regionalCertificateArn"))
	}
	return p.str("certificateArn")
}

const createDomainName = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html"

// nameCovers matches a name of a certificate, whose wildcard is one label.
func nameCovers(pattern, name string) bool {
	if base, wild := strings.CutPrefix(pattern, "*."); wild {
		_, parent, _ := strings.Cut(name, ".")
		return strings.EqualFold(parent, base)
	}
	return strings.EqualFold(pattern, name)
}

// endpointKind is EDGE, REGIONAL or PRIVATE.
func endpointKind(p props) string { return p.object("endpointConfiguration").or("types", "EDGE") }

// domainNameID is the name itself. A private name need not be unique, so the
// provider adds the id that AWS gave it.
func domainNameID(c *call) string {
	domain := c.in().str("domainName")
	if endpointKind(c.in()) != "PRIVATE" {
		return domain
	}
	c.set("domainNameId", code(10)(c))
	return domain + "/" + c.obj.Computed.str("domainNameId")
}

func domainNameBorn(c *call) error {
	domain, target := c.in().str("domainName"), "d-"+code(10)(c)
	c.fill("endpointConfiguration", map[string]any{"types": "EDGE"})
	switch endpointKind(c.in()) {
	case "PRIVATE":
		c.set("arn", c.arn("apigateway", "/domainnames/"+domain+"+"+c.obj.Computed.str("domainNameId")))
	case "REGIONAL":
		c.set("arn", c.gatewayARN("domainnames/"+domain))
		c.set("regionalDomainName", target+".execute-api."+c.region+".amazonaws.com")
		c.set("regionalZoneId", hostedZone("execute-api", c.region))
	default:
		c.set("arn", c.gatewayARN("domainnames/"+domain))
		c.set("cloudfrontDomainName", target+".cloudfront.net")
	}
	return nil
}

// domain finds a custom domain name; a private one by its id as well.
func (c *call) domain(name, id string) *Object {
	if id != "" {
		name += "/" + id
	}
	return c.find(domainNameType, name, c.region)
}

func basePathMappingKind() *Kind {
	return &Kind{
		Token:    basePathMappingType,
		Required: words("domainName restApi"),
		Optional: words("basePath domainNameId stageName"),
		Replace:  words("domainName domainNameId"),
		id: func(c *call) string {
			id := c.in().str("domainName") + "/" + c.in().str("basePath")
			if domain := c.in().str("domainNameId"); domain != "" {
				id += "/" + domain
			}
			return id
		},
		duplicate: gatewayConflict("Base path already exists for this domain name"),
		refs:      map[string]string{"restApi": restApiType},
		check:     basePathMappingCheck,
	}
}

// basePathMappingCheck finds a private domain name by its id only.
func basePathMappingCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html"
	if c.domain(c.in().str("domainName"), c.in().str("domainNameId")) == nil {
		return Refusal{"NotFoundException", "Invalid domain name identifier specified: %s", source}.with(c.in().str("domainName"))
	}
	if stage := c.in().str("stageName"); stage != "" && c.stage(c.in().str("restApi"), stage) == nil {
		return badRequest("Invalid stage identifier specified: %s", source).with(stage)
	}
	return nil
}

func accessAssociationKind() *Kind {
	return &Kind{
		Token:    accessAssociationType,
		Required: words("accessAssociationSource accessAssociationSourceType domainNameArn"),
		Optional: words("tags"),
		Computed: words("arn"),
		Replace:  words("accessAssociationSource accessAssociationSourceType domainNameArn"),
		id: func(c *call) string {
			domain := lastPart(c.in().str("domainNameArn"))
			return c.arn("apigateway", "/domainnameaccessassociations/domainname/"+domain+"/vpcesource/"+c.in().str("accessAssociationSource"))
		},
		duplicate: gatewayConflict("Access association %s already exists"),
		refs:      map[string]string{"accessAssociationSource": vpcEndpointType, "domainNameArn": domainNameType},
		absent:    map[string]Refusal{"accessAssociationSource": badRequest("Invalid VPC endpoint ID %s", gatewayErrors)},
		check:     accessAssociationCheck,
		born: func(c *call) error {
			c.set("arn", c.obj.ID)
			return nil
		},
	}
}

func accessAssociationCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainNameAccessAssociation.html"
	if kind := c.in().str("accessAssociationSourceType"); kind != "VPCE" {
		return badRequest("Access association source type %s is not VPCE", source).with(kind)
	}
	if domain := c.find(domainNameType, c.in().str("domainNameArn"), c.region); endpointKind(domain.Inputs) != "PRIVATE" {
		return badRequest("Domain name %s is not private", source).with(domain.ID)
	}
	return nil
}
