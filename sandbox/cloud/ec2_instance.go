package cloud

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const instanceType = "aws:ec2/instance:Instance"

const runInstances = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"

func instanceKind() *Kind {
	return &Kind{
		Token: instanceType,
		Optional: words(`ami associatePublicIpAddress availabilityZone capacityReservationSpecification cpuCoreCount
			cpuOptions cpuThreadsPerCore creditSpecification disableApiStop disableApiTermination ebsBlockDevices
			ebsOptimized enablePrimaryIpv6 enclaveOptions ephemeralBlockDevices getPasswordData hibernation hostId
			hostResourceGroupArn iamInstanceProfile instanceInitiatedShutdownBehavior instanceMarketOptions
			instanceType ipv6AddressCount ipv6Addresses keyName launchTemplate maintenanceOptions metadataOptions
			monitoring networkInterfaces placementGroup placementPartitionNumber privateDnsNameOptions privateIp
			rootBlockDevice secondaryPrivateIps securityGroups sourceDestCheck subnetId tags tenancy userData
			userDataBase64 userDataReplaceOnChange volumeTags vpcSecurityGroupIds`),
		Computed: words(`ami arn associatePublicIpAddress availabilityZone capacityReservationSpecification cpuCoreCount
			cpuOptions cpuThreadsPerCore disableApiStop disableApiTermination ebsBlockDevices ebsOptimized
			enablePrimaryIpv6 enclaveOptions ephemeralBlockDevices hostId hostResourceGroupArn iamInstanceProfile
			instanceInitiatedShutdownBehavior instanceLifecycle instanceMarketOptions instanceState instanceType
			ipv6AddressCount ipv6Addresses keyName maintenanceOptions metadataOptions monitoring networkInterfaces
			outpostArn passwordData placementGroup placementPartitionNumber primaryNetworkInterfaceId privateDns
			privateDnsNameOptions privateIp publicDns publicIp rootBlockDevice secondaryPrivateIps securityGroups
			spotInstanceRequestId subnetId tenancy userData userDataBase64 vpcSecurityGroupIds`),
		Replace: words(`ami associatePublicIpAddress availabilityZone cpuCoreCount cpuThreadsPerCore ebsOptimized
			ephemeralBlockDevices hibernation hostId instanceMarketOptions ipv6AddressCount ipv6Addresses keyName
			networkInterfaces placementGroup placementPartitionNumber privateDnsNameOptions privateIp securityGroups
			subnetId tenancy`),
		Sets:      words("ebsBlockDevices ephemeralBlockDevices secondaryPrivateIps securityGroups vpcSecurityGroupIds"),
		Defaults:  props{"getPasswordData": false, "sourceDestCheck": true, "userDataReplaceOnChange": false},
		ReplaceIf: instanceReplaced,
		id:        hexID("i-"),
		missing:   Refusal{"InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", ec2Errors},
		holds:     map[string]string{"subnetId": subnetType, "vpcSecurityGroupIds[]": securityGroupType, "iamInstanceProfile": instanceProfileType},
		absent: map[string]Refusal{"iamInstanceProfile": {"InvalidParameterValue",
			"Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
			runInstances}},
		fills:   instanceFills(),
		check:   inOrder(imageCheck, userDataCheck, instanceNetworkCheck, instanceAddressCheck),
		born:    instanceBorn,
		derive:  instanceDerive,
		release: instanceRelease,
	}
}

// instanceFills is what an instance has that asks for nothing particular.
func instanceFills() props {
	none := map[string]any{}
	fills := props{"capacityReservationSpecification": map[string]any{"capacityReservationPreference": "open"}, "cpuCoreCount": 1.0,
		"cpuOptions": map[string]any{"coreCount": 1.0, "threadsPerCore": 1.0}, "cpuThreadsPerCore": 1.0,
		"enclaveOptions": map[string]any{"enabled": false}, "instanceInitiatedShutdownBehavior": "stop", "instanceMarketOptions": none,
		"instanceState": "running", "maintenanceOptions": map[string]any{"autoRecovery": "default"},
		"metadataOptions": map[string]any{"httpEndpoint": "enabled", "httpProtocolIpv6": "disabled", "httpPutResponseHopLimit": 2.0,
			"httpTokens": "required", "instanceMetadataTags": "disabled"}, // what Amazon Linux 2023 asks for
		"placementPartitionNumber": 0.0, "tenancy": "default",
		"privateDnsNameOptions": map[string]any{"enableResourceNameDnsARecord": false, "enableResourceNameDnsAaaaRecord": false, "hostnameType": "ip-name"},
		"rootBlockDevice": map[string]any{"deleteOnTermination": true, "deviceName": "/dev/xvda", "encrypted": false, "iops": 3000.0,
			"throughput": 125.0, "volumeSize": 8.0, "volumeType": "gp3"}}
	for _, key := range words("disableApiStop disableApiTermination ebsOptimized enablePrimaryIpv6 monitoring") {
		fills[key] = false
	}
	for _, key := range words("ebsBlockDevices ephemeralBlockDevices networkInterfaces secondaryPrivateIps securityGroups") {
		fills[key] = []any{}
	}
	for _, key := range words(`ami hostId hostResourceGroupArn iamInstanceProfile instanceLifecycle instanceType keyName outpostArn
		passwordData placementGroup publicDns publicIp spotInstanceRequestId userData userDataBase64`) {
		fills[key] = ""
	}
	return fills
}

// instanceReplaced: other user data replaces an instance where the program
// says so.
func instanceReplaced(_, new resource.PropertyMap) []string {
	if on := new["userDataReplaceOnChange"]; on.IsBool() && on.BoolValue() {
		return words("userData userDataBase64")
	}
	return nil
}

// architectures of the images that the sandbox knows, as in the names of
// their public parameters.
var architectures = words("arm64 x86_64")

// amazonLinux is the image of Amazon Linux 2023 for an architecture.
func amazonLinux(region, architecture string) string {
	return "ami-0" + fmt.Sprintf("%x", repeatable("al2023 "+region+" "+architecture)(8))
}

var imageID = regexp.MustCompile(`^ami-([0-9a-f]{8}|[0-9a-f]{17})$`)

// graviton is the names of instance types whose processors are ARM ones.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
var graviton = regexp.MustCompile(`^(a1|[a-z]+\d+g[a-z-]*)\.`)

// imageCheck believes in images other than Amazon Linux.
func imageCheck(c *call) error {
	if c.in().has("launchTemplate") {
		return nil
	}
	for key, name := range map[string]string{"ami": "ImageId", "instanceType": "InstanceType"} {
		if !c.in().has(key) {
			return Refusal{"MissingParameter", "The request must contain the parameter %s", runInstances}.with(name)
		}
	}
	image, machine := c.in().str("ami"), "x86_64"
	if graviton.MatchString(c.in().str("instanceType")) {
		machine = "arm64"
	}
	if !imageID.MatchString(image) {
		return Refusal{"InvalidAMIID.Malformed", "Invalid id: \"%s\" (expecting \"ami-...\")", ec2Errors}.with(image)
	}
	for _, architecture := range architectures {
		if image == amazonLinux(c.region, architecture) && architecture != machine {
			return Refusal{"InvalidParameterValue",
				"The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI.",
				runInstances}.with(machine, architecture)
		}
	}
	return nil
}

// userDataLimit is the longest user data, in bytes before it is encoded.
const userDataLimit = 16384

func userDataCheck(c *call) error {
	if n := len(c.in().str("userData")); n > userDataLimit {
		return Refusal{"InvalidParameterValue",
			"User data is limited to %d bytes, not %d",
			"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html"}.with(userDataLimit, n)
	}
	return nil
}

func instanceNetworkCheck(c *call) error {
	subnet := c.find(subnetType, c.in().str("subnetId"), c.region)
	if subnet == nil {
		return Refusal{"VPCIdNotSpecified", "No default VPC for this user: subnetId must be given", ec2Errors}.with()
	}
	for _, id := range c.in().strings("vpcSecurityGroupIds") {
		if c.lookup(securityGroupType, id).Inputs.str("vpcId") != subnet.Inputs.str("vpcId") {
			return Refusal{"InvalidParameter",
				"Security group %s and subnet %s belong to different networks.",
				runInstances}.with(id, subnet.ID)
		}
	}
	return nil
}

// instanceAddressCheck knows one IPv6 address per instance.
func instanceAddressCheck(c *call) error {
	count, given := c.in().number("ipv6AddressCount"), len(c.in().strings("ipv6Addresses"))
	switch {
	case count > 0 && given > 0:
		return Refusal{"InvalidParameterCombination", "ipv6AddressCount and ipv6Addresses exclude each other", runInstances}.with()
	case count > 1 || given > 1:
		return fmt.Errorf("the sandbox gives an instance one IPv6 address, not %d", max(count, given))
	}
	return nil
}

func instanceBorn(c *call) error {
	subnet := c.find(subnetType, c.in().str("subnetId"), c.region)
	want := Interface{IPv4: c.in().str("privateIp"), IPv6: strings.Join(c.in().strings("ipv6Addresses"), "")}
	eni, err := c.place(nil, subnet, want, instanceFamily(c.in(), subnet))
	if err != nil {
		return err
	}
	c.obj.Interfaces = []Interface{eni}
	c.obj.Private["launched"] = c.obj.Private.or("launched", time.Now().UTC().Format(time.RFC3339))
	c.set("arn", c.arn("ec2", "instance/"+c.obj.ID))
	c.set("availabilityZone", subnet.Computed.str("availabilityZone"))
	c.set("subnetId", subnet.ID)
	c.set("primaryNetworkInterfaceId", eni.ID)
	c.set("privateIp", eni.IPv4)
	c.set("privateDns", "ip-"+strings.ReplaceAll(eni.IPv4, ".", "-")+"."+internalDomain(c.region))
	c.set("ipv6Addresses", []any{})
	c.set("ipv6AddressCount", 0)
	if eni.IPv6 != "" {
		c.set("ipv6Addresses", []any{eni.IPv6})
		c.set("ipv6AddressCount", 1)
	}
	return instancePublic(c, subnet)
}

// instanceFamily: an instance has IPv6 if it or its subnet says so.
func instanceFamily(in props, subnet *Object) string {
	asked := in.number("ipv6AddressCount") > 0 || in.has("ipv6Addresses") || in.flag("enablePrimaryIpv6")
	if asked || (subnet.Inputs.flag("assignIpv6AddressOnCreation") && !in.has("ipv6AddressCount")) {
		return "dualstack"
	}
	return "ipv4"
}

// instancePublic gives an address of the internet where the instance or its
// subnet asks for one.
func instancePublic(c *call, subnet *Object) error {
	public := subnet.Inputs.flag("mapPublicIpOnLaunch")
	if c.in().has("associatePublicIpAddress") {
		public = c.in().flag("associatePublicIpAddress")
	}
	c.set("associatePublicIpAddress", public)
	if !public {
		return nil
	}
	ip, err := c.freePublic()
	if err != nil {
		return err
	}
	c.set("publicIp", ip)
	c.set("publicDns", publicHost(c.region, ip))
	return nil
}

func instanceDerive(c *call) error {
	delete(c.obj.Computed, "vpcSecurityGroupIds")
	if len(c.in().strings("vpcSecurityGroupIds")) == 0 {
		vpc := c.find(vpcType, c.vpcOf(c.obj), c.region)
		c.set("vpcSecurityGroupIds", []any{vpc.Computed.str("defaultSecurityGroupId")})
	}
	return nil
}

func instanceRelease(c *call) error {
	if !c.in().flag("disableApiTermination") {
		return nil
	}
	return Refusal{"OperationNotPermitted",
		"The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html"}.with(c.obj.ID)
}
