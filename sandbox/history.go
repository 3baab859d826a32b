package sandbox

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// keptUpdates is how many updates of each stack stay in the history. Pulumi's local backend stores the whole state with
// each of them, and removes none.
const keptUpdates = 50

// trimHistory removes the oldest updates of each stack from the history in a state folder. Pulumi writes two files for
// an update: STACK-TIME.history.json and STACK-TIME.checkpoint.json.
// https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem
func trimHistory(stateDir string) error {
	backend := os.DirFS(backendDir(stateDir))
	stacks, err := fs.Glob(backend, ".pulumi/history/*/*")
	if err != nil {
		return err
	}
	for _, stack := range stacks {
		entries, err := fs.ReadDir(backend, stack)
		if err != nil {
			return err
		}
		updates := map[string][]string{}
		for _, entry := range entries {
			update, _, _ := strings.Cut(strings.TrimPrefix(entry.Name(), path.Base(stack)), ".")
			updates[update] = append(updates[update], entry.Name())
		}
		for _, update := range oldest(updates) {
			for _, name := range updates[update] {
				if err := os.Remove(filepath.Join(backendDir(stateDir), stack, name)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// removeBackups removes the copies of states that older versions of the sandbox let Pulumi write. They may have secrets
// in plain text, and nothing reads them.
func removeBackups(stateDir string) error {
	return os.RemoveAll(filepath.Join(backendDir(stateDir), ".pulumi", "backups"))
}

// oldest returns the updates that are too many. The time in a name is a number of nanoseconds.
func oldest(updates map[string][]string) []string {
	var times []string
	for update := range updates {
		times = append(times, update)
	}
	slices.SortFunc(times, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
	return times[:max(0, len(times)-keptUpdates)]
}
