package catalog

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/sandbox/cloud"
)

const instanceType = "aws:ec2/instance:Instance"

const runInstances = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"

func instanceKind() *cloud.Kind {
	return &cloud.Kind{
		Token: instanceType,
		ComputedLists: words(`ebsBlockDevices ephemeralBlockDevices ipv6Addresses networkInterfaces
			secondaryPrivateIps securityGroups vpcSecurityGroupIds`),
		Replace: words(`ami associatePublicIpAddress availabilityZone cpuCoreCount cpuOptions cpuThreadsPerCore
			ebsBlockDevices ebsOptimized enclaveOptions ephemeralBlockDevices hibernation hostId
			instanceMarketOptions ipv6Addresses keyName launchTemplate networkInterfaces placementGroup
			placementPartitionNumber privateDnsNameOptions privateIp securityGroups subnetId tenancy`),
		Conflicts: [][]string{
			words("userData userDataBase64"), words("ipv6Addresses ipv6AddressCount"),
			words("networkInterfaces vpcSecurityGroupIds"), words("networkInterfaces subnetId"),
		},
		Sets: words(`ebsBlockDevices ephemeralBlockDevices secondaryPrivateIps securityGroups
			vpcSecurityGroupIds`),
		Defaults:  cloud.Props{"getPasswordData": false, "sourceDestCheck": true, "userDataReplaceOnChange": false},
		ReplaceIf: instanceReplaceIf,
		ID:        cloud.HexID("i-"),
		NotFound:  cloud.NewRefusal("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", ec2Errors),
		BlocksDeletionOf: map[string]string{
			"subnetId": subnetType, "vpcSecurityGroupIds[]": securityGroupType,
			"iamInstanceProfile": instanceProfileType,
		},
		ReferenceErrors: map[string]cloud.Refusal{"iamInstanceProfile": cloud.NewRefusal("InvalidParameterValue",
			"Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
			runInstances)},
		OutputDefaults: instanceOutputDefaults(),
		Check:          cloud.InOrder(checkImage, checkUserData, checkInstanceNetwork, checkInstanceAddress),
		OnCreate:       instanceOnCreate,
		Compute:        instanceCompute,
		CheckDelete:    instanceCheckDelete,
		Example: cloud.Example{
			Name: "instance",
			Inputs: cloud.Props{
				"ami": "ami-065f942973de273ab", "instanceType": "t4g.nano", "privateIp": "10.0.1.30",
				"subnetId": "${subnet a}", "vpcSecurityGroupIds": []any{"${group}"},
			},
		},
	}
}

// instanceOutputDefaults returns the outputs of an instance that asks for
// nothing particular.
func instanceOutputDefaults() cloud.Props {
	none := map[string]any{}
	defaults := cloud.Props{
		"capacityReservationSpecification":  map[string]any{"capacityReservationPreference": "open"},
		"cpuCoreCount":                      1,
		"cpuOptions":                        map[string]any{"coreCount": 1, "threadsPerCore": 1},
		"cpuThreadsPerCore":                 1,
		"enclaveOptions":                    map[string]any{"enabled": false},
		"instanceInitiatedShutdownBehavior": "stop",
		"instanceMarketOptions":             none,
		"instanceState":                     "running",
		"maintenanceOptions":                map[string]any{"autoRecovery": "default"},
		"metadataOptions": map[string]any{ // Amazon Linux 2023 asks for these.
			"httpEndpoint": "enabled", "httpProtocolIpv6": "disabled", "httpPutResponseHopLimit": 2,
			"httpTokens": "required", "instanceMetadataTags": "disabled",
		},
		"placementPartitionNumber": 0,
		"tenancy":                  "default",
		"privateDnsNameOptions": map[string]any{
			"enableResourceNameDnsARecord": false, "enableResourceNameDnsAaaaRecord": false,
			"hostnameType": "ip-name",
		},
		"rootBlockDevice": map[string]any{
			"deleteOnTermination": true, "deviceName": "/dev/xvda", "encrypted": false, "iops": 3000,
			"throughput": 125, "volumeSize": 8, "volumeType": "gp3",
		},
	}
	for _, key := range words("disableApiStop disableApiTermination ebsOptimized enablePrimaryIpv6 monitoring") {
		defaults[key] = false
	}
	for _, key := range words(`ebsBlockDevices ephemeralBlockDevices networkInterfaces secondaryPrivateIps
		securityGroups`) {
		defaults[key] = []any{}
	}
	for _, key := range words(`ami hostId hostResourceGroupArn iamInstanceProfile instanceLifecycle instanceType
		keyName outpostArn passwordData placementGroup publicDns publicIp spotInstanceRequestId userData
		userDataBase64`) {
		defaults[key] = ""
	}
	return defaults
}

// instanceReplaceIf returns the user data if the program wants other user data
// to replace the instance, and the root volume if its encryption changes.
func instanceReplaceIf(old, new resource.PropertyMap) []string {
	var keys []string
	if on := new["userDataReplaceOnChange"]; on.IsBool() && on.BoolValue() {
		keys = words("userData userDataBase64")
	}
	was, is := rootVolume(old), rootVolume(new)
	for _, key := range []resource.PropertyKey{"encrypted", "kmsKeyId"} {
		plain := is[key].IsNull() || (is[key].IsBool() && !is[key].BoolValue() && was[key].IsNull())
		if !plain && !is[key].DeepEquals(was[key]) {
			return append(keys, "rootBlockDevice")
		}
	}
	return keys
}

// rootVolume returns the settings of an instance's root volume.
func rootVolume(inputs resource.PropertyMap) resource.PropertyMap {
	if volume := inputs["rootBlockDevice"]; volume.IsObject() {
		return volume.ObjectValue()
	}
	return nil
}

// architectures are those of the images that the sandbox knows, as the names
// of their public parameters have them.
var architectures = words("arm64 x86_64")

// amazonLinux returns the image of Amazon Linux 2023 for an architecture.
func amazonLinux(region, architecture string) string {
	return "ami-0" + fmt.Sprintf("%x", cloud.Repeatable("al2023 "+region+" "+architecture)(8))
}

var imageID = regexp.MustCompile(`^ami-([0-9a-f]{8}|[0-9a-f]{17})$`)

// graviton matches instance types with ARM processors.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
var graviton = regexp.MustCompile(`^(a1|[a-z]+\d+g[a-z-]*)\.`)

// checkImage refuses an image of another architecture than the instance type.
// It assumes that images other than Amazon Linux exist and fit.
func checkImage(r *cloud.Request) error {
	if r.Inputs.Has("launchTemplate") {
		return nil
	}
	for _, parameter := range []struct{ key, name string }{{"ami", "ImageId"}, {"instanceType", "InstanceType"}} {
		if !r.Inputs.Has(parameter.key) {
			return cloud.NewRefusal("MissingParameter", "The request must contain the parameter %s",
				runInstances).With(parameter.name)
		}
	}
	image, machine := r.Inputs.String("ami"), "x86_64"
	if graviton.MatchString(r.Inputs.String("instanceType")) {
		machine = "arm64"
	}
	if !imageID.MatchString(image) {
		return cloud.NewRefusal("InvalidAMIID.Malformed", "Invalid id: \"%s\" (expecting \"ami-...\")",
			ec2Errors).With(image)
	}
	for _, architecture := range architectures {
		if image == amazonLinux(r.Region, architecture) && architecture != machine {
			return cloud.NewRefusal(
				"InvalidParameterValue",
				"The architecture '%s' of the specified instance type does not match the architecture '%s' of "+
					"the specified AMI.",
				runInstances,
			).With(machine, architecture)
		}
	}
	return nil
}

// userDataLimit is the length of the longest user data, in bytes before it is
// encoded.
const userDataLimit = 16384

func checkUserData(r *cloud.Request) error {
	if n := len(r.Inputs.String("userData")); n > userDataLimit {
		return cloud.NewRefusal(
			"InvalidParameterValue",
			"User data is limited to %d bytes, not %d",
			"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
		).With(userDataLimit, n)
	}
	return nil
}

func checkInstanceNetwork(r *cloud.Request) error {
	subnet := r.Find(subnetType, r.Inputs.String("subnetId"), r.Region)
	if subnet == nil {
		return cloud.NewRefusal("VPCIdNotSpecified", "No default VPC for this user: subnetId must be given",
			ec2Errors).With()
	}
	for _, id := range r.Inputs.Strings("vpcSecurityGroupIds") {
		if r.Lookup(securityGroupType, id).Inputs.String("vpcId") != subnet.Inputs.String("vpcId") {
			return cloud.NewRefusal("InvalidParameter",
				"Security group %s and subnet %s belong to different networks.",
				runInstances).With(id, subnet.ID)
		}
	}
	return nil
}

// checkInstanceAddress refuses more than one IPv6 address, which the sandbox
// does not simulate.
func checkInstanceAddress(r *cloud.Request) error {
	count, given := r.Inputs.Int("ipv6AddressCount"), len(r.Inputs.Strings("ipv6Addresses"))
	switch {
	case count > 0 && given > 0:
		return cloud.NewRefusal("InvalidParameterCombination",
			"ipv6AddressCount and ipv6Addresses exclude each other", runInstances).With()
	case count > 1 || given > 1:
		return fmt.Errorf("%d IPv6 addresses: want at most 1, because the sandbox gives an instance no more",
			max(count, given))
	}
	return nil
}

func instanceOnCreate(r *cloud.Request) error {
	subnet := r.Find(subnetType, r.Inputs.String("subnetId"), r.Region)
	want := cloud.Interface{
		IPv4: r.Inputs.String("privateIp"),
		IPv6: strings.Join(r.Inputs.Strings("ipv6Addresses"), ""),
	}
	eni, err := placeInterface(r, nil, subnet, want, instanceFamily(r.Inputs, subnet))
	if err != nil {
		return err
	}
	r.Object.Interfaces = []cloud.Interface{eni}
	r.Object.Private["launched"] = r.Object.Private.StringOr("launched", time.Now().UTC().Format(time.RFC3339))
	r.Set("arn", r.ARN("ec2", "instance/"+r.Object.ID))
	r.Set("availabilityZone", subnet.Computed.String("availabilityZone"))
	r.Set("subnetId", subnet.ID)
	r.Set("primaryNetworkInterfaceId", eni.ID)
	r.Set("privateIp", eni.IPv4)
	r.Set("privateDns", "ip-"+strings.ReplaceAll(eni.IPv4, ".", "-")+"."+internalDomain(r.Region))
	r.Set("ipv6Addresses", []any{})
	r.Set("ipv6AddressCount", 0)
	if eni.IPv6 != "" {
		r.Set("ipv6Addresses", []any{eni.IPv6})
		r.Set("ipv6AddressCount", 1)
	}
	return instancePublic(r, subnet)
}

// instanceFamily returns the address family of an instance. It has IPv6 if it
// or its subnet asks for that.
func instanceFamily(in cloud.Props, subnet *cloud.Object) string {
	asked := in.Int("ipv6AddressCount") > 0 || in.Has("ipv6Addresses") || in.Bool("enablePrimaryIpv6")
	if asked || (subnet.Inputs.Bool("assignIpv6AddressOnCreation") && !in.Has("ipv6AddressCount")) {
		return "dualstack"
	}
	return "ipv4"
}

// instancePublic sets a public address if the instance or its subnet asks for
// one.
func instancePublic(r *cloud.Request, subnet *cloud.Object) error {
	public := subnet.Inputs.Bool("mapPublicIpOnLaunch")
	if r.Inputs.Has("associatePublicIpAddress") {
		public = r.Inputs.Bool("associatePublicIpAddress")
	}
	r.Set("associatePublicIpAddress", public)
	if !public {
		return nil
	}
	ip, err := freePublicAddress(r)
	if err != nil {
		return err
	}
	r.Set("publicIp", ip)
	r.Set("publicDns", publicHost(r.Region, ip))
	return nil
}

func instanceCompute(r *cloud.Request) error {
	r.Unset("vpcSecurityGroupIds")
	if len(r.Inputs.Strings("vpcSecurityGroupIds")) == 0 {
		vpc := r.Find(vpcType, vpcOf(r, r.Object), r.Region)
		r.Set("vpcSecurityGroupIds", []any{vpc.Computed.String("defaultSecurityGroupId")})
	}
	return nil
}

func instanceCheckDelete(r *cloud.Request) error {
	if !r.Inputs.Bool("disableApiTermination") {
		return nil
	}
	return cloud.NewRefusal(
		"OperationNotPermitted",
		"The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
	).With(r.Object.ID)
}

// getInstance finds an instance. It searches by instanceTags; tags are only
// part of the answer.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/ec2_instance_data_source.go
func getInstance(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	var found []cloud.Props
	wanted := cloud.Props{"id": args["instanceId"], "tags": args["instanceTags"], "filters": args["filters"]}
	for _, instance := range r.Others(instanceType) {
		out := describeInstance(r, instance, args.Bool("getUserData"))
		if matches(out, wanted, []string{"id"}) {
			found = append(found, out)
		}
	}
	return only("EC2 Instance", found, args)
}

// describeInstance returns an instance as a lookup shows it. Settings are
// lists of one item. User data is only a hash, unless asked for.
func describeInstance(r *cloud.Request, instance *cloud.Object, withUserData bool) cloud.Props {
	out := instance.Outputs()
	seen := cloud.Props{
		"id": instance.ID, "tags": out["tagsAll"], "tagsAll": out["tagsAll"], "vpcId": vpcOf(r, instance),
		"networkInterfaceId": out["primaryNetworkInterfaceId"], "launchTime": instance.Private.String("launched"),
		"userData": "", "userDataBase64": "",
	}
	for _, key := range words(`ami arn associatePublicIpAddress availabilityZone disableApiStop
		disableApiTermination ebsBlockDevices ebsOptimized ephemeralBlockDevices hostId hostResourceGroupArn
		iamInstanceProfile instanceState instanceType ipv6Addresses keyName monitoring outpostArn passwordData
		placementGroup placementPartitionNumber privateDns privateIp publicDns publicIp secondaryPrivateIps
		securityGroups sourceDestCheck subnetId tenancy vpcSecurityGroupIds`) {
		seen[key] = out[key]
	}
	for list, key := range map[string]string{
		"creditSpecifications": "creditSpecification", "enclaveOptions": "enclaveOptions",
		"maintenanceOptions": "maintenanceOptions", "metadataOptions": "metadataOptions",
		"privateDnsNameOptions": "privateDnsNameOptions", "rootBlockDevices": "rootBlockDevice",
	} {
		seen[list] = []any{}
		if out.Has(key) {
			seen[list] = []any{out[key]}
		}
	}
	if data := userData(instance); len(data) > 0 {
		sum := sha1.Sum(data)
		seen["userData"] = hex.EncodeToString(sum[:])
		if withUserData {
			seen["userDataBase64"] = base64.StdEncoding.EncodeToString(data)
		}
	}
	return seen
}

// userData returns the user data of an instance, decoded if it was given in
// Base64.
func userData(instance *cloud.Object) []byte {
	if text := instance.Inputs.String("userData"); text != "" {
		return []byte(text)
	}
	data, err := base64.StdEncoding.DecodeString(instance.Inputs.String("userDataBase64"))
	if err != nil {
		return []byte(instance.Inputs.String("userDataBase64"))
	}
	return data
}
