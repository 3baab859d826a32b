package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// A kill can leave three things behind: Pulumi's lock on a stack, objects of the account that the stack's state does
// not name, and a state that names objects as they were before. Each command looks for these when it opens the sandbox.
//
// Two files tell of a kill. The sandbox's own lock names the stacks of commands that did not end by themselves.
// Pulumi's lock on a stack stays if the CLI was killed, also one that another command had started.

// recover repairs the stacks that interrupted commands worked on. A stack that cannot be repaired is an error for
// commands on it. Other commands say so, and the next one tries again.
func (s *Sandbox) recover(ctx context.Context) error {
	locks, err := pulumiLocks(s.StateDir)
	if err != nil {
		return err
	}
	for stack, pid := range s.lock.working {
		locks[stack] = append(locks[stack], pulumiLock{pid: pid})
	}
	for _, stack := range slices.Sorted(maps.Keys(locks)) {
		s.logf("the last command was interrupted; repairing the state of stack %s", stack)
		err := s.repair(ctx, stack, locks[stack])
		switch {
		case err == nil:
			err = s.lock.clear(stack)
		case ctx.Err() == nil && stack != s.Stack:
			s.logf("stack %s cannot be repaired: %v; %s", stack, err, wayOut)
			err = nil
		default:
			err = fmt.Errorf("stack %s cannot be repaired: %w; %s", stack, err, wayOut)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// repair removes what an interrupted command left of a stack, and then updates the stack's state to what the account
// holds.
func (s *Sandbox) repair(ctx context.Context, stack string, locks []pulumiLock) error {
	for _, lock := range locks {
		if err := waitForEnd(ctx, lock.pid); err != nil {
			return err
		}
	}
	// From here on, the sandbox's own lock is what tells of the interrupted command.
	if err := s.lock.note(stack, 0); err != nil {
		return err
	}
	for _, lock := range locks {
		if err := os.Remove(lock.file); err != nil && lock.file != "" && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	files, err := checkpoints(s.StateDir)
	if err != nil {
		return err
	}
	known, err := knownResources(files[stack])
	if err != nil {
		return err
	}
	removed, err := s.account.Retain(stack, known)
	for _, object := range removed {
		s.logf("removed from the account, because the state does not name it: %s", object)
	}
	if err != nil || files[stack] == nil {
		return err
	}
	return s.synchronize(ctx, stack)
}

// synchronize refreshes the state of any stack. It reads no configuration file, because the user may have changed it.
func (s *Sandbox) synchronize(ctx context.Context, stack string) error {
	of := *s
	of.Stack = stack
	runner := *s.cli
	runner.environ = of.environ()
	runner.started = func(pid int) error { return s.lock.note(stack, pid) }
	runner.ended = func() error { return s.lock.note(stack, 0) } // The repair is not done yet.
	workspace, err := auto.NewLocalWorkspace(ctx, auto.WorkDir(s.projectDir()), auto.Pulumi(&runner),
		auto.SecretsProvider("passphrase"), auto.Program(func(*pulumi.Context) error { return nil }))
	if err != nil {
		return err
	}
	selected, err := auto.SelectStack(ctx, stack, workspace)
	if err != nil {
		return err
	}
	_, err = selected.Refresh(ctx, optrefresh.ClearPendingCreates())
	return err
}

// knownResources returns the IDs in checkpoint files by URN.
func knownResources(files []string) (map[string][]string, error) {
	known := map[string][]string{}
	for _, file := range files {
		resources, err := resourcesIn(file)
		if err != nil {
			return nil, err
		}
		for _, resource := range resources {
			known[string(resource.URN)] = append(known[string(resource.URN)], string(resource.ID))
		}
	}
	return known, nil
}

// pulumiLock is a lock of Pulumi's local backend on a stack.
type pulumiLock struct {
	file string
	pid  int // The process that took it.
}

// pulumiLocks returns the locks in a state folder, by the stack's name. Nobody else uses the folder, so each is left
// from a CLI that was killed, or that will end soon because its providers did.
// https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/backend/diy/lock.go
func pulumiLocks(stateDir string) (map[string][]pulumiLock, error) {
	backend := backendDir(stateDir)
	files, err := fs.Glob(os.DirFS(backend), ".pulumi/locks/*/*/*/*.json")
	if err != nil {
		return nil, err
	}
	locks := map[string][]pulumiLock{}
	for _, name := range files {
		file := filepath.Join(backend, name)
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // Its process ends just now.
		}
		if err != nil {
			return nil, err
		}
		var content struct{ Pid int }
		_ = json.Unmarshal(text, &content) // A lock that was cut short names no process.
		stack := path.Base(path.Dir(name))
		locks[stack] = append(locks[stack], pulumiLock{file, content.Pid})
	}
	return locks, nil
}

// waitForEnd waits for the process of an interrupted command to end, because it may still write the stack's state.
// Without its providers it ends soon. A process that runs for longer is another one that got the same ID.
func waitForEnd(ctx context.Context, pid int) error {
	if pid == 0 {
		return nil
	}
	for end := time.Now().Add(30 * time.Second); syscall.Kill(pid, 0) == nil && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

// removeAttributes deletes the files with attributes that sandboxes of old versions let Pulumi's local backend write.
// A killed CLI left them empty, and then Pulumi could not read the file that they belong to.
// https://github.com/google/go-cloud/blob/v0.40.0/blob/fileblob/attrs.go
func removeAttributes(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".attrs" {
			return err
		}
		return os.Remove(path)
	})
}
