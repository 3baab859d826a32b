package memconn

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOneSideMaySendNoMoreWhileTheOtherStillDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		_, err := io.WriteString(a, "question")
		require.NoError(t, err)
		require.NoError(t, a.CloseWrite())
		question, err := io.ReadAll(b)
		require.NoError(t, err)
		assert.Equal(t, "question", string(question))
		_, err = io.WriteString(b, "answer")
		require.NoError(t, err)
		require.NoError(t, b.Close())
		answer, err := io.ReadAll(a)
		require.NoError(t, err)
		assert.Equal(t, "answer", string(answer), "what was sent before the end arrives")
		_, err = io.WriteString(a, "more")
		assert.Error(t, err)
	})
}

func TestAbortFailsTheOtherSideAtOnceAndForTheReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		reason := errors.New("no route to host")
		read := make(chan error)
		go func() {
			_, err := b.Read(make([]byte, 1))
			read <- err
		}()
		synctest.Wait()
		a.Abort(reason)
		assert.Equal(t, reason, <-read)
		_, err := b.Write([]byte("x"))
		assert.Equal(t, reason, err)
	})
}

func TestWriterWaitsForASlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		sent := bytes.Repeat([]byte("x"), 3*capacity)
		wrote := false
		go func() {
			_, err := a.Write(sent)
			assert.NoError(t, err)
			wrote = true
			a.Close()
		}()
		synctest.Wait()
		assert.False(t, wrote)
		got, err := io.ReadAll(b)
		require.NoError(t, err)
		assert.Equal(t, sent, got)
	})
}

func TestDeadlinesEndReadsAndWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := Pipe()
		started := time.Now()
		require.NoError(t, a.SetDeadline(started.Add(time.Minute)))
		_, err := a.Read(make([]byte, 1))
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		_, err = a.Write(make([]byte, capacity+1))
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.Equal(t, time.Minute, time.Since(started))
		require.NoError(t, a.SetDeadline(time.Time{}))
	})
}
