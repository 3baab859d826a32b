package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// Deployed returns how many resources the state folder of a sandbox holds of each stack, by the stack's name. Like
// Pulumi, it does not count providers. It reads the files that Pulumi's local backend writes, and needs neither the CLI
// nor an open sandbox.
func Deployed(stateDir string) (map[string]int, error) {
	// https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem
	files, err := filepath.Glob(filepath.Join(backendDir(stateDir), ".pulumi", "stacks", "*", "*.json"))
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, file := range files {
		count, err := countResources(file)
		if err != nil {
			return nil, err
		}
		counts[strings.TrimSuffix(filepath.Base(file), ".json")] = count
	}
	return counts, nil
}

// countResources returns how many resources a stack's checkpoint file holds, except providers.
func countResources(file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	var versioned apitype.VersionedCheckpoint
	if err := json.Unmarshal(text, &versioned); err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	var checkpoint apitype.CheckpointV3
	if err := json.Unmarshal(versioned.Checkpoint, &checkpoint); err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	if checkpoint.Latest == nil {
		return 0, nil
	}
	count := 0
	for _, resource := range checkpoint.Latest.Resources {
		if !strings.HasPrefix(string(resource.Type), "pulumi:providers:") {
			count++
		}
	}
	return count, nil
}
