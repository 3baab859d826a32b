package catalog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const (
	endpointServiceType    = "aws:ec2/vpcEndpointService:VpcEndpointService"
	endpointAccepterType   = "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter"
	nameVerificationType   = "aws:vpc/endpointServicePrivateDnsVerification:EndpointServicePrivateDnsVerification"
	endpointPrivateDNSType = "aws:vpc/endpointPrivateDns:EndpointPrivateDns"
)

// Pages that state the rules of endpoint services.
const (
	createService = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/" +
		"API_CreateVpcEndpointServiceConfiguration.html"
	shareService = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html"
)

func endpointServiceKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         endpointServiceType,
		ComputedLists: words("allowedPrincipals supportedIpAddressTypes supportedRegions"),
		Sets: words(`allowedPrincipals gatewayLoadBalancerArns networkLoadBalancerArns supportedIpAddressTypes
			supportedRegions`),
		ID: cloud.HexID("vpce-svc-"),
		NotFound: cloud.NewRefusal("InvalidVpcEndpointServiceId.NotFound",
			"The VpcEndpointService Id '%s' does not exist", ec2Errors),
		BlocksDeletionOf: map[string]string{"networkLoadBalancerArns[]": loadBalancerType},
		ReferenceErrors: map[string]cloud.Refusal{"networkLoadBalancerArns[]": cloud.NewRefusal("InvalidParameter",
			"The Network Load Balancer '%s' does not exist",
			createService)},
		OutputDefaults: cloud.Props{"allowedPrincipals": []any{}, "managesVpcEndpoints": false, "privateDnsName": "",
			"privateDnsNameConfigurations": []any{}, "serviceType": "Interface", "state": "Available"},
		Check:       cloud.InOrder(checkServiceBalancer, checkPrincipals, checkServiceAddress, checkServiceOwner),
		OnCreate:    endpointServiceOnCreate,
		Compute:     endpointServiceCompute,
		CheckDelete: endpointServiceCheckDelete,
		Example: cloud.Example{
			Name: "service",
			Inputs: cloud.Props{
				"acceptanceRequired": false, "allowedPrincipals": []any{"arn:aws:iam::123456789012:root"},
				"networkLoadBalancerArns": []any{"${service nlb}"}, "privateDnsName": "h2.example.com",
			},
		},
	}
}

func checkServiceBalancer(r *cloud.Request) error {
	arns := r.Inputs.Strings("networkLoadBalancerArns")
	if len(arns) == 0 {
		return cloud.NewRefusal("InvalidParameter",
			"exactly one of network_load_balancer_arn or gateway_load_balancer_arn is a required member",
			"https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1859").With()
	}
	for _, arn := range arns {
		if kind := r.Find(loadBalancerType, arn, r.Region).Inputs.String("loadBalancerType"); kind != "network" {
			return cloud.NewRefusal("InvalidParameter", "Load balancer %s is of type %s, not network",
				createService).With(arn, kind)
		}
	}
	return nil
}

// principal matches an account, a role, a user, or everybody.
var principal = regexp.MustCompile(`^(\*|arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/.+))$`)

func checkPrincipals(r *cloud.Request) error {
	for _, p := range r.Inputs.Strings("allowedPrincipals") {
		if !principal.MatchString(p) {
			return cloud.NewRefusal("InvalidPrincipal",
				"Invalid Principal: '%s'",
				"https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html").With(p)
		}
	}
	return nil
}

// checkServiceAddress refuses a service for IPv6 whose load balancers are not
// all dualstack.
func checkServiceAddress(r *cloud.Request) error {
	types := r.Inputs.Strings("supportedIpAddressTypes")
	for _, t := range types {
		if t != "ipv4" && t != "ipv6" {
			return cloud.NewRefusal("InvalidParameter",
				"supportedIpAddressTypes has %s, which is neither ipv4 nor ipv6", createService).With(t)
		}
	}
	for _, arn := range r.Inputs.Strings("networkLoadBalancerArns") {
		if balancer := r.Find(loadBalancerType, arn, r.Region); slices.Contains(types, "ipv6") &&
			balancer.Output("ipAddressType") != "dualstack" {
			return cloud.NewRefusal("InvalidParameter",
				"IP address type ipv6 is not supported by Network Load Balancer %s, which is not dualstack",
				"https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html").With(arn)
		}
	}
	return nil
}

func checkServiceOwner(r *cloud.Request) error {
	for _, arn := range r.Inputs.Strings("networkLoadBalancerArns") {
		if linkOwner(r, arn) != nil {
			return alreadyAssociated.With(arn)
		}
	}
	return nil
}

var alreadyAssociated = cloud.NewRefusal("FAILED",
	"NLB is already associated with another VPC Endpoint Service: %s",
	"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html")

// linkOwner returns the other object that offers a Network Load Balancer
// through PrivateLink: an endpoint service or a VPC link.
func linkOwner(r *cloud.Request, arn string) *cloud.Object {
	for _, service := range r.Others(endpointServiceType) {
		if slices.Contains(service.Inputs.Strings("networkLoadBalancerArns"), arn) {
			return service
		}
	}
	for _, link := range r.Others(vpcLinkType) {
		if link.Inputs.String("targetArn") == arn {
			return link
		}
	}
	return nil
}

func endpointServiceOnCreate(r *cloud.Request) error {
	r.Set("arn", r.ARN("ec2", "vpc-endpoint-service/"+r.Object.ID))
	r.Set("baseEndpointDnsNames", []any{r.Object.ID + "." + r.Region + ".vpce.amazonaws.com"})
	r.Set("serviceName", "com.amazonaws.vpce."+r.Region+"."+r.Object.ID)
	return nil
}

func endpointServiceCompute(r *cloud.Request) error {
	r.Set("availabilityZones", list(serviceZones(r, r.Object)))
	if len(r.Inputs.Strings("supportedIpAddressTypes")) == 0 {
		r.Set("supportedIpAddressTypes", []any{"ipv4"}) // The provider sends no empty list.
	} else {
		r.Unset("supportedIpAddressTypes")
	}
	r.SetDefault("supportedRegions", []any{r.Region})
	return serviceNameCompute(r)
}

// serviceZones returns the zones of the load balancers of a service.
func serviceZones(r *cloud.Request, service *cloud.Object) []string {
	zones := map[string]bool{}
	for _, arn := range service.Inputs.Strings("networkLoadBalancerArns") {
		for _, eni := range r.Find(loadBalancerType, arn, service.Region).Interfaces {
			zones[r.Find(subnetType, eni.Subnet, service.Region).Computed.String("availabilityZone")] = true
		}
	}
	return slices.Sorted(maps.Keys(zones))
}

// serviceNameCompute asks for a proof of control of the private DNS name. A
// new name needs a new proof.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func serviceNameCompute(r *cloud.Request) error {
	name := r.Inputs.String("privateDnsName")
	switch {
	case name == "":
		r.Unset("privateDnsNameConfigurations")
	case name != r.Object.Private.String("challenged"):
		state := "pendingVerification"
		if r.Object.Private.Bool("verified") {
			state = "verified"
		}
		r.Set("privateDnsNameConfigurations", []any{map[string]any{
			"name": "_" + r.Code(20), "type": "TXT", "value": "vpce:" + r.Code(20), "state": state,
		}})
	}
	delete(r.Object.Private, "verified")
	r.Object.Private["challenged"] = name
	return nil
}

// endpointServiceCheckDelete refuses the deletion while endpoints use the
// service.
func endpointServiceCheckDelete(r *cloud.Request) error {
	for _, endpoint := range r.All(vpcEndpointType) {
		if endpoint.Inputs.String("serviceName") == r.Object.Computed.String("serviceName") &&
			endpoint.Output("state") != "rejected" {
			return cloud.NewRefusal(
				"ExistingVpcEndpointConnections",
				"Service has existing active VPC Endpoint connections! (%s)",
				"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"+
					"API_DeleteVpcEndpointServiceConfigurations.html",
			).With(endpoint.ID)
		}
	}
	return nil
}

// findEndpointService returns an endpoint service of the account, or nil. Its
// name is like com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0.
func findEndpointService(r *cloud.Request, name string) *cloud.Object {
	rest, ok := strings.CutPrefix(name, "com.amazonaws.vpce.")
	region, id, _ := strings.Cut(rest, ".")
	if !ok {
		return nil
	}
	return r.Find(endpointServiceType, id, region)
}

// serviceRegion matches the region in the name of a service of AWS.
var serviceRegion = regexp.MustCompile(`^com\.amazonaws\.([a-z]+(?:-[a-z]+)+-\d)\.`)

// checkEndpointService refuses an endpoint service that the account does not
// have, and a service of AWS of another region than the endpoint asks for. It
// assumes that every service of AWS exists.
// https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
func checkEndpointService(r *cloud.Request) error {
	name, region := r.Inputs.String("serviceName"), r.Inputs.StringOr("serviceRegion", r.Region)
	var exists bool
	if service := findEndpointService(r, name); service != nil {
		exists = service.Region == region && slices.Contains(supportedRegions(service), r.Region)
	} else if found := serviceRegion.FindStringSubmatch(name); found != nil {
		exists = found[1] == region
	} else {
		exists = !strings.HasPrefix(name, "com.amazonaws.vpce.")
	}
	if exists {
		return nil
	}
	return cloud.NewRefusal("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist",
		createEndpoint).With(name)
}

// supportedRegions returns the regions from which a service can be reached. Its own is always among them.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
func supportedRegions(service *cloud.Object) []string {
	return append(service.Outputs().Strings("supportedRegions"), service.Region)
}

// checkServiceZones refuses subnets in zones that the service lacks. A service
// of another region has no zones to compare.
func checkServiceZones(r *cloud.Request) error {
	service := findEndpointService(r, r.Inputs.String("serviceName"))
	if service == nil || service.Region != r.Region {
		return nil
	}
	for _, id := range r.Inputs.Strings("subnetIds") {
		zone := r.Find(subnetType, id, r.Region).Computed.String("availabilityZone")
		if !slices.Contains(serviceZones(r, service), zone) {
			return cloud.NewRefusal(
				"InvalidParameter",
				"The VPC endpoint service %s does not support the availability zone of the subnet: %s.",
				"https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/785",
			).With(r.Inputs.String("serviceName"), id)
		}
	}
	return nil
}

func checkServiceFamily(r *cloud.Request, family string) error {
	service := findEndpointService(r, r.Inputs.String("serviceName"))
	if service == nil {
		return nil
	}
	wanted := []string{family}
	if family == "dualstack" {
		wanted = words("ipv4 ipv6")
	}
	for _, one := range wanted {
		if !slices.Contains(service.Outputs().Strings("supportedIpAddressTypes"), one) {
			return cloud.NewRefusal(
				"InvalidParameter",
				"IP address type %s is not supported by the VPC endpoint service %s",
				"https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html",
			).With(family, r.Inputs.String("serviceName"))
		}
	}
	return nil
}

// checkServicePrivateDNS refuses a private DNS name that is not verified, or
// whose connection is not accepted.
func checkServicePrivateDNS(r *cloud.Request, endpoint *cloud.Object) error {
	name := endpoint.Inputs.String("serviceName")
	service := findEndpointService(r, name)
	if service == nil {
		return nil
	}
	if !verified(service) {
		return cloud.NewRefusal("InvalidParameter",
			"Private DNS can't be enabled because the service %s does not provide a private DNS name.",
			"https://github.com/vespa-engine/vespa/pull/33303").With(name)
	}
	waiting := service.Inputs.Bool("acceptanceRequired")
	if state := endpoint.Computed.String("state"); state != "" {
		waiting = state != "available"
	}
	if waiting {
		return cloud.NewRefusal("InvalidParameter",
			"Private DNS can only be enabled after the endpoint connection is accepted by the owner of %s",
			"https://github.com/hashicorp/terraform-provider-aws/pull/37628").With(name)
	}
	return nil
}

// endpointAccepterKind returns the kind of the owner's consent to a
// connection. Deleting it rejects the connection.
func endpointAccepterKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   endpointAccepterType,
		Replace: words("vpcEndpointId vpcEndpointServiceId"),
		ID: func(r *cloud.Request) string {
			return r.Inputs.String("vpcEndpointServiceId") + "_" + r.Inputs.String("vpcEndpointId")
		},
		Upsert:     true,
		References: map[string]string{"vpcEndpointId": vpcEndpointType, "vpcEndpointServiceId": endpointServiceType},
		Check: func(r *cloud.Request) error {
			service, endpoint := r.Inputs.String("vpcEndpointServiceId"), r.Inputs.String("vpcEndpointId")
			if !strings.HasSuffix(r.Find(vpcEndpointType, endpoint, "").Inputs.String("serviceName"), "."+service) {
				return cloud.NewRefusal(
					"InvalidVpcEndpointId.NotFound",
					"The Vpc Endpoint Id '%s' does not exist: it is no connection of the service %s",
					"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcEndpointConnections.html",
				).With(endpoint, service)
			}
			return nil
		},
		OnCreate: func(r *cloud.Request) error {
			setConnectionState(r, "available")
			r.Set("vpcEndpointState", "available")
			return nil
		},
		OnDelete: func(r *cloud.Request) { setConnectionState(r, "rejected") },
		Example: cloud.Example{
			Name:   "endpoint accepter",
			Inputs: cloud.Props{"vpcEndpointId": "${waiting endpoint}", "vpcEndpointServiceId": "${guarded service}"},
		},
	}
}

// setConnectionState sets the state of the endpoint that an accepter is for.
func setConnectionState(r *cloud.Request, state string) {
	if endpoint := r.Find(vpcEndpointType, r.Inputs.String("vpcEndpointId"), ""); endpoint != nil {
		r.SetOn(endpoint, "state", state)
	}
}

// nameVerificationKind returns the kind that starts the verification of a
// service's private DNS name. Deleting it changes nothing, as with the real
// provider.
func nameVerificationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   nameVerificationType,
		Replace: words("serviceId"),
		Upsert:  true,

		DeletionChangesNothing: true,

		ID:         cloud.InputID("serviceId"),
		References: map[string]string{"serviceId": endpointServiceType},
		Check:      checkNameVerification,
		OnCreate: func(r *cloud.Request) error {
			service := r.Find(endpointServiceType, r.Inputs.String("serviceId"), r.Region)
			if provesName(r, service) {
				configuration := service.Computed.Objects("privateDnsNameConfigurations")[0].Clone()
				configuration["state"] = "verified"
				r.SetOn(service, "privateDnsNameConfigurations", []any{configuration})
			}
			return nil
		},
		Example: cloud.Example{
			Name:   "verification",
			Inputs: cloud.Props{"serviceId": "${service}", "waitForVerification": true},
			After:  []string{"service record"},
		},
	}
}

// checkNameVerification refuses a name without its record. The provider waits
// 30 minutes before it says so; the sandbox does not.
func checkNameVerification(r *cloud.Request) error {
	service := r.Find(endpointServiceType, r.Inputs.String("serviceId"), r.Region)
	switch {
	case !service.Inputs.Has("privateDnsName"):
		return cloud.NewRefusal(
			"InvalidParameter",
			"The service %s has no private DNS name to verify",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"+
				"API_StartVpcEndpointServicePrivateDnsVerification.html",
		).With(service.ID)
	case r.Created() && r.Inputs.Bool("waitForVerification") && !provesName(r, service):
		return cloud.NewRefusal(
			"failed",
			"waiting for VPC Endpoint Service Private DNS Verification (%s): unexpected state 'failed', wanted "+
				"target 'verified': no public zone has its TXT record",
			manageDNSNames,
		).With(service.ID)
	}
	return nil
}

// provesName reports whether the TXT record of a service is in a public zone
// of the account. It may stand at the label that AWS asks for, under the name
// or a domain above it, or at one of these names itself.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func provesName(r *cloud.Request, service *cloud.Object) bool {
	configurations := service.Computed.Objects("privateDnsNameConfigurations")
	domain := strings.TrimPrefix(canonical(service.Output("privateDnsName")), "*.")
	for len(configurations) > 0 && strings.Contains(domain, ".") {
		label, value := configurations[0].String("name"), configurations[0].String("value")
		if hasPublicRecord(r, label+"."+domain, "TXT", value) || hasPublicRecord(r, domain, "TXT", value) {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return verified(service)
}

// verified reports whether consumers can use the private DNS name of a
// service.
func verified(service *cloud.Object) bool {
	return slices.Contains(service.Computed.StringsAt("privateDnsNameConfigurations[].state"), "verified")
}

// endpointPrivateDNSKind returns the kind that enables private DNS of an
// endpoint after its connection is accepted. Deleting it changes nothing, as
// with the real provider.
func endpointPrivateDNSKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      endpointPrivateDNSType,
		Replace:    words("vpcEndpointId"),
		Upsert:     true,
		ID:         cloud.InputID("vpcEndpointId"),
		References: map[string]string{"vpcEndpointId": vpcEndpointType},
		Check: func(r *cloud.Request) error {
			if !r.Inputs.Bool("privateDnsEnabled") {
				return nil
			}
			return checkPrivateDNS(r, r.Find(vpcEndpointType, r.Inputs.String("vpcEndpointId"), r.Region))
		},
		Compute: func(r *cloud.Request) error {
			endpoint := r.Find(vpcEndpointType, r.Inputs.String("vpcEndpointId"), r.Region)
			r.SetOn(endpoint, "privateDnsEnabled", r.Inputs.Bool("privateDnsEnabled"))
			r.SetOn(endpoint, "dnsEntries", endpointNames(r, endpoint))
			return nil
		},
		Example: cloud.Example{
			Name:   "private dns",
			Inputs: cloud.Props{"privateDnsEnabled": true, "vpcEndpointId": "${waiting endpoint}"},
			After:  []string{"guarded proof", "endpoint accepter"},
		},
	}
}

// getVPCEndpointService finds the services of AWS, which are in every zone,
// and the endpoint services of the account. API Gateway's endpoints have had
// IPv6 since 2025. No page says that they do in every region.
// https://aws.amazon.com/about-aws/whats-new/2025/03/amazon-api-gateway-dual-stack-ipv4-ipv6-endpoints/
func getVPCEndpointService(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	name := args.StringOr("serviceName", "com.amazonaws."+r.Region+"."+args.String("service"))
	if service := findEndpointService(r, name); service != nil {
		return describeService(r, service), nil
	}
	if !strings.HasPrefix(name, "com.amazonaws."+r.Region+".") || serviceOf(name) == "" {
		return nil, cloud.NewRefusal("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist",
			createEndpoint).With(name)
	}
	families := []any{"ipv4"}
	if serviceOf(name) == "execute-api" {
		families = append(families, "ipv6")
	}
	id := "vpce-svc-0" + fmt.Sprintf("%x", cloud.Repeatable(name)(8))
	return cloud.Props{
		"id": id, "serviceId": id, "serviceName": name, "serviceType": args.StringOr("serviceType", "Interface"),
		"acceptanceRequired": false, "arn": r.ARN("ec2", "vpc-endpoint-service/"+id),
		"availabilityZones":    list(zoneNames(r.Region)),
		"baseEndpointDnsNames": []any{serviceOf(name) + "." + r.Region + ".vpce.amazonaws.com"},
		"managesVpcEndpoints":  false, "owner": "amazon", "privateDnsName": privateName(r, name),
		"privateDnsNames": []any{privateName(r, name)}, "region": r.Region, "supportedIpAddressTypes": families,
		"tags": map[string]any{}, "vpcEndpointPolicySupported": true,
	}, nil
}

// describeService returns what a consumer sees of an endpoint service. A
// service of another region shows no zones.
func describeService(r *cloud.Request, service *cloud.Object) cloud.Props {
	out := service.Outputs()
	seen := cloud.Props{
		"id": service.ID, "serviceId": service.ID, "owner": cloud.AccountID, "region": service.Region,
		"tags": out["tagsAll"], "availabilityZones": []any{}, "privateDnsName": "", "privateDnsNames": []any{},
		"vpcEndpointPolicySupported": false,
	}
	for _, key := range words(`acceptanceRequired arn baseEndpointDnsNames managesVpcEndpoints serviceName
		serviceType supportedIpAddressTypes`) {
		seen[key] = out[key]
	}
	if service.Region == r.Region {
		seen["availabilityZones"] = list(serviceZones(r, service))
	}
	if service.Inputs.Has("privateDnsName") {
		seen["privateDnsName"], seen["privateDnsNames"] = out["privateDnsName"], []any{out["privateDnsName"]}
	}
	return seen
}
