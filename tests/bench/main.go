// Command bench measures what the policy pack adds to a preview through the real
// CLI, with all rules on: beside no pack, and beside a pack that does nothing,
// which is the least that any pack costs. Run it with `make bench`.
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
	runs := flag.Int("runs", 5, "previews of each, of which the median counts")
	flag.Parse()
	if err := run(context.Background(), *sizes, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// kind is what a preview is run with.
type kind int

const (
	noPack kind = iota
	floor
	pack
	kinds
)

func run(ctx context.Context, sizes string, runs int) error {
	if runs < 1 {
		return fmt.Errorf("-runs %d; want at least 1", runs)
	}
	work, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	nothing := filepath.Join(work, "floor")
	if text, err := exec.CommandContext(ctx, "go", "build", "-o", nothing, "./tests/bench/floor").CombinedOutput(); err != nil {
		return fmt.Errorf("go build ./tests/bench/floor: %w\n%s", err, text)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "resources\tmeasure\tno pack\tfloor\tpack\tpack adds\tpack / no pack\tpack / floor\t")
	for text := range strings.SplitSeq(sizes, ",") {
		size, err := strconv.Atoi(text)
		if err != nil || size < 1 {
			return fmt.Errorf("-sizes has %q; want whole numbers with commas between them", text)
		}
		medians, err := measure(ctx, filepath.Join(work, text), nothing, size, runs)
		if err != nil {
			return fmt.Errorf("%d resources: %w", size, err)
		}
		for i, measure := range []string{"elapsed", "processors"} {
			m := medians[i]
			fmt.Fprintf(table, "%d\t%s\t%.2f s\t%.2f s\t%.2f s\t%.2f s\t%.2f\t%.3f\t\n", size, measure, m[noPack], m[floor], m[pack],
				m[pack]-m[noPack], m[pack]/m[noPack], m[pack]/m[floor])
		}
	}
	return table.Flush()
}

// measure previews one program with each kind in turn, so that what else the
// machine does meets all alike, and gives the median seconds of each: those that
// pass, and those of processors, which a busy machine changes less.
func measure(ctx context.Context, dir, nothing string, size, runs int) (medians [2][kinds]float64, err error) {
	var boxes [kinds]*sandbox.Sandbox
	defer func() {
		for _, box := range boxes {
			if box != nil {
				err = errors.Join(err, box.Close())
			}
		}
	}()
	packs := [kinds][]string{floor: {nothing}, pack: {filepath.Join("bin", "policy")}}
	for k := range boxes {
		if boxes[k], err = open(ctx, filepath.Join(dir, strconv.Itoa(k)), size, packs[k]); err != nil {
			return medians, err
		}
	}
	var all [2][kinds][]float64
	for range runs {
		for k, box := range boxes {
			elapsed, processors, err := preview(ctx, box, kind(k) == pack)
			if err != nil {
				return medians, err
			}
			fmt.Fprintf(os.Stderr, "%d resources, %s: %.2f s, processors %.2f s\n", size, [...]string{"no pack", "floor", "pack"}[k], elapsed, processors)
			all[0][k], all[1][k] = append(all[0][k], elapsed), append(all[1][k], processors)
		}
	}
	for i := range all {
		for k := range all[i] {
			medians[i][k] = median(all[i][k])
		}
	}
	return medians, nil
}

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
		Stack: "dev", ConfigFile: filepath.Join(root, "Pulumi.dev.yaml"),
		NoPolicy: packs == nil, Packs: packs, Stdout: &printed, Stderr: &printed,
	})
}

// preview gives the seconds of a preview. It makes sure that the pack has judged
// the program, and found it sound.
func preview(ctx context.Context, box *sandbox.Sandbox, judged bool) (elapsed, processors float64, err error) {
	printed := box.Stdout.(*bytes.Buffer)
	printed.Reset()
	if _, err := box.Preview(ctx); err != nil {
		return 0, 0, fmt.Errorf("%w\n%s", err, printed)
	}
	_, policies, _ := strings.Cut(printed.String(), "Policies:\n")
	if sound := strings.Contains(policies, "✅ private-api-blueprints"); sound != judged {
		return 0, 0, fmt.Errorf("want a preview to which the pack does not object\n%s", printed)
	}
	wall, used := box.Took()
	return wall.Seconds(), used.Seconds(), nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
