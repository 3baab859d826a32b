package network

// world is an account with two VPCs. The first one has a public subnet with a load balancer and a NAT gateway, and
// private ones with an endpoint. It is peered with the second one, which has a server and an endpoint service.
const world = `
- {type: aws:ec2/vpc:Vpc, id: vpc-a, inputs: {cidrBlock: 10.1.0.0/16, assignGeneratedIpv6CidrBlock: true,
   enableDnsSupport: true, enableDnsHostnames: true, tags: {Name: front}}, private: {ipv6CidrBlock: "2001:db8:a::/56"}}
- {type: aws:ec2/internetGateway:InternetGateway, id: igw-a, inputs: {vpcId: vpc-a}}
- {type: aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway, id: eigw-a, inputs: {vpcId: vpc-a}}
- {type: aws:ec2/subnet:Subnet, id: subnet-public, inputs: {vpcId: vpc-a, cidrBlock: 10.1.0.0/24,
   ipv6CidrBlock: "2001:db8:a::/64", availabilityZone: us-east-1a, mapPublicIpOnLaunch: true, tags: {Name: public}}}
- {type: aws:ec2/subnet:Subnet, id: subnet-private, inputs: {vpcId: vpc-a, cidrBlock: 10.1.10.0/24,
   ipv6CidrBlock: "2001:db8:a:10::/64", availabilityZone: us-east-1a, tags: {Name: private}}}
- {type: aws:ec2/subnet:Subnet, id: subnet-alone, inputs: {vpcId: vpc-a, cidrBlock: 10.1.11.0/24,
   availabilityZone: us-east-1b, tags: {Name: alone}}}
- {type: aws:ec2/routeTable:RouteTable, id: rtb-public, inputs: {vpcId: vpc-a}}
- {type: aws:ec2/routeTable:RouteTable, id: rtb-private, inputs: {vpcId: vpc-a}}
- {type: aws:ec2/routeTableAssociation:RouteTableAssociation, id: rtbassoc-public,
   inputs: {routeTableId: rtb-public, subnetId: subnet-public}}
- {type: aws:ec2/routeTableAssociation:RouteTableAssociation, id: rtbassoc-private,
   inputs: {routeTableId: rtb-private, subnetId: subnet-private}}
- {type: aws:ec2/route:Route, id: r-igw, inputs: {routeTableId: rtb-public, destinationCidrBlock: 0.0.0.0/0,
   gatewayId: igw-a}}
- {type: aws:ec2/route:Route, id: r-igw6, inputs: {routeTableId: rtb-public, destinationIpv6CidrBlock: "::/0",
   gatewayId: igw-a}}
- {type: aws:ec2/eip:Eip, id: eipalloc-nat, inputs: {domain: vpc}}
- {type: aws:ec2/eip:Eip, id: eipalloc-lb, inputs: {domain: vpc}}
- {type: aws:ec2/natGateway:NatGateway, id: nat-a, inputs: {subnetId: subnet-public, allocationId: eipalloc-nat,
   privateIp: 10.1.0.5}}
- {type: aws:ec2/route:Route, id: r-nat, inputs: {routeTableId: rtb-private, destinationCidrBlock: 0.0.0.0/0,
   natGatewayId: nat-a}}
- {type: aws:ec2/route:Route, id: r-eigw, inputs: {routeTableId: rtb-private, destinationIpv6CidrBlock: "::/0",
   egressOnlyGatewayId: eigw-a}}
- {type: aws:ec2/vpc:Vpc, id: vpc-b, inputs: {cidrBlock: 10.2.0.0/16, tags: {Name: back}}}
- {type: aws:ec2/subnet:Subnet, id: subnet-b, inputs: {vpcId: vpc-b, cidrBlock: 10.2.0.0/24,
   availabilityZone: us-east-1a, tags: {Name: back-a}}}
- {type: aws:ec2/subnet:Subnet, id: subnet-b2, inputs: {vpcId: vpc-b, cidrBlock: 10.2.1.0/24,
   availabilityZone: us-east-1b, tags: {Name: back-b}}}
- {type: aws:ec2/routeTable:RouteTable, id: rtb-b, inputs: {vpcId: vpc-b}}
- {type: aws:ec2/routeTableAssociation:RouteTableAssociation, id: rtbassoc-b,
   inputs: {routeTableId: rtb-b, subnetId: subnet-b}}
- {type: aws:ec2/vpcPeeringConnection:VpcPeeringConnection, id: pcx-ab, inputs: {vpcId: vpc-a, peerVpcId: vpc-b,
   autoAccept: true}}
- {type: aws:ec2/route:Route, id: r-ab, inputs: {routeTableId: rtb-private, destinationCidrBlock: 10.2.0.0/16,
   vpcPeeringConnectionId: pcx-ab}}
- {type: aws:ec2/route:Route, id: r-ba, inputs: {routeTableId: rtb-b, destinationCidrBlock: 10.1.0.0/16,
   vpcPeeringConnectionId: pcx-ab}}

- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-lb, inputs: {name: lb, vpcId: vpc-a}}
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-lb-in, inputs: {securityGroupId: sg-lb,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 192.0.2.0/24}}
- {type: aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule, id: sgr-lb-out, inputs: {securityGroupId: sg-lb,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 10.0.0.0/8}}
- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-web, inputs: {name: web, vpcId: vpc-b}}
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-web, inputs: {securityGroupId: sg-web,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 10.1.0.0/16}}
- {type: aws:lb/loadBalancer:LoadBalancer,
   id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/lb/1",
   inputs: {name: lb, loadBalancerType: network, securityGroups: [sg-lb],
   subnetMappings: [{subnetId: subnet-public, allocationId: eipalloc-lb}]}}
- {type: aws:ec2/instance:Instance, id: i-web, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-b, privateIp: 10.2.0.20, vpcSecurityGroupIds: [sg-web], tags: {Name: web}}}
- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-vpce, inputs: {name: vpce, vpcId: vpc-a}}
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-vpce-lb, inputs: {securityGroupId: sg-vpce,
   ipProtocol: tcp, fromPort: 443, toPort: 443, referencedSecurityGroupId: sg-lb}}
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-vpce-vpc, inputs: {securityGroupId: sg-vpce,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 10.1.10.0/24}}
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-api, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.execute-api, subnetIds: [subnet-private], securityGroupIds: [sg-vpce],
   subnetConfigurations: [{subnetId: subnet-private, ipv4: 10.1.10.10}]}}
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-s3, inputs: {vpcId: vpc-a, routeTableIds: [rtb-private],
   serviceName: com.amazonaws.us-east-1.s3}}

- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-nlb, inputs: {name: nlb, vpcId: vpc-b}}
- {type: aws:lb/loadBalancer:LoadBalancer,
   id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/2",
   inputs: {name: nlb, loadBalancerType: network, internal: true, securityGroups: [sg-nlb],
   enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
   subnetMappings: [{subnetId: subnet-b, privateIpv4Address: 10.2.0.40}]}}
- {type: aws:ec2/vpcEndpointService:VpcEndpointService, id: vpce-svc-b, inputs: {acceptanceRequired: false,
   allowedPrincipals: ["*"],
   networkLoadBalancerArns: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/2"]}}
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-b, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.vpce.us-east-1.vpce-svc-b, subnetIds: [subnet-private], securityGroupIds: [sg-vpce],
   subnetConfigurations: [{subnetId: subnet-private, ipv4: 10.1.10.11}]}}
`

// IDs of the world's load balancers.
const (
	publicLB   = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/lb/1"
	internalLB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/2"
)
