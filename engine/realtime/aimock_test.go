package realtime

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/aimocktest"
)

// A third party's reading of the protocol: two turns, the second with what was said
// in the first.
func TestAgainstAimock(t *testing.T) {
	base := aimocktest.Start(t,
		aimocktest.Fixture{Match: map[string]any{"userMessage": "and light"}, Response: map[string]any{"content": "Light is a wave, and more."}},
		aimocktest.Fixture{Match: map[string]any{"userMessage": "gravity"}, Response: map[string]any{"content": "Gravity pulls masses together."}},
	)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c, err := New(Config{URL: base + "/realtime", Model: "gpt-realtime", Token: func() string { return "any" }, HTTPClient: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	var all sync.WaitGroup
	all.Go(func() { _ = c.Run(ctx) })
	defer all.Wait()
	defer cancel()
	if err := c.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	first := ask(ctx, c, "what is gravity")
	said := strings.TrimSpace(first.voiced + first.words)
	if first.err != nil || said != "Gravity pulls masses together." {
		t.Fatalf("%q, %v", said, first.err)
	}
	second := ask(
		ctx, c, "and light",
		engine.Turn{Who: engine.User, Text: "what is gravity", Heard: "what is gravity"},
		engine.Turn{Who: engine.Assistant, Text: said, Heard: "Gravity pulls", Interrupted: true},
	)
	if said := second.voiced + second.words; second.err != nil || said != "Light is a wave, and more." {
		t.Errorf("%q, %v", said, second.err)
	}
}
