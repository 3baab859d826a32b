package dns

// world is an account with a VPC that has an endpoint of API Gateway, load balancers, APIs of every kind, and zones.
const world = `
- {type: aws:ec2/vpc:Vpc, id: vpc-a, inputs: {cidrBlock: 10.1.0.0/16, assignGeneratedIpv6CidrBlock: true,
   enableDnsSupport: true, enableDnsHostnames: true}, private: {ipv6CidrBlock: "2001:db8:a::/56"}}
- {type: aws:ec2/internetGateway:InternetGateway, id: igw-a, inputs: {vpcId: vpc-a}}
- {type: aws:ec2/subnet:Subnet, id: subnet-a, inputs: {vpcId: vpc-a, cidrBlock: 10.1.10.0/24,
   ipv6CidrBlock: "2001:db8:a:10::/64", availabilityZone: us-east-1a}}
- {type: aws:ec2/subnet:Subnet, id: subnet-b, inputs: {vpcId: vpc-a, cidrBlock: 10.1.11.0/24,
   ipv6CidrBlock: "2001:db8:a:11::/64", availabilityZone: us-east-1b}}
- {type: aws:ec2/vpc:Vpc, id: vpc-other, inputs: {cidrBlock: 10.2.0.0/16, enableDnsSupport: true,
   enableDnsHostnames: true}}
- {type: aws:ec2/subnet:Subnet, id: subnet-other, inputs: {vpcId: vpc-other, cidrBlock: 10.2.0.0/24,
   availabilityZone: us-east-1a}}
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-api, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.execute-api, subnetIds: [subnet-a, subnet-b], privateDnsEnabled: false,
   subnetConfigurations: [{subnetId: subnet-a, ipv4: 10.1.10.10}, {subnetId: subnet-b, ipv4: 10.1.11.10}]}}
- {type: aws:ec2/eip:Eip, id: eipalloc-lb, inputs: {domain: vpc}}
- {type: aws:lb/loadBalancer:LoadBalancer,
   id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/lb/1",
   inputs: {name: lb, loadBalancerType: network, subnetMappings: [{subnetId: subnet-a, allocationId: eipalloc-lb}]}}
- {type: aws:lb/loadBalancer:LoadBalancer,
   id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/inner/2",
   inputs: {name: inner, loadBalancerType: network, internal: true, ipAddressType: dualstack,
   subnetMappings: [{subnetId: subnet-a, privateIpv4Address: 10.1.10.40, ipv6Address: "2001:db8:a:10::40"},
   {subnetId: subnet-b, privateIpv4Address: 10.1.11.40, ipv6Address: "2001:db8:a:11::40"}]}}
- {type: aws:lb/loadBalancer:LoadBalancer,
   id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/auto/3",
   inputs: {name: auto, loadBalancerType: network, subnets: [subnet-a]}}
- {type: aws:ec2/instance:Instance, id: i-web, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-a, privateIp: 10.1.10.20, associatePublicIpAddress: true}}

- {type: aws:apigateway/restApi:RestApi, id: secret, inputs: {name: secret, endpointConfiguration: {types: PRIVATE,
   vpcEndpointIds: [vpce-api]}}}
- {type: aws:apigateway/restApi:RestApi, id: region, inputs: {name: region, endpointConfiguration: {types: REGIONAL}}}
- {type: aws:apigateway/restApi:RestApi, id: double, inputs: {name: double, endpointConfiguration: {types: REGIONAL,
   ipAddressType: dualstack}}}
- {type: aws:apigateway/restApi:RestApi, id: edge, inputs: {name: edge}}
- {type: aws:apigatewayv2/api:Api, id: http, inputs: {name: http, protocolType: HTTP}}
- {type: aws:acm/certificate:Certificate,
   id: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
   inputs: {domainName: "*.example.com", validationMethod: DNS}, private: {issued: true}}
- {type: aws:apigateway/domainName:DomainName, id: api.example.com, inputs: {domainName: api.example.com,
   endpointConfiguration: {types: REGIONAL}, regionalCertificateArn:
   "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}}
- {type: aws:apigateway/domainName:DomainName, id: www.example.com, inputs: {domainName: www.example.com,
   certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}}

- {type: aws:route53/zone:Zone, id: ZPUBLIC, inputs: {name: example.com}}
- {type: aws:route53/record:Record, id: ZPUBLIC_plain_A, inputs: {zoneId: ZPUBLIC, name: plain.example.com, type: A,
   ttl: 300, records: [192.0.2.80, 192.0.2.81]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_text_TXT, inputs: {zoneId: ZPUBLIC, name: text.example.com, type: TXT,
   ttl: 300, records: ["a b; c"]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_deep_A, inputs: {zoneId: ZPUBLIC, name: a.deep.example.com, type: A,
   ttl: 300, records: [192.0.2.82]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_wild_A, inputs: {zoneId: ZPUBLIC, name: "*.example.com", type: A,
   ttl: 300, records: [192.0.2.83]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_cname, inputs: {zoneId: ZPUBLIC, name: short.example.com, type: CNAME,
   ttl: 300, records: [plain.example.com]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_same, inputs: {zoneId: ZPUBLIC, name: same.example.com, type: A,
   aliases: [{name: plain.example.com, zoneId: ZPUBLIC, evaluateTargetHealth: false}]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_loop1, inputs: {zoneId: ZPUBLIC, name: loop1.example.com, type: CNAME,
   ttl: 300, records: [loop2.example.com]}}
- {type: aws:route53/record:Record, id: ZPUBLIC_loop2, inputs: {zoneId: ZPUBLIC, name: loop2.example.com, type: CNAME,
   ttl: 300, records: [loop1.example.com]}}
`
