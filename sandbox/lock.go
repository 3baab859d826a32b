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

// lock keeps two commands from using one sandbox at a time. The kernel frees
// it when its process ends, however that comes about; the file then still
// names the last process that the command had started.
type lock struct {
	file *os.File
	left int // The process that an interrupted holder had started; 0 if the last holder ended well.
}

func acquire(stateDir string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(stateDir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another sandbox command is using %s; wait for it to end", stateDir), file.Close())
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	l := &lock{file: file}
	l.left, _ = strconv.Atoi(strings.TrimSpace(string(text))) // Empty after a good end.
	return l, nil
}

// started notes that this command has started a process.
func (l *lock) started(pid int) error {
	return errors.Join(l.file.Truncate(0), second(l.file.WriteAt([]byte(strconv.Itoa(pid)), 0)))
}

// waitForLeft waits for the process of an interrupted command to end: until
// then it may write the stack's state. Without its providers it ends soon; what
// still runs after a while is a stranger that got its number.
func (l *lock) waitForLeft(ctx context.Context) error {
	for end := time.Now().Add(30 * time.Second); syscall.Kill(l.left, 0) == nil && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

// release unlocks expressly: a child that is just being started may still hold
// a copy of the file.
func (l *lock) release() error {
	return errors.Join(l.file.Truncate(0), syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}

func second(_ int, err error) error { return err }
