package cloud

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
)

// getInstance finds an instance by instanceTags: tags are an answer only.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/ec2_instance_data_source.go
func getInstance(c *call, args props) (props, error) {
	var found []props
	for _, instance := range c.others(instanceType) {
		out := c.describeInstance(instance, args.flag("getUserData"))
		if matches(out, props{"id": args["instanceId"], "tags": args["instanceTags"], "filters": args["filters"]}, []string{"id"}) {
			found = append(found, out)
		}
	}
	return only("EC2 Instance", found, args)
}

// describeInstance gives an instance as a lookup does: its settings are lists
// of one, and of its user data there is a hash only, unless asked for.
func (c *call) describeInstance(instance *Object, withUserData bool) props {
	out := instance.outputs()
	seen := props{"id": instance.ID, "tags": out["tagsAll"], "tagsAll": out["tagsAll"], "vpcId": c.vpcOf(instance),
		"networkInterfaceId": out["primaryNetworkInterfaceId"], "launchTime": instance.Private.str("launched"),
		"userData": "", "userDataBase64": ""}
	for _, key := range words(`ami arn associatePublicIpAddress availabilityZone disableApiStop disableApiTermination
		ebsBlockDevices ebsOptimized ephemeralBlockDevices hostId hostResourceGroupArn iamInstanceProfile instanceState
		instanceType ipv6Addresses keyName monitoring outpostArn passwordData placementGroup placementPartitionNumber
		privateDns privateIp publicDns publicIp secondaryPrivateIps securityGroups sourceDestCheck subnetId tenancy
		vpcSecurityGroupIds`) {
		seen[key] = out[key]
	}
	for list, key := range map[string]string{"creditSpecifications": "creditSpecification", "enclaveOptions": "enclaveOptions",
		"maintenanceOptions": "maintenanceOptions", "metadataOptions": "metadataOptions",
		"privateDnsNameOptions": "privateDnsNameOptions", "rootBlockDevices": "rootBlockDevice"} {
		seen[list] = []any{}
		if out.has(key) {
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

// userData is the user data of an instance, however it was given.
func userData(instance *Object) []byte {
	if text := instance.Inputs.str("userData"); text != "" {
		return []byte(text)
	}
	data, err := base64.StdEncoding.DecodeString(instance.Inputs.str("userDataBase64"))
	if err != nil {
		return []byte(instance.Inputs.str("userDataBase64"))
	}
	return data
}
