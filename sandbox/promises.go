package sandbox

import (
	"fmt"
	"path/filepath"

	"private-api-blueprints/sandbox/live"
)

// Promises returns what the components of a deployed stack promise. It reads the state folder, and needs no open
// sandbox.
func Promises(stateDir, stack string) ([]live.Promise, error) {
	files, err := checkpoints(stateDir)
	if err != nil {
		return nil, err
	}
	if files[stack] == nil {
		return nil, fmt.Errorf("stack %[1]s is not deployed in the sandbox; `sandbox up --stack %[1]s` deploys it", stack)
	}
	var all []live.Promise
	for _, file := range files[stack] {
		resources, err := resourcesIn(file)
		if err != nil {
			return nil, err
		}
		for _, resource := range resources {
			promises, err := live.Promises(resource.Inputs)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", resource.URN, err)
			}
			all = append(all, promises...)
		}
	}
	return all, nil
}

// World returns the options of the world of a state folder, for the repository in the folder root.
func World(root, stateDir string) live.Options {
	return live.Options{Account: filepath.Join(stateDir, accountFile), Built: filepath.Join(root, "bin")}
}
