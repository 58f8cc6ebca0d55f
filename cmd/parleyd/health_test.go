package main

import (
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"
)

// Ready once speech can be understood, until draining begins.
func TestReady(t *testing.T) {
	o, err := parseServe([]string{"--canned", "--tokens", filepath.Join(t.TempDir(), "tokens")}, env())
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDaemon(o, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	routes := d.routes()
	ready := func() int {
		w := httptest.NewRecorder()
		routes.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		return w.Code
	}
	if ready() != 503 {
		t.Error("ready before the engines are")
	}
	d.ready.Store(true)
	if ready() != 200 {
		t.Error("not ready when the engines are")
	}
	close(d.drained)
	if ready() != 503 {
		t.Error("ready while draining")
	}
}
