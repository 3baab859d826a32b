// Package memconn makes connections in memory that end as those of TCP do: one side may
// say that it sends no more, and the network may end a connection for a reason.
package memconn

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// capacity is how many bytes wait in one direction of a connection, as in a socket.
const capacity = 64 << 10

// Pipe returns the two ends of a connection in memory. Each end has CloseWrite, and
// Abort, after which the other end fails with an error.
func Pipe() (a, b *Conn) {
	there, back := newStream(), newStream()
	return &Conn{in: back, out: there}, &Conn{in: there, out: back}
}

// Conn is one end of a connection in memory.
type Conn struct{ in, out *stream }

func (c *Conn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *Conn) Write(p []byte) (int, error) { return c.out.write(p) }

// CloseWrite says that no more bytes will come.
func (c *Conn) CloseWrite() error {
	c.out.end(io.EOF)
	return nil
}

// Abort ends the connection so that reads and writes of the other end fail with an
// error.
func (c *Conn) Abort(err error) {
	c.out.fail(err)
	c.in.fail(err)
}

// Close ends the connection.
func (c *Conn) Close() error {
	c.out.end(io.EOF)
	c.in.fail(net.ErrClosed)
	return nil
}

// SetDeadline sets both deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	c.in.deadline(&c.in.reading, t)
	c.out.deadline(&c.out.writing, t)
	return nil
}

// SetReadDeadline sets the deadline of reads.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.in.deadline(&c.in.reading, t)
	return nil
}

// SetWriteDeadline sets the deadline of writes.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.out.deadline(&c.out.writing, t)
	return nil
}

// LocalAddr returns an address without meaning.
func (c *Conn) LocalAddr() net.Addr { return &net.TCPAddr{} }

// RemoteAddr returns an address without meaning.
func (c *Conn) RemoteAddr() net.Addr { return &net.TCPAddr{} }

// stream is one direction of a connection.
type stream struct {
	mu               sync.Mutex
	changed          *sync.Cond
	data             []byte
	ended            error // What a reader gets after the data.
	failed           error // What both get at once.
	reading, writing limit
}

// limit is a deadline with the timer that wakes whoever waits when it passes.
type limit struct {
	at    time.Time
	timer *time.Timer
}

func newStream() *stream {
	s := &stream{}
	s.changed = sync.NewCond(&s.mu)
	return s
}

func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.failed != nil:
			return 0, s.failed
		case len(s.data) > 0:
			n := copy(p, s.data)
			s.data = append(s.data[:0], s.data[n:]...)
			s.changed.Broadcast()
			return n, nil
		case s.ended != nil:
			return 0, s.ended
		case s.reading.passed():
			return 0, os.ErrDeadlineExceeded
		}
		s.changed.Wait()
	}
}

func (s *stream) write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	written := 0
	for {
		switch {
		case s.failed != nil:
			return written, s.failed
		case s.ended != nil:
			return written, io.ErrClosedPipe
		case len(p) == 0:
			return written, nil
		case s.writing.passed():
			return written, os.ErrDeadlineExceeded
		case len(s.data) < capacity:
			n := min(len(p), capacity-len(s.data))
			s.data = append(s.data, p[:n]...)
			p, written = p[n:], written+n
			s.changed.Broadcast()
			continue
		}
		s.changed.Wait()
	}
}

func (s *stream) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = err
	}
	s.changed.Broadcast()
}

func (s *stream) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
	for _, l := range []*limit{&s.reading, &s.writing} {
		if l.timer != nil {
			l.timer.Stop() // Nobody waits anymore.
		}
	}
	s.changed.Broadcast()
}

// deadline sets a deadline, and wakes whoever waits when it passes.
func (s *stream) deadline(which *limit, t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if which.timer != nil {
		which.timer.Stop()
	}
	*which = limit{at: t}
	if !t.IsZero() && s.failed == nil {
		which.timer = time.AfterFunc(time.Until(t), s.changed.Broadcast)
	}
	s.changed.Broadcast()
}

// passed reports whether a deadline is over.
func (l *limit) passed() bool { return !l.at.IsZero() && !time.Now().Before(l.at) }
