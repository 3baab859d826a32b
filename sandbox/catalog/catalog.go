// Package catalog holds what the simulated AWS account knows about AWS: the
// resource types and the lookups, filed by service. Package cloud is the engine
// that runs them. Property names are those of pulumi-aws,
// https://www.pulumi.com/registry/packages/aws/.
//
// # Adding a resource type
//
// Write one file. It declares the token as a constant, and a function that returns
// the type's [cloud.Kind] with at least an ID and an Example. Add the function to
// kinds, which is one line. Then run
//
//	go generate ./sandbox/catalog
//	go test ./sandbox/...
//
// The first command takes the property lists from the provider's SDK. The tests
// create the example and compare its outputs with the SDK. They name each output
// that AWS decides and that the kind does not set yet: set it in OnCreate or
// Compute, give it an OutputDefault, or list it in NotSimulated if the sandbox does
// not simulate it. The tests themselves need no change.
//
// The SDK does not state everything. Write by hand, next to the behavior: Replace
// and ReplaceIf, Sets, Defaults, Autoname, and ComputedLists. Look them up in the
// Terraform provider's schema of the resource, where ForceNew or
// RequiresReplace means Replace, TypeSet or a set attribute means Sets, and an
// optional list that is also Computed belongs in ComputedLists:
// https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service
//
// Further objects, refusals, blocked deletions and lookups are cases in
// testdata/<service>.yaml; logs.yaml is a short example. A lookup stands in the
// file of the type that it finds. It has one line in lookups, and at least one
// case with an answer.
package catalog

import (
	_ "embed"
	"maps"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// existing lists what the account holds before any stack is deployed.
//
//go:embed existing.yaml
var existing []byte

//go:generate go run ./schemagen

// New returns everything that the sandbox simulates.
func New() cloud.Catalog {
	catalog := cloud.Catalog{Lookups: maps.Clone(lookups), ProviderVersion: providerVersion, Existing: existing}
	for _, kindOf := range kinds {
		kind := kindOf()
		kind.Schema = schemas[kind.Token]
		catalog.Kinds = append(catalog.Kinds, kind)
	}
	return catalog
}

// kinds are the constructors of every resource type that the sandbox simulates.
var kinds = []func() *cloud.Kind{
	restAPIKind,
	restAPIPolicyKind,
	apiResourceKind,
	methodKind,
	authorizerKind,
	methodResponseKind,
	integrationResponseKind,
	gatewayResponseKind,
	integrationKind,
	deploymentKind,
	stageKind,
	methodSettingsKind,
	gatewayAccountKind,
	domainNameKind,
	basePathMappingKind,
	accessAssociationKind,
	apiKeyKind,
	usagePlanKind,
	usagePlanKeyKind,
	vpcLinkKind,
	webACLAssociationKind,

	httpAPIKind,
	httpVPCLinkKind,
	httpIntegrationKind,

	certificateKind,
	validationKind,

	vpcKind,
	subnetKind,
	internetGatewayKind,
	egressOnlyGatewayKind,
	routeTableKind,
	routeKind,
	associationKind,
	networkACLKind,
	peeringKind,
	peeringAccepterKind,
	elasticIPKind,
	natGatewayKind,
	securityGroupKind,
	defaultGroupKind,
	ingressRuleKind,
	egressRuleKind,
	vpcEndpointKind,
	vpcEndpointPolicyKind,
	endpointServiceKind,
	endpointAccepterKind,
	nameVerificationKind,
	endpointPrivateDNSKind,
	instanceKind,
	flowLogKind,

	loadBalancerKind,
	targetGroupKind,
	targetAttachmentKind,
	listenerKind,
	listenerRuleKind,
	listenerCertificateKind,

	roleKind,
	roleAttachmentKind,
	rolePolicyKind,
	instanceProfileKind,

	functionKind,
	aliasKind,
	permissionKind,
	invocationKind,

	logGroupKind,
	metricAlarmKind,
	dashboardKind,

	topicKind,
	topicSubscriptionKind,

	zoneKind,
	recordKind,
	zoneAssociationKind,
	associationAuthorizationKind,

	bucketKind,
	bucketPolicyKind,
	bucketPublicAccessKind,
	bucketEncryptionKind,
	bucketLifecycleKind,
	bucketOwnershipKind,
}

// lookups are the functions of the provider that the sandbox answers.
var lookups = map[string]cloud.Lookup{
	"aws:acm/getCertificate:getCertificate":               getCertificate,
	"aws:ec2/getEips:getEips":                             getElasticIPs,
	"aws:ec2/getElasticIp:getElasticIp":                   getElasticIP,
	"aws:ec2/getInstance:getInstance":                     getInstance,
	"aws:ec2/getNetworkInterface:getNetworkInterface":     getNetworkInterface,
	"aws:ec2/getNetworkInterfaces:getNetworkInterfaces":   getNetworkInterfaces,
	"aws:ec2/getRouteTable:getRouteTable":                 getRouteTable,
	"aws:ec2/getSubnet:getSubnet":                         getSubnet,
	"aws:ec2/getSubnets:getSubnets":                       getSubnets,
	"aws:ec2/getVpc:getVpc":                               getVPC,
	"aws:ec2/getVpcEndpointService:getVpcEndpointService": getVPCEndpointService,
	"aws:ec2/getVpcs:getVpcs":                             getVPCs,
	"aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
	"aws:index/getCallerIdentity:getCallerIdentity":       getCallerIdentity,
	"aws:index/getPartition:getPartition":                 getPartition,
	"aws:index/getRegion:getRegion":                       getRegion,
	"aws:lambda/getFunction:getFunction":                  getFunction,
	"aws:route53/getZone:getZone":                         getZone,
	"aws:route53/getZones:getZones":                       getZones,
	"aws:ssm/getParameter:getParameter":                   getParameter,
}

// words returns the names in a text, which white space separates.
func words(s string) []string { return strings.Fields(s) }

// list returns the elements of a slice as a JSON list.
func list[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// lastPart returns the part of an ARN after its last slash or colon.
func lastPart(arn string) string {
	return arn[strings.LastIndexAny(arn, "/:")+1:]
}
