package main

import (
	"cmp"
	"fmt"
)

// identity holds what AWS calls a resource of a design once it exists.
type identity struct{ name, kind, region, id string }

// prefixes begin the IDs of EC2's types.
var prefixes = map[string]string{
	"Vpc": "vpc-", "Subnet": "subnet-", "SecurityGroup": "sg-", "VpcEndpoint": "vpce-", "Eip": "eipalloc-",
	"RouteTable": "rtb-", "InternetGateway": "igw-", "NatGateway": "nat-", "VpcPeeringConnection": "pcx-",
	"VpcEndpointService": "vpce-svc-", "Instance": "i-",
}

// parts are the parts of a load balancer, as ARNs name them.
var parts = map[string]string{"LoadBalancer": "loadbalancer", "TargetGroup": "targetgroup", "Listener": "listener"}

// newIdentity returns the identity of a resource. Its ID is made from its name.
func newIdentity(r *item, kind, region string) identity {
	return identity{r.Name, kind, region, prefixes[kind] + fmt.Sprintf("%x", r.Name)}
}

// output returns one of the texts that AWS gives to the resource.
func (i identity) output(key string) string {
	const account = "123456789012"
	switch part := parts[i.kind]; {
	case part != "" && (key == "id" || key == "arn"):
		return fmt.Sprintf("arn:aws:elasticloadbalancing:%s:%s:%s/app/%s/50dc6c495c0c9188",
			i.region, account, part, i.name)
	case key == "id":
		return i.id
	case key == "executionArn":
		return fmt.Sprintf("arn:aws:execute-api:%s:%s:%s", i.region, account, i.id)
	case key == "invokeArn":
		function := fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", i.region, account, i.name)
		return fmt.Sprintf("arn:aws:apigateway:%s:lambda:path/2015-03-31/functions/%s/invocations", i.region, function)
	case key == "dnsName":
		return fmt.Sprintf("%s-50dc6c495c0c9188.elb.%s.amazonaws.com", cmp.Or(i.name, "lb"), i.region)
	case key == "arn":
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s", i.kind, i.region, account, i.name)
	}
	return i.name + "-" + key
}
