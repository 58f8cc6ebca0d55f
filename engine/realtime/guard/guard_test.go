package guard

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/engine/realtime/protocol"
)

// door is a guard with what is behind it.
type door struct {
	t       *testing.T
	guard   *Guard
	handler http.Handler
	seen    *http.Request // the last that passed
	refused []Reason
	initial *protocol.Session
	now     time.Time
}

// newDoor opens one. Behind it every route answers "in", and /v1/realtime counts.
func newDoor(t *testing.T, o Options) *door {
	t.Helper()
	d := &door{t: t, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	o.Now = func() time.Time { return d.now }
	o.Refused = func(r Reason) { d.refused = append(d.refused, r) }
	type key struct{}
	o.Initial = func(ctx context.Context, s *protocol.Session) context.Context {
		return context.WithValue(ctx, key{}, s)
	}
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	in := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.seen = r
		d.initial, _ = r.Context().Value(key{}).(*protocol.Session)
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		_, _ = io.WriteString(w, "in")
	})
	mux := http.NewServeMux()
	mux.Handle("/", in)
	mux.Handle("/v1/realtime", g.Session(in))
	mux.Handle("/v1/realtime/client_secrets", g.ClientSecrets())
	d.guard, d.handler = g, g.Admit(mux)
	return d
}

func (d *door) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8765"
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.seen = nil
	d.handler.ServeHTTP(w, r)
	if w.Code >= 400 {
		var e struct {
			Error struct{ Message, Type, Code string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || e.Error.Message == "" || e.Error.Type == "" || e.Error.Code == "" {
			d.t.Errorf("%s %s: refused by %q, which is no error of OpenAI's shape (%v)", method, path, w.Body, err)
		}
		if d.seen != nil {
			d.t.Errorf("%s %s: refused with %d, and handed on", method, path, w.Code)
		}
	}
	return w
}

func tokens(t *testing.T, path string) *Tokens {
	t.Helper()
	all, err := OpenTokens(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestHostAndOrigin(t *testing.T) {
	d := newDoor(t, Options{Hosts: []string{"Voice.Example.org", "192.0.2.7"}, Origins: []string{"https://app.example.org"}})
	for _, c := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"loopback", nil, 200},
		{"localhost", []string{"Host", "localhost:8765"}, 200},
		{"IPv6", []string{"Host", "[::1]:8765"}, 200},
		{"IPv6 without a port", []string{"Host", "[::1]"}, 200},
		{"configured", []string{"Host", "voice.example.org"}, 200},
		{"configured with a port and a dot", []string{"Host", "VOICE.example.org.:443"}, 200},
		{"configured address", []string{"Host", "192.0.2.7:8765"}, 200},
		{"rebinding", []string{"Host", "evil.example:8765"}, 403},
		{"looks like loopback", []string{"Host", "127.0.0.1.evil.example"}, 403},
		{"looks like localhost", []string{"Host", "localhost.evil.example"}, 403},
		{"every address", []string{"Host", "0.0.0.0:8765"}, 403},
		{"none", []string{"Host", ""}, 403},
		{"own origin", []string{"Origin", "http://127.0.0.1:8765"}, 200},
		{"own origin, another port", []string{"Origin", "http://127.0.0.1:3000"}, 403},
		{"allowed origin", []string{"Origin", "https://app.example.org"}, 200},
		{"allowed host, another scheme", []string{"Origin", "http://app.example.org"}, 403},
		{"foreign origin", []string{"Origin", "https://evil.example"}, 403},
		{"no origin", []string{"Origin", "null"}, 403},
		{"rebound page, its own origin", []string{"Host", "evil.example", "Origin", "http://evil.example"}, 403},
		{"image on a foreign page", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"typed address", []string{"Sec-Fetch-Site", "none"}, 200},
	} {
		if w := d.ask("GET", "/v1/models", "", c.headers...); w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.want)
		}
	}
	for _, bad := range []string{"*", "app.example.org", "https://app.example.org/x", "ftp://a", "https://u@a", "null", ""} {
		if _, err := New(Options{Origins: []string{bad}}); err == nil {
			t.Errorf("%q is an origin", bad)
		}
	}
}

// A preflight needs no key, and is answered for pages that are allowed only.
func TestCORS(t *testing.T) {
	path := tokenFile(t)
	secret, err := Add(path, "a")
	if err != nil {
		t.Fatal(err)
	}
	d := newDoor(t, Options{Tokens: tokens(t, path), Origins: []string{"https://app.example.org"}})
	ask := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization, x-stainless-os"}
	w := d.ask("OPTIONS", "/v1/chat/completions", "", append(ask, "Origin", "https://app.example.org")...)
	h := w.Header()
	if w.Code != 204 || h.Get("Access-Control-Allow-Origin") != "https://app.example.org" || h.Get("Access-Control-Allow-Headers") != ask[3] ||
		!strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") || !slices.Contains(h.Values("Vary"), "Origin") ||
		h.Get("Access-Control-Allow-Credentials") != "" || d.seen != nil {
		t.Errorf("preflight: %d %v", w.Code, h)
	}
	if w := d.ask("OPTIONS", "/v1/chat/completions", "", append(ask, "Origin", "https://evil.example")...); w.Code != 403 || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a foreign page's preflight: %d %v", w.Code, w.Header())
	}
	w = d.ask("GET", "/v1/models", "", "Origin", "https://app.example.org", "Authorization", "Bearer "+secret)
	if w.Code != 200 || w.Header().Get("Access-Control-Allow-Origin") != "https://app.example.org" {
		t.Errorf("the request after it: %d %v", w.Code, w.Header())
	}
	// A refusal must be readable by the page, or it cannot say what is wrong.
	if w := d.ask("GET", "/v1/models", "", "Origin", "https://app.example.org"); w.Code != 401 || w.Header().Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("without a key: %d %v", w.Code, w.Header())
	}
	closed := newDoor(t, Options{})
	if w := closed.ask("OPTIONS", "/v1/models", "", append(ask, "Origin", "https://app.example.org")...); w.Code != 403 {
		t.Errorf("a preflight where no page is allowed: %d", w.Code)
	}
}

func TestCredentials(t *testing.T) {
	path := tokenFile(t)
	secret, err := Add(path, "phone")
	if err != nil {
		t.Fatal(err)
	}
	d := newDoor(t, Options{Tokens: tokens(t, path)})
	for _, c := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"bearer", []string{"Authorization", "Bearer " + secret}, 200},
		{"bearer in lower case", []string{"Authorization", "bearer  " + secret}, 200},
		{"api-key", []string{"api-key", secret}, 200},
		{"subprotocol", []string{"Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key." + secret + ", openai-beta.realtime-v1"}, 200},
		{"subprotocol on a line of its own", []string{"Sec-WebSocket-Protocol", "realtime", "Sec-WebSocket-Protocol", "openai-insecure-api-key." + secret}, 200},
		{"none", nil, 401},
		{"wrong", []string{"Authorization", "Bearer parley_wrong"}, 401},
		{"empty", []string{"Authorization", "Bearer "}, 401},
		{"basic", []string{"Authorization", "Basic " + secret}, 401},
		{"wrong, and right elsewhere", []string{"Authorization", "Bearer x", "api-key", secret}, 401},
		{"unknown client secret", []string{"Authorization", "Bearer ek_x"}, 401},
	} {
		w := d.ask("GET", "/v1/realtime", "", c.headers...)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.want)
			continue
		}
		if c.want == 401 {
			if w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s: no WWW-Authenticate", c.name)
			}
			continue
		}
		if Caller(d.seen.Context()) != "phone" {
			t.Errorf("%s: from %q", c.name, Caller(d.seen.Context()))
		}
		for name, values := range d.seen.Header {
			if strings.Contains(strings.Join(values, " "), secret) {
				t.Errorf("%s: %s hands the key on", c.name, name)
			}
		}
		if strings.Contains(c.name, "subprotocol") && !slices.Contains(subprotocols(d.seen.Header), "realtime") {
			t.Errorf("%s: what is left of the subprotocols is %q", c.name, d.seen.Header.Values("Sec-WebSocket-Protocol"))
		}
	}
	if w := newDoor(t, Options{}).ask("GET", "/v1/models", "", "Authorization", "Bearer anything"); w.Code != 200 {
		t.Errorf("a key where none is needed: %d", w.Code)
	}
}

// Open to all while there is no token, and closed from the first one on.
func TestOpenUntilTheFirstToken(t *testing.T) {
	path := tokenFile(t)
	all := tokens(t, path)
	d := newDoor(t, Options{Tokens: all, Open: true})
	if w := d.ask("GET", "/v1/models", ""); w.Code != 200 {
		t.Errorf("without any token: %d", w.Code)
	}
	if w := newDoor(t, Options{Tokens: all}).ask("GET", "/v1/models", ""); w.Code != 401 {
		t.Errorf("without any token where one is needed: %d", w.Code)
	}
	if _, err := Add(path, "phone"); err != nil {
		t.Fatal(err)
	}
	if err := all.Reload(); err != nil {
		t.Fatal(err)
	}
	if w := d.ask("GET", "/v1/models", ""); w.Code != 401 {
		t.Errorf("without a key after the first token: %d", w.Code)
	}
}

func TestRate(t *testing.T) {
	path := tokenFile(t)
	var keys []string
	for _, name := range []string{"a", "b"} {
		secret, err := Add(path, name)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, "Bearer "+secret)
	}
	d := newDoor(t, Options{Tokens: tokens(t, path), Limits: Limits{Requests: 3}})
	for i := range 3 {
		if w := d.ask("GET", "/v1/models", "", "Authorization", keys[0]); w.Code != 200 {
			t.Fatalf("request %d: %d", i+1, w.Code)
		}
	}
	w := d.ask("GET", "/v1/models", "", "Authorization", keys[0])
	if w.Code != 429 || w.Header().Get("Retry-After") != "20" {
		t.Fatalf("one too many: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if w := d.ask("GET", "/v1/models", "", "Authorization", keys[1]); w.Code != 200 {
		t.Errorf("another one's: %d", w.Code)
	}
	after, err := strconv.Atoi(w.Header().Get("Retry-After"))
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Duration(after) * time.Second)
	if w := d.ask("GET", "/v1/models", "", "Authorization", keys[0]); w.Code != 200 {
		t.Errorf("after as long as Retry-After says: %d", w.Code)
	}
	if !slices.Equal(d.refused, []Reason{ReasonRate}) {
		t.Errorf("counted were %q", d.refused)
	}
}

func TestBody(t *testing.T) {
	d := newDoor(t, Options{Limits: Limits{Body: 10}})
	if w := d.ask("POST", "/v1/x", "0123456789"); w.Code != 200 {
		t.Errorf("as much as may be: %d", w.Code)
	}
	if w := d.ask("POST", "/v1/x", "0123456789a"); w.Code != 413 {
		t.Errorf("one byte more: %d", w.Code)
	}
	// One that does not say how long it is.
	server := httptest.NewServer(d.handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/v1/x", io.MultiReader(strings.NewReader("0123456789"), strings.NewReader("a")))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 413 {
		t.Errorf("a long one that does not say so: %d", answer.StatusCode)
	}
}

// Who is refused cannot hold the connection by a body that never comes, and keeps the
// answer.
func TestRefusedBody(t *testing.T) {
	d := newDoor(t, Options{Tokens: tokens(t, tokenFile(t))})
	server := httptest.NewServer(d.handler)
	defer server.Close()
	conn := dial(t, server.Listener.Addr().String())
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nslow"); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	text, err := io.ReadAll(conn)
	if isTimeout(err) || !strings.HasPrefix(string(text), "HTTP/1.1 401") {
		t.Errorf("answered %.80q, %v", text, err)
	}
}
