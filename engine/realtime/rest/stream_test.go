package rest

import (
	"context"
	"iter"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
)

// A stream that waits sends comments, in the time of a bubble.
func TestKeepAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(newBench(func(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
			return func(yield func(engine.Reply, error) bool) {
				time.Sleep(40 * time.Second)
				if yield(engine.Words{Text: "At last."}, nil) {
					time.Sleep(time.Second)
				}
			}
		}).Backend, Options{KeepAlive: 15 * time.Second})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/v1/chat/completions",
			strings.NewReader(`{"messages":[{"role":"user","content":"hi"}],"stream":true}`)))
		body := w.Body.String()
		if n := strings.Count(body, ": keep-alive\n\n"); n != 2 || !strings.HasPrefix(body, ": keep-alive") || !strings.HasSuffix(body, "[DONE]\n\n") {
			t.Errorf("%d comments in %q", n, body)
		}
		if got := dataOf(t, w.Body.Bytes()); len(got) != 4 {
			t.Errorf("%q", got)
		}
	})
}

// A failure after a comment can be no other status any more.
func TestFailureAfterAComment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(newBench(func(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
			return func(yield func(engine.Reply, error) bool) {
				time.Sleep(40 * time.Second)
				yield(nil, errPlanned)
			}
		}).Backend, Options{})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/v1/chat/completions",
			strings.NewReader(`{"messages":[{"role":"user","content":"hi"}],"stream":true}`)))
		if got := dataOf(t, w.Body.Bytes()); w.Code != 200 || len(got) != 1 || !strings.Contains(got[0], `"type":"error"`) {
			t.Errorf("%d %q", w.Code, got)
		}
	})
}
