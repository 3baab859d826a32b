package cloud

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"

	"private-api-blueprints/internal/atomicfile"
)

// CodeFolder returns the folder that holds the archives of an account's functions, next
// to the account's file. An archive's name is its hash, with .zip.
func CodeFolder(accountFile string) string { return filepath.Join(filepath.Dir(accountFile), "code") }

// keepArchives stores the archives among the inputs of a resource, which the account
// itself knows by their hash only. Nobody but the owner may read them. It leaves out an
// archive whose files are not there: previews of a test do not build them.
func (a *Account) keepArchives(inputs resource.PropertyMap) error {
	for key, value := range inputs {
		if value.IsSecret() {
			value = value.SecretValue().Element
		}
		if !value.IsArchive() || value.ArchiveValue().Hash == "" {
			continue
		}
		if err := a.keepArchive(value.ArchiveValue()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sandbox account: %s: %w", key, err)
		}
	}
	return nil
}

// keepArchive stores an archive, unless it is stored already.
func (a *Account) keepArchive(code *archive.Archive) error {
	folder := CodeFolder(a.path)
	path := filepath.Join(folder, filepath.Base(code.Hash)+".zip")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	var data bytes.Buffer
	if err := code.Archive(archive.ZIPArchive, &data); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, data.Bytes(), 0o600)
}

// dropArchives removes the archives that no object has any more, and what was unpacked of
// them.
func (a *Account) dropArchives() error {
	folder := CodeFolder(a.path)
	files, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, file := range files {
		hash := strings.TrimSuffix(file.Name(), ".zip")
		used := slices.ContainsFunc(a.objects, func(o *Object) bool {
			return slices.Contains(slices.Collect(maps.Values(o.Inputs)), any(hash))
		})
		if !used {
			err = errors.Join(err, os.Remove(filepath.Join(folder, file.Name())))
		}
	}
	if err != nil {
		return fmt.Errorf("sandbox account: %w", err)
	}
	return nil
}
