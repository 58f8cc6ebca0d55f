package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/settings"
	"parley/ui"
)

// notes is a tool server with one tool, over streamable HTTP.
func notes(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params struct {
			Version string `json:"protocolVersion"`
		} `json:"params"`
	}
	switch err := json.NewDecoder(r.Body).Decode(&asked); {
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case err != nil || asked.ID == nil: // a notification
		w.WriteHeader(http.StatusAccepted)
		return
	}
	result := `{"tools":[{"name":"read","title":"Read the notes","inputSchema":{"type":"object"}}]}`
	if asked.Method == "initialize" {
		result = fmt.Sprintf(`{"protocolVersion":%q,"capabilities":{"tools":{}},"serverInfo":{"name":"notes","version":"1"}}`, asked.Params.Version)
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, asked.ID, result)
}

// The window is told what a tool server can do, once it answers, and why another is
// not there; one that is off is not started.
func TestToolStatus(t *testing.T) {
	address := httptest.NewServer(http.HandlerFunc(notes))
	defer address.Close()

	s := settings.Default()
	s.Responder.URL = "http://127.0.0.1:1/v1"
	s.ToolServers[0] = settings.ToolServer{Name: "notes", URL: address.URL}
	s.ToolServers[1] = settings.ToolServer{Name: "off", Command: "/nonexistent/off", Off: true}
	status := func(ctx context.Context, s settings.Settings) []ui.ToolStatus {
		all := &services{chosen: s, log: slog.New(slog.DiscardHandler), http: http.DefaultClient, stop: func() {}}
		all.toolServers()
		defer all.stop()
		return toolCheck{&live{p: &pieces{services: all}, now: &engine.Conversation{}}}.Status(ctx)
	}
	var got []ui.ToolStatus
	for until := time.Now().Add(time.Minute); time.Now().Before(until); {
		if got = status(t.Context(), s); len(got) == 1 && got[0].Err == nil {
			break
		}
	}
	if len(got) != 1 || got[0].Server != "notes" || got[0].Err != nil || !slices.Equal(got[0].Tools, []string{"Read the notes"}) {
		t.Errorf("one that is there: %+v", got)
	}

	s.ToolServers[0] = settings.ToolServer{Name: "gone", Command: "/nonexistent/gone"}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got = status(ctx, s); len(got) != 1 || got[0].Server != "gone" || got[0].Err == nil {
		t.Errorf("one that is not there: %+v", got)
	}
	s.Responder.URL = ""
	if got = status(t.Context(), s); got != nil {
		t.Errorf("without a model: %+v", got)
	}
}
