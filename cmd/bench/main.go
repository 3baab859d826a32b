// Command bench measures what the policy pack adds to a preview through the real CLI, with all rules on. It compares
// the pack with no pack, and with a pack that does nothing, which is the least that any pack costs. Run it with
// `make bench`.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"private-api-blueprints/sandbox"
)

func main() {
	sizes := flag.String("sizes", "30,300,1000,5000", "numbers of resources")
	runs := flag.Int("runs", 5, "previews for each median")
	flag.Parse()
	if err := run(context.Background(), *sizes, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// variant says which policy pack a preview runs with.
type variant int

const (
	noPack variant = iota
	floor
	pack
	variants
)

func (v variant) String() string { return [...]string{"no pack", "floor", "pack"}[v] }

// run measures each size and prints a table.
func run(ctx context.Context, sizes string, runs int) error {
	if runs < 1 {
		return fmt.Errorf("-runs %d: want at least 1", runs)
	}
	// The engine checks the whole state after each step of a preview, which takes minutes at 5,000 resources.
	if err := os.Setenv("PULUMI_SKIP_CHECKPOINTS", "true"); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := bench{floor: filepath.Join(work, "floor"), runs: runs}
	build := exec.CommandContext(ctx, "go", "build", "-o", b.floor, "./tests/internal/floor")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build ./tests/internal/floor: %w\n%s", err, text)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "resources\tmeasure\tno pack\tfloor\tpack\tpack adds\tpack / no pack\tpack / floor\t")
	for text := range strings.SplitSeq(sizes, ",") {
		size, err := strconv.Atoi(text)
		if err != nil || size < 1 {
			return fmt.Errorf("-sizes has %q: want whole numbers with commas between them", text)
		}
		medians, err := b.measure(ctx, filepath.Join(work, text), size)
		if err != nil {
			return fmt.Errorf("%d resources: %w", size, err)
		}
		fmt.Fprintf(os.Stderr, "%d resources: the pack used up to %d MB\n", size, b.memory)
		for i, measure := range []string{"elapsed", "processors"} {
			m := medians[i]
			fmt.Fprintf(table, "%d\t%s\t%.2f s\t%.2f s\t%.2f s\t%.2f s\t%.2f\t%.3f\t\n", size, measure,
				m[noPack], m[floor], m[pack], m[pack]-m[noPack], m[pack]/m[noPack], m[pack]/m[floor])
		}
	}
	return table.Flush()
}

// bench holds what all measurements share.
type bench struct {
	floor string // The executable of the pack that does nothing.
	runs  int    // The number of previews for each median.
	// memory is how many MB the pack used at most, in the last program that was measured.
	memory int
}

// measure previews one program with each variant in turn, so that other work of the machine slows all of them alike. It
// returns the median seconds of each variant: elapsed time, then processor time, which depends less on other work.
func (b *bench) measure(ctx context.Context, dir string, size int) (medians [2][variants]float64, err error) {
	var boxes [variants]*sandbox.Sandbox
	defer func() {
		for _, box := range boxes {
			if box != nil {
				err = errors.Join(err, box.Close())
			}
		}
	}()
	packs := [variants][]string{floor: {b.floor}, pack: {filepath.Join("bin", "policy")}}
	for v := range boxes {
		if boxes[v], err = open(ctx, filepath.Join(dir, strconv.Itoa(v)), size, packs[v]); err != nil {
			return medians, err
		}
	}
	var all [2][variants][]float64
	for range b.runs {
		for i, box := range boxes {
			v := variant(i)
			elapsed, processors, err := preview(ctx, box, v == pack)
			if err != nil {
				return medians, err
			}
			fmt.Fprintf(os.Stderr, "%d resources, %s: %.2f s, processors %.2f s\n", size, v, elapsed, processors)
			all[0][v], all[1][v] = append(all[0][v], elapsed), append(all[1][v], processors)
		}
	}
	for i := range all {
		for v := range all[i] {
			medians[i][v] = median(all[i][v])
		}
	}
	b.memory, err = memoryOf(packs[pack][0], func() error {
		_, _, err := preview(ctx, boxes[pack], true)
		return err
	})
	return medians, err
}

// open opens a sandbox for a program of a size, with the packs.
func open(ctx context.Context, dir string, size int, packs []string) (*sandbox.Sandbox, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for i := range packs {
		if packs[i], err = filepath.Abs(packs[i]); err != nil {
			return nil, err
		}
	}
	var printed bytes.Buffer
	return sandbox.Open(ctx, sandbox.Options{
		Root: root, StateDir: dir, Program: program(size),
		Stack: "static-ip-apigw", ConfigFile: filepath.Join(root, "Pulumi.static-ip-apigw.yaml"),
		NoPolicy: packs == nil, Packs: packs, Stdout: &printed, Stderr: &printed,
	})
}

// preview returns the seconds that a preview takes. It returns an error unless the pack has run, if it should, and has
// found no violation.
func preview(ctx context.Context, box *sandbox.Sandbox, withPack bool) (elapsed, processors float64, err error) {
	printed := box.Stdout.(*bytes.Buffer)
	printed.Reset()
	if _, err := box.Preview(ctx); err != nil {
		return 0, 0, fmt.Errorf("%w\n%s", err, printed)
	}
	_, policies, _ := strings.Cut(printed.String(), "Policies:\n")
	if passed := strings.Contains(policies, "✅ private-api-blueprints"); passed != withPack {
		return 0, 0, fmt.Errorf("want a preview in which the pack finds no violation\n%s", printed)
	}
	wall, used := box.LastRun()
	return wall.Seconds(), used.Seconds(), nil
}

// median returns the median of the values. It sorts them.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
