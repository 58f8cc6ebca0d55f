package guard

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"parley/engine/realtime/protocol"
)

// Client secrets: POST /v1/realtime/client_secrets, by which somebody with a token
// gets a secret that a client of theirs, such as a page in a browser, may hold for
// a short while, and that is good for sessions only.
const (
	clientSecretPrefix = "ek_"

	shortestSecret = 10   // seconds
	longestSecret  = 7200 // seconds
	defaultSecret  = 600  // seconds, as at OpenAI

	mostSecrets   = 1000     // at once; with secretBody a bound of 16 MB
	secretBody    = 16 << 10 // bytes of such a request: a session's instructions and tools
	secretsFullIn = 10 * time.Second
)

// clientSecret is what is kept of one.
type clientSecret struct {
	owner   string // the token's name
	expires time.Time
	session protocol.Session
}

// secrets are the client secrets there are, by SHA-256: a map finds a secret by
// comparing hashes, whose order in time tells nothing of the secret.
type secrets struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]clientSecret
}

// add makes a secret; ok is false where there are too many.
func (s *secrets) add(c clientSecret, now time.Time) (secret string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= mostSecrets {
		maps.DeleteFunc(s.all, func(_ [sha256.Size]byte, old clientSecret) bool { return !now.Before(old.expires) })
	}
	if len(s.all) >= mostSecrets {
		return "", false
	}
	if s.all == nil {
		s.all = make(map[[sha256.Size]byte]clientSecret)
	}
	secret = clientSecretPrefix + random()
	s.all[sha256.Sum256([]byte(secret))] = c
	return secret, true
}

// find finds a secret that has not expired.
func (s *secrets) find(secret string, now time.Time) (clientSecret, bool) {
	hash := sha256.Sum256([]byte(secret))
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.all[hash]
	if ok && !now.Before(c.expires) {
		delete(s.all, hash)
		return clientSecret{}, false
	}
	return c, ok
}

// secretRequest is what is asked.
type secretRequest struct {
	ExpiresAfter *struct {
		Anchor  string `json:"anchor"`
		Seconds *int   `json:"seconds"`
	} `json:"expires_after"`
	Session protocol.Session `json:"session"`
}

// secretAnswer is what is answered.
type secretAnswer struct {
	Value     string           `json:"value"`
	ExpiresAt int64            `json:"expires_at"` // Unix seconds
	Session   protocol.Session `json:"session"`
}

// ClientSecrets is the route POST /v1/realtime/client_secrets. It stands behind
// [Guard.Admit].
func (g *Guard) ClientSecrets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refusal{status: http.StatusMethodNotAllowed, code: "method_not_allowed", message: "Use POST."}.write(w)
			return
		}
		req, life, no := readSecretRequest(http.MaxBytesReader(w, r.Body, secretBody))
		if no != nil {
			g.refuse(w, no)
			return
		}
		now := g.now()
		c := clientSecret{owner: Caller(r.Context()), expires: now.Add(life).Truncate(time.Second), session: req.Session}
		secret, ok := g.secrets.add(c, now)
		if !ok {
			g.refuse(w, &refusal{ReasonSecrets, http.StatusTooManyRequests, "rate_limit_exceeded", "",
				"There are too many client secrets at once. Let them live shorter, or wait.", secretsFullIn})
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(secretAnswer{secret, c.expires.Unix(), c.session}) // whom it could not be told has gone
	})
}

// readSecretRequest reads and checks what is asked.
func readSecretRequest(body io.Reader) (req secretRequest, life time.Duration, no *refusal) {
	text, err := io.ReadAll(body)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return req, 0, refuseBody(tooLarge.Limit)
	}
	bad := func(param, message string) (secretRequest, time.Duration, *refusal) {
		return req, 0, &refusal{ReasonBody, http.StatusBadRequest, protocol.CodeInvalidValue, param, message, 0}
	}
	if err != nil {
		return bad("", "The request was cut off.")
	}
	if len(text) > 0 { // an empty one asks for the defaults
		if err := json.Unmarshal(text, &req); err != nil {
			return bad("", fmt.Sprintf("The request is not what it should be: %.200s.", err))
		}
	}
	seconds := defaultSecret
	if e := req.ExpiresAfter; e != nil {
		if e.Anchor != "" && e.Anchor != "created_at" {
			return bad("expires_after.anchor", `The anchor must be "created_at".`)
		}
		if e.Seconds != nil {
			seconds = *e.Seconds
		}
	}
	if seconds < shortestSecret || seconds > longestSecret {
		return bad("expires_after.seconds", fmt.Sprintf("A client secret lives %d to %d seconds.", shortestSecret, longestSecret))
	}
	if param, err := checkSession(&req.Session); err != nil {
		return bad(param, err.Error())
	}
	return req, time.Duration(seconds) * time.Second, nil
}

// checkSession finds what a session could not begin with, while there is still
// somebody to tell; the rest is the session's own to check.
func checkSession(s *protocol.Session) (param string, err error) {
	switch s.Type {
	case "":
		s.Type = "realtime"
	case "realtime", "transcription":
	default:
		return "session.type", errors.New(`the type must be "realtime" or "transcription"`)
	}
	if s.Audio == nil {
		return "", nil
	}
	if in := s.Audio.Input; in != nil && in.Format != nil {
		if _, err := protocol.NewCodec(in.Format); err != nil {
			return "session.audio.input.format", err
		}
	}
	if out := s.Audio.Output; out != nil && out.Format != nil {
		if _, err := protocol.NewCodec(out.Format); err != nil {
			return "session.audio.output.format", err
		}
	}
	return "", nil
}
