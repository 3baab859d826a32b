package provider

import (
	"context"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// panicking is a provider that panics.
type panicking struct {
	pulumirpc.UnimplementedResourceProviderServer
}

func (panicking) Create(context.Context, *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	panic("no properties")
}

// clientOf serves a provider with options, and returns a client of it.
func clientOf(t *testing.T, options ...grpc.ServerOption) pulumirpc.ResourceProviderClient {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer(options...)
	pulumirpc.RegisterResourceProviderServer(server, panicking{})
	go func() { assert.NoError(t, server.Serve(listener)) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	return pulumirpc.NewResourceProviderClient(conn)
}

func TestAMalformedCallDoesNotEndTheSandbox(t *testing.T) {
	redact := func(text string) string { return strings.ReplaceAll(text, "properties", "[secret]") }
	client := clientOf(t, guards(redact)...)
	for range 2 {
		_, err := client.Create(t.Context(), &pulumirpc.CreateRequest{})
		assert.Equal(t, codes.Internal, status.Code(err))
		assert.ErrorContains(t, err, "cannot read the call: no [secret]")
	}
}

func TestOnlyTheUserWhoStartedTheSandboxMayCall(t *testing.T) {
	if runtime.GOOS != "linux" {
		_, err := userOf(nil)
		assert.Error(t, err, "no other system tells who connects")
		return
	}
	stranger := sameUser{insecure.NewCredentials(), os.Getuid() + 1}
	_, err := clientOf(t, grpc.Creds(stranger)).Create(t.Context(), &pulumirpc.CreateRequest{})
	assert.Equal(t, codes.Unavailable, status.Code(err), err)
}
