// Package decode turns the resources that the Pulumi engine hands to a policy
// pack into the model that rules read. It is the only reader of property maps:
// what spellings AWS and the provider have for one fact is settled here.
//
// References are followed by value where ids are known, and else by the URNs
// that the engine records for each property, so that a stack can be read before
// its first deployment.
package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/model"
)

// builder collects the elements of a stack.
type builder struct {
	stack         *model.Stack
	resources     map[resource.URN]*plugin.AnalyzerStackResource
	vpcs          *registry[model.VPC]
	subnets       *registry[model.Subnet]
	zones         map[*model.Subnet]zoneNames
	groups        *registry[model.SecurityGroup]
	prefixLists   *registry[model.PrefixList]
	endpoints     *registry[model.Endpoint]
	loadBalancers *registry[model.LoadBalancer]
	targetGroups  *registry[model.TargetGroup]
	certificates  *registry[model.Certificate]
	hostedZones   *registry[model.HostedZone]
	routeTables   *registry[model.RouteTable]
	peerings      *registry[model.Peering]
	restAPIs      *registry[model.RestAPI]
	httpAPIs      *registry[model.HTTPAPI]
	deployments   *registry[model.Deployment]
	domains       *registry[model.Domain]
	policyOwners  []owner[model.RestAPI]
	ruleOwners    []owner[model.SecurityGroup]
	defaultGroups []defaultGroup
	defaultIDs    map[*model.VPC]model.Known[string]

	elasticIPs       *registry[model.ElasticIP]
	endpointServices *registry[model.EndpointService]
	listeners        *registry[model.Listener]
	vpcLinks         *registry[model.VPCLink]
}

// reader is how one type of resource enters the model: first every element is
// made, then what repeats an element's id is made to stand for it, then what
// refers to elements is filled in, so that order does not matter. Last comes what
// a resource says itself of a fact for which there are resources of their own: the
// provider repeats there what those have set.
type reader struct {
	make   func(*builder, *node)
	alias  func(*builder, *node)
	link   func(*builder, *node)
	repeat func(*builder, *node)
}

// owner is a resource that states a fact of one element.
type owner[T any] struct {
	of   model.Ref[T]
	owns model.Truth // Maybe where its statement may be of another kind.
}

// owned asks whether an element's fact is stated by a resource of its own, so
// that what the element itself has of it is a copy, and perhaps an old one.
func owned[T any](owners []owner[T], element *T) model.Truth {
	answer := model.False
	for _, o := range owners {
		answer = answer.Or(o.owns.And(o.of.Names(element)))
	}
	return answer
}

// readers are those of every type that the model keeps.
var readers = merge(
	apiReaders, methodReaders, stageReaders, domainReaders, lambdaReaders,
	networkReaders, securityReaders, balancerReaders, certificateReaders, dnsReaders, routeReaders, privateLinkReaders,
)

func merge(lists ...map[string]reader) map[string]reader {
	all := map[string]reader{}
	for _, list := range lists {
		for token, read := range list {
			if _, twice := all[token]; twice {
				panic("decode: two readers of " + token)
			}
			all[token] = read
		}
	}
	return all
}

// Reads reports that resources of this type enter the model.
func Reads(resourceType string) bool {
	_, read := readers[canonical(resourceType)]
	return read
}

// Stack decodes the resources of a stack. Their order has no influence.
func Stack(resources []plugin.AnalyzerStackResource) *model.Stack {
	parents := make(tree, len(resources))
	var nodes []*node
	for _, r := range resources {
		parents[r.URN] = r.Parent
		if Reads(string(r.Type)) {
			nodes = append(nodes, newNode(r))
		}
	}
	slices.SortStableFunc(nodes, func(a, b *node) int { return strings.Compare(string(a.URN), string(b.URN)) })

	again := findTwins(nodes)
	nodes = again.without(nodes)

	b := newBuilder(parents)
	for i, r := range resources {
		b.resources[r.URN] = &resources[i]
		b.stack.AddOrder(string(r.URN), string(r.Parent), prerequisites(r))
		if n := again[r.URN]; n != nil { // Who waits for one waits for the other.
			b.stack.AddOrder(string(r.URN), string(r.Parent), []string{string(n.URN)})
			b.stack.AddOrder(string(n.URN), string(n.Parent), prerequisites(r))
		}
	}
	for _, pass := range []func(reader) func(*builder, *node){
		func(r reader) func(*builder, *node) { return r.make },
		func(r reader) func(*builder, *node) { return r.alias },
		func(r reader) func(*builder, *node) { return r.link },
		func(r reader) func(*builder, *node) { return r.repeat },
	} {
		for _, n := range nodes {
			if read := pass(readers[canonical(string(n.Type))]); read != nil {
				read(b, n)
			}
		}
	}
	return b.finish()
}

// prerequisites are what a resource depends on, as a whole or in a property.
func prerequisites(r plugin.AnalyzerStackResource) []string {
	var all []string
	for _, urn := range r.Dependencies {
		all = append(all, string(urn))
	}
	for _, urns := range r.PropertyDependencies {
		for _, urn := range urns {
			all = append(all, string(urn))
		}
	}
	return all
}

func newBuilder(parents tree) *builder {
	return &builder{
		stack:         &model.Stack{},
		resources:     map[resource.URN]*plugin.AnalyzerStackResource{},
		vpcs:          newRegistry[model.VPC](parents),
		subnets:       newRegistry[model.Subnet](parents),
		zones:         map[*model.Subnet]zoneNames{},
		groups:        newRegistry[model.SecurityGroup](parents),
		prefixLists:   newRegistry[model.PrefixList](parents),
		endpoints:     newRegistry[model.Endpoint](parents),
		loadBalancers: newRegistry[model.LoadBalancer](parents),
		targetGroups:  newRegistry[model.TargetGroup](parents),
		certificates:  newRegistry[model.Certificate](parents),
		hostedZones:   newRegistry[model.HostedZone](parents),
		restAPIs:      newRegistry[model.RestAPI](parents),
		httpAPIs:      newRegistry[model.HTTPAPI](parents),
		deployments:   newRegistry[model.Deployment](parents),
		domains:       newRegistry[model.Domain](parents),
		defaultIDs:    map[*model.VPC]model.Known[string]{},

		elasticIPs:  newRegistry[model.ElasticIP](parents),
		routeTables: newRegistry[model.RouteTable](parents),
		peerings:    newRegistry[model.Peering](parents),

		endpointServices: newRegistry[model.EndpointService](parents),
		listeners:        newRegistry[model.Listener](parents),
		vpcLinks:         newRegistry[model.VPCLink](parents),
	}
}

// finish settles what can only be said of the stack as a whole.
func (b *builder) finish() *model.Stack {
	b.settleZones()
	b.settleDefaultGroups()
	for _, t := range b.stack.Targets {
		b.matchTarget(t)
	}
	b.stack.VPCs = b.vpcs.all
	b.stack.Subnets = b.subnets.all
	b.stack.Endpoints = b.endpoints.all
	b.stack.Certificates = b.certificates.all
	b.stack.HostedZones = b.hostedZones.all
	b.stack.RouteTables = b.routeTables.all
	b.stack.Peerings = b.peerings.all
	b.stack.LoadBalancers = b.loadBalancers.all
	b.stack.TargetGroups = b.targetGroups.all
	b.stack.RestAPIs = b.restAPIs.all
	b.stack.HTTPAPIs = b.httpAPIs.all
	b.stack.Listeners = b.listeners.all
	b.stack.EndpointServices = b.endpointServices.all
	b.stack.Deployments = b.deployments.all
	b.stack.Domains = b.domains.all
	b.stack.VPCLinks = b.vpcLinks.all
	return b.stack
}

// elementOf is the element that a node was made into.
func elementOf[T any](r *registry[T], n *node) *T { return r.byURN[n.URN].element }

// itself is a reference to the element that a node was made into.
func itself[T any](r *registry[T], n *node) model.Ref[T] {
	return model.Ref[T]{Value: model.Unknown[string](), Candidates: []*T{elementOf(r, n)}}
}
