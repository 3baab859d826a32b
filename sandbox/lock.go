package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps two commands from using one sandbox at a time. The kernel frees
// it when its process ends, however that comes about; the file stays behind,
// not empty, when the process could not clean up.
type lock struct {
	file        *os.File
	interrupted bool // Whether the last holder did not release it.
}

func acquire(stateDir string) (*lock, error) {
	path := filepath.Join(stateDir, "lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another sandbox command is using %s; wait for it to end", stateDir), file.Close())
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	l := &lock{file: file, interrupted: info.Size() > 0}
	if _, err := fmt.Fprintf(file, "%d\n", os.Getpid()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return l, nil
}

// release unlocks expressly: a child that is just being started may still hold
// a copy of the file.
func (l *lock) release() error {
	return errors.Join(l.file.Truncate(0), syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
