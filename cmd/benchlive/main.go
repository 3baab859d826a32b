// Command benchlive measures how many requests the live sandbox answers. It deploys the example of static-ip-apigw into
// a new sandbox, and sends requests from the internet by connections that stay open: through the load balancer, which
// ends TLS, the endpoint and API Gateway to the function. Next to it, it measures the same client with nginx as a proxy
// that ends TLS, on this machine. Run it with `make bench-live`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"text/tabwriter"
	"time"
)

// options are what the flags say.
type options struct {
	load
	state   string
	profile string
}

func main() {
	var o options
	flag.IntVar(&o.rate, "rate", 1000, "requests per second; 0 for as many as possible")
	flag.DurationVar(&o.duration, "duration", time.Minute, "how long to send requests")
	flag.IntVar(&o.connections, "connections", 32, "connections of the client")
	flag.StringVar(&o.state, "state", "",
		"the `folder` of a sandbox in which the example is deployed; empty for a new one")
	flag.StringVar(&o.profile, "profile", "", "the `file` for a CPU profile of the sandbox")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "benchlive:", err)
		os.Exit(1)
	}
}

// run measures the sandbox and nginx, and prints a table. It returns an error if requests failed, or if goroutines
// remain after them.
func run(ctx context.Context, o options) error {
	if o.connections < 1 || o.rate < 0 || o.duration <= 0 {
		return errors.New("want at least one connection, and a rate and a duration that are not negative")
	}
	work, err := os.MkdirTemp("", "benchlive")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if o.state == "" {
		o.state = work + "/sandbox"
		if err := deploy(ctx, o.state); err != nil {
			return err
		}
	}
	fmt.Printf("%s/%s, %d processors, %s\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "through\trequests\tper second\terrors\tmedian\t99 %\tslowest\tgoroutines before\tafter\t")
	sandbox, err := throughSandbox(ctx, o)
	if err != nil {
		return err
	}
	sandbox.print(table, "the sandbox")
	problems := sandbox.problems("the sandbox")
	nginx, missing := exec.LookPath("nginx")
	if missing == nil {
		measured, err := throughNginx(ctx, nginx, work, o.load)
		if err != nil {
			return err
		}
		measured.print(table, "nginx")
		problems = errors.Join(problems, measured.problems("nginx"))
	}
	err = table.Flush()
	if missing != nil {
		fmt.Println("nginx is missing, so there is nothing to compare with (Debian: nginx-light)")
	}
	return errors.Join(err, problems)
}

// deploy deploys the example into a new sandbox, with a stage that does not limit the requests.
func deploy(ctx context.Context, state string) error {
	up := exec.CommandContext(ctx, "bin/sandbox", "up", "--stack", "static-ip-apigw", "--no-policy", "--state", state,
		"--config", "blueprint:api.throttling.rateLimit=1000000",
		"--config", "blueprint:api.throttling.burstLimit=1000000")
	if out, err := up.CombinedOutput(); err != nil {
		return fmt.Errorf("bin/sandbox up: %w\n%s", err, out)
	}
	return nil
}

// profiled does something while the processors are profiled into a file, if one is given.
func profiled(file string, do func() error) (err error) {
	if file == "" {
		return do()
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return do()
}
