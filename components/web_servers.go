package components

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// WebServersArgs describes instances that serve HTTPS. All fields except
// ProxyProtocol, Gate and SessionPartition are required.
type WebServersArgs struct {
	VpcId      pulumi.StringInput
	Subnets    []Subnet // One instance in each. It installs packages from the internet, to which they have a route.
	ServerName string   // In the servers' self-signed certificates.
	// InstanceType has an ARM processor. 512 MiB of memory may be too little to
	// install packages.
	// https://github.com/amazonlinux/amazon-linux-2023/issues/404
	InstanceType  string
	ProxyProtocol bool            // Whether each connection begins with a PROXY protocol header, version 1 or 2.
	Clients       []Peer          // Who may connect to port 443.
	Gate          *ServerGateArgs // Holds the deployment until the servers serve; nil to go on at once.
	// SessionPartition is the partition of the account, such as aws, if Session Manager
	// may start sessions on the servers. They then need a way to Systems Manager.
	SessionPartition string
	// S3PrefixListId is that of a Network: all that the servers connect to. Without it, they
	// connect to anywhere for their packages.
	S3PrefixListId pulumi.StringInput
}

// WebServers are instances of Amazon Linux 2023 with an HTTPS server on port
// 443. It speaks HTTP/1.1 and HTTP/2, and answers with the version in use. The
// instances cost by the hour.
type WebServers struct {
	pulumi.ResourceState

	Targets         []Target // The instances, named after their zones.
	SecurityGroupId pulumi.StringOutput
	Serve           []pulumi.Resource // Exists as soon as the servers serve; empty without a gate.
}

const webServersType = typePrefix + "WebServers"

// webServerImage is the SSM parameter that names the current image.
// https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
const webServerImage = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

//go:embed web_server.sh.tmpl
var webServerScript string

var webServerTemplate = template.Must(template.New("user data").Parse(webServerScript))

// NewWebServers registers the instances and their security group. The servers
// answer some minutes after AWS reports the instances as running; the gate waits for
// that.
func NewWebServers(
	ctx *pulumi.Context, name string, args *WebServersArgs, opts ...pulumi.ResourceOption,
) (*WebServers, error) {
	c := &WebServers{}
	inputs := pulumi.Map{
		"serverName":    pulumi.String(args.ServerName),
		"proxyProtocol": pulumi.Bool(args.ProxyProtocol),
	}
	if err := ctx.RegisterComponentResourceV2(webServersType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s, clients := scopeOf(ctx, name, c), args.Clients
	var gate *serverGate
	if args.Gate != nil {
		var err error
		if gate, err = args.Gate.newGate(s, args.VpcId); err != nil {
			return nil, failed("WebServers", name, "gate", err)
		}
		clients = append(slices.Clone(clients), gate.peer())
	}
	group, err := newSecurityGroup(s, &SecurityGroupArgs{
		VpcId:       args.VpcId,
		Description: "Web servers: HTTPS from their clients, to package repositories",
		Ingress:     clients,
		Egress:      []Peer{args.repositories()},
	})
	if err != nil {
		return nil, failed("WebServers", name, "security group", err)
	}
	c.SecurityGroupId = group.ID().ToStringOutput()
	instances, err := args.newInstances(s, group)
	if err != nil {
		return nil, failed("WebServers", name, "instances", err)
	}
	for i, subnet := range args.Subnets {
		c.Targets = append(c.Targets, Target{Name: subnet.AvailabilityZone, Id: instances[i].ID()})
	}
	if gate != nil {
		passed, err := gate.wait(&gatedServers{group, args.Subnets, instances, args.ServerName, args.ProxyProtocol})
		if err != nil {
			return nil, failed("WebServers", name, "gate", err)
		}
		c.Serve = []pulumi.Resource{passed}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// newInstances registers an instance in each subnet, and returns them in the order
// of the subnets.
func (args *WebServersArgs) newInstances(s scope, group *ec2.SecurityGroup) ([]*ec2.Instance, error) {
	image, err := ssm.LookupParameter(s.ctx, &ssm.LookupParameterArgs{Name: webServerImage}, s.child)
	if err != nil {
		return nil, fmt.Errorf("image: %w", err)
	}
	script, err := args.userData()
	if err != nil {
		return nil, fmt.Errorf("user data: %w", err)
	}
	profile, after, err := args.newProfile(s)
	if err != nil {
		return nil, fmt.Errorf("instance profile: %w", err)
	}
	// The parameter names a new image every few days. Without IgnoreChanges, the
	// next deployment after that would replace servers in use.
	keepImage := pulumi.IgnoreChanges([]string{"ami"})
	var instances []*ec2.Instance
	for _, subnet := range args.Subnets {
		name := s.name + "-" + subnet.AvailabilityZone
		instance := args.instance(name, subnet, group, image.InsecureValue, script)
		instance.IamInstanceProfile = profile
		server, err := ec2.NewInstance(s.ctx, name, instance, s.child, keepImage, after)
		if err != nil {
			return nil, fmt.Errorf("in %s: %w", subnet.AvailabilityZone, err)
		}
		instances = append(instances, server)
	}
	return instances, nil
}

// newProfile registers the instance profile for sessions, if there are any. It returns
// its name, and the option that makes a server wait for its policy: the agent asks
// for its permissions when it starts, and then only every half hour.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-instance-profile.html
func (args *WebServersArgs) newProfile(s scope) (pulumi.StringPtrInput, pulumi.ResourceOption, error) {
	if args.SessionPartition == "" {
		return nil, pulumi.DependsOn(nil), nil
	}
	profile, policy, err := newSessionProfile(s, args.SessionPartition)
	if err != nil {
		return nil, nil, err
	}
	return profile.Name.ToStringPtrOutput(), pulumi.DependsOn([]pulumi.Resource{policy}), nil
}

// instance returns the arguments of the instance in one subnet.
func (args *WebServersArgs) instance(
	name string, subnet Subnet, group *ec2.SecurityGroup, image, script string,
) *ec2.InstanceArgs {
	return &ec2.InstanceArgs{
		Ami:                      pulumi.String(image),
		InstanceType:             pulumi.String(args.InstanceType),
		SubnetId:                 subnet.Id,
		VpcSecurityGroupIds:      pulumi.StringArray{group.ID()},
		AssociatePublicIpAddress: pulumi.Bool(false),
		MetadataOptions: &ec2.InstanceMetadataOptionsArgs{
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1),
		},
		RootBlockDevice:         &ec2.InstanceRootBlockDeviceArgs{Encrypted: pulumi.Bool(true)},
		UserData:                pulumi.String(script),
		UserDataReplaceOnChange: pulumi.Bool(true), // The script runs at the first start only.
		Tags:                    pulumi.StringMap{"Name": pulumi.String(name)},
	}
}

// userData returns the script that makes an instance a server.
func (args *WebServersArgs) userData() (string, error) {
	var text strings.Builder
	err := webServerTemplate.Execute(&text, args)
	return text.String(), err
}

// repositories returns where the servers get their packages. The repositories of Amazon
// Linux 2023 are in S3, but a server with a NAT gateway may use others too.
func (args *WebServersArgs) repositories() Peer {
	if args.S3PrefixListId != nil {
		return Peer{Name: "s3", PrefixListId: args.S3PrefixListId}
	}
	return Peer{Name: "anywhere", CidrIpv4: pulumi.String("0.0.0.0/0")}
}
