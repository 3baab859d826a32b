package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps two commands from using one sandbox at a time. The kernel releases it when its process ends, in whatever
// way. The file names the process that a command has started, until that process ends by itself.
type lock struct {
	file        *os.File
	interrupted process // What the last command had started if it was interrupted, otherwise the zero value.
}

// process is a process that works on a stack.
type process struct {
	pid   int // 0 if it is known to have ended.
	stack string
}

// acquire locks a state folder, or returns an error if another command holds the lock.
func acquire(stateDir string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(stateDir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
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
	// The file is empty after a command that ended well.
	_, _ = fmt.Sscan(string(text), &l.interrupted.pid, &l.interrupted.stack)
	return l, nil
}

// note names a process that works on a stack.
func (l *lock) note(p process) error {
	err := l.file.Truncate(0)
	_, writeErr := l.file.WriteAt(fmt.Appendf(nil, "%d %s", p.pid, p.stack), 0)
	return errors.Join(err, writeErr)
}

// clear notes that the process ended by itself.
func (l *lock) clear() error { return l.file.Truncate(0) }

// release unlocks explicitly: a child process that is just being started may still hold a copy of the file.
func (l *lock) release() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
