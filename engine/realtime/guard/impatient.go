package guard

import (
	"errors"
	"net/http"
	"os"
	"time"
)

// impatient is a response whose client must read.
type impatient struct {
	http.ResponseWriter
	control *http.ResponseController
	stall   time.Duration
	stalled func()
	told    bool
}

// Unwrap is for [http.ResponseController].
func (w *impatient) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Write implements [http.ResponseWriter].
func (w *impatient) Write(b []byte) (int, error) {
	w.hurry()
	n, err := w.ResponseWriter.Write(b)
	w.note(err)
	return n, err
}

// FlushError sends what was written; see [http.ResponseController.Flush].
func (w *impatient) FlushError() error {
	w.hurry()
	err := w.control.Flush()
	w.note(err)
	return err
}

// Flush implements [http.Flusher].
func (w *impatient) Flush() { _ = w.FlushError() } // a later write has the error too

// hurry sets the time for what comes next. A writer without deadlines, such as a
// test's, waits as long as it likes.
func (w *impatient) hurry() { _ = w.control.SetWriteDeadline(time.Now().Add(w.stall)) }

func (w *impatient) note(err error) {
	if w.stalled != nil && !w.told && errors.Is(err, os.ErrDeadlineExceeded) {
		w.told = true
		w.stalled()
	}
}
