// Package decode turns the resources that the Pulumi engine sends to a policy
// pack into the model that rules read. It is the only package that reads
// property maps. If AWS and the provider have several spellings for one fact,
// this package settles which one counts.
//
// decode follows a reference by its value if IDs are known. Otherwise it follows
// the URNs that the engine records for each property, so that it can read a
// stack before its first deployment.
//
// Each element has a file of the same name here and in package model. The file
// readers.go lists the resource types that are read.
package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/model"
)

// Stack decodes the resources of a stack. Their order does not matter.
func Stack(resources []plugin.AnalyzerStackResource) *model.Stack {
	return build(newInput(resources, nil), resources)
}

// build decodes the resources of a stack.
func build(in *input, resources []plugin.AnalyzerStackResource) *model.Stack {
	var nodes []*node
	for _, r := range resources {
		if Reads(string(r.Type)) {
			nodes = append(nodes, newNode(in, r))
		}
	}
	slices.SortStableFunc(nodes, func(a, b *node) int { return strings.Compare(string(a.URN), string(b.URN)) })
	duplicate := findDuplicates(nodes)
	b := &builder{input: in, stack: &model.Stack{}}
	b.addOrder(resources, duplicate)
	b.readOutside(resources)
	b.addPromises(resources)
	nodes = duplicate.without(nodes)
	nameNodes(nodes)
	b.read(nodes)
	b.finish()
	return b.stack
}

// addOrder records what each resource waits for. A resource that waits for one
// of two duplicates also waits for the other.
func (b *builder) addOrder(resources []plugin.AnalyzerStackResource, duplicate duplicates) {
	for _, r := range resources {
		b.stack.AddOrder(string(r.URN), string(r.Parent), prerequisites(r))
		if kept := duplicate[r.URN]; kept != nil {
			b.stack.AddOrder(string(r.URN), string(r.Parent), []string{string(kept.URN)})
			b.stack.AddOrder(string(kept.URN), string(kept.Parent), prerequisites(r))
		}
	}
}

// prerequisites returns the URNs that a resource depends on, as a whole or in
// one of its properties.
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

// builder builds the model of a stack. Its registries find the elements to which
// other resources refer. A zero registry is ready to use.
type builder struct {
	input *input
	stack *model.Stack

	accelerators      registry[model.Accelerator]
	apiKeys           registry[model.APIKey]
	certificates      registry[model.Certificate]
	deployments       registry[model.Deployment]
	domains           registry[model.Domain]
	elasticIPs        registry[model.ElasticIP]
	elasticInstances  map[*model.Instance]model.Truth // Those that have or may have an Elastic IP.
	endpoints         registry[model.Endpoint]
	endpointServices  registry[model.EndpointService]
	functionAliases   registry[functionAlias]
	functions         registry[model.Function]
	hostedZones       registry[model.HostedZone]
	httpAPIs          registry[model.HTTPAPI]
	httpIntegrations  registry[model.HTTPIntegration]
	instances         registry[model.Instance]
	internetGateways  registry[model.InternetGateway]
	listeners         registry[model.Listener]
	loadBalancers     registry[model.LoadBalancer]
	managedPolicies   registry[managedPolicy]
	methods           registry[model.Method]
	natGateways       registry[model.NATGateway]
	networkACLs       registry[model.NetworkACL]
	networkInterfaces registry[model.NetworkInterface]
	paths             registry[resourcePath]
	peerings          registry[model.Peering]
	prefixLists       registry[model.PrefixList]
	records           registry[model.Record]
	restAPIs          registry[model.RestAPI]
	roles             registry[model.Role]
	routeTables       registry[model.RouteTable]
	securityGroups    registry[model.SecurityGroup]
	stages            registry[model.Stage]
	subnets           registry[model.Subnet]
	targetGroups      registry[model.TargetGroup]
	usagePlans        registry[model.UsagePlan]
	vpcLinks          registry[model.VPCLink]
	vpcs              registry[model.VPC]

	outside outside

	policyOverrides         []override[model.RestAPI]
	ruleOverrides           [2]overrides[model.SecurityGroup] // By direction.
	zoneNames               map[*model.Subnet]zoneNames
	aclOverrides            overrides[model.NetworkACL]
	attached                map[*model.VPC]bool // The VPCs to which the program attaches an internet gateway.
	defaultGroups           []defaultGroup
	defaultGroupIDs         map[*model.VPC]model.Known[string]
	endpointPolicyOverrides []override[model.Endpoint]

	documents map[resource.URN]*openAPI
	methodsAt map[methodKey]*model.Method
	joins     []unjoined
	answers   []unanswered

	ownInterfaces []ownInterface
	instancesAt   map[string][]*model.Instance // By address.
	mapped        []mappedStage
}

// read runs the passes of the nodes' readers, one after the other.
func (b *builder) read(nodes []*node) {
	for _, passOf := range []func(reader) pass{
		func(r reader) pass { return r.make },
		func(r reader) pass { return r.alias },
		func(r reader) pass { return r.link },
		func(r reader) pass { return r.inline },
	} {
		for _, n := range nodes {
			if read := passOf(readers[n.token()]); read != nil {
				read(b, n)
			}
		}
	}
}

// finish sets facts that depend on the stack as a whole.
func (b *builder) finish() {
	b.chooseZones()
	b.placeInstances()
	b.addDefaultGroups()
	b.placeRules()
	b.completeMainTables()
	b.addUsualRules()
	b.joinIntegrations()
	b.joinResponses()
	b.findMappedStages()
	for _, t := range b.stack.Targets {
		b.matchTarget(t)
	}
}

// elementOf returns the element that the make pass created for a node.
func elementOf[T any](r *registry[T], n *node) *T { return r.byURN[n.URN].element }

// itself returns a reference to the element that the make pass created for a node.
func itself[T any](r *registry[T], n *node) model.Ref[T] {
	return model.Ref[T]{Value: model.Unknown[string](), Candidates: []*T{elementOf(r, n)}}
}

// override is a dedicated resource that sets a fact of another element, such as
// a RestApiPolicy. The element's own property may then hold an old copy.
type override[T any] struct {
	of  model.Ref[T]
	set model.Truth // Maybe if the resource may set something else.
}

// isOverridden asks whether a dedicated resource sets the fact of an element.
func isOverridden[T any](overrides []override[T], element *T) model.Truth {
	answer := model.False
	for _, o := range overrides {
		answer = answer.Or(o.set.And(o.of.Names(element)))
	}
	return answer
}

// overrides are the dedicated resources that set a fact of elements of one kind.
// The zero overrides are empty and ready to use.
type overrides[T any] struct {
	byElement map[*T]model.Truth
	open      []model.Ref[T] // Those that may lead to an element outside the stack.
	ofAny     bool           // One of them may lead to any element.
}

// add adds a resource that sets the fact of an element. It is Maybe whether it
// does if the resource may set something else.
func (o *overrides[T]) add(of model.Ref[T], set model.Truth) {
	if set == model.False {
		return
	}
	if of.Open {
		o.open = append(o.open, of)
		o.ofAny = o.ofAny || of.Value.IsUnknown()
	}
	for _, element := range of.Candidates {
		put(&o.byElement, element, o.of(element).Or(set.And(of.Names(element))))
	}
}

// of asks whether a dedicated resource sets the fact of an element.
func (o *overrides[T]) of(element *T) model.Truth {
	answer, found := o.byElement[element]
	if !found {
		answer = model.False
	}
	return answer.OrMaybeIf(o.ofAny)
}
