package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"text/template"
	"time"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/sandbox/live"
)

// client returns a client that keeps this many connections, which dial opens.
func (l load) client(
	dial func(ctx context.Context, address string) (net.Conn, error), roots *x509.CertPool,
) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			return dial(ctx, address)
		},
		TLSClientConfig: &tls.Config{RootCAs: roots}, MaxConnsPerHost: l.connections,
		MaxIdleConnsPerHost: l.connections,
	}}
}

// throughSandbox measures requests from the internet to the URL of the example.
func throughSandbox(ctx context.Context, o options) (m *measurement, err error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	w, err := live.Open(ctx, sandbox.World(root, o.state))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	client := o.client(func(ctx context.Context, address string) (net.Conn, error) {
		return w.Reach(ctx, "internet 192.0.2.128", address)
	}, w.Roots())
	err = profiled(o.profile, func() error {
		m, err = o.measure(ctx, client, "https://api.example.com/hello")
		return err
	})
	return m, err
}

// configuration makes nginx do what the load balancer and API Gateway do in the sandbox: one server ends TLS and
// encrypts again, and the other one answers. The workers write an access log, too.
var configuration = template.Must(template.New("").Parse(`
{{if .Root}}user root;{{end}}
daemon off;
worker_processes auto;
pid {{.Folder}}/nginx.pid;
error_log {{.Folder}}/error.log;
events { worker_connections 4096; }
http {
	access_log {{.Folder}}/access.log;
	client_body_temp_path {{.Folder}}/body;
	proxy_temp_path {{.Folder}}/proxy;
	fastcgi_temp_path {{.Folder}}/fastcgi;
	uwsgi_temp_path {{.Folder}}/uwsgi;
	scgi_temp_path {{.Folder}}/scgi;
	ssl_certificate {{.Folder}}/certificate.pem;
	ssl_certificate_key {{.Folder}}/key.pem;
	keepalive_requests 100000000;
	upstream behind {
		server {{.Behind}};
		keepalive 1024;
		keepalive_requests 100000000;
	}
	server {
		listen {{.Front}} ssl;
		location / {
			proxy_pass https://behind;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
		}
	}
	server {
		listen {{.Behind}} ssl;
		default_type application/json;
		return 200 '{"message": "hello world"}';
	}
}
`))

// throughNginx measures requests to nginx, which runs in a folder until it is measured.
func throughNginx(ctx context.Context, nginx, folder string, l load) (m *measurement, err error) {
	roots, err := certify(folder)
	if err != nil {
		return nil, err
	}
	front, err := freePort()
	if err != nil {
		return nil, err
	}
	behind, err := freePort()
	if err != nil {
		return nil, err
	}
	var config bytes.Buffer
	err = configuration.Execute(&config, map[string]any{
		"Folder": folder, "Front": front, "Behind": behind, "Root": os.Getuid() == 0,
	})
	file := filepath.Join(folder, "nginx.conf")
	if err := errors.Join(err, os.WriteFile(file, config.Bytes(), 0o600)); err != nil {
		return nil, err
	}
	running := exec.CommandContext(ctx, nginx, "-p", folder, "-c", file)
	running.Cancel = func() error { return running.Process.Signal(syscall.SIGTERM) }
	running.Stderr = os.Stderr
	if err := running.Start(); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, running.Process.Signal(syscall.SIGTERM), running.Wait()) }()
	client := l.client(func(ctx context.Context, address string) (net.Conn, error) {
		return connect(ctx, address)
	}, roots)
	return l.measure(ctx, client, "https://"+front+"/")
}

// connect connects with a server of nginx, which takes a moment to listen.
func connect(ctx context.Context, address string) (conn net.Conn, err error) {
	for range 50 {
		if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", address); err == nil || ctx.Err() != nil {
			return conn, err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, err
}

// freePort returns an address of loopback at which nobody listens.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// certify writes a certificate for loopback and its key into a folder, and returns who trusts it.
func certify(folder string) (*x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	plan := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, plan, plan, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	for kind, der := range map[string][]byte{"CERTIFICATE": certificate, "PRIVATE KEY": secret} {
		name := map[string]string{"CERTIFICATE": "certificate.pem", "PRIVATE KEY": "key.pem"}[kind]
		text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return nil, fmt.Errorf("nginx: %w", err)
		}
		if kind == "CERTIFICATE" {
			roots.AppendCertsFromPEM(text)
		}
	}
	return roots, nil
}
