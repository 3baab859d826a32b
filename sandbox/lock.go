package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lock keeps two commands from using one sandbox at a time. The kernel releases it when its process ends, in whatever
// way. The file then still names the last process that the command had started.
type lock struct {
	file   *os.File
	orphan int // The process that an interrupted command had started; 0 if the last command ended well.
}

// acquire locks a state folder, or returns an error if another command holds the lock.
func acquire(stateDir string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(stateDir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
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
	l := &lock{file: file}
	l.orphan, _ = strconv.Atoi(strings.TrimSpace(string(text))) // The file is empty after a command that ended well.
	return l, nil
}

// started notes that this command has started a process.
func (l *lock) started(pid int) error {
	err := l.file.Truncate(0)
	_, writeErr := l.file.WriteAt([]byte(strconv.Itoa(pid)), 0)
	return errors.Join(err, writeErr)
}

// waitForOrphan waits for the process of an interrupted command to end, because it may still write the stack's state.
// Without its providers it ends soon. A process that runs for longer is another one that got the same ID.
func (l *lock) waitForOrphan(ctx context.Context) error {
	for end := time.Now().Add(30 * time.Second); syscall.Kill(l.orphan, 0) == nil && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

// release unlocks explicitly: a child process that is just being started may still hold a copy of the file.
func (l *lock) release() error {
	return errors.Join(l.file.Truncate(0), syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
