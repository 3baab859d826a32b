package catalog

import (
	"errors"
	"regexp"
	"slices"

	"private-api-blueprints/sandbox/cloud"
)

const (
	bucketType             = "aws:s3/bucketV2:BucketV2"
	bucketPolicyType       = "aws:s3/bucketPolicy:BucketPolicy"
	bucketPublicAccessType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

	bucketEncryptionType = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"

	bucketLifecycleType = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	bucketOwnershipType = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
)

// s3Errors is the page that most refusals of this service come from.
const s3Errors = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"

func bucketKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         bucketType,
		ComputedLists: words("grants serverSideEncryptionConfigurations versionings"),
		Replace:       words("bucket bucketPrefix objectLockEnabled"),
		Defaults:      cloud.Props{"forceDestroy": false},
		Autoname:      cloud.Autoname{Property: "bucket", MaxLen: 63, Lower: true},
		Global:        cloud.Always,
		ID:            (*cloud.Request).Name,
		Duplicate: cloud.NewRefusal("BucketAlreadyOwnedByYou",
			"Your previous request to create the named bucket succeeded and you already own it: %s",
			s3Errors),
		NotFound: cloud.NewRefusal("NoSuchBucket", "The specified bucket does not exist: %s", s3Errors),
		OutputDefaults: cloud.Props{
			"accelerationStatus": "", "acl": "private", "bucketPrefix": "", "grants": []any{},
			"objectLockConfiguration": map[string]any{}, "objectLockEnabled": false, "policy": "",
			"requestPayer": "BucketOwner", "serverSideEncryptionConfigurations": []any{},
			"versionings": []any{map[string]any{"enabled": false, "mfaDelete": false}}, "websiteDomain": "",
			"websiteEndpoint": "",
		},
		Check:       checkBucket,
		OnCreate:    bucketOnCreate,
		CheckDelete: checkBucketEmpty,
		Example: cloud.Example{
			Name:   "bucket",
			Inputs: cloud.Props{"bucket": "logs-of-the-nlb"},
		},
	}
}

// bucketName matches the names that a bucket may have.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func checkBucket(r *cloud.Request) error {
	if name := r.Name(); !bucketName.MatchString(name) {
		return cloud.NewRefusal("InvalidBucketName", "The specified bucket is not valid: %s", s3Errors).With(name)
	}
	return nil
}

// bucketObjects is the private property of a bucket that lists the keys of its
// objects.
const bucketObjects = "objects"

// checkBucketEmpty refuses to delete a bucket with objects. If the bucket has
// forceDestroy, the provider deletes the objects first.
// https://github.com/bitovi/github-actions-deploy-docker-to-ec2/issues/38
func checkBucketEmpty(r *cloud.Request) error {
	if r.Inputs.Bool("forceDestroy") || len(r.Object.Private.List(bucketObjects)) == 0 {
		return nil
	}
	return cloud.NewRefusal("BucketNotEmpty", "The bucket you tried to delete is not empty", s3Errors).With()
}

// putObject writes an object into a bucket that exists.
func putObject(r *cloud.Request, bucket, key string) {
	o := r.Find(bucketType, bucket, "")
	keys := o.Private.Strings(bucketObjects)
	if !slices.Contains(keys, key) {
		r.SetPrivateOn(o, bucketObjects, append(keys, key))
	}
}

// errNothingNew ends an event that changes nothing, so that the account's file stays.
var errNothingNew = errors.New("nothing new")

// PutObjects tells a bucket of the account that it has objects. It reports whether the bucket exists.
func PutObjects(account *cloud.Account, bucket string, keys []string) (exists bool, err error) {
	err = account.Happen("", func(r *cloud.Request) error {
		o := r.Find(bucketType, bucket, "")
		if o == nil {
			return errNothingNew
		}
		exists = true
		before := o.Private.Strings(bucketObjects)
		all := slices.Clone(before)
		for _, key := range keys {
			if !slices.Contains(before, key) {
				all = append(all, key)
			}
		}
		if len(all) == len(before) {
			return errNothingNew
		}
		r.SetPrivateOn(o, bucketObjects, all)
		return nil
	})
	if errors.Is(err, errNothingNew) {
		err = nil
	}
	return exists, err
}

func bucketOnCreate(r *cloud.Request) error {
	r.Set("arn", "arn:aws:s3:::"+r.Object.ID)
	r.Set("bucketDomainName", r.Object.ID+".s3.amazonaws.com")
	r.Set("bucketRegionalDomainName", r.Object.ID+".s3."+r.Region+".amazonaws.com")
	r.Set("hostedZoneId", hostedZone("s3", r.Region))
	r.Set("region", r.Region)
	return nil
}

func checkBucketPolicy(r *cloud.Request) error {
	if _, ok := statements(r.Inputs.String("policy")); !ok {
		return cloud.NewRefusal("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'",
			s3Errors).With()
	}
	return nil
}

// bucketPart returns the kind of a bucket setting that is a separate resource in
// the provider.
func bucketPart(token string) *cloud.Kind {
	return &cloud.Kind{
		Token:      token,
		Replace:    words("bucket"),
		Global:     cloud.Always,
		Upsert:     true,
		ID:         cloud.InputID("bucket"),
		References: map[string]string{"bucket": bucketType},
	}
}

// bucketPolicyKind returns the kind of the policy of a bucket.
func bucketPolicyKind() *cloud.Kind {
	kind := bucketPart(bucketPolicyType)
	kind.Check = checkBucketPolicy
	kind.Example = cloud.Example{
		Name: "bucket policy",
		Inputs: cloud.Props{
			"bucket": "${bucket}",
			"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{
				"Service":"delivery.logs.amazonaws.com"},"Action":"s3:GetBucketAcl",
				"Resource":"arn:aws:s3:::logs-of-the-nlb","Condition":{"StringEquals":{
				"aws:SourceAccount":["123456789012"]},"ArnLike":{"aws:SourceArn":[
				"arn:aws:logs:us-east-1:123456789012:*"]}}},{"Effect":"Allow","Principal":{
				"Service":["delivery.logs.amazonaws.com","logdelivery.elasticloadbalancing.amazonaws.com"]},
				"Action":"s3:PutObject",
				"Resource":"arn:aws:s3:::logs-of-the-nlb/AWSLogs/123456789012/*","Condition":{
				"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}},{"Effect":"Deny",
				"Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::logs-of-the-nlb",
				"arn:aws:s3:::logs-of-the-nlb/*"],"Condition":{"Bool":{"aws:SecureTransport":false}}}]}`,
		},
	}
	return kind
}

// bucketPublicAccessKind returns the kind of the public access block of a bucket.
func bucketPublicAccessKind() *cloud.Kind {
	kind := bucketPart(bucketPublicAccessType)
	kind.Defaults = cloud.Props{"blockPublicAcls": false, "blockPublicPolicy": false, "ignorePublicAcls": false,
		"restrictPublicBuckets": false}
	kind.Example = cloud.Example{
		Name:   "public access block",
		Inputs: cloud.Props{"blockPublicAcls": true, "bucket": "${bucket}"},
	}
	return kind
}

// bucketEncryptionKind returns the kind of the default encryption of a bucket.
func bucketEncryptionKind() *cloud.Kind {
	kind := bucketPart(bucketEncryptionType)
	kind.Replace = words("bucket expectedBucketOwner")
	kind.Example = cloud.Example{
		Name:   "encryption",
		Inputs: cloud.Props{"bucket": "${bucket}", "rules": []any{cloud.Props{}}},
	}
	return kind
}

// bucketLifecycleKind returns the kind of the lifecycle rules of a bucket.
func bucketLifecycleKind() *cloud.Kind {
	kind := bucketPart(bucketLifecycleType)
	kind.Replace = words("bucket expectedBucketOwner")
	kind.OutputDefaults = cloud.Props{"expectedBucketOwner": "",
		"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"}
	kind.Example = cloud.Example{
		Name:   "lifecycle",
		Inputs: cloud.Props{"bucket": "${bucket}", "rules": []any{cloud.Props{"id": "x"}}},
	}
	return kind
}

// bucketOwnershipKind returns the kind of the ownership controls of a bucket.
func bucketOwnershipKind() *cloud.Kind {
	kind := bucketPart(bucketOwnershipType)
	kind.Example = cloud.Example{
		Name:   "ownership",
		Inputs: cloud.Props{"bucket": "${bucket}", "rule": cloud.Props{"objectOwnership": "BucketOwnerEnforced"}},
	}
	return kind
}
