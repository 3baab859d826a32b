package function

import (
	"archive/zip"
	"crypto/sha256"
	"debug/elf"
	"debug/macho"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"private-api-blueprints/sandbox/cloud"
)

// executableLimit is the size of the largest unpacked archive, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const executableLimit = 250 << 20

// archives finds the executables of functions by the hash of their archives. Its
// methods may be called concurrently.
type archives struct {
	built, kept string

	mu     sync.Mutex
	hashes map[string]string // The hash of an archive in built -> the executable for this machine.
}

// executable returns the path of a function's executable. Its error says why this
// machine cannot run the function.
func (a *archives) executable(function cloud.Object) (string, error) {
	hash := function.Inputs.String("code")
	local, err := a.local(hash)
	if local != "" || err != nil {
		return local, err
	}
	archive := filepath.Join(a.kept, filepath.Base(hash)+".zip")
	if _, err := os.Stat(archive); hash == "" || err != nil {
		return "", fmt.Errorf("the sandbox has no code of the function %s: it runs the functions of this repository "+
			"once `make lambda` has built them, and those whose archive a stack has given since", function.ID)
	}
	if name := function.Inputs.String("runtime"); !strings.HasPrefix(name, "provided.") {
		return "", fmt.Errorf("the function %s has the runtime %s, which is part of AWS's image; the sandbox runs "+
			"executables for provided.al2023 only", function.ID, name)
	}
	executable, err := unpack(archive, filepath.Join(a.kept, filepath.Base(hash)))
	if err != nil {
		return "", fmt.Errorf("the archive of the function %s: %w", function.ID, err)
	}
	return executable, nil
}

// local returns the executable for this machine of one of the repository's own
// functions, or nothing.
func (a *archives) local(hash string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if found := a.hashes[hash]; found != "" {
		return found, nil
	}
	paths, err := filepath.Glob(filepath.Join(a.built, "*.zip"))
	if err != nil {
		return "", err
	}
	a.hashes = map[string]string{}
	for _, path := range paths {
		name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".zip"), "-x86_64")
		executable, err := filepath.Abs(filepath.Join(a.built, "local", name))
		if err != nil {
			return "", err
		}
		if _, err := os.Stat(executable); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		sum, err := hashOf(path)
		if err != nil {
			return "", err
		}
		a.hashes[sum] = executable
	}
	return a.hashes[hash], nil
}

// hashOf returns the SHA-256 of a file in hexadecimal, which is what the engine has of
// an archive.
func hashOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// unpack writes the file bootstrap of an archive to a path, unless it is there, and
// returns its absolute path.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
func unpack(archive, path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		return path, suits(path)
	}
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return "", err
	}
	defer func() { _ = reader.Close() }() // It is only read.
	entry, err := reader.Open("bootstrap")
	if err != nil {
		return "", errors.New("it has no file bootstrap")
	}
	defer func() { _ = entry.Close() }()
	temp, err := os.CreateTemp(filepath.Dir(path), "bootstrap.*")
	if err != nil {
		return "", err
	}
	defer os.Remove(temp.Name()) // Fails after the rename, as it should.
	n, err := io.Copy(temp, io.LimitReader(entry, executableLimit+1))
	if err == nil && n > executableLimit {
		err = fmt.Errorf("unpacked, it has more than %d bytes", executableLimit)
	}
	if err := errors.Join(err, temp.Chmod(0o700), temp.Close()); err != nil {
		return "", err
	}
	if err := suits(temp.Name()); err != nil {
		return "", err
	}
	return path, os.Rename(temp.Name(), path)
}

// suits returns an error if an executable is not for this machine. A script is for
// every machine.
func suits(path string) error {
	here := runtime.GOOS + "/" + runtime.GOARCH
	content, err := os.Open(path)
	if err != nil {
		return err
	}
	defer content.Close()
	there := here
	if file, err := elf.NewFile(content); err == nil {
		there = "linux/" + map[elf.Machine]string{elf.EM_AARCH64: "arm64", elf.EM_X86_64: "amd64"}[file.Machine]
	} else if file, err := macho.NewFile(content); err == nil {
		there = "darwin/" + map[macho.Cpu]string{macho.CpuArm64: "arm64", macho.CpuAmd64: "amd64"}[file.Cpu]
	}
	if there != here {
		return fmt.Errorf("its executable is for %s, and this machine is %s", there, here)
	}
	return nil
}
