package rule

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

// Balancers names those of a service's load balancers of which something is so.
func Balancers(all model.Refs[model.LoadBalancer], question func(model.Ref[model.LoadBalancer]) model.Truth, fact string) string {
	for _, ref := range all.Items {
		if question(ref) == model.True && len(ref.Candidates) == 1 {
			return fmt.Sprintf("load balancer %s %s", ref.Candidates[0].Name, fact)
		}
	}
	return "one of its load balancers " + fact
}
