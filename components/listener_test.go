package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestListenerWithoutTlsPassesBytesToInstances(t *testing.T) {
	stack := deployPrivateLink(t)
	listener := stack.Inputs(t, "link-listener")
	assert.Equal(t, "TCP", listener["protocol"])
	assert.NotContains(t, listener, "alpnPolicy", "AWS accepts it for TLS only")
	assert.NotContains(t, listener, "sslPolicy")
	targets := stack.Inputs(t, "link-tg")
	assert.Equal(t, []any{"instance", "TCP", 8443.0, "false", true},
		pick(targets, "targetType", "protocol", "port", "preserveClientIp", "proxyProtocolV2"))
	assert.NotContains(t, targets, "ipAddressType", "AWS accepts it for addresses only")
	assert.Equal(t, map[string]any{"targetGroupArn": "link-tg.arn", "targetId": "i-1", "port": 8443.0},
		stack.Inputs(t, "link-target-web"))
}

func TestListenerLetsTheLoadBalancerConnectToThePortOfTheTargets(t *testing.T) {
	egress := deployPrivateLink(t).Inputs(t, "link-to-10.0.10.0/24")
	assert.Equal(t, []any{8443.0, 8443.0}, pick(egress, "fromPort", "toPort"))
}
