package guard

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// held is a guard with sessions that last until release is called.
func held(t *testing.T, o Options) (g *Guard, open func(name string) *httptest.ResponseRecorder, release func()) {
	t.Helper()
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	end := make(chan struct{})
	inside := make(chan struct{}, 16)
	h := g.Session(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		inside <- struct{}{}
		<-end
	}))
	var all sync.WaitGroup
	open = func(name string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/v1/realtime", nil)
		r = r.WithContext(context.WithValue(r.Context(), callerKey{}, caller{name: name}))
		w := httptest.NewRecorder()
		done := make(chan struct{})
		all.Go(func() {
			defer close(done)
			h.ServeHTTP(w, r)
		})
		select {
		case <-inside:
		case <-done:
		}
		return w
	}
	return g, open, func() {
		close(end)
		all.Wait()
	}
}

func TestSessions(t *testing.T) {
	g, open, release := held(t, Options{Limits: Limits{Sessions: 3, SessionsPerToken: 2}})
	for _, c := range []struct {
		name string
		want int
		says string
	}{{"a", 200, ""}, {"a", 200, ""}, {"a", 429, "with this key"}, {"b", 200, ""}, {"b", 429, "on this server"}} {
		w := open(c.name)
		if w.Code != c.want || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
		if w.Code == 429 && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", c.name)
		}
	}
	if g.Sessions() != 3 {
		t.Errorf("%d sessions are open", g.Sessions())
	}
	release()
	if g.Sessions() != 0 {
		t.Errorf("%d sessions are open after the last has ended", g.Sessions())
	}
}

func TestDrain(t *testing.T) {
	g, open, release := held(t, Options{})
	if w := open("a"); w.Code != 200 {
		t.Fatal(w.Code)
	}
	late := errors.New("too late")
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, late)
	defer cancel()
	if err := g.Drain(ctx); !errors.Is(err, late) {
		t.Fatalf("a session is open, and draining ends with %v", err)
	}
	w := open("a")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a session while draining: %d", w.Code)
	}
	release()
	if err := g.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	empty, _, _ := held(t, Options{})
	if err := empty.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestClientSecrets(t *testing.T) {
	path := tokenFile(t)
	key, err := Add(path, "shop")
	if err != nil {
		t.Fatal(err)
	}
	all := tokens(t, path)
	d := newDoor(t, Options{Tokens: all})
	const at = "/v1/realtime/client_secrets"
	w := d.ask("POST", at, `{"expires_after":{"anchor":"created_at","seconds":60},"session":{"type":"realtime","instructions":"Be brief.","audio":{"output":{"voice":"slt"}}}}`,
		"Authorization", "Bearer "+key)
	var made struct {
		Value     string         `json:"value"`
		ExpiresAt int64          `json:"expires_at"`
		Session   map[string]any `json:"session"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != 200 {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	if !strings.HasPrefix(made.Value, "ek_") || made.ExpiresAt != d.now.Unix()+60 || made.Session["instructions"] != "Be brief." {
		t.Errorf("made was %s", w.Body)
	}
	bearer := "Bearer " + made.Value
	if w := d.ask("GET", "/v1/realtime", "", "Authorization", bearer); w.Code != 200 {
		t.Fatalf("with the secret: %d %s", w.Code, w.Body)
	}
	if d.initial == nil || d.initial.Instructions == nil || *d.initial.Instructions != "Be brief." || Caller(d.seen.Context()) != "shop" {
		t.Errorf("the session begins with %+v, of %q", d.initial, Caller(d.seen.Context()))
	}
	for _, elsewhere := range []string{"/v1/models", at, "/metrics", "/v1/realtime/../models"} {
		if w := d.ask("POST", elsewhere, "{}", "Authorization", bearer); w.Code != 403 {
			t.Errorf("with the secret at %s: %d", elsewhere, w.Code)
		}
	}
	d.now = d.now.Add(59 * time.Second)
	if w := d.ask("GET", "/v1/realtime", "", "Authorization", bearer); w.Code != 200 {
		t.Errorf("shortly before it expires: %d", w.Code)
	}
	d.now = d.now.Add(time.Second)
	if w := d.ask("GET", "/v1/realtime", "", "Authorization", bearer); w.Code != 401 {
		t.Errorf("expired: %d", w.Code)
	}
	w = d.ask("POST", at, "", "Authorization", "Bearer "+key) // nothing asked: the defaults
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || made.ExpiresAt != d.now.Unix()+600 || made.Session["type"] != "realtime" {
		t.Errorf("by default: %s %v", w.Body, err)
	}
	if err := Remove(path, "shop"); err != nil {
		t.Fatal(err)
	}
	if err := all.Reload(); err != nil {
		t.Fatal(err)
	}
	if w := d.ask("GET", "/v1/realtime", "", "Authorization", "Bearer "+made.Value); w.Code != 401 {
		t.Errorf("a secret whose token was removed: %d", w.Code)
	}
}

func TestClientSecretsRefused(t *testing.T) {
	d := newDoor(t, Options{Limits: Limits{Requests: 1 << 20}})
	const at = "/v1/realtime/client_secrets"
	for body, want := range map[string]int{
		`{"expires_after":{"seconds":9}}`:                                                 400,
		`{"expires_after":{"seconds":7201}}`:                                              400,
		`{"expires_after":{"anchor":"yesterday","seconds":60}}`:                           400,
		`{"session":{"type":"video"}}`:                                                    400,
		`{"session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/x"}}}}}`: 400,
		`{"session":{"audio":{"output":{"format":{"type":"audio/pcm","rate":5}}}}}`:       400,
		`[]`: 400, `{`: 400, `{"session":5}`: 400,
		`{"session":{"instructions":"` + strings.Repeat("a", secretBody) + `"}}`: 413,
		`{"expires_after":{"anchor":"created_at"}}`:                              200,
		`{"session":{"type":"transcription"}}`:                                   200,
	} {
		if w := d.ask("POST", at, body); w.Code != want {
			t.Errorf("%.80s: %d %s", body, w.Code, w.Body)
		}
	}
	if w := d.ask("GET", at, ""); w.Code != 405 {
		t.Errorf("GET: %d", w.Code)
	}
	for range mostSecrets {
		d.ask("POST", at, `{"expires_after":{"seconds":10}}`)
	}
	if w := d.ask("POST", at, "{}"); w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("one too many: %d", w.Code)
	}
	d.now = d.now.Add(time.Hour)
	if w := d.ask("POST", at, "{}"); w.Code != 200 {
		t.Errorf("after the others have expired: %d", w.Code)
	}
}

// Whatever is asked, it is answered by a secret or an error, and the secret's
// session can be written.
func FuzzSecretRequest(f *testing.F) {
	f.Add(`{"expires_after":{"anchor":"created_at","seconds":60},"session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}`)
	f.Add(`{"session":{"tool_choice":"auto","max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcmu"}}}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		req, life, no := readSecretRequest(strings.NewReader(body))
		if no != nil {
			return
		}
		if _, err := json.Marshal(req.Session); err != nil || life < shortestSecret*time.Second || life > longestSecret*time.Second {
			t.Errorf("%q makes a secret for %v of %+v, %v", body, life, req.Session, err)
		}
	})
}
