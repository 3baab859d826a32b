package catalog

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"private-api-blueprints/sandbox/cloud"
)

const (
	restAPIType           = "aws:apigateway/restApi:RestApi"
	restAPIPolicyType     = "aws:apigateway/restApiPolicy:RestApiPolicy"
	apiResourceType       = "aws:apigateway/resource:Resource"
	methodType            = "aws:apigateway/method:Method"
	integrationType       = "aws:apigateway/integration:Integration"
	deploymentType        = "aws:apigateway/deployment:Deployment"
	stageType             = "aws:apigateway/stage:Stage"
	methodSettingsType    = "aws:apigateway/methodSettings:MethodSettings"
	gatewayAccountType    = "aws:apigateway/account:Account"
	domainNameType        = "aws:apigateway/domainName:DomainName"
	basePathMappingType   = "aws:apigateway/basePathMapping:BasePathMapping"
	accessAssociationType = "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation"
	apiKeyType            = "aws:apigateway/apiKey:ApiKey"
	usagePlanType         = "aws:apigateway/usagePlan:UsagePlan"
	vpcLinkType           = "aws:apigateway/vpcLink:VpcLink"
	usagePlanKeyType      = "aws:apigateway/usagePlanKey:UsagePlanKey"
)

// gatewayErrors is the page that most refusals of this service come from.
const gatewayErrors = "https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html"

// badRequest returns a template of API Gateway's usual refusal.
func badRequest(message, source string) cloud.Refusal {
	return cloud.NewRefusal("BadRequestException", message, source)
}

func gatewayNotFound(noun string) cloud.Refusal {
	return cloud.NewRefusal("NotFoundException", "Invalid "+noun+" identifier specified %s", gatewayErrors)
}

func gatewayConflict(message string) cloud.Refusal {
	return cloud.NewRefusal("ConflictException", message, gatewayErrors)
}

// gatewayARN returns an ARN of the control plane, which names no account.
func gatewayARN(r *cloud.Request, path string) string {
	return "arn:aws:apigateway:" + r.Region + "::/" + path
}

// executionARN returns the ARN that callers of an API are authorized for.
func executionARN(r *cloud.Request, api string) string { return r.ARN("execute-api", api) }

// created returns when an object was created: now, unless it exists from the start.
func created(r *cloud.Request) string {
	if date := r.Object.Private.String("createdDate"); date != "" {
		return date
	}
	return now()
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }

func restAPIKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         restAPIType,
		ComputedLists: words("binaryMediaTypes"),
		Autoname:      cloud.Autoname{Property: "name", MaxLen: 255},
		ID:            cloud.CodeID(10),
		NotFound:      gatewayNotFound("API"),
		References:    map[string]string{"endpointConfiguration.vpcEndpointIds[]": vpcEndpointType},
		ReferenceErrors: map[string]cloud.Refusal{
			"endpointConfiguration.vpcEndpointIds[]": badRequest("Invalid VPC endpoint ID %s", gatewayErrors),
		},
		OutputDefaults: cloud.Props{
			"apiKeySource": "HEADER", "binaryMediaTypes": []any{}, "description": "",
			"disableExecuteApiEndpoint": false, "minimumCompressionSize": "", "policy": "",
		},
		Constraints: []cloud.Constraint{cloud.OneOf("putRestApiMode", "merge", "overwrite")},
		Check:       cloud.InOrder(checkRestAPI, checkBody),
		OnCreate:    restAPIOnCreate,
		Compute:     restAPICompute,
		CheckDelete: checkNoMapping,
		Example: cloud.Example{
			Name:   "api",
			Inputs: cloud.Props{"endpointConfiguration": cloud.Props{"types": "REGIONAL"}, "name": "regional"},
		},
	}
}

func checkRestAPI(r *cloud.Request) error {
	if err := checkGatewayPolicy(r, r.Inputs.String("policy")); err != nil {
		return err
	}
	config := r.Inputs.Object("endpointConfiguration")
	if err := checkEndpointType(config); err != nil {
		return err
	}
	if len(config.Strings("vpcEndpointIds")) > 0 && config.String("types") != "PRIVATE" {
		return badRequest("VPCEndpoints can only be specified with PRIVATE apis.",
			"https://github.com/clouddrove/terraform-aws-api-gateway/pull/28").With()
	}
	return nil
}

// checkNoMapping refuses to delete an API that a custom domain name leads to.
func checkNoMapping(r *cloud.Request) error {
	for _, mapping := range r.Others(basePathMappingType) {
		if mapping.Inputs.String("restApi") == r.Object.ID {
			return badRequest("Deleting RestApi %s failed. Please remove all base path mappings related to the "+
				"RestApi in your domains: %s.", "https://github.com/serverless/serverless/issues/3638",
			).With(r.Object.ID, mapping.Inputs.String("domainName"))
		}
	}
	return nil
}

// checkEndpointType checks the endpointConfiguration of an API or a domain
// name. Private ones are always dualstack.
func checkEndpointType(config cloud.Props) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html"
	if kind := config.StringOr("types", "EDGE"); !slices.Contains(words("EDGE REGIONAL PRIVATE"), kind) {
		return badRequest("Endpoint type %s is none of EDGE, REGIONAL, PRIVATE", gatewayErrors).With(kind)
	}
	if config.String("types") == "PRIVATE" && config.StringOr("ipAddressType", "dualstack") != "dualstack" {
		return badRequest("IP address type %s is not supported for PRIVATE endpoints, only dualstack",
			source).With(config.String("ipAddressType"))
	}
	return nil
}

// policyLimit is the length of the longest resource policy, in characters.
const policyLimit = 8192

func checkGatewayPolicy(r *cloud.Request, policy string) error {
	if policy == "" {
		return nil
	}
	if len(policy) > policyLimit {
		return badRequest("Policy size limit exceeded: %d characters, at most %d",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html").With(len(policy), policyLimit)
	}
	if parsed, ok := statements(policy); !ok || !principalsExist(r, parsed) {
		return badRequest(
			"Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/"+
				"apigateway-resource-policies-create-attach.html",
		).With()
	}
	return nil
}

// principalsExist reports whether the roles of the account that a policy names
// exist. Nobody can tell about those of other accounts.
func principalsExist(r *cloud.Request, policy []statement) bool {
	for _, s := range policy {
		for _, principal := range s.Principal["AWS"] {
			own := strings.HasPrefix(principal, "arn:aws:iam::"+cloud.AccountID+":role/")
			if own && r.Find(roleType, principal, "") == nil {
				return false
			}
		}
	}
	return true
}

func restAPIOnCreate(r *cloud.Request) error {
	r.Set("arn", gatewayARN(r, "restapis/"+r.Object.ID))
	r.Set("createdDate", created(r))
	r.Set("executionArn", executionARN(r, r.Object.ID))
	r.Set("rootResourceId", r.Code(10))
	return nil
}

func restAPICompute(r *cloud.Request) error {
	config := map[string]any{"types": "EDGE", "vpcEndpointIds": []any{}}
	if given := r.Inputs.Object("endpointConfiguration"); given != nil {
		for k, v := range given {
			config[k] = v
		}
	}
	if config["ipAddressType"] == nil {
		config["ipAddressType"] = "ipv4"
		if config["types"] == "PRIVATE" {
			config["ipAddressType"] = "dualstack"
		}
	}
	r.Set("endpointConfiguration", config)
	return nil
}

func restAPIPolicyKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      restAPIPolicyType,
		Replace:    words("restApiId"),
		Upsert:     true,
		ID:         cloud.InputID("restApiId"),
		References: map[string]string{"restApiId": restAPIType},
		Check:      func(r *cloud.Request) error { return checkGatewayPolicy(r, r.Inputs.String("policy")) },
		Example: cloud.Example{
			Name: "api policy",
			Inputs: cloud.Props{
				"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",
					"Action":"execute-api:Invoke","Resource":"*"}]}`,
				"restApiId": "${api}",
			},
		},
	}
}

func apiResourceKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      apiResourceType,
		Replace:    words("restApi"),
		ID:         cloud.CodeID(6),
		NotFound:   gatewayNotFound("Resource"),
		References: map[string]string{"restApi": restAPIType},
		Check:      checkAPIResource,
		Compute: func(r *cloud.Request) error {
			r.Set("path",
				pathOf(r, r.Inputs.String("restApi"), r.Inputs.String("parentId"))+"/"+r.Inputs.String("pathPart"))
			return nil
		},
		Example: cloud.Example{
			Name:   "proxy",
			Inputs: cloud.Props{"parentId": "${api.rootResourceId}", "pathPart": "{proxy+}", "restApi": "${api}"},
		},
	}
}

var pathPart = regexp.MustCompile(`^([a-zA-Z0-9._:-]+|\{[a-zA-Z0-9._:-]+\+?\})$`)

func checkAPIResource(r *cloud.Request) error {
	api, parent, part := r.Inputs.String("restApi"), r.Inputs.String("parentId"), r.Inputs.String("pathPart")
	if !pathPart.MatchString(part) {
		return badRequest(
			"Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at "+
				"the beginning and the end: %s",
			gatewayErrors,
		).With(part)
	}
	if !hasResource(r, api, parent) {
		return gatewayNotFound("Resource").With(parent)
	}
	for _, other := range r.Others(apiResourceType) {
		sibling := other.Inputs.String("pathPart")
		switch {
		case other.Inputs.String("parentId") != parent:
		case sibling == part:
			return gatewayConflict("Another resource with the same parent already has this name: %s").With(part)
		case strings.HasPrefix(sibling, "{") && strings.HasPrefix(part, "{"):
			return badRequest("A sibling (%s) of this resource already has a variable path part -- only one is allowed",
				"https://github.com/amazon-archives/aws-apigateway-importer/issues/202").With(sibling)
		}
	}
	return nil
}

// hasResource reports whether an API has a resource. Every API has its root.
func hasResource(r *cloud.Request, api, id string) bool {
	if r.Find(restAPIType, api, r.Region).Computed.String("rootResourceId") == id {
		return true
	}
	found := r.Find(apiResourceType, id, r.Region)
	return found != nil && found.Inputs.String("restApi") == api
}

// pathOf returns the path of a resource of an API. The path of the root is
// empty.
func pathOf(r *cloud.Request, api, id string) string {
	if found := r.Find(apiResourceType, id, r.Region); found != nil && found.Inputs.String("restApi") == api {
		return found.Computed.String("path")
	}
	return ""
}
