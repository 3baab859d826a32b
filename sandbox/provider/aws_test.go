package provider

import (
	"context"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
)

// serve starts the providers. It returns a function that connects to each.
func serve(t *testing.T) (connect func(name string) pulumirpc.ResourceProviderClient) {
	t.Helper()
	account, err := cloud.Open(filepath.Join(t.TempDir(), "account.json"), catalog.New())
	require.NoError(t, err)
	servers, err := Serve(account)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, servers.Close()) })
	ports := map[string]string{}
	for _, pair := range strings.Split(servers.DebugProviders(), ",") {
		name, port, _ := strings.Cut(pair, ":")
		ports[name] = port
	}
	return func(name string) pulumirpc.ResourceProviderClient {
		conn, err := grpc.NewClient("127.0.0.1:"+ports[name],
			grpc.WithTransportCredentials(insecure.NewCredentials()))
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, conn.Close()) })
		return pulumirpc.NewResourceProviderClient(conn)
	}
}

func rpc(t *testing.T, m values) *structpb.Struct {
	t.Helper()
	s, err := plugin.MarshalProperties(resource.NewPropertyMapFromMap(m), plugin.MarshalOptions{KeepUnknowns: true})
	require.NoError(t, err)
	return s
}

func urnOf(token string) string { return "urn:pulumi:dev::p::" + token + "::x" }

func TestAResourceIsCreatedUpdatedReadAndDeleted(t *testing.T) {
	ctx, p := context.Background(), serve(t)("aws")
	created, err := p.Create(ctx,
		&pulumirpc.CreateRequest{Urn: urnOf(eip), Properties: rpc(t, values{"tags": values{"a": "1"}})})
	require.NoError(t, err)
	ip := created.Properties.Fields["publicIp"].GetStringValue()
	assert.NotEmpty(t, ip)

	updated, err := p.Update(ctx, &pulumirpc.UpdateRequest{
		Urn:  urnOf(eip),
		Id:   created.Id,
		Olds: created.Properties,
		News: rpc(t, values{"tags": values{"a": "2"}}),
	})
	require.NoError(t, err)
	assert.Equal(t, "2", updated.Properties.Fields["tagsAll"].GetStructValue().Fields["a"].GetStringValue())

	read, err := p.Read(ctx,
		&pulumirpc.ReadRequest{Urn: urnOf(eip), Id: created.Id, Inputs: rpc(t, values{defaulted: []any{}})})
	require.NoError(t, err)
	assert.Equal(t, ip, read.Properties.Fields["publicIp"].GetStringValue())
	assert.Contains(t, read.Inputs.Fields, defaulted, "otherwise the next diff would rename it")

	for range 2 { // Deleting it again is no error.
		_, err = p.Delete(ctx, &pulumirpc.DeleteRequest{Urn: urnOf(eip), Id: created.Id})
		require.NoError(t, err)
	}
	gone, err := p.Read(ctx, &pulumirpc.ReadRequest{Urn: urnOf(eip), Id: created.Id})
	require.NoError(t, err)
	assert.Empty(t, gone.Id, "a refresh drops it from the state")
}

func TestImportReadsWhatExists(t *testing.T) {
	p := serve(t)("aws")
	read, err := p.Read(context.Background(),
		&pulumirpc.ReadRequest{Urn: urnOf("aws:ec2/vpc:Vpc"), Id: "vpc-0e1f2a3b4c5d6e7f8"})
	require.NoError(t, err)
	assert.Equal(t, "172.20.0.0/16", read.Inputs.Fields["cidrBlock"].GetStringValue())
	assert.True(t, read.Inputs.Fields["enableDnsHostnames"].GetBoolValue())
}

func TestPreviewCreatesNothing(t *testing.T) {
	ctx, p := context.Background(), serve(t)("aws")
	const vpc = "aws:ec2/vpc:Vpc"
	previewed, err := p.Create(ctx, &pulumirpc.CreateRequest{
		Urn:        urnOf(vpc),
		Preview:    true,
		Properties: rpc(t, values{"cidrBlock": "10.0.0.0/8"}),
	})
	require.NoError(t, err, "AWS is not asked at preview")
	assert.Empty(t, previewed.Id)
	assert.Equal(t, plugin.UnknownStringValue, previewed.Properties.Fields["arn"].GetStringValue())
	_, err = p.Create(ctx,
		&pulumirpc.CreateRequest{Urn: urnOf(vpc), Properties: rpc(t, values{"cidrBlock": "10.0.0.0/8"})})
	assert.ErrorContains(t, err, "InvalidVpc.Range")
}

func TestEveryKindPreviewsWithAllInputsUnknown(t *testing.T) {
	ctx, p := context.Background(), serve(t)("aws")
	for _, kind := range catalog.New().Kinds {
		inputs := values{}
		for _, key := range kind.Inputs() {
			inputs[key] = resource.MakeComputed(resource.NewProperty(""))
		}
		check, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: urnOf(kind.Token), News: rpc(t, inputs)})
		require.NoError(t, err, kind.Token)
		assert.Empty(t, check.Failures, kind.Token)
		_, err = p.Diff(ctx,
			&pulumirpc.DiffRequest{Urn: urnOf(kind.Token), Id: "x", OldInputs: rpc(t, nil), News: check.Inputs})
		require.NoError(t, err, kind.Token)
		_, err = p.Create(ctx,
			&pulumirpc.CreateRequest{Urn: urnOf(kind.Token), Preview: true, Properties: check.Inputs})
		require.NoError(t, err, kind.Token)
		_, err = p.Update(
			ctx,
			&pulumirpc.UpdateRequest{
				Urn:     urnOf(kind.Token),
				Id:      "x",
				Preview: true,
				Olds:    rpc(t, nil),
				News:    check.Inputs,
			},
		)
		require.NoError(t, err, kind.Token)
	}
}

func TestArchiveComesBackAsGiven(t *testing.T) {
	archive, err := resource.NewAssetArchive(map[string]any{"bootstrap": must(resource.NewTextAsset("hello"))})
	require.NoError(t, err)
	given := resource.PropertyMap{"code": resource.NewProperty(archive)}
	out := withArchives(resource.PropertyMap{"code": resource.NewProperty(archive.Hash)}, given)
	assert.Equal(t, given, out)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestEachConnectionHasItsRegion(t *testing.T) {
	ctx, connect := context.Background(), serve(t)
	regions := map[string]string{"eu-west-1": "eu-west-1", "ap-northeast-1": "ap-northeast-1", "": defaultRegion}
	for configured, want := range regions {
		p := connect("aws")
		args := values{}
		if configured != "" {
			args["region"] = configured
		}
		_, err := p.Configure(ctx, &pulumirpc.ConfigureRequest{Args: rpc(t, args)})
		require.NoError(t, err)
		answer, err := p.Invoke(ctx, &pulumirpc.InvokeRequest{Tok: "aws:index/getRegion:getRegion"})
		require.NoError(t, err)
		assert.Equal(t, want, answer.Return.Fields["name"].GetStringValue())
	}
}

func TestEachConnectionHasItsRole(t *testing.T) {
	ctx, connect := context.Background(), serve(t)
	const arn = "arn:aws:iam::210987654321:role/consumer"
	connections := map[string]pulumirpc.ResourceProviderClient{}
	for want, config := range map[string]values{
		"arn:aws:iam::123456789012:user/sandbox": {"region": "eu-west-1"},
		"arn:aws:sts::210987654321:assumed-role/consumer/sandbox": {
			"region": "eu-west-1", "assumeRole": values{"roleArn": arn},
		},
		"arn:aws:sts::210987654321:assumed-role/consumer/from-stack": {
			"region": "eu-west-1", "assumeRole": `{"roleArn":"` + arn + `","sessionName":"from-stack"}`,
		},
	} {
		p := connect("aws")
		checked, err := p.CheckConfig(ctx, &pulumirpc.CheckRequest{Urn: consumer, News: rpc(t, config)})
		require.NoError(t, err)
		require.Empty(t, checked.Failures)
		_, err = p.Configure(ctx, &pulumirpc.ConfigureRequest{Args: checked.Inputs})
		require.NoError(t, err)
		connections[want] = p
	}
	for want, p := range connections {
		answer, err := p.Invoke(ctx, &pulumirpc.InvokeRequest{Tok: "aws:index/getCallerIdentity:getCallerIdentity"})
		require.NoError(t, err)
		assert.Equal(t, want, answer.Return.Fields["arn"].GetStringValue())
		assert.Equal(t, strings.Split(want, ":")[4], answer.Return.Fields["accountId"].GetStringValue())

		created, err := p.Create(
			ctx,
			&pulumirpc.CreateRequest{
				Urn:        urnOf("aws:ec2/vpc:Vpc"),
				Properties: rpc(t, values{"cidrBlock": "10.0.0.0/16"}),
			},
		)
		require.NoError(t, err)
		assert.Contains(t, created.Properties.Fields["arn"].GetStringValue(), ":eu-west-1:123456789012:",
			"there is one account")
	}
}

func TestEachConnectionHasItsDefaultTags(t *testing.T) {
	ctx, p := context.Background(), serve(t)("aws")
	config := values{"region": "us-east-1", "defaultTags": `{"tags":{"team":"edge","stage":"dev"}}`}
	_, err := p.Configure(ctx, &pulumirpc.ConfigureRequest{Args: rpc(t, config)})
	require.NoError(t, err)
	for _, c := range []struct {
		why, token   string
		inputs, want values
	}{
		{"no tags of its own", "aws:ec2/eip:Eip", values{}, values{"team": "edge", "stage": "dev"}},
		{
			"its own tag takes precedence", "aws:ec2/eip:Eip", values{"tags": values{"stage": "prod", "Name": "a"}},
			values{"team": "edge", "stage": "prod", "Name": "a"},
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			checked, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: urnOf(c.token), News: rpc(t, c.inputs)})
			require.NoError(t, err)
			assert.Equal(t, map[string]any(c.want), checked.Inputs.Fields["tags"].AsInterface())
		})
	}
	route := values{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}
	checked, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: urnOf("aws:ec2/route:Route"), News: rpc(t, route)})
	require.NoError(t, err)
	assert.NotContains(t, checked.Inputs.Fields, "tags", "a route takes no tags")
	wrong := values{"defaultTags": values{"tags": values{"team": 1}}}
	refused, err := p.CheckConfig(ctx, &pulumirpc.CheckRequest{Urn: consumer, News: rpc(t, wrong)})
	require.NoError(t, err)
	require.Len(t, refused.Failures, 1)
	assert.Equal(t, "defaultTags", refused.Failures[0].Property)
	assert.Equal(t, "defaultTags.tags.team = {1}: want a string", refused.Failures[0].Reason)
}

const consumer = "urn:pulumi:dev::p::pulumi:providers:aws::consumer"

func TestAProviderWithoutAValidRoleIsRefused(t *testing.T) {
	ctx, p := context.Background(), serve(t)("aws")
	for says, role := range map[string]any{
		`assumeRole.roleArn = "arn:aws:iam::210987654321:user/a": want the ARN of a role`: values{
			"roleArn": "arn:aws:iam::210987654321:user/a",
		},
		`assumeRole = "consumer": want a JSON object`: "consumer",
	} {
		checked, err := p.CheckConfig(ctx,
			&pulumirpc.CheckRequest{Urn: consumer, News: rpc(t, values{"assumeRole": role})})
		require.NoError(t, err)
		require.Len(t, checked.Failures, 1)
		assert.Equal(t, "assumeRole", checked.Failures[0].Property)
		assert.Contains(t, checked.Failures[0].Reason, says)
		_, err = p.Configure(ctx, &pulumirpc.ConfigureRequest{Args: rpc(t, values{"assumeRole": role})})
		assert.ErrorContains(t, err, says)
	}
	later := values{"assumeRole": values{"roleArn": resource.MakeComputed(resource.NewProperty(""))}}
	checked, err := p.CheckConfig(ctx, &pulumirpc.CheckRequest{Urn: consumer, News: rpc(t, later)})
	require.NoError(t, err)
	assert.Empty(t, checked.Failures, "a role that the stack has not created yet")
}

func TestAnotherRoleUpdatesAProviderAndAnotherRegionReplacesIt(t *testing.T) {
	ctx, p := context.Background(), serve(t)("aws")
	old := values{"region": "us-east-1", "assumeRole": values{"roleArn": "arn:aws:iam::210987654321:role/consumer"}}
	for _, row := range []struct {
		change   values
		changes  pulumirpc.DiffResponse_DiffChanges
		replaces []string
	}{
		{
			change:  values{},
			changes: pulumirpc.DiffResponse_DIFF_NONE,
		},
		{
			change:  values{"assumeRole": values{"roleArn": "arn:aws:iam::210987654321:role/other"}},
			changes: pulumirpc.DiffResponse_DIFF_SOME,
		},
		{
			change:  values{"assumeRole": nil},
			changes: pulumirpc.DiffResponse_DIFF_SOME,
		},
		{
			change:  values{"region": "eu-west-1"},
			changes: pulumirpc.DiffResponse_DIFF_SOME, replaces: []string{"region"},
		},
	} {
		news := maps.Clone(old)
		maps.Copy(news, row.change)
		answer, err := p.DiffConfig(ctx,
			&pulumirpc.DiffRequest{Urn: consumer, Id: "x", OldInputs: rpc(t, old), News: rpc(t, news)})
		require.NoError(t, err)
		assert.Equal(t, row.changes, answer.Changes, "%v", row.change)
		assert.Equal(t, row.replaces, answer.Replaces, "%v", row.change)
	}
}

func TestEachConnectionChangesItsRegionOnly(t *testing.T) {
	ctx, connect := context.Background(), serve(t)
	const group = "aws:cloudwatch/logGroup:LogGroup"
	inputs := func(days float64) *structpb.Struct { return rpc(t, values{"name": "/api", "retentionInDays": days}) }
	regions := map[string]pulumirpc.ResourceProviderClient{}
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		regions[region] = connect("aws")
		_, err := regions[region].Configure(ctx, &pulumirpc.ConfigureRequest{Args: rpc(t, values{"region": region})})
		require.NoError(t, err)
		_, err = regions[region].Create(ctx, &pulumirpc.CreateRequest{Urn: urnOf(group), Properties: inputs(1)})
		require.NoError(t, err)
	}
	far := regions["eu-west-1"]
	updated, err := far.Update(ctx,
		&pulumirpc.UpdateRequest{Urn: urnOf(group), Id: "/api", Olds: inputs(1), News: inputs(30)})
	require.NoError(t, err)
	assert.Contains(t, updated.Properties.Fields["arn"].GetStringValue(), ":eu-west-1:")
	_, err = far.Delete(ctx, &pulumirpc.DeleteRequest{Urn: urnOf(group), Id: "/api"})
	require.NoError(t, err)
	read, err := far.Read(ctx, &pulumirpc.ReadRequest{Urn: urnOf(group), Id: "/api"})
	require.NoError(t, err)
	assert.Empty(t, read.Id)
	read, err = regions["us-east-1"].Read(ctx, &pulumirpc.ReadRequest{Urn: urnOf(group), Id: "/api"})
	require.NoError(t, err)
	assert.EqualValues(t, 1, read.Inputs.Fields["retentionInDays"].GetNumberValue())
}

func TestUnknownTypesAreRefusedByName(t *testing.T) {
	ctx, connect := context.Background(), serve(t)
	_, err := connect("aws").Check(ctx, &pulumirpc.CheckRequest{Urn: urnOf("aws:rds/instance:Instance")})
	assert.ErrorContains(t, err, "the sandbox does not simulate aws:rds/instance:Instance")
	_, err = connect("awsx").Construct(ctx,
		&pulumirpc.ConstructRequest{Type: "awsx:lb:NetworkLoadBalancer", Name: "x"})
	assert.ErrorContains(t, err, "the sandbox does not simulate awsx:lb:NetworkLoadBalancer")
}
