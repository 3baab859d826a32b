package live

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"
)

// Current is the world of an account as its file is now. Its methods may be called concurrently.
type Current struct {
	ctx     context.Context
	options Options
	tell    func(message string)

	mu      sync.Mutex
	world   *used
	running sync.WaitGroup // The watch, and the ends of old worlds.
}

// used is a world with the number of its users.
type used struct {
	*World
	users sync.WaitGroup
}

// The times of a watch: how often it looks at the file, and how long an old world outlives the new one while somebody
// uses it. No request takes longer: API Gateway waits up to 29 seconds for an integration.
const (
	interval = time.Second
	grace    = time.Minute
)

// Follow opens the world of an account, and opens it again each time the account's file is replaced. It calls tell with
// a message about each change, without the secrets of the account. The world ends with the context.
func Follow(ctx context.Context, options Options, tell func(message string)) (*Current, error) {
	seen := stat(options.Account) // Before it is read, so that no change is missed.
	w, err := Open(ctx, options)
	if err != nil {
		return nil, err
	}
	c := &Current{ctx: ctx, options: options, tell: tell, world: &used{World: w}}
	c.running.Go(func() { c.watch(seen) })
	return c, nil
}

// Wait waits until the worlds have ended, after the context has.
func (c *Current) Wait() { c.running.Wait() }

// Use returns the world, which stays open until done is called. It is no error to call done several times.
func (c *Current) Use() (w *World, done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.world
	u.users.Add(1)
	return u.World, sync.OnceFunc(u.users.Done)
}

// watch replaces the world after changes of the file, until the context ends. An up writes the file many times: it
// waits until the file rests.
func (c *Current) watch(opened fs.FileInfo) {
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for last := opened; ; {
		select {
		case <-c.ctx.Done():
			c.end(c.world)
			return
		case <-ticks.C:
		}
		now := stat(c.options.Account)
		if same(now, last) && !same(now, opened) {
			opened = now
			c.replace(now)
		}
		last = now
	}
}

// replace opens the world of the changed file. If it cannot be read, the old world stays.
func (c *Current) replace(file fs.FileInfo) {
	if file == nil {
		c.tell(fmt.Sprintf("%s is gone; what was deployed still answers", c.options.Account))
		return
	}
	w, err := Open(c.ctx, c.options)
	if err != nil {
		c.tell(fmt.Sprintf("%v; what was deployed before still answers", c.world.Redacted(err)))
		return
	}
	c.mu.Lock()
	old := c.world
	c.world = &used{World: w}
	c.mu.Unlock()
	c.running.Go(func() { c.end(old) })
	c.tell("the account has changed; what is deployed now answers")
}

// end closes a world when nobody uses it any more, or a minute after it was replaced.
func (c *Current) end(old *used) {
	unused := make(chan struct{})
	go func() {
		defer close(unused)
		old.users.Wait()
	}()
	select {
	case <-unused:
	case <-time.After(grace):
	case <-c.ctx.Done():
	}
	if err := old.Close(); err != nil && !errors.Is(err, context.Canceled) {
		c.tell(old.Redacted(err).Error())
	}
	<-unused // Its connections have ended.
}

// stat returns what the file system says about a file, or nil.
func stat(path string) fs.FileInfo {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	return info
}

// same reports whether nobody has replaced or written a file in between.
func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}
