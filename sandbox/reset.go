package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live"
)

// wayOut is what a user can do about files that the sandbox cannot use.
const wayOut = "`sandbox reset` deletes the sandbox's account and all stacks in it"

// Reset deletes what a state folder holds: the account, what the live sandbox wrote about it, and the state of every
// stack. It needs no open sandbox, so that it works with files that Open refuses. It refuses a folder that is not a
// sandbox's.
func Reset(stateDir string) error {
	if _, err := os.Stat(stateDir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if !isSandbox(stateDir) {
		return fmt.Errorf("%s: want the state folder of a sandbox", stateDir)
	}
	held, err := acquire(stateDir)
	if err != nil {
		return err
	}
	names := []string{
		accountFile, filepath.Base(cloud.CodeFolder(accountFile)), "project", "home",
		filepath.Base(backendDir(stateDir)),
	}
	for _, name := range append(names, live.Files()...) {
		err = errors.Join(err, os.RemoveAll(filepath.Join(stateDir, name)))
	}
	clear(held.working)
	return errors.Join(err, held.write(), held.release())
}

// isSandbox reports whether a folder is the state folder of a sandbox, which has a lock, and an account or a backend.
func isSandbox(dir string) bool {
	has := func(path string) bool { _, err := os.Stat(path); return err == nil }
	return has(filepath.Join(dir, lockFile)) &&
		(has(filepath.Join(dir, accountFile)) || has(filepath.Join(backendDir(dir), ".pulumi")))
}

// accountFile is the name of the account's file in a state folder.
const accountFile = "aws.json"

// openAccount opens the account of a state folder. It refuses one whose file is lost or broken.
func openAccount(stateDir string) (*cloud.Account, error) {
	path := filepath.Join(stateDir, accountFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		deployed, err := Deployed(stateDir)
		if err != nil {
			return nil, fmt.Errorf("%w; %s", err, wayOut)
		}
		for _, stack := range slices.Sorted(maps.Keys(deployed)) {
			if deployed[stack] > 0 {
				return nil, fmt.Errorf("the file %s is lost, but stack %s is deployed; %s", path, stack, wayOut)
			}
		}
	}
	account, err := cloud.Open(path, catalog.New())
	if err != nil {
		return nil, fmt.Errorf("%w; %s", err, wayOut)
	}
	// From now on, a missing file is a lost one.
	return account, account.Happen("", func(*cloud.Request) error { return nil })
}

// tellLostState says which stacks have objects in the account and no state. Pulumi would create them again. A broken
// state of the stack at hand is an error.
func (s *Sandbox) tellLostState() error {
	files, err := checkpoints(s.StateDir)
	if err != nil {
		return err
	}
	if _, err := knownResources(files[s.Stack]); err != nil {
		return fmt.Errorf("%w; %s", err, wayOut)
	}
	objects := s.account.Stacks()
	for _, stack := range slices.Sorted(maps.Keys(objects)) {
		if files[stack] == nil {
			objects := count(objects[stack], "object")
			s.logf("the account holds %s of stack %s, whose state is lost; %s", objects, stack, wayOut)
		}
	}
	return nil
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
