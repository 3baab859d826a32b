package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// guards returns the options of a server that only the user who started it may call, and that a malformed call does not
// end. The engine attaches to a port of loopback and knows no credentials, so any user of the machine could connect.
// redact returns a text without secrets.
func guards(redact func(string) string) []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.Creds(sameUser{insecure.NewCredentials(), os.Getuid()}),
		grpc.UnaryInterceptor(survivor(redact)),
	}
}

// sameUser is a handshake that refuses connections of other users, where the system tells who connects.
type sameUser struct {
	credentials.TransportCredentials
	user int
}

// ServerHandshake accepts a connection as it is, or refuses it.
func (s sameUser) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	switch user, err := userOf(conn); {
	case errors.Is(err, errors.ErrUnsupported):
	case err != nil:
		return nil, nil, fmt.Errorf("the user of a connection from %s: %w", conn.RemoteAddr(), err)
	case user != s.user:
		return nil, nil, fmt.Errorf("user %d connects from %s: want user %d", user, conn.RemoteAddr(), s.user)
	}
	return s.TransportCredentials.ServerHandshake(conn)
}

// Clone implements credentials.TransportCredentials.
func (s sameUser) Clone() credentials.TransportCredentials { return s }

// survivor returns an interceptor that turns a panic into an error, so that one call does not end the sandbox.
func survivor(redact func(string) string) grpc.UnaryServerInterceptor {
	return func(
		ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler,
	) (reply any, err error) {
		defer func() {
			if reason := recover(); reason != nil {
				err = status.Errorf(codes.Internal, "the simulated provider cannot read the call: %s",
					redact(fmt.Sprint(reason)))
			}
		}()
		return handle(ctx, request)
	}
}
