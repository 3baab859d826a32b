package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// How a web server listens.
const (
	plainly   = "443"
	encrypted = "443 ssl http2"
)

// site is the user data of a web server with a name in its self-signed certificate. It says how the server listens.
const site = `#!/bin/bash
dnf install -y nginx openssl
openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=server" -addext "subjectAltName=DNS:%[1]s" \
    -keyout /etc/nginx/server.key -out /etc/nginx/server.crt
cat > /etc/nginx/conf.d/server.conf <<'NGINX'
server {
    listen %[2]s;
    ssl_certificate /etc/nginx/server.crt;
    ssl_certificate_key /etc/nginx/server.key;
    default_type text/plain;
    gzip on;
    gzip_types text/plain;
    location / {
        return 200 "Hello from the server behind the load balancer.\n";
    }
}
NGINX
systemctl enable --now nginx
`

// servers registers a target group with a web server in each subnet of twoZones, which answer plain HTTP on port 443.
// The security group admits who may call them.
func (n *Network) servers(vpc *Resource, subnets []*Resource, group *Resource) *Resource {
	return n.serversThat(vpc, subnets, group, plainly, nil)
}

// serversThat does what servers does, for servers that listen in another way. Inputs are those of the target group.
func (n *Network) serversThat(
	vpc *Resource, subnets []*Resource, group *Resource, listen string, inputs pulumi.Map,
) *Resource {
	targets := n.targets("servers", vpc, inputs)
	for i, address := range n.launch(vpc, subnets, group, listen) {
		n.target(fmt.Sprint("server-", i), targets, address, nil)
	}
	return targets
}

// launch launches a web server in each subnet of twoZones, and returns their addresses. A gateway endpoint for S3 lets
// them install their packages.
// https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
func (n *Network) launch(vpc *Resource, subnets []*Resource, group *Resource, listen string) (addresses []string) {
	tables := ids(n.tables)
	if len(tables) == 0 {
		tables = pulumi.Array{vpc.MainTable}
	}
	packages := n.add("aws:ec2/vpcEndpoint:VpcEndpoint", "packages", pulumi.Map{
		"vpcId": vpc.ID(), "serviceName": pulumi.String("com.amazonaws.us-east-1.s3"),
		"vpcEndpointType": pulumi.String("Gateway"), "routeTableIds": tables,
	})
	for i, subnet := range subnets {
		addresses = append(addresses, fmt.Sprintf("10.0.%d.20", i))
		script := fmt.Sprintf(site, n.ownDomain(), listen)
		n.add("aws:ec2/instance:Instance", fmt.Sprint("server-", i), pulumi.Map{
			"ami": pulumi.String("ami-065f942973de273ab"), "instanceType": pulumi.String("t4g.nano"),
			"subnetId": subnet.ID(), "vpcSecurityGroupIds": ids([]*Resource{group}),
			"privateIp": pulumi.String(addresses[i]), "userData": pulumi.String(script),
		}, dependsOn([]*Resource{packages}))
	}
	return addresses
}
