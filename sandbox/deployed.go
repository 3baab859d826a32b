package sandbox

import "strings"

// Deployed returns how many resources the state folder of a sandbox holds of each stack, by the stack's name. Like
// Pulumi, it does not count providers. It reads the files that Pulumi's local backend writes, and needs neither the CLI
// nor an open sandbox.
func Deployed(stateDir string) (map[string]int, error) {
	files, err := checkpoints(stateDir)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for stack, ofProjects := range files {
		counts[stack] = 0
		for _, file := range ofProjects {
			resources, err := resourcesIn(file)
			if err != nil {
				return nil, err
			}
			for _, resource := range resources {
				if !strings.HasPrefix(string(resource.Type), "pulumi:providers:") {
					counts[stack]++
				}
			}
		}
	}
	return counts, nil
}
