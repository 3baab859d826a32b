// Package progress runs commands that take minutes and says how far they are, so that a person who waits sees that
// something happens. It needs the standard library only: a command that uses it compiles in seconds.
package progress

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Reporter runs commands and reports on them. Only Out must be set.
type Reporter struct {
	Out   io.Writer     // Receives the reports and whatever the commands print to stderr.
	Env   []string      // The environment of the commands; if nil, that of this process.
	Every time.Duration // The longest silence before a report; 7 seconds if zero.
}

// Build runs `go build` with the arguments in the folder. While it compiles, it reports how many packages are done. If
// all packages are compiled already, it prints nothing, unless linking takes long. The title completes "compiling …".
func (r Reporter) Build(ctx context.Context, title, dir string, args ...string) error {
	stale, err := r.stale(ctx, title, dir, args)
	if err != nil {
		return err
	}
	status := &status{text: "linking " + title}
	if len(stale) > 0 {
		status.set(progressOf(title, 0, len(stale)))
		fmt.Fprintf(r.Out, "compiling %s: %s to go\n", title, packages(len(stale)))
	}
	defer r.start(status)()
	started := 0
	return r.build(ctx, dir, args, stale, func() {
		status.set(progressOf(title, started, len(stale)))
		started++
	})
}

// Run runs a command, connected to out and r.Out. It reports the time whenever the command has printed nothing for a
// while. The title completes "still …".
func (r Reporter) Run(ctx context.Context, title string, out io.Writer, name string, args ...string) error {
	status := &status{text: "still " + title}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = r.Env
	cmd.Stdout, cmd.Stderr = &noted{to: out, status: status}, &noted{to: r.Out, status: status}
	defer r.start(status)()
	return cmd.Run()
}

// staleTemplate prints the import path of each package that a build must compile. It skips commands that are compiled
// but not installed, which `go list` also calls stale.
const staleTemplate = "{{if and .Stale (ne .StaleReason `not installed but available in build cache`)}}" +
	"{{.ImportPath}}{{end}}"

// stale returns the import paths of the packages that a build must compile. It downloads their modules.
func (r Reporter) stale(ctx context.Context, title, dir string, args []string) (map[string]bool, error) {
	status := &status{text: "downloading modules for " + title}
	defer r.start(status)()
	list := exec.CommandContext(ctx, "go", append([]string{"list", "-deps", "-f", staleTemplate}, listArgs(args)...)...)
	list.Dir, list.Env = dir, r.Env
	var stdout strings.Builder
	list.Stdout = &stdout
	downloads := 0
	err := eachLine(list, func(line string) {
		if strings.HasPrefix(line, "go: downloading ") {
			downloads++
			status.set(fmt.Sprintf("downloading modules for %s: %s so far", title, thousands(downloads)))
			return
		}
		fmt.Fprintln(r.Out, line)
	})
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", strings.Join(listArgs(args), " "), err)
	}
	stale := map[string]bool{}
	for path := range strings.FieldsSeq(stdout.String()) {
		stale[path] = true
	}
	return stale, nil
}

// listArgs returns the arguments of `go build` as `go list` takes them: without the file to write.
func listArgs(args []string) []string {
	var kept []string
	for i := 0; i < len(args); i++ {
		if args[i] == "-o" {
			i++
			continue
		}
		kept = append(kept, args[i])
	}
	return kept
}

// build runs `go build -v` and calls compiling for each stale package that it starts to compile: the command prints the
// import path at that moment.
func (r Reporter) build(ctx context.Context, dir string, args []string, stale map[string]bool, compiling func()) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-v"}, args...)...)
	cmd.Dir, cmd.Env = dir, r.Env
	err := eachLine(cmd, func(line string) {
		if stale[line] {
			compiling()
		} else if !isImportPath(line) {
			fmt.Fprintln(r.Out, line)
		}
	})
	if err != nil {
		return fmt.Errorf("go build %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// isImportPath reports whether a line of `go build -v` names a package. Errors contain spaces.
func isImportPath(line string) bool {
	return !strings.Contains(line, " ") && !strings.Contains(line, ":")
}

// eachLine runs the command and calls f with each line that it prints to stderr.
func eachLine(cmd *exec.Cmd, f func(line string)) error {
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		f(lines.Text())
	}
	return cmd.Wait()
}

// progressOf returns a report such as "compiling the Pulumi CLI: 812 of 2,134 packages".
func progressOf(title string, done, total int) string {
	text := fmt.Sprintf("compiling %s: %s of %s", title, thousands(done), packages(total))
	if done == total-1 {
		text += ", linking"
	}
	return text
}

// packages returns a number of packages in words.
func packages(n int) string {
	if n == 1 {
		return "1 package"
	}
	return thousands(n) + " packages"
}

// thousands returns n with a comma between groups of three digits.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// status holds what a reporter says next, and since when there has been silence.
type status struct {
	mutex sync.Mutex
	text  string
	last  time.Time // When the command or the reporter printed something last.
}

// set changes the text of the next report.
func (s *status) set(text string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.text = text
}

// next returns the text to report, or nothing if the silence has been shorter than that.
func (s *status) next(silence time.Duration) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if time.Since(s.last) < silence {
		return ""
	}
	s.last = time.Now()
	return s.text
}

// start reports after each silence, until stop is called.
func (r Reporter) start(s *status) (stop func()) {
	every := r.Every
	if every == 0 {
		every = 7 * time.Second
	}
	begun, ticker, done, ended := time.Now(), time.NewTicker(every/8), make(chan struct{}), make(chan struct{})
	s.last = begun
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				if text := s.next(every); text != "" {
					fmt.Fprintf(r.Out, "%s, %s\n", text, time.Since(begun).Round(time.Second))
				}
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(done)
		<-ended
	}
}

// noted passes on what a command prints, and notes when it has printed.
type noted struct {
	to     io.Writer
	status *status
}

func (n *noted) Write(text []byte) (int, error) {
	n.status.mutex.Lock()
	defer n.status.mutex.Unlock()
	n.status.last = time.Now()
	return n.to.Write(text)
}
