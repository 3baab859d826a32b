package cloud

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Kind is what the sandbox knows of one resource type. Property names are
// those of pulumi-aws v6.83.2, https://www.pulumi.com/registry/packages/aws/.
//
// A new type is one function that returns its Kind, listed in the file of its
// service. The tests compare it with the provider's SDK, and want one of it
// among their things.
type Kind struct {
	Token    string
	Required []string       // inputs that must be given
	Optional []string       // inputs that may be given
	Computed []string       // outputs that AWS decides, unknown until it has; may name optional inputs
	Replace  []string       // inputs whose change makes a new resource
	Sets     []string       // lists whose order means nothing
	Defaults map[string]any // inputs that the provider's schema fills in
	Autoname Autoname

	// DeleteFirst says that the provider deletes the old resource before it
	// makes the new one: both would be the same thing to AWS.
	DeleteFirst bool

	// Unread are inputs with the member of their items that the provider does not
	// read back, so that it finds the input changed at every update.
	Unread map[string]string
	// ReplaceIf gives further inputs whose change makes a new resource.
	ReplaceIf func(old, new resource.PropertyMap) []string

	// Unsettles gives, for an input, the outputs that are unknown again while
	// its change is previewed.
	Unsettles map[string][]string

	global     bool   // the same in every region
	lasting    bool   // a setting of the account, which no deletion removes
	overwrites bool   // creating it again changes it, as PUT does
	rewriteBy  string // an input that says so where the kind does not
	id         func(*call) string
	duplicate  Refusal            // what AWS says to an id that is taken
	missing    Refusal            // what AWS says to an id that it does not know
	inUse      Refusal            // what AWS says to a deletion while others hold it
	refs       map[string]string  // input path -> token of what must exist
	holds      map[string]string  // as refs, and what is named cannot be deleted meanwhile
	arns       []string           // paths of refs and holds that take an ARN and whose names do not say so
	absent     map[string]Refusal // what AWS says to a path of refs or holds, if not what missing says
	fills      props              // outputs that AWS gives where no input does
	check      func(*call) error  // what AWS refuses, on create and on update
	born       func(*call) error  // outputs decided once, at creation
	derive     func(*call) error  // outputs that follow the inputs
	release    func(*call) error  // what AWS refuses, on delete
	gone       func(*call)        // what else changes, on delete
}

// Autoname says how the provider names a resource that is given no name:
// the resource's name, a hyphen and 7 random characters.
type Autoname struct {
	Property string
	MaxLen   int
	Lower    bool // the name must be lower case
}

// kinds is every resource type that the sandbox simulates.
func kinds() []*Kind {
	return slices.Concat(ec2Kinds(), elbKinds(), gatewayKinds(), lambdaKinds(), iamKinds(),
		logsKinds(), acmKinds(), route53Kinds(), s3Kinds())
}

var kindOf = map[string]*Kind{}

// init, because the kinds' functions look kinds up.
func init() {
	for _, k := range kinds() {
		kindOf[k.Token] = k
	}
}

// KindOf finds the kind of a type token. Its error names the type and says
// what the sandbox does simulate.
func KindOf(token string) (*Kind, error) {
	if k := kindOf[token]; k != nil {
		return k, nil
	}
	return nil, fmt.Errorf("the sandbox does not simulate %s; it simulates %s", token, strings.Join(Tokens(), ", "))
}

// Tokens lists the type tokens that the sandbox simulates, sorted.
func Tokens() []string {
	return slices.Sorted(maps.Keys(kindOf))
}

// Accepts tells whether the kind has an input of this name.
func (k *Kind) Accepts(input string) bool {
	return slices.Contains(k.Required, input) || slices.Contains(k.Optional, input)
}

// Inputs lists the kind's inputs, sorted.
func (k *Kind) Inputs() []string {
	all := slices.Concat(k.Required, k.Optional)
	sort.Strings(all)
	return all
}

// takes tells whether a path of refs or holds names an object the way that AWS
// wants: by its ARN where the path ends in Arn or arns has it, else by its id.
func (k *Kind) takes(path, ref string, o *Object) bool {
	if strings.HasSuffix(strings.TrimSuffix(path, "s[]"), "Arn") || slices.Contains(k.arns, path) {
		return strings.HasPrefix(ref, "arn:")
	}
	return ref == o.ID
}

// references gives each path of refs and holds with the type it leads to.
func (k *Kind) references() map[string]string {
	all := maps.Clone(k.refs)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, k.holds)
	return all
}
