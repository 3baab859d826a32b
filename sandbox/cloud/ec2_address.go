package cloud

import (
	"net/netip"
	"slices"
	"strings"
)

func eipKind() *Kind {
	return &Kind{
		Token: eipType,
		Optional: words(`address associateWithPrivateIp customerOwnedIpv4Pool domain instance ipamPoolId
			networkBorderGroup networkInterface publicIpv4Pool tags vpc`),
		Computed: words(`allocationId arn associationId carrierIp customerOwnedIp domain instance ipamPoolId networkBorderGroup
			networkInterface privateDns privateIp ptrRecord publicDns publicIp publicIpv4Pool vpc`),
		Replace: words("address customerOwnedIpv4Pool domain ipamPoolId networkBorderGroup publicIpv4Pool vpc"),
		id:      hexID("eipalloc-"),
		missing: Refusal{"InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist", ec2Errors},
		fills: props{"associationId": "", "carrierIp": "", "customerOwnedIp": "", "domain": "vpc", "instance": "", "ipamPoolId": "",
			"networkInterface": "", "privateDns": "", "privateIp": "", "ptrRecord": "", "publicIpv4Pool": "amazon", "vpc": true},
		check: eipQuotaCheck,
		born:  eipBorn,
		release: func(c *call) error {
			if c.addressUser(c.obj.ID) != nil {
				return Refusal{"InvalidIPAddress.InUse", "Address %s is in use.", ec2Errors}.with(c.obj.Computed.str("publicIp"))
			}
			return nil
		},
	}
}

// publicRanges are for documentation, RFC 5737: nobody's addresses.
var publicRanges = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24")}

// eipQuota is how many Elastic IPs an account has in a region, unless it asks
// for more. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
const eipQuota = 5

var tooManyAddresses = Refusal{"AddressLimitExceeded", "The maximum number of addresses has been reached.", ec2Errors}

func eipQuotaCheck(c *call) error {
	if c.created() && len(c.others(eipType)) >= eipQuota {
		return tooManyAddresses.with()
	}
	return nil
}

func eipBorn(c *call) error {
	ip, err := c.freePublic()
	if err != nil {
		return err
	}
	c.set("allocationId", c.obj.ID)
	c.set("arn", c.arn("ec2", "elastic-ip/"+c.obj.ID))
	c.set("publicIp", ip)
	c.set("publicDns", publicHost(c.region, ip))
	c.fill("networkBorderGroup", c.region)
	return nil
}

// freePublic gives an address of the internet that nothing in the account has.
func (c *call) freePublic() (string, error) {
	taken := map[string]bool{}
	for _, o := range c.objects {
		taken[o.Computed.str("publicIp")] = true
	}
	start := int(c.random(1)[0])
	for i := range 512 {
		block := publicRanges[(start+i)/256%2]
		ip := addressAt(number(block.Addr()) + uint32((start+i)%256)).String()
		if !strings.HasSuffix(ip, ".0") && !strings.HasSuffix(ip, ".255") && !taken[ip] {
			return ip, nil
		}
	}
	return "", tooManyAddresses.with()
}

// publicHost and internalDomain are how EC2 names addresses.
// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
func publicHost(region, ip string) string {
	domain := region + ".compute.amazonaws.com"
	if region == "us-east-1" {
		domain = "compute-1.amazonaws.com"
	}
	return "ec2-" + strings.ReplaceAll(ip, ".", "-") + "." + domain
}

func internalDomain(region string) string {
	if region == "us-east-1" {
		return "ec2.internal"
	}
	return region + ".compute.internal"
}

// addressUser gives what an Elastic IP is associated with, or nil.
func (c *call) addressUser(allocation string) *Object {
	for _, o := range append(c.others(natGatewayType), c.others(loadBalancerType)...) {
		if slices.Contains(o.Inputs.gather("subnetMappings[].allocationId"), allocation) || o.Inputs.str("allocationId") == allocation {
			return o
		}
	}
	return nil
}

// vpcOf gives the VPC that something with subnets is in.
func (c *call) vpcOf(o *Object) string {
	for _, path := range []string{"vpcId", "subnetId", "subnetIds[]", "subnets[]", "subnetMappings[].subnetId"} {
		refs := o.Inputs.gather(path)
		if len(refs) == 0 {
			continue
		}
		if subnet := c.find(subnetType, refs[0], ""); subnet != nil {
			return subnet.Inputs.str("vpcId")
		}
		return refs[0]
	}
	return ""
}

func natGatewayKind() *Kind {
	return &Kind{
		Token:    natGatewayType,
		Required: words("subnetId"),
		Optional: words(`allocationId connectivityType privateIp secondaryAllocationIds
			secondaryPrivateIpAddressCount secondaryPrivateIpAddresses tags`),
		Computed: words("associationId networkInterfaceId privateIp publicIp secondaryPrivateIpAddressCount secondaryPrivateIpAddresses"),
		Replace:  words("subnetId allocationId connectivityType privateIp"),
		Sets:     words("secondaryAllocationIds secondaryPrivateIpAddresses"),
		Defaults: props{"connectivityType": "public"},
		id:       hexID("nat-"),
		missing:  Refusal{"InvalidNatGatewayID.NotFound", "The Nat Gateway '%s' was not found", ec2Errors},
		holds:    map[string]string{"subnetId": subnetType},
		refs:     map[string]string{"allocationId": eipType},
		fills:    props{"associationId": "", "publicIp": "", "secondaryPrivateIpAddressCount": 0.0, "secondaryPrivateIpAddresses": []any{}},
		check:    natGatewayCheck,
		born:     natGatewayBorn,
	}
}

func natGatewayCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html"
	allocation := c.in().str("allocationId")
	if c.in().str("connectivityType") != "public" {
		return nil
	}
	if allocation == "" {
		return Refusal{"MissingParameter", "The request must contain the parameter AllocationId", source}.with()
	}
	if c.addressUser(allocation) != nil {
		return Refusal{"Resource.AlreadyAssociated", "Elastic IP address [%s] is already associated", source}.with(allocation)
	}
	subnet := c.find(subnetType, c.in().str("subnetId"), c.region)
	if c.internetGateway(subnet.Inputs.str("vpcId")) == nil {
		return Refusal{"Gateway.NotAttached", "Network %s has no Internet gateway attached", source}.with(subnet.Inputs.str("vpcId"))
	}
	return nil
}

func natGatewayBorn(c *call) error {
	subnet := c.find(subnetType, c.in().str("subnetId"), c.region)
	eni, err := c.place(nil, subnet, Interface{IPv4: c.in().str("privateIp")}, "ipv4")
	if err != nil {
		return err
	}
	c.obj.Interfaces = []Interface{eni}
	c.set("networkInterfaceId", eni.ID)
	c.set("privateIp", eni.IPv4)
	if eip := c.find(eipType, c.in().str("allocationId"), c.region); eip != nil {
		c.set("associationId", hexID("eipassoc-")(c))
		c.set("publicIp", eip.Computed.str("publicIp"))
	}
	return nil
}
