package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ServerGateArgs describes a function that holds a deployment until the servers
// that it launches serve. All fields except LogKmsKeyArn are required.
type ServerGateArgs struct {
	Partition    string
	Archive      string // Path of the zip file of lambda/client.
	LogKmsKeyArn string // A key that encrypts the function's logs; empty for those of CloudWatch Logs.
}

// gateTimeoutSeconds is how long servers may take until they serve. Installing
// packages takes one to two minutes. The script of the servers gives up earlier, so
// that the console output then has its reason.
const gateTimeoutSeconds = 600

// serverGate is the function in the servers' network, and its invocation. The
// engine waits for the answer to an invocation, and shows its error. Nothing else
// that a provider offers waits for a server:
//
//   - A wait condition of CloudFormation needs a second stack for its handle. No page
//     of AWS says whether a condition may use the handle of another stack. A server
//     without a way out could not signal to it, and its URL ends after a day.
//   - An Auto Scaling group waits for healthy targets, and replaces servers by itself.
type serverGate struct {
	*ServerGateArgs
	scope scope
	role  *FunctionRole
	group *ec2.SecurityGroup
}

// newGate registers the function's role and security group. The servers must admit
// the group.
func (args *ServerGateArgs) newGate(s scope, vpcId pulumi.StringInput) (*serverGate, error) {
	s = s.named("-gate")
	role, err := NewVpcFunctionRole(s.ctx, s.name, args.Partition, s.child)
	if err != nil {
		return nil, err
	}
	group, err := newSecurityGroup(s, &SecurityGroupArgs{
		VpcId:       vpcId,
		Description: "Gate: HTTPS to the servers that it waits for",
		DependsOn:   []pulumi.Resource{role.Policy},
	})
	if err != nil {
		return nil, fmt.Errorf("security group: %w", err)
	}
	return &serverGate{args, s, role, group}, nil
}

// peer returns the function as a client of the servers.
func (g *serverGate) peer() Peer {
	return Peer{Name: "gate", SecurityGroupId: g.group.ID()}
}

// gatedServers are the servers that a gate waits for.
type gatedServers struct {
	group         *ec2.SecurityGroup
	subnets       []Subnet
	instances     []*ec2.Instance
	serverName    string
	proxyProtocol bool
}

// wait registers the function and its invocation. The invocation exists as soon as
// all servers serve. It is made again for other servers.
func (g *serverGate) wait(servers *gatedServers) (pulumi.Resource, error) {
	toServers := []Peer{{Name: "servers", SecurityGroupId: servers.group.ID()}}
	if err := allowEgress(g.scope, g.group.ID(), httpsPort, toServers); err != nil {
		return nil, err
	}
	function, err := NewFunction(g.scope.ctx, g.scope.name, &FunctionArgs{
		Partition:        g.Partition,
		Archive:          g.Archive,
		Runtime:          "provided.al2023",
		Handler:          "bootstrap",
		Architecture:     "arm64",
		MemorySize:       128,
		TimeoutSeconds:   gateTimeoutSeconds,
		LogRetentionDays: 30,
		LogKmsKeyArn:     g.LogKmsKeyArn,
		Network: &FunctionNetwork{
			Subnets: servers.subnets, SecurityGroupId: g.group.ID(), Role: g.role,
		},
	})
	if err != nil {
		return nil, err
	}
	return lambda.NewInvocation(g.scope.ctx, g.scope.name+"-passed", &lambda.InvocationArgs{
		FunctionName: function.Name,
		Input:        servers.event(),
	}, g.scope.child)
}

// event returns the event of the invocation, which lambda/client reads.
func (servers *gatedServers) event() pulumi.StringInput {
	list := pulumi.Array{}
	for _, instance := range servers.instances {
		list = append(list, pulumi.StringMap{
			"id": instance.ID().ToStringOutput(), "address": instance.PrivateIp,
		})
	}
	return pulumi.JSONMarshal(pulumi.Map{
		"servers":       list,
		"serverName":    pulumi.String(servers.serverName),
		"proxyProtocol": pulumi.Bool(servers.proxyProtocol),
	})
}
