package catalog

import (
	"crypto/sha256"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// zoneNames returns the three Availability Zones of a simulated region.
func zoneNames(region string) []string {
	return []string{region + "a", region + "b", region + "c"}
}

// zoneID returns the name of a zone that is the same in every account:
// use1-az1 for us-east-1a. AWS maps zones to IDs per account. In this account
// the order is the same.
// https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
func zoneID(zone string) string {
	region, letter := zone[:len(zone)-1], zone[len(zone)-1]
	return regionCode(region) + "-az" + string('1'+letter-'a')
}

// regionCode shortens us-east-1 to use1 and ap-northeast-1 to apne1.
func regionCode(region string) string {
	parts := strings.Split(region, "-")
	if len(parts) != 3 {
		return region
	}
	short := parts[0]
	for _, direction := range []string{"north", "south", "central", "east", "west"} {
		if strings.Contains(parts[1], direction) {
			short += direction[:1]
		}
	}
	return short + parts[2]
}

// hostedZone returns the ID of the Route 53 zone in which a service has its
// names. It is AWS's own in the regions that are listed, and made up in
// others.
// https://docs.aws.amazon.com/general/latest/gr/elb.html
// https://docs.aws.amazon.com/general/latest/gr/apigateway.html
func hostedZone(service, region string) string {
	if id := hostedZones[service+" "+region]; id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(service + region))
	for i := range sum {
		sum[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[int(sum[i])%36]
	}
	return "Z" + string(sum[:13])
}

var hostedZones = map[string]string{
	"network us-east-1":          "Z26RNL4JYFTOTI",
	"network us-west-2":          "Z18D5FSROUN65G",
	"network eu-west-1":          "Z2IFOLAFXWLO4F",
	"network ap-northeast-1":     "Z31USIVHYNEOWT",
	"application us-east-1":      "Z35SXDOTRQ7X7K",
	"application us-west-2":      "Z1H1FL5HABSF5",
	"application eu-west-1":      "Z32O12XQLNTSW2",
	"application ap-northeast-1": "Z14GRHDCWA56QT",
	"endpoint us-east-1":         "Z7HUB22UULQXV",
	"execute-api us-east-1":      "Z1UJRXOUMOOFQ8",
	"execute-api us-west-2":      "Z2OJLYMUO9EFXC",
	"execute-api eu-west-1":      "ZLY8HYME6SFDD",
	"execute-api ap-northeast-1": "Z1YSHQZHG15GKL",
}

func getRegion(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	region := args.StringOr("name", r.Region)
	return cloud.Props{
		"id": region, "name": region, "description": region, "endpoint": "ec2." + region + ".amazonaws.com",
	}, nil
}

// getAvailabilityZones lists the zones of the region that match. All of them are
// Availability Zones, which no account must opt in to.
func getAvailabilityZones(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	names, ids := []string{}, []string{}
	for _, zone := range zoneNames(r.Region) {
		described := cloud.Props{
			"zoneName": zone, "zoneId": zoneID(zone), "zoneType": "availability-zone", "regionName": r.Region,
			"optInStatus": "opt-in-not-required",
		}
		if matches(described, args, nil) && !slices.Contains(args.Strings("excludeNames"), zone) &&
			!slices.Contains(args.Strings("excludeZoneIds"), zoneID(zone)) {
			names, ids = append(names, zone), append(ids, zoneID(zone))
		}
	}
	return cloud.Props{"id": r.Region, "names": list(names), "zoneIds": list(ids), "groupNames": []any{r.Region}}, nil
}
