package sandbox

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// checkpoints returns the checkpoint files in a state folder, by the stack's name. Pulumi's local backend writes one
// for each project that has a stack of the name.
// https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem
func checkpoints(stateDir string) (map[string][]string, error) {
	backend := backendDir(stateDir)
	paths, err := fs.Glob(os.DirFS(backend), ".pulumi/stacks/*/*.json")
	if err != nil {
		return nil, err
	}
	files := map[string][]string{}
	for _, name := range paths {
		stack := strings.TrimSuffix(path.Base(name), ".json")
		files[stack] = append(files[stack], filepath.Join(backend, name))
	}
	return files, nil
}

// resourcesIn returns the resources in a stack's checkpoint file.
func resourcesIn(file string) ([]apitype.ResourceV3, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var versioned apitype.VersionedCheckpoint
	if err := json.Unmarshal(text, &versioned); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var checkpoint apitype.CheckpointV3
	if err := json.Unmarshal(versioned.Checkpoint, &checkpoint); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if checkpoint.Latest == nil {
		return nil, nil
	}
	return checkpoint.Latest.Resources, nil
}
