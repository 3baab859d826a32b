package account

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answers are what the provider answers to a function or a reading of a resource, by a part of its token.
type answers map[string]object

// Call implements pulumi.MockResourceMonitor. A function without an answer is denied.
func (a answers) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	for part, answer := range a {
		if strings.Contains(args.Token, part+":") {
			return resource.NewPropertyMapFromMap(answer), nil
		}
	}
	return nil, errors.New("1 error occurred:\n\t* AccessDenied: not authorized to perform " + args.Token)
}

// NewResource implements pulumi.MockResourceMonitor.
func (a answers) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.ID, resource.NewPropertyMapFromMap(a["account"]), nil
}

// engine runs a program without an engine.
func (a answers) engine(_ context.Context, _ map[string]string, program pulumi.RunFunc) error {
	return pulumi.RunErr(program, pulumi.WithMocks("project", "stack", a))
}

func TestAPartThatIsDeniedLeavesTheOthers(t *testing.T) {
	found, err := Read(t.Context(), answers{
		"getCallerIdentity":     {"accountId": "123456789012"},
		"getPartition":          {"partition": "aws"},
		"getAvailabilityZones":  {"names": []any{"us-east-1a", "us-east-1b", "us-east-1e"}},
		"getVpcEndpointService": {"availabilityZones": []any{"us-east-1a", "us-east-1b"}},
		"getVpcs":               {"ids": []any{}},
		"getEips":               {"allocationIds": []any{}},
		"account":               {"cloudwatchRoleArn": ""},
	}.engine, "6.0.0", nil)
	require.NoError(t, err)
	assert.Equal(t, &Account{
		ID: "123456789012", Partition: "aws", LogsRole: LogsRoleUnset,
		Zones: []string{"us-east-1a", "us-east-1b"}, // In the third, API Gateway has no endpoints.
		Unread: []string{
			"its hosted zones: 1 error occurred: * AccessDenied: not authorized to perform " +
				"aws:route53/getZones:getZones",
		},
	}, found)
}

func TestAnEngineThatFailsSaysWhy(t *testing.T) {
	failed := errors.New("no valid credential sources\nfound")
	found, err := Read(t.Context(), func(ctx context.Context, _ map[string]string, program pulumi.RunFunc) error {
		return errors.Join(answers{}.engine(ctx, nil, program), failed)
	}, "6.0.0", nil)
	require.NoError(t, err, "there is less to offer")
	assert.Equal(t, []string{"no valid credential sources found"}, found.Unread)

	found, err = Read(t.Context(), func(ctx context.Context, _ map[string]string, program pulumi.RunFunc) error {
		known := answers{"getCallerIdentity": {"accountId": "123456789012", "arn": "arn:aws:iam::123456789012:user/me"}}
		return errors.Join(known.engine(ctx, nil, program), errors.New("the role is denied"))
	}, "6.0.0", nil)
	require.NoError(t, err)
	assert.Contains(t, found.Unread, "the role is denied")
	assert.Greater(t, len(found.Unread), 4, "the other denials stay")

	_, err = Read(t.Context(), func(context.Context, map[string]string, pulumi.RunFunc) error { return failed },
		"6.0.0", nil)
	assert.ErrorIs(t, err, failed, "the engine could not even run the program")
}

func TestANameIsInTheNearestPublicZone(t *testing.T) {
	a := &Account{HostedZones: []HostedZone{
		{ID: "Z2", Name: "eu.example.com"}, {ID: "Z1", Name: "example.com"},
		{ID: "Z3", Name: "a.eu.example.com", Private: true},
	}}
	for name, want := range map[string]string{
		"api.example.com": "Z1", "b.a.eu.example.com": "Z2", "eu.example.com": "Z1",
	} {
		assert.Equal(t, want, a.PublicZone(name).ID, name)
	}
	for _, name := range []string{"example.com", "api.myexample.com", ""} {
		assert.Nil(t, a.PublicZone(name), name)
	}
	assert.Equal(t, []string{"eu.example.com", "example.com"}, a.PublicZones())
}
