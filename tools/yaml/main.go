// Command yaml is Pulumi's language host for YAML, with which the tests run programs that use the Pulumi package. The
// newest pulumi-yaml that the Go module proxy has is older than the request Link of the CLI, so this command answers that
// too. It needs another version of Pulumi's engine than the CLI, so it is a separate module.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-yaml/pkg/server"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	host := host{server.NewLanguageHost(os.Args[len(os.Args)-1], "", false)}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{Init: func(server *grpc.Server) error {
		pulumirpc.RegisterLanguageRuntimeServer(server, host)
		return nil
	}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// host is pulumi-yaml's language host.
type host struct {
	pulumirpc.LanguageRuntimeServer
}

// Link has nothing to do: a program in YAML finds a package by its name in Pulumi.yaml.
func (host) Link(context.Context, *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	return &pulumirpc.LinkResponse{}, nil
}
