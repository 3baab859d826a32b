package balancer

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// buffers are the buffers of all connections. A TLS record has at most 16 KiB.
var buffers = sync.Pool{New: func() any { buffer := make([]byte, 16<<10); return &buffer }}

// idleTimeout is how long the bytes of a connection may rest. Only TCP listeners can
// change it.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
const idleTimeout = 350 * time.Second

// pipe carries the bytes of two connections.
type pipe struct {
	front, back    net.Conn
	idle           time.Duration
	received, sent atomic.Int64 // Bytes from and to the client.
	last           atomic.Int64 // When bytes moved last, as a Unix time in nanoseconds.
	expired        atomic.Bool  // Whether the connection ended because it was idle.
}

// run carries bytes until both directions ended, one is broken, nothing moves for too
// long, or the context ends. If one side sends no more, the other still may. It closes
// both connections.
func (p *pipe) run(ctx context.Context) {
	p.last.Store(time.Now().UnixNano())
	closeBoth := sync.OnceFunc(func() {
		p.front.Close()
		p.back.Close()
	})
	defer closeBoth()
	defer context.AfterFunc(ctx, closeBoth)()
	timer := p.watch(closeBoth)
	defer timer.Stop()
	var wg sync.WaitGroup
	wg.Go(func() { p.carry(p.back, p.front, &p.received, closeBoth) })
	p.carry(p.front, p.back, &p.sent, closeBoth)
	wg.Wait()
}

// watch closes an idle connection. The timer runs until it is stopped.
func (p *pipe) watch(closeBoth func()) *time.Timer {
	var timer *time.Timer
	var started sync.WaitGroup
	started.Add(1)
	timer = time.AfterFunc(p.idle, func() {
		started.Wait()
		rest := p.idle - time.Since(time.Unix(0, p.last.Load()))
		if rest > 0 {
			timer.Reset(rest)
			return
		}
		p.expired.Store(true)
		closeBoth()
	})
	started.Done()
	return timer
}

// carry copies the bytes of one direction and then tells the receiver that no more
// will come.
func (p *pipe) carry(to, from net.Conn, count *atomic.Int64, closeBoth func()) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	for {
		n, err := from.Read(*buffer)
		if n > 0 {
			p.last.Store(time.Now().UnixNano())
			count.Add(int64(n))
			if _, err := to.Write((*buffer)[:n]); err != nil {
				closeBoth()
				return
			}
		}
		if err == io.EOF && closeWrite(to) {
			return
		}
		if err != nil {
			closeBoth()
			return
		}
	}
}

// closeWrite tells the other side of a connection that no more bytes will come. It
// reports whether the other direction stays open.
func closeWrite(conn net.Conn) bool {
	half, ok := conn.(interface{ CloseWrite() error })
	return ok && half.CloseWrite() == nil
}

// abort ends a client's connection as the network ended the one to the target. A
// connection that cannot tell how it ended is closed.
func abort(conn net.Conn, err error) {
	if a, ok := conn.(interface{ Abort(err error) }); ok {
		a.Abort(err)
		return
	}
	conn.Close()
}
