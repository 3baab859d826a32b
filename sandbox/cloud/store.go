package cloud

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Open loads the account kept in a JSON file. Where there is no file, the
// account holds only what exists already (existing.yaml).
func Open(path string) (*Account, error) {
	a := &Account{path: path, random: randomBytes}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("sandbox account: %w", err)
	default:
		if err := json.Unmarshal(data, &a.objects); err != nil {
			return nil, fmt.Errorf("sandbox account %s: %w", path, err)
		}
	}
	return a, a.seed()
}

// save replaces the file at once, so that a kill leaves the old or the new one.
func (a *Account) save() error {
	data, err := json.MarshalIndent(a.objects, "", "  ")
	if err != nil {
		return fmt.Errorf("sandbox account: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(a.path), filepath.Base(a.path)+".*")
	if err != nil {
		return fmt.Errorf("sandbox account: %w", err)
	}
	defer os.Remove(temp.Name()) // fails after the rename, as it should
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Close()); err != nil {
		return fmt.Errorf("sandbox account: %w", err)
	}
	return os.Rename(temp.Name(), a.path)
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}
