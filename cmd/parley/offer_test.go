package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"parley/engine/history"
)

// A local server is offered by name with its models, once, and not to who has chosen.
func TestServersAreOffered(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/models") {
			_, _ = w.Write([]byte(`{"object":"list","data":[{"id":"small","object":"model"},{"id":"large","object":"model"}]}`))
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	defer s.Close()
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(at.Port())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	store, err := history.OpenMemory(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	p := &pieces{store: store, log: log}
	p.offerServers(t.Context(), port)
	if len(p.notices) != 1 || !strings.Contains(p.notices[0], "small, large") || !strings.Contains(p.notices[0], "parley models use responder "+s.URL) {
		t.Errorf("offered %q", p.notices)
	}
	p.offerServers(t.Context(), port)
	if len(p.notices) != 1 {
		t.Errorf("offered again: %q", p.notices)
	}
	p = &pieces{store: store, log: log}
	p.settings.Responder.URL = s.URL
	if p.offerServers(t.Context(), port); len(p.notices) != 0 {
		t.Errorf("offered to who has chosen: %q", p.notices)
	}
}
