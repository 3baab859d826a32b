package sandbox

import (
	"encoding/json"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
)

// eventLog writes the engine's events.
type eventLog struct {
	events chan events.EngineEvent
	stop   chan struct{} // Closed when no event will follow.
	ended  chan error    // Gets the first error.
}

// newEventLog begins to write what the channel of events gets: a JSON object on a line for each event.
func newEventLog(to io.Writer) *eventLog {
	log := &eventLog{events: make(chan events.EngineEvent), stop: make(chan struct{}), ended: make(chan error, 1)}
	go func() { log.ended <- log.write(json.NewEncoder(to)) }()
	return log
}

// write writes events until there are no more. It goes on receiving after an error, so that the engine does not wait.
func (l *eventLog) write(to *json.Encoder) (failed error) {
	for {
		select {
		case <-l.stop:
			return failed
		case event, open := <-l.events:
			switch {
			case !open:
				return failed
			case failed != nil:
			case event.Error != nil:
				failed = event.Error
			default:
				failed = to.Encode(event.EngineEvent)
			}
		}
	}
}

// end waits until all events are written. The Automation API closes the channel only if the CLI got as far as sending
// events, but it always returns after it has sent the last one.
func (l *eventLog) end() error {
	close(l.stop)
	return <-l.ended
}
