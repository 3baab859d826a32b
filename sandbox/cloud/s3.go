package cloud

import "regexp"

const (
	bucketType             = "aws:s3/bucketV2:BucketV2"
	bucketPolicyType       = "aws:s3/bucketPolicy:BucketPolicy"
	bucketPublicAccessType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	bucketEncryptionType   = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	bucketLifecycleType    = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	bucketOwnershipType    = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
)

func s3Kinds() []*Kind {
	policy := bucketPart(bucketPolicyType, "policy", "")
	policy.check = bucketPolicyCheck
	publicAccess := bucketPart(bucketPublicAccessType, "", "blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets")
	publicAccess.Defaults = props{"blockPublicAcls": false, "blockPublicPolicy": false, "ignorePublicAcls": false, "restrictPublicBuckets": false}
	encryption := bucketPart(bucketEncryptionType, "rules", "expectedBucketOwner")
	encryption.Replace = append(encryption.Replace, "expectedBucketOwner")
	lifecycle := bucketPart(bucketLifecycleType, "", "expectedBucketOwner rules timeouts transitionDefaultMinimumObjectSize")
	lifecycle.Replace = append(lifecycle.Replace, "expectedBucketOwner")
	lifecycle.Computed = words("expectedBucketOwner transitionDefaultMinimumObjectSize")
	lifecycle.fills = props{"expectedBucketOwner": "", "transitionDefaultMinimumObjectSize": "all_storage_classes_128K"}
	return []*Kind{bucketKind(), policy, publicAccess, encryption, lifecycle, bucketPart(bucketOwnershipType, "rule", "")}
}

func bucketKind() *Kind {
	return &Kind{
		Token: bucketType,
		Optional: words(`accelerationStatus acl bucket bucketPrefix corsRules forceDestroy grants lifecycleRules loggings
			objectLockConfiguration objectLockEnabled policy replicationConfigurations requestPayer
			serverSideEncryptionConfigurations tags versionings websites`),
		Computed: words(`accelerationStatus acl arn bucketDomainName bucketPrefix bucketRegionalDomainName grants hostedZoneId
			objectLockConfiguration objectLockEnabled policy region requestPayer serverSideEncryptionConfigurations
			versionings websiteDomain websiteEndpoint`),
		Replace:  words("bucket bucketPrefix objectLockEnabled"),
		Defaults: props{"forceDestroy": false},
		Autoname: Autoname{Property: "bucket", MaxLen: 63, Lower: true},
		global:   true,
		id:       ownName,
		duplicate: Refusal{"BucketAlreadyOwnedByYou",
			"Your previous request to create the named bucket succeeded and you already own it: %s",
			s3Errors},
		missing: Refusal{"NoSuchBucket", "The specified bucket does not exist: %s", s3Errors},
		fills: props{"accelerationStatus": "", "acl": "private", "bucketPrefix": "", "grants": []any{}, "objectLockConfiguration": map[string]any{},
			"objectLockEnabled": false, "policy": "", "requestPayer": "BucketOwner", "serverSideEncryptionConfigurations": []any{},
			"versionings": []any{map[string]any{"enabled": false, "mfaDelete": false}}, "websiteDomain": "", "websiteEndpoint": ""},
		check: bucketCheck,
		born:  bucketBorn,
	}
}

// bucketName is the rule for names.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func bucketCheck(c *call) error {
	if name := ownName(c); !bucketName.MatchString(name) {
		return Refusal{"InvalidBucketName", "The specified bucket is not valid: %s", s3Errors}.with(name)
	}
	return nil
}

func bucketBorn(c *call) error {
	c.set("arn", "arn:aws:s3:::"+c.obj.ID)
	c.set("bucketDomainName", c.obj.ID+".s3.amazonaws.com")
	c.set("bucketRegionalDomainName", c.obj.ID+".s3."+c.region+".amazonaws.com")
	c.set("hostedZoneId", hostedZone("s3", c.region))
	c.set("region", c.region)
	return nil
}

// bucketPart is a setting of a bucket that the provider makes a resource of.
func bucketPart(token, required, optional string) *Kind {
	return &Kind{
		Token:      token,
		Required:   append(words("bucket"), words(required)...),
		Optional:   words(optional),
		Replace:    words("bucket"),
		global:     true,
		overwrites: true,
		id:         input("bucket"),
		refs:       map[string]string{"bucket": bucketType},
	}
}

func bucketPolicyCheck(c *call) error {
	if _, ok := statements(c.in().str("policy")); !ok {
		return Refusal{"MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", s3Errors}.with()
	}
	return nil
}
