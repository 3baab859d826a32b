package catalog

import (
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// findOne returns the only object of a type that matches every argument. It
// refuses none and several, as the provider does.
func findOne(r *cloud.Request, token string, args cloud.Props, keys ...string) (*cloud.Object, error) {
	found := findAll(r, token, args, keys...)
	if len(found) != 1 {
		return nil, fmt.Errorf("found %d of %s matching %v, want exactly one", len(found), token,
			map[string]any(args))
	}
	return found[0], nil
}

// findAll returns the objects of a type in the region of the request that match every
// argument.
func findAll(r *cloud.Request, token string, args cloud.Props, keys ...string) []*cloud.Object {
	return slices.DeleteFunc(r.All(token), func(o *cloud.Object) bool {
		return o.Region != "" && o.Region != r.Region || !matches(o.Outputs(), args, keys)
	})
}

// idsOf returns the IDs of objects, as lookups of several objects list them.
func idsOf(objects []*cloud.Object) []any {
	ids := []any{}
	for _, o := range objects {
		ids = append(ids, o.ID)
	}
	return ids
}

// only returns the one result of a lookup. It refuses none and several, as the
// provider does.
func only(noun string, found []cloud.Props, args cloud.Props) (cloud.Props, error) {
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf(
			"query returned no results. Please change your search criteria and try again: no %s matches %v", noun,
			map[string]any(args))
	}
	return nil, fmt.Errorf(
		"multiple %ss matched; use additional constraints to reduce matches to a single %s: %d match %v", noun, noun,
		len(found), map[string]any(args))
}

func matches(out, args cloud.Props, keys []string) bool {
	for _, key := range keys {
		if want := args.String(key); want != "" && want != out.String(key) {
			return false
		}
	}
	for tag, want := range args.Object("tags") {
		if out.Object("tagsAll")[tag] != want {
			return false
		}
	}
	for _, filter := range args.Objects("filters") {
		if !filterMatches(out, filter.String("name"), filter.Strings("values")) {
			return false
		}
	}
	return true
}

// filterKeys maps the filters that the sandbox knows to the paths of the
// outputs that they compare. It knows tag:<key> too. Any other filter matches
// nothing.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html
var filterKeys = map[string]string{
	"vpc-id": "vpcId", "subnet-id": "id subnetId", "cidr-block": "cidrBlock", "cidr": "cidrBlock",
	"availability-zone": "availabilityZone", "availability-zone-id": "availabilityZoneId",
	"description": "description", "group-id": "securityGroups[]", "interface-type": "interfaceType",
	"private-ip-address": "privateIp", "route-table-id": "id", "association.main": "associations[].main",
	"association.subnet-id": "associations[].subnetId", "association.gateway-id": "associations[].gatewayId",
	"instance-id": "id", "image-id": "ami", "instance-type": "instanceType", "instance-state-name": "instanceState",
	"instance.group-id": "vpcSecurityGroupIds[]", "zone-name": "zoneName", "zone-id": "zoneId",
	"zone-type": "zoneType", "region-name": "regionName", "opt-in-status": "optInStatus",
	"allocation-id": "allocationId", "public-ip": "publicIp", "domain": "domain",
}

// filterMatches reports whether a filter matches one of its values. Values may
// have wildcards, as with AWS.
func filterMatches(out cloud.Props, filter string, values []string) bool {
	var found []string
	for _, path := range words(filterKeys[filter]) {
		found = append(found, out.StringsAt(path)...)
	}
	if tag, ok := strings.CutPrefix(filter, "tag:"); ok {
		found = []string{out.Object("tagsAll").String(tag)}
	}
	for _, value := range values {
		if slices.ContainsFunc(found, func(v string) bool { return matchesWildcard(value, v) }) {
			return true
		}
	}
	return false
}
