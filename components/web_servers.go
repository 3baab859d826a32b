package components

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// WebServersArgs describes instances that serve HTTPS. All fields but
// ProxyProtocol are required.
type WebServersArgs struct {
	VpcId         pulumi.StringInput
	Subnets       []Subnet // One instance in each. They install packages, so the subnets have a way to the internet.
	ServerName    string   // In the servers' self-signed certificate.
	InstanceType  string   // With an ARM processor. 512 MiB of memory may be too little to install packages: https://github.com/amazonlinux/amazon-linux-2023/issues/404
	ProxyProtocol bool     // Whether version 1 or 2 precedes every connection.
	Clients       []Peer   // Who may connect to port 443.
}

// WebServers are instances of Amazon Linux 2023 with an HTTPS server on port
// 443 that speaks HTTP/1.1 and HTTP/2, and answers with the version in use.
type WebServers struct {
	pulumi.ResourceState

	Targets         []Target // The instances, named after their zones.
	SecurityGroupId pulumi.StringOutput
}

var webServersType = typeToken("WebServers")

// webServerImage is the parameter that names the current image.
// https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
const webServerImage = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

//go:embed web_server.sh.tmpl
var webServerScript string

var webServerTemplate = template.Must(template.New("user data").Parse(webServerScript))

// NewWebServers registers the instances and their security group. The servers
// answer some minutes after AWS calls the instances running.
func NewWebServers(ctx *pulumi.Context, name string, args *WebServersArgs, opts ...pulumi.ResourceOption) (*WebServers, error) {
	c := &WebServers{}
	inputs := pulumi.Map{"serverName": pulumi.String(args.ServerName), "proxyProtocol": pulumi.Bool(args.ProxyProtocol)}
	if err := ctx.RegisterComponentResourceV2(webServersType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	anywhere := []Peer{{Name: "anywhere", CidrIpv4: pulumi.String("0.0.0.0/0")}} // For packages.
	group, err := newSecurityGroup(ctx, name, "Web servers: HTTPS from their clients, to package repositories", args.VpcId, args.Clients, anywhere, child)
	if err != nil {
		return nil, failed("WebServers", name, "security group", err)
	}
	c.SecurityGroupId = group.ID().ToStringOutput()
	image, err := ssm.LookupParameter(ctx, &ssm.LookupParameterArgs{Name: webServerImage}, child)
	if err != nil {
		return nil, failed("WebServers", name, "image", err)
	}
	for _, subnet := range args.Subnets {
		zone := subnet.AvailabilityZone
		instance, err := args.newInstance(ctx, name+"-"+zone, subnet.Id, image.InsecureValue, group, child)
		if err != nil {
			return nil, failed("WebServers", name, "instance in "+zone, err)
		}
		c.Targets = append(c.Targets, Target{Name: zone, Id: instance.ID()})
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

func (args *WebServersArgs) newInstance(ctx *pulumi.Context, name string, subnetId pulumi.StringInput, image string, group *ec2.SecurityGroup, child pulumi.ResourceOption) (*ec2.Instance, error) {
	script, err := args.userData()
	if err != nil {
		return nil, err
	}
	// The parameter names a new image every few days. Left to itself, that would
	// replace servers in use at whatever deployment comes next.
	keepImage := pulumi.IgnoreChanges([]string{"ami"})
	return ec2.NewInstance(ctx, name, &ec2.InstanceArgs{
		Ami:                      pulumi.String(image),
		InstanceType:             pulumi.String(args.InstanceType),
		SubnetId:                 subnetId,
		VpcSecurityGroupIds:      pulumi.StringArray{group.ID()},
		AssociatePublicIpAddress: pulumi.Bool(false),
		MetadataOptions:          &ec2.InstanceMetadataOptionsArgs{HttpTokens: pulumi.String("required"), HttpPutResponseHopLimit: pulumi.Int(1)},
		RootBlockDevice:          &ec2.InstanceRootBlockDeviceArgs{Encrypted: pulumi.Bool(true)},
		UserData:                 pulumi.String(script),
		UserDataReplaceOnChange:  pulumi.Bool(true), // It runs at the first start only.
		Tags:                     pulumi.StringMap{"Name": pulumi.String(name)},
	}, child, keepImage)
}

// userData is the script that makes an instance a server.
func (args *WebServersArgs) userData() (string, error) {
	var text strings.Builder
	if err := webServerTemplate.Execute(&text, args); err != nil {
		return "", fmt.Errorf("user data: %w", err)
	}
	return text.String(), nil
}
