package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// event is the payload of an invocation. Without servers, the environment says what
// to request.
type event struct {
	Servers       []server `json:"servers"`
	ServerName    string   `json:"serverName"`    // The Host header.
	ProxyProtocol bool     `json:"proxyProtocol"` // Whether the servers expect a PROXY protocol header.
}

// server is an EC2 instance that must serve HTTPS over HTTP/2.
type server struct {
	ID      string `json:"id"`
	Address string `json:"address"` // Its private IPv4 address.
}

// reserve is what remains of an invocation's time when the client asks for the last
// time. Lambda would otherwise end the invocation without a reason.
const reserve = timeout + 5*time.Second

// prove asks each server until all of them serve. Its error names each server that
// does not, and the command that shows why.
func (c *client) prove(ctx context.Context, asked *event) ([]answer, error) {
	more := ctx // Ends when the client asks no more. A request that it has sent goes on.
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		more, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
		defer cancel()
	}
	asker := c.asker(asked.ProxyProtocol)
	answers, problems := make([]answer, len(asked.Servers)), make([]error, len(asked.Servers))
	var all sync.WaitGroup
	for i, s := range asked.Servers {
		ask := func() (answer, error) { return asker.serves(ctx, s, asked.ServerName) }
		all.Go(func() { answers[i], problems[i] = asker.wait(more, s, ask) })
	}
	all.Wait()
	if err := errors.Join(problems...); err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), "\n", "; ")) // JSON would show \n.
	}
	return answers, nil
}

// asker returns a client for servers with self-signed certificates.
func (c *client) asker(proxyProtocol bool) *client {
	asker := *c
	asker.version, asker.tls = 4, &tls.Config{InsecureSkipVerify: true} // #nosec G402 -- As load balancers do.
	if proxyProtocol {
		asker.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := c.dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			if err := introduce(conn); err != nil {
				return nil, errors.Join(err, conn.Close())
			}
			return conn, nil
		}
	}
	return &asker
}

// introduce sends the header of the PROXY protocol, version 1.
// https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
func introduce(conn net.Conn) error {
	from, _, err := net.SplitHostPort(conn.LocalAddr().String())
	if err != nil {
		return err
	}
	to, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(conn, "PROXY TCP4 %s %s 443 443\r\n", from, to)
	return err
}

// wait asks a server until it serves or the context ends. The error has what the
// client got last.
func (c *client) wait(ctx context.Context, s server, ask func() (answer, error)) (answer, error) {
	for {
		got, err := ask()
		if err == nil {
			return got, nil
		}
		slog.InfoContext(ctx, "does not serve yet", "instance", s.ID, "reason", err.Error())
		select {
		case <-time.After(c.pause):
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return answer{}, fmt.Errorf("%s at %s does not serve HTTPS: %w (its console output says why: "+
				"aws ec2 get-console-output --latest --output text --instance-id %s)", s.ID, s.Address, err, s.ID)
		}
	}
}

// serves asks a server once. It returns an error unless the server answers 200 over
// HTTP/2.
func (c *client) serves(ctx context.Context, s server, serverName string) (answer, error) {
	req, err := http.NewRequest(http.MethodGet, "https://"+s.Address+"/", nil)
	if err != nil {
		return answer{}, err
	}
	req.Host = serverName
	got, err := c.send(ctx, req)
	switch {
	case err != nil:
		return answer{}, err
	case got.Status != http.StatusOK:
		return answer{}, fmt.Errorf("status %d; want 200", got.Status)
	case got.ALPN != "h2":
		return answer{}, fmt.Errorf("%s; want HTTP/2", got.Protocol)
	}
	return got, nil
}
