package pack

import (
	"testing"
	"time"
)

// LimitRules gives each rule less time than usual, until the test ends.
func LimitRules(t *testing.T, limit time.Duration) {
	usual := ruleLimit
	ruleLimit = limit
	t.Cleanup(func() { ruleLimit = usual })
}
