package sandbox

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// lock keeps two commands from using one sandbox at a time. The kernel releases it when its process ends, in whatever
// way. The file names the stacks that are worked on, until the work ends by itself: a line for each, with the process
// and the stack, and an empty line at the end.
type lock struct {
	file *os.File
	// working holds the process that works on each stack, or 0 if it is not known or has ended. After acquire, these
	// are the stacks of interrupted commands.
	working map[string]int
}

// acquire locks a state folder, or returns an error if another command holds the lock.
func acquire(stateDir string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(stateDir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		err = fmt.Errorf("another sandbox command is using %s; wait for it to end", stateDir)
		return nil, errors.Join(err, file.Close())
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &lock{file: file, working: readWorking(string(text))}, nil
}

// lockFile is the name of the lock's file. Every sandbox has it.
const lockFile = "lock"

// readWorking reads the stacks in a lock's file. What follows the empty line is left from a longer text.
func readWorking(text string) map[string]int {
	working := map[string]int{}
	for line := range strings.Lines(text) {
		var pid int
		var stack string
		if n, _ := fmt.Sscan(line, &pid, &stack); n != 2 {
			break
		}
		working[stack] = pid
	}
	return working
}

// note says that a process works on a stack. The process is 0 if it is not known yet.
func (l *lock) note(stack string, pid int) error {
	l.working[stack] = pid
	return l.write()
}

// clear says that the work on a stack has ended by itself.
func (l *lock) clear(stack string) error {
	delete(l.working, stack)
	return l.write()
}

// write writes the file at once, so that a kill leaves the old or the new text.
func (l *lock) write() error {
	var text strings.Builder
	for _, stack := range slices.Sorted(maps.Keys(l.working)) {
		fmt.Fprintf(&text, "%d %s\n", l.working[stack], stack)
	}
	_, err := l.file.WriteAt([]byte(text.String()+"\n"), 0)
	return err
}

// release unlocks explicitly: a child process that is just being started may still hold a copy of the file.
func (l *lock) release() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
