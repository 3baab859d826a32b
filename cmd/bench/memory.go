package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// memoryOf returns how many MB of memory the processes of an executable use at most while a function runs. It is 0 on
// systems without Linux's /proc.
func memoryOf(executable string, run func() error) (megabytes int, err error) {
	done := make(chan error, 1)
	go func() { done <- run() }()
	for {
		select {
		case err := <-done:
			return megabytes, err
		case <-time.After(20 * time.Millisecond):
			links, _ := filepath.Glob("/proc/[0-9]*/exe")
			for _, link := range links {
				if to, _ := os.Readlink(link); to == executable {
					megabytes = max(megabytes, peak(filepath.Dir(link)))
				}
			}
		}
	}
}

// peak returns how many MB a process has used at most so far. dir is its folder in /proc.
func peak(dir string) (megabytes int) {
	status, _ := os.ReadFile(filepath.Join(dir, "status")) // The process may have ended.
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) == 3 && words[0] == "VmHWM:" {
			kibibytes, _ := strconv.Atoi(words[1])
			return kibibytes * 1024 / 1_000_000
		}
	}
	return 0
}
