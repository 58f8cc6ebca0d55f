package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"parley/engine/realtime/protocol"
)

// Backend is where a backend is, and as whom it is spoken to over HTTP.
type Backend struct {
	// URL is http(s):// or ws(s)://; a bare host is https.
	URL string

	// Token is asked for the bearer token at each request, so that nothing here holds
	// it. Nil, or an empty token, sends none.
	Token func() string

	// HTTP makes the requests; nil is a client of the rung's own. Redirects are not
	// followed, whatever it says: what is said goes where the user has chosen.
	HTTP *http.Client
}

// door is a backend's, over HTTP.
type door struct {
	base   *url.URL
	token  func() string
	client http.Client
	rtt    atomic.Int64 // ns
}

func newDoor(b Backend) (*door, error) {
	base, err := parse(b.URL)
	if err != nil {
		return nil, err
	}
	d := &door{base: base, token: b.Token}
	if b.HTTP != nil {
		d.client = *b.HTTP
	} else {
		d.client.Transport = &http.Transport{
			Proxy:               http.ProxyFromEnvironment, // which leaves the loopback alone
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
			ForceAttemptHTTP2:   true,
			TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConnsPerHost: 4,
			IdleConnTimeout:     5 * time.Minute, // between two turns somebody may think
			DisableCompression:  true,            // or a stream would come in lumps
		}
	}
	d.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return d, nil
}

// RTT implements [Rung].
func (d *door) RTT() time.Duration { return time.Duration(d.rtt.Load()) }

// close ends the connections that are kept.
func (d *door) close() { d.client.CloseIdleConnections() }

// Limits of what is read of answers that are no stream.
const (
	longestAnswer  = 1 << 20
	longestRefusal = 64 << 10
)

// post asks for something, as JSON; the answer has to be of that media type. The
// error is a *refused, a *protocol.Error or that there was no answer.
func (d *door) post(ctx context.Context, path string, body any, mediaType string) (*http.Response, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("remote: the request cannot be written: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.base.String()+path, bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("remote: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", mediaType)
	req.Header.Set(protocol.ExtensionsHeader, protocol.Speculation1+", "+protocol.Teaching1)
	resp, err := d.do(req)
	if err != nil {
		return nil, err
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); resp.StatusCode/100 != 2 || kind != mediaType {
		defer resp.Body.Close()
		return nil, d.refusal(resp)
	}
	return resp, nil
}

// do makes a request as the user.
func (d *door) do(req *http.Request) (*http.Response, error) {
	req.Header.Set("User-Agent", "Parley")
	if d.token != nil {
		if token := strings.TrimSpace(d.token()); token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
	}
	resp, err := d.client.Do(req)
	if err != nil {
		if cause := context.Cause(req.Context()); cause != nil {
			return nil, cause
		}
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return nil, fmt.Errorf("remote: %s cannot be reached: %w", d.base.Host, err)
	}
	return resp, nil
}

// probe asks a route that takes only POST for something else: whoever has the route
// says so, at no cost, and who has it not, or wants another key, says that.
func (d *door) probe(ctx context.Context, path string) error {
	var asked, came time.Time
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { asked = time.Now() },
		GotFirstResponseByte: func() { came = time.Now() },
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base.String()+path, nil)
	if err != nil {
		return fmt.Errorf("remote: %w", err)
	}
	resp, err := d.do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusMethodNotAllowed, http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		_, _ = io.CopyN(io.Discard, resp.Body, longestRefusal) // so that the connection is kept
		d.took(came.Sub(asked))
		return nil
	}
	return d.refusal(resp)
}

func (d *door) took(rtt time.Duration) { d.rtt.Store(int64(max(rtt, 1))) }

// refused is an answer that was none.
type refused struct {
	host   string
	status int
	after  time.Duration
	page   bool // for people to look at
}

var _ Refusal = (*refused)(nil)

// Error implements the error interface.
func (r *refused) Error() string { return fmt.Sprintf("remote: %s answered %d", r.host, r.status) }

// HTTPStatus, RetryAfter and ProxyPage implement [Refusal].
func (r *refused) HTTPStatus() int           { return r.status }
func (r *refused) RetryAfter() time.Duration { return r.after }
func (r *refused) ProxyPage() bool           { return r.page }

// refusal reads why there is no answer. What the backend itself has to say, of a
// stage of its own that failed, is an error of the protocol.
func (d *door) refusal(resp *http.Response) error {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	r := &refused{
		host: d.base.Host, status: resp.StatusCode, after: retryAfter(resp.Header),
		page: kind == "text/html" || kind == "application/xhtml+xml",
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, longestRefusal))
	if err != nil || resp.StatusCode != http.StatusInternalServerError {
		return r
	}
	var told struct {
		Error *protocol.Error `json:"error"`
	}
	if json.Unmarshal(body, &told) == nil && told.Error != nil && strings.HasSuffix(told.Error.Code, "_failed") {
		return told.Error
	}
	return r
}

// retryAfter is how long a server asks to wait, 0 where it does not say (RFC 9110,
// section 10.2.3).
func retryAfter(h http.Header) time.Duration {
	said := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(said); err == nil {
		return time.Duration(min(max(seconds, 0), int(longestWait/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(said); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
