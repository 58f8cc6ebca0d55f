package guard

import (
	"io"
	"net/http"
	"time"
)

// bodyStall is how long a request's body may pause.
const bodyStall = 30 * time.Second

// body is a request's body that must come. [http.Server.ReadTimeout] would end what
// is long to answer, too.
type body struct {
	io.ReadCloser
	control *http.ResponseController
}

// Read implements [io.Reader]. A connection without deadlines, such as a test's, may
// take as long as it likes.
func (b *body) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(bodyStall))
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// hasten has what is left of a refused request's body come soon, or not at all.
func hasten(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(refusedStall))
	w.Header().Set("Connection", "close")
}

// refusedStall is how long a client may still send what nobody will read.
const refusedStall = time.Second
