package catalog

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func elasticIPKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   elasticIPType,
		Replace: words("address domain ipamPoolId networkBorderGroup publicIpv4Pool vpc"),
		ID:      cloud.HexID("eipalloc-"),
		NotFound: cloud.NewRefusal("InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist",
			ec2Errors),
		OutputDefaults: cloud.Props{
			"associationId": "", "carrierIp": "", "customerOwnedIp": "", "domain": "vpc", "instance": "",
			"ipamPoolId": "", "networkInterface": "", "privateDns": "", "privateIp": "", "ptrRecord": "",
			"publicIpv4Pool": "amazon", "vpc": true,
		},
		Check:    checkElasticIPQuota,
		OnCreate: elasticIPOnCreate,
		CheckDelete: func(r *cloud.Request) error {
			if addressUser(r, r.Object.ID) != nil {
				return cloud.NewRefusal("InvalidIPAddress.InUse", "Address %s is in use.",
					ec2Errors).With(r.Object.Computed.String("publicIp"))
			}
			return nil
		},
		Example: cloud.Example{
			Name: "eip",
		},
	}
}

// publicRanges are reserved for documentation by RFC 5737. Nobody uses their
// addresses.
var publicRanges = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24")}

// elasticIPQuota is the default number of Elastic IPs that an account can have
// in a region.
// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
const elasticIPQuota = 5

var tooManyAddresses = cloud.NewRefusal("AddressLimitExceeded", "The maximum number of addresses has been reached.",
	ec2Errors)

func checkElasticIPQuota(r *cloud.Request) error {
	if r.Created() && len(r.Others(elasticIPType)) >= elasticIPQuota {
		return tooManyAddresses.With()
	}
	return nil
}

func elasticIPOnCreate(r *cloud.Request) error {
	ip, err := freePublicAddress(r)
	if err != nil {
		return err
	}
	r.Set("allocationId", r.Object.ID)
	r.Set("arn", r.ARN("ec2", "elastic-ip/"+r.Object.ID))
	r.Set("publicIp", ip)
	r.Set("publicDns", publicHost(r.Region, ip))
	r.SetDefault("networkBorderGroup", r.Region)
	return nil
}

// freePublicAddress returns a public address that nothing in the account has.
func freePublicAddress(r *cloud.Request) (string, error) {
	taken := map[string]bool{}
	for _, o := range r.Objects() {
		taken[o.Computed.String("publicIp")] = true
	}
	start := int(r.Random(1)[0])
	for i := range 512 {
		block := publicRanges[(start+i)/256%2]
		ip := addressAt(number(block.Addr()) + uint32((start+i)%256)).String()
		if !strings.HasSuffix(ip, ".0") && !strings.HasSuffix(ip, ".255") && !taken[ip] {
			return ip, nil
		}
	}
	return "", tooManyAddresses.With()
}

// publicHost returns the public name that EC2 gives an address.
// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
func publicHost(region, ip string) string {
	domain := region + ".compute.amazonaws.com"
	if region == "us-east-1" {
		domain = "compute-1.amazonaws.com"
	}
	return "ec2-" + strings.ReplaceAll(ip, ".", "-") + "." + domain
}

// internalDomain returns the domain of the private names that EC2 gives instances.
func internalDomain(region string) string {
	if region == "us-east-1" {
		return "ec2.internal"
	}
	return region + ".compute.internal"
}

// addressUser returns the object with which an Elastic IP is associated, or
// nil.
func addressUser(r *cloud.Request, allocation string) *cloud.Object {
	for _, o := range append(r.Others(natGatewayType), r.Others(loadBalancerType)...) {
		if slices.Contains(o.Inputs.StringsAt("subnetMappings[].allocationId"), allocation) ||
			o.Inputs.String("allocationId") == allocation {
			return o
		}
	}
	return nil
}

// getElasticIPs lists the addresses of the region that match.
func getElasticIPs(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	found := findAll(r, elasticIPType, args)
	addresses := []any{}
	for _, address := range found {
		addresses = append(addresses, address.Output("publicIp"))
	}
	return cloud.Props{"id": r.Region, "allocationIds": idsOf(found), "publicIps": addresses}, nil
}

// getElasticIP finds one address. It has an association if something uses it.
func getElasticIP(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	var found []cloud.Props
	for _, address := range findAll(r, elasticIPType, args, "id", "publicIp") {
		out := address.Outputs()
		out["customerOwnedIpv4Pool"], out["networkInterfaceOwnerId"], out["instanceId"] = "", "", out["instance"]
		out["networkInterfaceId"], out["tags"] = out["networkInterface"], out["tagsAll"]
		if user := addressUser(r, address.ID); user != nil && out.String("associationId") == "" {
			out["associationId"] = "eipassoc-" + strings.TrimPrefix(address.ID, "eipalloc-")
		}
		found = append(found, out)
	}
	return only("EC2 EIP", found, args)
}

// vpcOf returns the ID of the VPC of an object that lies in subnets.
func vpcOf(r *cloud.Request, o *cloud.Object) string {
	for _, path := range []string{"vpcId", "subnetId", "subnetIds[]", "subnets[]", "subnetMappings[].subnetId"} {
		refs := o.Inputs.StringsAt(path)
		if len(refs) == 0 {
			continue
		}
		if subnet := r.Find(subnetType, refs[0], ""); subnet != nil {
			return subnet.Inputs.String("vpcId")
		}
		return refs[0]
	}
	return ""
}
