package openai

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of what is read of an answer that is no stream.
const (
	longestAnswer  = 8 << 20
	longestRefusal = 64 << 10
)

// call is one request on its way: what the library hands its requests to. It adds
// the key, tells failures apart, and cleans a stream of events.
type call struct {
	service Service
	stream  bool                        // the answer has to be a stream of events
	takes   func(mediaType string) bool // what other answers may be; nil: JSON
	header  http.Header                 // of the answer
	events  *events                     // of a stream
}

// Do implements the library's HTTPDoer. Its error is a *failure or one of the
// context.
func (c *call) Do(req *http.Request) (*http.Response, error) {
	s := c.service
	if err := s.check(); err != nil {
		return nil, err
	}
	if key := s.key(); key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	req.Header.Set("User-Agent", "Parley")
	client := *s.http()
	// A service that sends on elsewhere would get what is said, and perhaps the
	// key, to where the user has not chosen.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return nil, s.explain(req.Context(), err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		defer resp.Body.Close()
		body, err := io.ReadAll(io.LimitReader(resp.Body, longestRefusal))
		if err != nil && req.Context().Err() != nil {
			return nil, s.explain(req.Context(), err)
		}
		return nil, s.refusal(resp, body)
	}
	if err := c.fits(resp.Header.Get("Content-Type")); err != nil {
		resp.Body.Close()
		return nil, err
	}
	c.header = resp.Header
	switch {
	case c.stream:
		c.events = newEvents(s, resp.Body)
		resp.Body = c.events
	case c.takes == nil:
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, longestAnswer), resp.Body}
	}
	return resp, nil
}

// fits refuses an answer that is none of the kind asked for. A missing type is
// let pass: the bytes will tell.
func (c *call) fits(contentType string) error {
	if contentType == "" {
		return nil
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "something unknown"
	}
	wanted, ok := "JSON", kind == "application/json" || strings.HasSuffix(kind, "+json") || kind == "text/plain"
	switch {
	case c.stream:
		wanted, ok = "a stream of words", kind == "text/event-stream"
	case c.takes != nil:
		wanted, ok = "sound that can be played here (pcm or wav)", c.takes(kind)
	}
	if ok {
		return nil
	}
	return &failure{kind: ErrFormat, text: c.service.host() + " sent " + kind + " and not " + wanted + "; check the base URL, which mostly ends in /v1"}
}

// retryAfter is how long a server asks to wait, 0 where it doesn't say.
func retryAfter(h http.Header) time.Duration {
	if ms, err := strconv.Atoi(h.Get("Retry-After-Ms")); err == nil && ms > 0 {
		return time.Duration(ms) * time.Millisecond
	}
	said := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(said); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 3600)) * time.Second
	}
	if at, err := http.ParseTime(said); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
