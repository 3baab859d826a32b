package config

import (
	"net/netip"

	"private-api-blueprints/internal/settings"
)

// Targets are the servers behind a load balancer: instances, addresses, or
// servers to launch.
type Targets struct {
	// InstanceIds are the IDs of instances in the load balancer's VPC: one in each
	// zone, unless front.crossZone is on.
	InstanceIds []string `config:"instanceIds" oneOf:"instances" list:"instanceIds" format:"instanceId"`
	// Ipv4Addresses are addresses in the load balancer's VPC, or private ones (RFC
	// 1918 or RFC 6598) that it has a route to. Every zone needs one,
	// unless front.crossZone is on; addresses outside the VPC serve every zone.
	Ipv4Addresses []netip.Addr `config:"ipv4Addresses" oneOf:"addresses" list:"targetAddresses" family:"ipv4"`
	// Launch describes servers to launch, one per zone; {} takes the defaults. They
	// run Amazon Linux 2023 with nginx, and keep the image of their first launch.
	Launch *Launch `config:"launch" oneOf:"servers to launch; {} for the defaults"`
	// Port is the port that the targets listen on. With launch it must be 443.
	Port int `config:"port" default:"443" range:"1..65535"`
	// ProxyProtocol makes the load balancer send PROXY protocol version 2 at the
	// start of each connection, which tells the targets the client's own address
	// and the endpoint's ID. All targets must expect it.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#proxy-protocol
	ProxyProtocol bool `config:"proxyProtocol" default:"false"`
}

// Launch describes servers to launch, one per zone.
type Launch struct {
	// InstanceType is the type of the servers, with an AWS Graviton2 processor or a
	// later one. Installing packages takes more than the 512 MiB of a t4g.nano.
	// https://github.com/amazonlinux/amazon-linux-2023/issues/404
	InstanceType string `config:"instanceType" default:"t4g.micro" format:"armInstanceType"`
	// SessionManager lets you start sessions on the servers with Session Manager: run
	// the commands in the output startSession. They need no open port, but a way to
	// Systems Manager: natGateways, or in an existing network what it has. It costs
	// nothing.
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
	SessionManager bool `config:"sessionManager" default:"false"`
	// Gate makes the deployment wait until each server answers over HTTPS and HTTP/2.
	// If one does not within 10 minutes, the deployment fails with the reason. A Lambda
	// function in the servers' subnets asks them. It costs nothing between
	// deployments, but destroy waits for its network interfaces: up to 45 minutes.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
	Gate bool `config:"gate" default:"true"`
	// GateArchive is the path of the zip file of that function, relative to the
	// project's folder. `make lambda` builds it.
	GateArchive string `config:"gateArchive" default:"bin/client.zip" format:"clientArchive"`
	// LogKmsKeyArn is the ARN of the KMS key that encrypts the log group of that function. Its
	// policy must let CloudWatch Logs of the region use it.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
	LogKmsKeyArn string `config:"logKmsKeyArn" computed:"api.logKmsKeyArn, if the blueprint has one" format:"kmsKeyArn"`
}

// check refuses the archive and the key of a gate that is off.
func (s *Launch) check(c settings.Section) {
	for key, value := range map[string]string{"gateArchive": s.GateArchive, "logKmsKeyArn": s.LogKmsKeyArn} {
		if !s.Gate && c.Given(key) {
			c.Reject(key, value, "want it only with gate: true")
		}
	}
}

// checkWay refuses servers that have no way to what they need in a network to create:
// the repositories of their packages, and Systems Manager for sessions.
func (s *Launch) checkWay(network *Network, at settings.Section, c settings.Section) {
	if network.Create == nil || network.Create.NatGateways != "None" {
		return
	}
	create := at.Group("create")
	if !network.Create.S3Gateway {
		create.Reject("natGateways", "None",
			"want Single or OnePerAz, or s3Gateway: true: the servers install packages, and have no other way to them")
	}
	if s.SessionManager {
		c.Reject("sessionManager", true, "want natGateways: Single or OnePerAz in %s: a server connects to Systems "+
			"Manager (ssm, ssmmessages), which is not in S3", create.Path())
	}
}

// check refuses another port than the launched servers listen on.
func (s *Targets) check(c settings.Section) {
	if s.Launch != nil && s.Port != 443 {
		c.Reject("port", s.Port, "want 443 with launch: the servers listen there")
	}
}
