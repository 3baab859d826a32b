package config

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/internal/settings"
)

// CheckOthers refuses keys outside the program's own namespace that nobody would read: those of another namespace that
// have the name of a key of the program, and unknown keys of the AWS provider. It also refuses a region that AWS does
// not have. The project is the namespace of keys that a stack file gives without one. CheckOthers returns the other
// keys that this program does not read, in order: an environment of Pulumi ESC may hold them for other programs.
func CheckOthers(values map[string]string, project string, problems *settings.Problems) (unread []string) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		namespace, name, found := strings.Cut(key, ":")
		if !found {
			namespace, name = "", key
		}
		switch namespace {
		case Namespace, "pulumi":
			continue
		case "aws", "awsx":
			checkProviderKey(key, namespace, name, problems)
			continue
		}
		switch meant := meantBy(namespace, name, project); {
		case meant != "":
			problems.Add(key, nil, "no one reads this key; did you mean %q?", meant)
		case namespace != project:
			unread = append(unread, key)
		}
	}
	checkRegion("aws:region", values, problems)
	checkRegion("aws:stsRegion", values, problems)
	return unread
}

// meantBy returns the key that somebody meant by a key of a namespace that is not known, or nothing if it may be for
// others.
func meantBy(namespace, name, project string) string {
	top, rest := name, ""
	if end := strings.IndexAny(name, ".["); end >= 0 {
		top, rest = name[:end], name[end:]
	}
	ours := topLevelKeys()
	near := settings.Nearest(top, ours)
	if namespace == "" || namespace == project || slices.Contains(ours, top) || slices.Contains(names(), namespace) {
		return joined(Namespace, near, rest)
	}
	switch settings.Nearest(namespace, []string{Namespace, "aws", "pulumi"}) {
	case Namespace:
		return joined(Namespace, near, rest)
	case "aws":
		if best := settings.Nearest(name, awsKeys); best != "" {
			return "aws:" + best
		}
	}
	return ""
}

// joined returns a key of a namespace, or nothing if there is no name.
func joined(namespace, name, rest string) string {
	if name == "" {
		return ""
	}
	return namespace + ":" + name + rest
}

// topLevelKeys returns the keys of all blueprints, without their namespace, each once.
func topLevelKeys() []string {
	known := map[string]bool{}
	for _, blueprint := range Blueprints() {
		addKeys(reflect.TypeOf(blueprint.New()).Elem(), known)
	}
	return slices.Sorted(maps.Keys(known))
}

// addKeys adds the keys of a struct, including those of embedded structs.
func addKeys(group reflect.Type, known map[string]bool) {
	for i := range group.NumField() {
		field := group.Field(i)
		if key := field.Tag.Get("config"); key != "" {
			known[key] = true
		} else if field.Anonymous {
			addKeys(field.Type, known)
		}
	}
}

// awsKeys are the keys of the AWS provider's configuration. A test compares them with the provider's SDK.
var awsKeys = strings.Fields(`accessKey allowedAccountIds assumeRole assumeRoleWithWebIdentity customCaBundle
	defaultTags ec2MetadataServiceEndpoint ec2MetadataServiceEndpointMode endpoints forbiddenAccountIds httpProxy
	httpsProxy ignoreTags insecure maxRetries noProxy profile region retryMode s3UsEast1RegionalEndpoint s3UsePathStyle
	secretKey sharedConfigFiles sharedCredentialsFiles skipCredentialsValidation skipMetadataApiCheck
	skipRegionValidation skipRequestingAccountId stsRegion token tokenBucketRateLimiterCapacity useDualstackEndpoint
	useFipsEndpoint`)

// pluginKeys are the keys that Pulumi itself reads in the namespace of every provider.
var pluginKeys = []string{"version", "pluginDownloadURL"}

// checkProviderKey refuses a key that the AWS provider does not have. The provider of awsx has no keys.
func checkProviderKey(key, namespace, name string, problems *settings.Problems) {
	top, _, _ := strings.Cut(name, ".")
	if slices.Contains(pluginKeys, top) || namespace == "aws" && slices.Contains(awsKeys, top) {
		return
	}
	if best := settings.Nearest(top, awsKeys); best != "" {
		problems.Add(key, nil, "no one reads this key; did you mean %q?", "aws:"+best)
		return
	}
	problems.Add(key, nil, "no one reads this key; want a key of the AWS provider: "+
		"https://www.pulumi.com/registry/packages/aws/installation-configuration/")
}

// regions are the regions of AWS.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regions = strings.Fields(`af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1
	ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
	ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-isoe-west-1 eu-north-1 eu-south-1
	eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1
	us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isof-east-1
	us-isof-south-1 us-west-1 us-west-2`)

// regionName matches the names of regions, those of the future too.
var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)

// regionVariables are the environment variables that name a region, the first one that counts first.
// https://www.pulumi.com/registry/packages/aws/installation-configuration/
var regionVariables = []string{"AWS_REGION", "AWS_DEFAULT_REGION"}

// CheckEnvironment refuses a region of the environment that AWS does not have, unless aws:region is given, which
// counts. getenv returns the value of an environment variable, such as os.Getenv.
func CheckEnvironment(values map[string]string, getenv func(string) string, problems *settings.Problems) {
	if source := RegionSource(values, getenv); slices.Contains(regionVariables, source) {
		checkRegionName(source, getenv(source), values, problems)
	}
}

// RegionSource returns what names the stack's region: the key aws:region, or an environment variable. It returns
// nothing if a profile of the AWS CLI does. getenv returns the value of an environment variable, such as os.Getenv.
func RegionSource(values map[string]string, getenv func(string) string) string {
	if _, given := values["aws:region"]; given {
		return "aws:region"
	}
	for _, name := range regionVariables {
		if getenv(name) != "" {
			return name
		}
	}
	return ""
}

// checkRegion refuses a region in the configuration that does not exist.
func checkRegion(key string, values map[string]string, problems *settings.Problems) {
	if region, given := values[key]; given {
		checkRegionName(key, region, values, problems)
	}
}

// checkRegionName refuses a region that does not exist. The provider's own key skipRegionValidation admits one that is
// newer than this program.
func checkRegionName(key, region string, values map[string]string, problems *settings.Problems) {
	newer := values["aws:skipRegionValidation"] == "true" && regionName.MatchString(region)
	if newer || slices.Contains(regions, region) {
		return
	}
	hint := ""
	if best := settings.Nearest(region, regions); best != "" {
		hint = ", did you mean " + best + "?"
	}
	problems.Add(key, region, "want a region of AWS, such as us-east-1%s; for one that this program does not know "+
		"yet, set aws:skipRegionValidation: true too", hint)
}
