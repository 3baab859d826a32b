package blueprints

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/pulumitest"
	"private-api-blueprints/internal/settings"
)

// The URNs of the protected resources of a deployed stack.
const (
	staticURN   = "urn:pulumi:dev::p::p:blueprints:A$p:components:StaticAddresses$aws:ec2/eip:Eip::net-us-east-1a"
	balancerURN = "urn:pulumi:dev::p::p:blueprints:A$p:components:Front$aws:lb/loadBalancer:LoadBalancer::net-nlb"
	serviceURN  = "urn:pulumi:dev::p::private-api-blueprints:blueprints:H2EndpointService$p:components:Front$" +
		"aws:lb/loadBalancer:LoadBalancer::h2-nlb"
	gatewayURN = "urn:pulumi:dev::p::p:blueprints:A$awsx:ec2:Vpc$aws:ec2/eip:Eip::net-vpc-1"
)

func TestTheDeletionOfAProtectedResourceIsTold(t *testing.T) {
	state := deployed{
		staticURN: {elasticIPToken, deployedOutputs{
			PublicIp: "198.51.100.7", Arn: "arn:aws:ec2:us-east-1:123456789012:elastic-ip/eipalloc-1",
		}},
		balancerURN: {loadBalancerToken, deployedOutputs{EnableDeletionProtection: true,
			Arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/a/b"}},
		gatewayURN: {elasticIPToken, deployedOutputs{PublicIp: "198.51.100.8"}},
	}
	all := func() registered {
		return registered{"p:blueprints:A net": true, elasticIPToken + " net-us-east-1a": true,
			loadBalancerToken + " net-nlb": true}
	}
	const release = "the Elastic IP 198.51.100.7 (net-us-east-1a), and the address does not come back; if the engine " +
		"refuses, run this first: pulumi state unprotect --yes '" + staticURN + "'"
	balancer := func(back string) string {
		return "the load balancer net-nlb, which is protected; put " + back + " back, set " +
			"blueprint:front.deletionProtection to false, and deploy that first, without another change"
	}
	for _, row := range []struct {
		why    string
		change func(registered)
		region string
		want   []string
	}{
		{"nothing changes", func(registered) {}, "us-east-1", nil},
		{"a zone less", func(kept registered) { delete(kept, elasticIPToken+" net-us-east-1a") }, "us-east-1",
			[]string{"blueprint:network: a zone that is no longer used deletes " + release}},
		{"no service", func(kept registered) { delete(kept, loadBalancerToken+" net-nlb") }, "us-east-1",
			[]string{"blueprint:service: its removal deletes " + balancer("blueprint:service")}},
		{"another region, whose zones have other names", func(kept registered) {
			delete(kept, elasticIPToken+" net-us-east-1a")
			kept[elasticIPToken+" net-eu-west-1a"] = true
		}, "eu-west-1", []string{
			`AWS_REGION = "eu-west-1": another region replaces ` + balancer("AWS_REGION"),
			`AWS_REGION = "eu-west-1": another region replaces ` + release,
		}},
		{"another blueprint", func(kept registered) { clear(kept) }, "us-east-1", []string{
			"blueprint:name: another blueprint deletes " + balancer("blueprint:name"),
			"blueprint:name: another blueprint deletes " + release,
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			kept := all()
			row.change(kept)
			l := lookupIn(state, row.region)
			l.registered = kept
			assert.Equal(t, row.want, l.deletions())
		})
	}
	state[balancerURN] = deployedResource{loadBalancerToken, deployedOutputs{}}
	delete(state, staticURN)
	assert.Empty(t, lookupIn(state, "").deletions(), "what is not protected")
}

func TestTheKeyOfAServiceThatIsRemovedIsNamedInFull(t *testing.T) {
	protected := deployedOutputs{EnableDeletionProtection: true}
	l := lookupIn(deployed{serviceURN: {loadBalancerToken, protected}}, "us-east-1")
	l.registered = registered{typeToken("H2EndpointService") + " h2": true}
	assert.Equal(t, []string{"blueprint:service: its removal deletes the load balancer h2-nlb, which is protected; " +
		"put blueprint:service back, set blueprint:service.front.deletionProtection to false, and deploy that first, " +
		"without another change"}, l.deletions())
}

func TestEachBlueprintKeepsItsProtectedLoadBalancerInItsNetwork(t *testing.T) {
	apart := stackOf(t, "ipv6-front", "good", peeredNetworks)
	for _, row := range []struct {
		blueprint, balancer, network, front string
		configuration                       map[string]any
	}{
		{"h2-endpoint-service", "h2-nlb", "service.network", "service.front", nil},
		{"ipv6-front", "ipv6-nlb", "network", "front", nil},
		{"ipv6-front", "ipv6-nlb", "frontNetwork", "front", apart},
		{"static-ip-apigw", "static-ip-nlb", "network", "front", nil},
		{"vpclink-https-backend", "link-nlb", "network", "front", nil},
	} {
		t.Run(row.blueprint+" "+row.network, func(t *testing.T) {
			if row.configuration == nil {
				row.configuration = stacks(t, row.blueprint).Stacks["good"]
			}
			component := typeToken("Ipv6Front")
			if row.blueprint == "h2-endpoint-service" {
				component = typeToken("H2EndpointService")
			}
			err := deployIn(t, accountWith(map[string]any{
				"urn:pulumi:dev::p::" + component + "$" + loadBalancerToken + "::" + row.balancer: map[string]any{
					"type": loadBalancerToken, "outputs": map[string]any{
						"enableDeletionProtection": true,
						"subnetMappings":           []any{map[string]any{"subnetId": "subnet-00000000000000999"}},
					},
				},
			}), row.configuration)
			require.Error(t, err)
			want := "blueprint:" + row.network + `\.(create|existing): the change replaces the load balancer ` +
				row.balancer + ", which is protected; set blueprint:" + row.front + `\.deletionProtection to false`
			assert.Regexp(t, want, err.Error())
			assert.Equal(t, 1, strings.Count(err.Error(), "the change replaces"), err.Error())
		})
	}
}

// accountWith returns an account with a deployed stack that has a state.
func accountWith(state map[string]any) *pulumitest.Recorder {
	account := pulumitest.NewAccount()
	answer := account.Answer
	account.Answer = func(args pulumi.MockCallArgs) (map[string]any, error) {
		switch args.Token {
		case "pulumi:pulumi:readStackOutputs":
			return map[string]any{"outputs": map[string]any{"url": "https://example.com"}}, nil
		case "pulumi:pulumi:readStackResourceOutputs":
			return map[string]any{"outputs": state}, nil
		}
		return answer(args)
	}
	return account
}

// lookupIn returns a lookup of a stack with a state in a region.
func lookupIn(state deployed, region string) *lookup {
	return &lookup{
		namespace: config.Namespace, problems: &settings.Problems{}, state: state,
		environment: components.Environment{Region: region}, regionSource: "AWS_REGION",
	}
}
