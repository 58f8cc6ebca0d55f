package realtime

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says which backend is spoken to, and how it should answer.
type Config struct {
	// URL is where the WebSocket is, whole: wss://host/v1/realtime, or with a query,
	// as Azure has it. http and https are taken as ws and wss.
	URL string
	// Token gives the key of the moment, asked for at each connection; nil or "": none.
	Token func() string
	// KeyHeader is the header that takes the token as it is; empty: Authorization, as
	// a bearer's, or api-key at Azure's hosts.
	KeyHeader string
	// Stream has the session carried over one HTTP request instead of a WebSocket, for
	// networks that let none through; only a Parley backend knows how.
	Stream bool
	// HTTPClient connects; nil: one of our own, that goes through the system's proxy.
	// It should have no Timeout.
	HTTPClient *http.Client

	Model        string  // asked for as ?model=, unless the URL has one; empty: the backend's choice
	Voice        string  // empty: the backend's
	Speed        float64 // 0.25 to 1.5; 0: as usual
	Instructions string  // empty: the backend's own
	Language     string  // of what is said, as "en"; empty: the backend finds out
	Hearing      string  // the model that transcribes; empty: the backend's, or whisper-1 at a foreign one

	// Patience is how long a stage waits for a connection that is away before it fails;
	// 0: 4 s.
	Patience time.Duration
	Log      *slog.Logger // no words, sound or keys ever go there; nil discards
}

// How long is waited for what. A foreign backend may be slow to think, but it may
// not be dumb.
const (
	defaultPatience = 4 * time.Second
	handshakeTime   = 3 * time.Second // a WebSocket that has not opened by then is not one
	greetingTime    = 2 * time.Second // … that has not said session.created by then never will
	updateTime      = time.Second     // … session.updated
	writeTime       = 5 * time.Second // an event that is not written by then never will be
	cancelTime      = 1500 * time.Millisecond
	answerTime      = 30 * time.Second // without a sign of life from who owes a transcript, a reply or a lesson
	automaticTime   = time.Second      // for a response that a backend begins by itself
)

// What a caller may want to tell apart.
var (
	// ErrTimeout is wrapped where the backend does not answer in time.
	ErrTimeout = errors.New("realtime: the backend doesn't answer")
	// ErrCredentials is wrapped where the backend does not accept the token.
	ErrCredentials = errors.New("realtime: the backend doesn't accept the key; check it in Settings")
	// ErrCut is wrapped where the connection broke off and what was under way cannot go on.
	ErrCut = errors.New("realtime: the connection to the backend broke off")
	// ErrNoLessons says that the backend writes no lessons.
	ErrNoLessons = errors.New("realtime: the backend writes no lessons")
	// ErrNotRunning says that nobody keeps a connection: Run was not called or has ended.
	ErrNotRunning = errors.New("realtime: the connection is closed")
	// ErrAddress is wrapped where the URL is none.
	ErrAddress = errors.New("realtime: that is no address of a backend")
)

// Refused says that the backend's host answered the request for a WebSocket with
// something else. It is an [ErrCredentials] where the token was the reason.
type Refused struct { //nolint:errname // a refusal, as a caller asks for it
	Status     int           // of HTTP
	RetryAfter time.Duration // when to come back, if the host said so; 0: it did not
	Page       bool          // the answer was a page for people: a proxy's, most likely
}

// Error implements the error interface.
func (r *Refused) Error() string {
	return fmt.Sprintf("realtime: the backend refuses a WebSocket: %d %s", r.Status, http.StatusText(r.Status))
}

// Is makes a refusal an [ErrCredentials] where it is one.
func (r *Refused) Is(target error) bool { return target == ErrCredentials && r.credentials() }

// credentials says whether the token is the reason. A page with 403 is a proxy's,
// that lets nobody through whatever the token.
func (r *Refused) credentials() bool {
	return r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden && !r.Page
}

// later says whether the same way may work in a while; else there is no WebSocket
// here.
func (r *Refused) later() bool {
	return r.Status == http.StatusTooManyRequests || r.Status == http.StatusServiceUnavailable
}

// address is the URL with the model asked for.
func (cfg Config) address() (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(cfg.URL))
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be read", ErrAddress) // the URL may hold a key
	}
	switch u.Scheme {
	case "ws", "wss":
	case "http", "https":
		u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	default:
		return nil, fmt.Errorf("%w: it must begin with wss:// or ws://", ErrAddress)
	}
	if u.Host == "" {
		return nil, fmt.Errorf("%w: it has no host", ErrAddress)
	}
	if q := u.Query(); cfg.Model != "" && !q.Has("model") && !q.Has("deployment") {
		q.Set("model", cfg.Model)
		u.RawQuery = q.Encode()
	}
	return u, nil
}

// keyHeader is what the token is sent in, and as what.
func (cfg Config) keyHeader(host, token string) (name, value string) {
	switch {
	case cfg.KeyHeader != "":
		return cfg.KeyHeader, token
	case strings.HasSuffix(host, ".azure.com"):
		return "api-key", token
	}
	return "Authorization", "Bearer " + token
}
